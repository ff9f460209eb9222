package import Referrals
package import Reporting
package import SourceDocuments

/// Checks a mapping against the schema, the converters, its tables and the path languages, and makes its plan.
///
/// Reports every mistake that does not depend on a message, each at its own line and column of the mapping file.
package struct MappingCompiler {
    let mapping: Mapping
    let schema: Schema
    var symbols: SymbolTable
    var paths = PathCache()
    let context: PathContext
    var compiled: CompiledMapping.Plan
    var findings: [Finding] = []
    /// Table names to places in ``CompiledMapping/Plan/tables``.
    var tableNumbers: [String: Int] = [:]
    /// Tables that are listed and not there: said once, where they are listed.
    var missingTables: Set<String> = []
    /// The format is not known, so no path can be judged.
    let hasNoLanguage: Bool

    /// - Parameters:
    ///   - tables: The code tables by name; one that a rule names and that is not here is a mistake.
    ///   - symbols: The names of the whole set; those of this mapping are added.
    ///   - paths: The paths of the whole set; those of this mapping are added.
    /// - Returns: The compiled mapping, or `nil` after reporting at least one error.
    package static func compile(
        _ mapping: Mapping, tables: [String: CodeTable], schema: Schema = .referral, symbols: inout SymbolTable,
        paths: inout PathCache, reporting findings: inout [Finding]
    ) -> CompiledMapping? {
        let format = format(of: mapping, reporting: &findings)
        var compiler = MappingCompiler(mapping, format, schema, symbols.taken())
        swap(&compiler.paths, &paths)
        defer {
            symbols = compiler.symbols
            swap(&compiler.paths, &paths)
        }
        compiler.compile(tables)
        findings += compiler.findings
        guard format != nil, compiler.findings.worst ?? .note < .error else { return nil }
        return CompiledMapping(compiler.compiled)
    }

    private init(_ mapping: Mapping, _ known: SourceFormat?, _ schema: Schema, _ symbols: SymbolTable) {
        let format = known ?? .json
        hasNoLanguage = known == nil
        self.mapping = mapping
        self.schema = schema
        self.symbols = symbols
        compiled = CompiledMapping.Plan(mapping: mapping, format: format, root: nil, conditions: [], each: nil)
        context = compiled.pathContext
    }

    private static func format(of mapping: Mapping, reporting findings: inout [Finding]) -> SourceFormat? {
        let known = SourceFormat.allCases.map(\.rawValue)
        guard let written = mapping.source.format else {
            findings.append(
                Finding(
                    "mapping-form", .error, "the mapping does not say which format it reads",
                    at: mapping.name.place.location,
                    help: "add `source: { format: xml }`; known: \(known.joined(separator: ", "))"))
            return nil
        }
        if let format = SourceFormat(rawValue: written.text) { return format }
        findings.append(
            Finding(
                "format-not-known", .error, "`\(written.text)` is no format", at: written.place.location,
                help: "known: \(known.joined(separator: ", "))"))
        return nil
    }

    private mutating func compile(_ tables: [String: CodeTable]) {
        checkHead()
        compiled.root = rootSymbol()
        compiled.conditions = mapping.source.conditions.compactMap { condition($0) }
        compiled.each = mapping.source.each.flatMap { path($0) }
        takeTables(tables)
        checkWords(ofRoot: mapping.map)
        var root = group(mapping.map, at: schema[0], isRequired: true)
        root.members += automaticMembers(beside: root.members)
        root.members = inSchemaOrder(root.members)
        _ = append(root)
        compiled.ignored = patterns(mapping.ignored.map { ($0.path, $0.because) })
        compiled.watched = patterns(mapping.watched.map { ($0, "") })
        compiled.requirements = mapping.requirements.compactMap { requirement($0) }
        checkTests()
        if compiled.format == .fhir {
            compiled.resolve = try? paths.path("resolve()", in: context, symbols: &symbols).get()
            compiled.reference = symbols.intern("reference")
        }
    }

    // MARK: Head

    private mutating func checkHead() {
        if mapping.target?.text != schema.name {
            let place = mapping.target?.place ?? mapping.name.place
            complain(
                "target-unknown", "the target is not `\(schema.name)`", place, help: "write `target: \(schema.name)`")
        }
        if let version = mapping.version, Int(version.text) == nil || !version.text.allSatisfy(\.isNumber) {
            complain("mapping-form", "the version is not a whole number", version.place, help: "write `version: 1`")
        }
        if mapping.version == nil {
            complain("mapping-form", "the mapping has no version", mapping.name.place, help: "add `version: 1`")
        }
        if let root = mapping.source.root, compiled.format == .json || compiled.format == .csv,
            !hasNoLanguage
        {
            complain(
                "mapping-form", "\(compiled.format == .csv ? "a table" : "a JSON document") has no root with a name",
                root.place,
                help: "leave `root` out, and tell documents apart by `when:`")
        }
    }

    private mutating func rootSymbol() -> Symbol? {
        guard let root = mapping.source.root, !hasNoLanguage else {
            if compiled.format == .xml || compiled.format == .fhir {
                complain("mapping-form", "the source has no root", mapping.name.place, help: "add `root:` to `source`")
            }
            return nil
        }
        guard compiled.format == .xml else { return symbols.intern(root.text) }
        let parts = root.text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else {
            if !mapping.source.namespaces.isEmpty {
                complain(
                    "path-unprefixed", "the root `\(root.text)` has no prefix though the source declares namespaces",
                    root.place, help: "write it as `prefix:\(root.text)`")
            }
            return symbols.intern(root.text)
        }
        guard let uri = mapping.source.namespaces[String(parts[0])] else {
            complain(
                "path-invalid", "the prefix `\(parts[0])` is not declared", root.place,
                help: "add it under `namespaces`")
            return nil
        }
        return symbols.intern(String(parts[1]), namespace: uri)
    }

    private mutating func takeTables(_ tables: [String: CodeTable]) {
        for name in mapping.tables {
            guard let table = tables[name.text] else {
                missingTables.insert(name.text)
                complain(
                    "table-missing", "there is no code table `\(name.text)`", name.place,
                    help: nearest(name.text, tables.keys.sorted()) ?? "put `\(name.text).csv` beside the mapping")
                continue
            }
            tableNumbers[name.text] = compiled.tables.count
            compiled.tables.append(table)
        }
    }

    private mutating func patterns(_ written: [(Mapping.Placed, String)]) -> PatternTable {
        var patterns: [CompiledMapping.Pattern] = []
        for (text, because) in written {
            guard let path = path(text) else { continue }
            guard path.isPattern else {
                complain(
                    "path-invalid", "`ignore` and `watch` take plain paths: steps and tests, no counting and no jumps",
                    text.place, help: "leave out positions, functions such as resolve() and unions")
                continue
            }
            patterns.append(CompiledMapping.Pattern(path: path, because: because, place: text.place))
        }
        return PatternTable(patterns, symbolCount: symbols.count)
    }

    private mutating func requirement(_ written: Mapping.Requirement) -> CompiledMapping.Requirement? {
        let severities: [String: Finding.Severity] = ["reject": .error, "quarantine": .quarantine, "warn": .warning]
        guard let severity = severities[written.policy.word] else {
            complain(
                "policy-unknown", "`\(written.policy.word)` is no policy for a requirement", written.policy.place,
                help: nearest(written.policy.word, severities.keys.sorted()) ?? "known here: reject, quarantine, warn")
            return nil
        }
        let codes = FindingCatalogue.entries.map(\.code)
        guard codes.contains(written.finding.text) else {
            complain(
                "finding-unknown", "there is no finding `\(written.finding.text)`", written.finding.place,
                help: nearest(written.finding.text, codes) ?? "docs/errors.md lists the codes")
            return nil
        }
        guard let condition = condition(written.condition) else { return nil }
        return CompiledMapping.Requirement(
            condition: condition, at: written.at.flatMap { path($0) },
            finding: FindingCode(rawValue: written.finding.text), severity: severity, place: written.condition.place)
    }

    // MARK: Groups

    private mutating func group(_ group: Mapping.Group, at field: Field, isRequired: Bool) -> CompiledMapping.Group {
        var members: [CompiledMapping.Member] = []
        for written in group.fields {
            guard let child = schema.child(written.name.text, of: field.id) else {
                let names = field.children.map { schema[$0].name } + (Self.isBareText(written) ? Self.groupWords : [])
                complain(
                    "field-unknown",
                    "`\(written.name.text)` is no field of \(field.path.isEmpty ? schema.name : "`\(field.path)`")",
                    written.name.place, help: nearest(written.name.text, names) ?? elsewhere(written.name.text))
                continue
            }
            members += self.members(written.node, at: child, inRequired: isRequired, place: written.name.place)
        }
        if field.path == Self.sourceField {
            let written = Set(members.map { fieldID($0) })
            members += sourceRules(in: field, group.place).filter { !written.contains(fieldID($0)) }
        }
        checkWords(of: group, field)
        checkRequired(field, group.fields.map(\.name.text), group.place, isRequired)
        return CompiledMapping.Group(
            field: field.id, place: group.place, at: group.at.flatMap { path($0) },
            each: group.each.flatMap { path($0) }, when: group.when.flatMap { condition($0) },
            many: group.many.flatMap { policy($0, for: "many of a group", field) }
                ?? schema.manyDefault(ofGroup: field),
            isRequired: isRequired, members: inSchemaOrder(members))
    }

    private mutating func members(
        _ node: Mapping.Node, at field: Field, inRequired: Bool, place: Mapping.Place
    ) -> [CompiledMapping.Member] {
        let isRequired = inRequired && field.row.requirement == .required && !field.isList
        switch node {
        case .rule(let written):
            guard isWritten(written, field) else { return [] }
            if !field.isList, let each = written.each {
                complain(
                    "list-not-expected", "`\(field.path)` is not a list, so `each` cannot repeat it", each.place,
                    help: "leave `each` out")
                return []
            }
            if field.isList, written.each == nil {
                complain(
                    "list-expected", "`\(field.path)` is a list", place,
                    help: "write `[ { … } ]`, or add `each: PATH` for one item a node")
                return []
            }
            return rule(written, at: field, takesAll: false, isRequired: isRequired).map { [$0] } ?? []
        case .group(let written):
            return groupMember(written, at: field, isRequired: isRequired, place: place)
        case .list(let nodes, let listPlace):
            guard field.isList else {
                complain(
                    "list-not-expected", "`\(field.path)` is not a list", listPlace,
                    help: "write one rule, without `[ ]`")
                return []
            }
            return nodes.flatMap { item($0, at: field, place: listPlace) }
        }
    }

    private mutating func groupMember(
        _ written: Mapping.Group, at field: Field, isRequired: Bool, place: Mapping.Place
    ) -> [CompiledMapping.Member] {
        guard field.isGroup else {
            let words = written.fields.map(\.name.text)
            complain(
                "rule-form", "`\(field.path)` is one value, and its rule has no `from` or `value`", place,
                help: words.first.map { "`\($0)` is not a field of it; write `{ from: \"PATH\" }`" }
                    ?? "write `{ from: \"PATH\" }`")
            return []
        }
        if field.isList, written.each == nil {
            complain(
                "list-expected", "`\(field.path)` is a list", place,
                help: "write it as `- { … }` items, or add `each: PATH` for one item a node")
            return []
        }
        if !field.isList, let each = written.each {
            complain(
                "list-not-expected", "`\(field.path)` is not a list, so `each` cannot repeat it", each.place,
                help: "use `at:`")
            return []
        }
        return [append(group(written, at: field, isRequired: isRequired))]
    }

    private mutating func item(_ node: Mapping.Node, at field: Field, place: Mapping.Place) -> [CompiledMapping.Member]
    {
        switch node {
        case .rule(let written):
            guard isWritten(written, field) else { return [] }
            return rule(written, at: field, takesAll: true, isRequired: false).map { [$0] } ?? []
        case .group(let written):
            guard field.isGroup else {
                complain(
                    "rule-form", "an item of `\(field.path)` is one value", written.place,
                    help: "write `- { from: \"PATH\" }`")
                return []
            }
            return [append(group(written, at: field, isRequired: false))]
        case .list(_, let inner):
            complain("list-not-expected", "a list within a list", inner, help: nil)
            return []
        }
    }

    mutating func append(_ group: CompiledMapping.Group) -> CompiledMapping.Member {
        var group = group
        group.isConstant = isConstant(group.members)
        compiled.groups.append(CompiledMapping.GroupReference(group))
        return .group(compiled.groups.count - 1)
    }

    private func isConstant(_ members: [CompiledMapping.Member]) -> Bool {
        members.allSatisfy { member in
            switch member {
            case .rule(let id): if case .constant = compiled.rules[id].plan.origin { true } else { false }
            case .group(let id): compiled.groups[id].plan.isConstant && compiled.groups[id].plan.each == nil
            }
        }
    }

    /// Fields that a group cannot be without and that no rule sets.
    private mutating func checkRequired(_ field: Field, _ set: [String], _ place: Mapping.Place, _ isRequired: Bool) {
        for child in field.children where schema[child].row.requirement == .required {
            let name = schema[child].name
            guard !set.contains(name), !schema[child].isAlwaysFilled, name != Self.sourceField else { continue }
            findings.append(
                Finding(
                    "field-required", isRequired ? .error : .warning,
                    "`\(schema[child].path)` is required and no rule sets it",
                    at: place.location, help: "add a rule for `\(name)` here"))
        }
    }

    func inSchemaOrder(_ members: [CompiledMapping.Member]) -> [CompiledMapping.Member] {
        members.enumerated().sorted { (fieldID($0.element), $0.offset) < (fieldID($1.element), $1.offset) }.map(
            \.element)
    }

    func fieldID(_ member: CompiledMapping.Member) -> FieldID {
        switch member {
        case .rule(let id): compiled.rules[id].plan.field
        case .group(let id): compiled.groups[id].plan.field
        }
    }

    /// A hint where a field of that name stands, when it is not here.
    private func elsewhere(_ name: String) -> String? {
        let places = schema.fields.filter { $0.name == name }.prefix(3).map { "`\($0.path)`" }
        return places.isEmpty ? nil : "there is \(places.joined(separator: ", "))"
    }
}

