import Referrals
import Reporting
import SourceDocuments

/// One rule: its converter, the fields its parts fill, its table and its policies.
extension MappingCompiler {
    mutating func rule(
        _ written: Mapping.Rule, at field: Field, takesAll: Bool, isRequired: Bool
    ) -> CompiledMapping.Member? {
        guard let converter = converter(written, for: field) else { return nil }
        let name = type(of: converter).spec.name
        var rule = CompiledMapping.RulePlan(
            field: field.id, place: written.place, origin: .constant([]), each: written.each.flatMap { path($0) },
            when: written.when.flatMap { condition($0) }, takesAll: takesAll || written.each != nil,
            converterName: name, converter: converter,
            readsMarkup: name == "narrative" && written.arguments["of"]?.text != "text",
            partFields: partFields(of: converter, at: field), isComposite: field.isGroup, code: codeTarget(field),
            list: closedList(field),
            table: nil, key: written.key.flatMap { path($0) },
            missing: isRequired ? field.missingDefault : field.missingDefault == .reject ? .warn : field.missingDefault,
            invalid: field.invalidDefault, unmapped: field.unmappedDefault, many: field.manyDefault)
        checkWords(of: written, rule, field)
        setOrigin(written, of: &rule, field)
        setTable(written, of: &rule, field)
        setPolicies(written, of: &rule, field)
        return append(rule)
    }

    private mutating func append(_ rule: CompiledMapping.RulePlan) -> CompiledMapping.Member {
        compiled.rules.append(CompiledMapping.Rule(compiled.rules.count, rule))
        return .rule(compiled.rules.count - 1)
    }

    private mutating func setOrigin(_ written: Mapping.Rule, of rule: inout CompiledMapping.RulePlan, _ field: Field) {
        if let constant = written.constant {
            if !written.sources.isEmpty {
                complain(
                    "rule-form", "a rule has `from` or `value`, not both", constant.place, help: "keep one of the two")
            }
            checkConstant(constant, for: rule, field)
            rule.origin = .constant(Array(constant.text.utf8))
        } else if written.sources.isEmpty {
            complain(
                "rule-without-source", "the rule for `\(field.path)` says nothing about where its value comes from",
                written.place, help: "add `from: \"PATH\"` or `value: TEXT`")
        } else {
            rule.origin = .paths(written.sources.compactMap { path($0) })
        }
    }

    private mutating func setTable(_ written: Mapping.Rule, of rule: inout CompiledMapping.RulePlan, _ field: Field) {
        guard let table = written.table else {
            if let key = written.key {
                complain("rule-form", "`key` needs a `table` to look into", key.place, help: nil)
            }
            return
        }
        guard let number = tableNumbers[table.text] else {
            if missingTables.contains(table.text) { return }
            complain(
                "table-missing", "no code table `\(table.text)` is listed under `tables`", table.place,
                help: nearest(table.text, tableNumbers.keys.sorted()) ?? "add it to `tables: [ … ]`")
            return
        }
        if rule.converterName != "code" {
            complain("rule-form", "`table` goes with `as: code`", table.place, help: "write `as: code`")
        }
        rule.table = number
        checkTable(number, for: rule, field, table.place)
    }

    /// Every code a table gives must be one the field may hold.
    private mutating func checkTable(
        _ number: Int, for rule: CompiledMapping.RulePlan, _ field: Field, _ place: Mapping.Place
    ) {
        guard let list = rule.list else { return }
        let table = compiled.tables[number]
        for row in 0..<table.count {
            let to = Array(table.bytes[table.to(row)])
            guard !to.isEmpty, !list.contains(to) else { continue }
            let text = String(decoding: to, as: UTF8.self)
            findings.append(
                Finding(
                    "table-code-unknown", .error, "`\(text)` is no code of `\(field.path)`",
                    at: Finding.Location(
                        document: table.name, position: SourcePosition(line: table.line(row), column: 1)),
                    help: nearest(text, list.map { String(decoding: $0, as: UTF8.self) })
                        ?? "`linkway schema` lists the codes", rule: place.location))
        }
    }

    private mutating func setPolicies(_ written: Mapping.Rule, of rule: inout CompiledMapping.RulePlan, _ field: Field)
    {
        for (word, policy) in written.policies.sorted(by: { $0.key < $1.key }) {
            guard let compiledPolicy = self.policy(policy, for: word, field) else { continue }
            if case .use(let text) = compiledPolicy {
                checkConstant(Mapping.Placed(text, policy.place), for: rule, field)
            }
            switch word {
            case "missing": rule.missing = compiledPolicy
            case "invalid": rule.invalid = compiledPolicy
            case "unmapped": rule.unmapped = compiledPolicy
            default: rule.many = compiledPolicy
            }
        }
    }

    /// A constant must be a value the field may hold, written as the field holds it: nothing converts it.
    private mutating func checkConstant(_ constant: Mapping.Placed, for rule: CompiledMapping.RulePlan, _ field: Field)
    {
        if let list = rule.list {
            guard !list.contains(Array(constant.text.utf8)) else { return }
            let codes = list.map { String(decoding: $0, as: UTF8.self) }
            return complain(
                "constant-invalid", "`\(constant.text)` is no code of `\(field.path)`", constant.place,
                help: nearest(constant.text, codes) ?? "it is one of: \(codes.joined(separator: ", "))")
        }
        if field.isGroup, rule.code == nil {
            return complain(
                "constant-invalid", "`\(field.path)` is made of several values, so one text cannot stand for it",
                constant.place,
                help: "write its fields one by one: \(field.children.map { schema[$0].name }.joined(separator: ", "))")
        }
        guard let written = canonicalForm(of: constant.text, field) else {
            return complain(
                "constant-invalid", "this constant is not a value of `\(field.path)`", constant.place,
                help: "the field holds \(field.isGroup ? "a code" : field.typeName)")
        }
        if written != constant.text {
            complain(
                "constant-invalid", "this constant is not written as `\(field.path)` holds it", constant.place,
                help: "write `\(written)`")
        }
    }

    /// A text as the field's own converter writes it; `nil` when it is no value of the field or would need an assumption.
    private func canonicalForm(of text: String, _ field: Field) -> String? {
        let name = field.isGroup ? "token" : field.defaultConverter ?? "text"
        guard let converter = AllConverters.named(name).flatMap({ try? $0.init(arguments: Self.limits(of: field, $0)) })
        else { return text }
        var output = ConvertedValue()
        let bytes = Array(text.utf8)
        guard converter.convert(bytes.span, into: &output) == .converted else { return nil }
        return String(decoding: output.bytes, as: UTF8.self)
    }

    // MARK: Converters

    private mutating func converter(_ written: Mapping.Rule, for field: Field) -> (any Converter)? {
        guard let name = written.converter?.text ?? field.defaultConverter else {
            complain(
                "rule-form", "`\(field.path)` is a group of fields, so one rule cannot make it", written.place,
                help: "write its fields one by one: \(field.children.map { schema[$0].name }.joined(separator: ", "))")
            return nil
        }
        guard let kind = AllConverters.named(name) else {
            complain(
                "converter-unknown", "there is no converter `\(name)`", written.converter?.place ?? written.place,
                help: nearest(name, AllConverters.all.map { $0.spec.name })
                    ?? "known: \(AllConverters.all.map { $0.spec.name }.joined(separator: ", "))")
            return nil
        }
        guard field.accepts(kind.spec) else {
            complain(
                "converter-mismatch", "`as: \(name)` does not make what `\(field.path)` holds (\(field.typeName))",
                written.converter?.place ?? written.place,
                help: field.defaultConverter.map { "use `as: \($0)`" } ?? "map its fields one by one")
            return nil
        }
        return make(kind, written, field)
    }

    private mutating func make(_ kind: any Converter.Type, _ written: Mapping.Rule, _ field: Field) -> (any Converter)?
    {
        for (name, argument) in written.arguments.sorted(by: { $0.key < $1.key }) where kind.spec.arguments[name] == nil
        {
            let known = kind.spec.arguments.keys.sorted() + Self.ruleWords
            complain(
                "rule-key-unknown", "`\(name)` is no word of a rule and no argument of `\(kind.spec.name)`",
                argument.place,
                help: nearest(name, known) ?? "known here: \(known.joined(separator: ", "))")
        }
        let arguments = written.arguments.filter { kind.spec.arguments[$0.key] != nil }
        if field.path == "person.birthDate", let time = arguments["time"], time.text != "refuse" {
            complain(
                "policy-unsafe", "`time: \(time.text)` could take the wrong day of birth from a moment", time.place,
                help: "leave `time` out: a moment whose day is not clear holds the referral")
        }
        do {
            return try kind.init(
                arguments: Self.limits(of: field, kind).merging(arguments.mapValues(\.text)) { _, own in own })
        } catch {
            complain(
                "argument-invalid", error.message, arguments[error.argument]?.place ?? written.place, help: error.help)
            return nil
        }
    }

    /// What the field asks of its converter: the range of a number, and that a day of birth is never taken from a moment.
    private static func limits(of field: Field, _ kind: any Converter.Type) -> [String: String] {
        if field.path == "person.birthDate", kind.spec.arguments["time"] != nil { return ["time": "refuse"] }
        guard case .integer(let range) = field.row.type, kind.spec.arguments["min"] != nil else { return [:] }
        return ["min": "\(range.lowerBound)", "max": "\(range.upperBound)"]
    }