// MARK: - Shared parts

extension MappingCompiler {
    mutating func complain(_ code: FindingCode, _ message: String, _ place: Mapping.Place, help: String?) {
        findings.append(Finding(code, .error, message, at: place.location, help: help))
    }

    func nearest(_ name: String, _ known: [String]) -> String? {
        Suggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" }
    }

    mutating func path(_ written: Mapping.Placed) -> Path? {
        hasNoLanguage ? nil : take(paths.path(written.text, in: context, symbols: &symbols), written)
    }

    mutating func condition(_ written: Mapping.Placed) -> Path? {
        hasNoLanguage ? nil : take(paths.condition(written.text, in: context, symbols: &symbols), written)
    }

    /// A compiled path, or `nil` after saying what is wrong with it.
    mutating func take(_ result: Result<Path, PathProblem>, _ written: Mapping.Placed) -> Path? {
        switch result {
        case .success(let path): return path
        case .failure(let problem):
            complain("path-invalid", problem.message, written.place(atByte: problem.offset), help: problem.help)
            return nil
        }
    }

    /// A policy as it is written, or `nil` after saying what is wrong with it.
    mutating func policy(_ written: Mapping.Policy, for word: String, _ field: Field) -> FailurePolicy? {
        guard let policy = knownPolicy(written, for: word, field) else { return nil }
        let failure = Failure(rawValue: word) ?? .many
        guard field.isTooWeak(policy, after: failure) else { return policy }
        complain(
            "policy-unsafe", "`\(failure): \(policy.word)` is too weak for `\(field.path)`: a person must decide that",
            written.place, help: field.row.held.contains(failure) ? "use quarantine or reject" : "leave it out")
        return nil
    }

    private mutating func knownPolicy(_ written: Mapping.Policy, for word: String, _ field: Field) -> FailurePolicy? {
        let isOfGroup = word == "many of a group"
        var known = ["reject", "quarantine", "warn", "omit"]
        if !isOfGroup { known.append("use") }
        if word == "unmapped" { known.append("hold-code") }
        if word.hasPrefix("many") { known.append("first") }
        if word == "many", field.holdsText { known.append("join") }
        switch written.word {
        case "reject": return .reject
        case "quarantine": return .quarantine
        case "warn": return .warn
        case "omit": return .omit
        case "hold-code" where word == "unmapped": return .holdCode
        case "first" where word.hasPrefix("many"): return .first
        case "use" where !isOfGroup: if let text = written.use { return .use(text) }
        case "join" where word == "many": if let text = written.use, field.holdsText { return .join(text) }
        default: break
        }
        complain(
            "policy-unknown", "`\(written.word)` is no policy for `\(word)`", written.place,
            help: nearest(written.word, known) ?? "known here: \(known.joined(separator: ", "))")
        return nil
    }
}