    static let ruleWords = [
        "from", "value", "each", "when", "as", "table", "key", "missing", "invalid", "unmapped", "many",
    ]

    // MARK: Targets

    private func partFields(of converter: any Converter, at field: Field) -> [CompiledMapping.PartTarget?] {
        let parts = type(of: converter).spec.parts
        let whole = CompiledMapping.PartTarget(field: field.id, groups: [])
        if parts.isEmpty { return [whole] }
        if !field.isGroup { return parts.map { $0 == field.name ? whole : nil } }
        return parts.map { part in
            guard let target = schema.field(field.path + "." + part) else { return nil }
            var groups: [FieldID] = []
            var parent = target.parent
            while parent != field.id {
                groups.insert(parent, at: 0)
                parent = schema[parent].parent
            }
            return CompiledMapping.PartTarget(field: target.id, groups: groups)
        }
    }

    private func codeTarget(_ field: Field) -> CompiledMapping.CodeTarget? {
        guard field.isGroup, let code = schema.child("code", of: field.id),
            let system = schema.child("system", of: field.id),
            let display = schema.child("display", of: field.id), let original = schema.child("original", of: field.id),
            let originalCode = schema.child("code", of: original.id),
            let originalSystem = schema.child("system", of: original.id)
        else { return nil }
        return CompiledMapping.CodeTarget(
            code: code.id, system: system.id, display: display.id, original: original.id,
            originalSystem: originalSystem.id, originalCode: originalCode.id)
    }

    /// The codes a field, or the code within it, is confined to.
    private func closedList(_ field: Field) -> [[UInt8]]? {
        let holder = field.isGroup ? schema.child("code", of: field.id) ?? field : field
        switch holder.row.type {
        case .choice(let list): return list.codes.map { Array($0.code.utf8) }
        case .boolean: return [Array("true".utf8), Array("false".utf8)]
        default: return nil
        }
    }
}

// MARK: - What is set without a rule

extension MappingCompiler {
    static let sourceField = "source"

    /// Members that every mapping has: the schema's name, the state, and the block about the source.
    mutating func automaticMembers(beside members: [CompiledMapping.Member]) -> [CompiledMapping.Member] {
        let present = Set(members.map { fieldID($0) })
        var result: [CompiledMapping.Member] = []
        for (name, text) in [("schema", schema.name), ("status", "active"), ("kind", "new")] {
            guard let field = schema.field(name), !present.contains(field.id) else { continue }
            result.append(constantRule(text, at: field, mapping.name.place))
        }
        if let source = schema.field(Self.sourceField), !present.contains(source.id) {
            // Apart: the order is looked up in the rules that are made here.
            let rules = sourceRules(in: source, mapping.name.place)
            result.append(
                append(
                    CompiledMapping.Group(
                        field: source.id, place: mapping.name.place, at: nil, each: nil, when: nil, many: .warn,
                        isRequired: true, members: inSchemaOrder(rules))))
        }
        return result
    }

    /// Which format and mapping read the document, and the digest of its bytes.
    mutating func sourceRules(in field: Field, _ place: Mapping.Place) -> [CompiledMapping.Member] {
        var result: [CompiledMapping.Member] = []
        for (name, text) in [("format", compiled.name), ("mapping", compiled.identity)] {
            guard let child = schema.child(name, of: field.id) else { continue }
            result.append(constantRule(text, at: child, place))
        }
        if let digest = schema.child("sha256", of: field.id) {
            result.append(automaticRule(.digest, at: digest, place))
        }
        return result
    }

    private mutating func constantRule(_ text: String, at field: Field, _ place: Mapping.Place)
        -> CompiledMapping.Member
    {
        automaticRule(.constant(Array(text.utf8)), at: field, place)
    }

    private mutating func automaticRule(
        _ origin: CompiledMapping.Origin, at field: Field, _ place: Mapping.Place
    ) -> CompiledMapping.Member {
        append(
            CompiledMapping.RulePlan(
                field: field.id, place: place, origin: origin, each: nil, when: nil, takesAll: false,
                converterName: "text", converter: Verbatim(), readsMarkup: false,
                partFields: [CompiledMapping.PartTarget(field: field.id, groups: [])], isComposite: false, code: nil,
                list: nil, table: nil, key: nil, missing: .omit, invalid: .omit, unmapped: .omit, many: .omit,
                isAutomatic: true))
    }
}

/// The converter of values that are made here and need none.
struct Verbatim: Converter {
    static let spec = ConverterSpec(name: "verbatim", summary: "", source: "", examples: [])

    init() {}
    init(arguments: [String: String]) throws(ArgumentProblem) {}

    func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        for index in 0..<input.count { output.bytes.append(input[index]) }
        output.end()
        return .converted
    }
}
