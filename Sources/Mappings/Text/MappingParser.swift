package import Reporting

/// Reads a mapping file into a ``Mapping``, saying everything that is wrong with its form at once.
package struct MappingParser {
    /// The words a mapping file may begin a line with at its top.
    static let topKeys = [
        "mapping", "version", "about", "abstract", "extends", "source", "target", "tables", "systems", "map", "ignore",
        "watch", "require", "tests",
    ]
    static let sourceKeys = ["format", "root", "namespaces", "when", "each"]
    static let policyKeys = ["missing", "invalid", "unmapped", "many"]

    let file: String
    var findings: [Finding] = []

    private init(file: String) { self.file = file }

    /// - Parameter name: The file's name as a person knows it.
    /// - Returns: The mapping; after reporting an error one that ``Mapping/isFaulty``, or `nil` where nothing can be made of the file.
    package static func parse(_ text: String, named name: String, reporting findings: inout [Finding]) -> Mapping? {
        var yamlFindings: [Finding] = []
        var parser = MappingParser(file: name)
        var mapping = StrictYAML.read(text, named: name, reporting: &yamlFindings).flatMap { parser.mapping($0) }
        mapping?.isFaulty = (yamlFindings + parser.findings).worst == .error
        findings += yamlFindings + parser.findings
        return mapping
    }

    // MARK: The file

    private mutating func mapping(_ root: YAMLValue) -> Mapping? {
        guard let entries = entries(root, "a mapping file", allowed: Self.topKeys) else { return nil }
        let place = place(root.position)
        guard let name = root["mapping"].flatMap({ scalar($0, "mapping") }) else {
            complain(
                "mapping-form", "the file does not name its mapping", place, help: "begin with `mapping: some-name`")
            return nil
        }
        if !Self.isName(name.text) {
            complain(
                "mapping-form", "the name of a mapping is letters, digits, `-` and `_`", name.place,
                help: "such as `riverside-xml`")
        }
        var mapping = Mapping(file: file, name: name, map: Mapping.Group(place: place))
        for entry in entries { read(entry, into: &mapping) }
        return mapping
    }

    private mutating func read(_ entry: YAMLValue.Entry, into mapping: inout Mapping) {
        let value = entry.value
        switch entry.key {
        case "version": mapping.version = scalar(value, "version")
        case "about": mapping.about = scalar(value, "about")?.text
        case "abstract": mapping.isAbstract = isTrue(value)
        case "extends": mapping.extends = scalar(value, "extends")
        case "target": mapping.target = scalar(value, "target")
        case "tables": mapping.tables = scalars(value, "tables")
        case "source": mapping.source = source(value)
        case "systems": mapping.systems = systems(value)
        case "map": mapping.map = group(value)
        case "ignore": mapping.ignored = (items(value, "ignore") ?? []).compactMap { ignored($0) }
        case "watch": mapping.watched = scalars(value, "watch")
        case "require": mapping.requirements = (items(value, "require") ?? []).compactMap { requirement($0) }
        case "tests": mapping.tests = (items(value, "tests") ?? []).compactMap { test($0) }
        default: break
        }
    }

    private mutating func source(_ value: YAMLValue) -> Mapping.Source {
        var source = Mapping.Source()
        for entry in entries(value, "source", allowed: Self.sourceKeys) ?? [] {
            switch entry.key {
            case "format": source.format = scalar(entry.value, "format")
            case "root": source.root = scalar(entry.value, "root")
            case "when": source.conditions = scalars(entry.value, "when")
            case "each": source.each = scalar(entry.value, "each")
            case "namespaces":
                for namespace in entries(entry.value, "namespaces") ?? [] {
                    source.namespaces[namespace.key] = scalar(namespace.value, "a namespace")?.text
                }
            default: break
            }
        }
        return source
    }

    private mutating func systems(_ value: YAMLValue) -> [String: [String]] {
        var systems: [String: [String]] = [:]
        for entry in entries(value, "systems") ?? [] {
            systems[entry.key] = scalars(entry.value, entry.key).map(\.text)
        }
        return systems
    }

    private mutating func isTrue(_ value: YAMLValue) -> Bool {
        if value.text == "true" { return true }
        if value.text != "false" {
            complain(
                "mapping-form", "`abstract` is true or false", place(value.position), help: "write `abstract: true`")
        }
        return false
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }

    private mutating func ignored(_ value: YAMLValue) -> Mapping.Ignored? {
        guard entries(value, "an ignored path", allowed: ["path", "because"]) != nil else { return nil }
        guard let path = value["path"].flatMap({ scalar($0, "path") }),
            let because = value["because"].flatMap({ scalar($0, "because") }), !because.text.isEmpty
        else {
            complain(
                "ignore-without-reason", "an ignored path needs `path` and `because`", place(value.position),
                help: "write `- { path: \"…\", because: \"…\" }`; whoever reads this later must know why")
            return nil
        }
        return Mapping.Ignored(path: path, because: because.text)
    }

    private mutating func requirement(_ value: YAMLValue) -> Mapping.Requirement? {
        guard entries(value, "a requirement", allowed: ["that", "at", "finding", "else"]) != nil else { return nil }
        guard let condition = value["that"].flatMap({ scalar($0, "that") }),
            let finding = value["finding"].flatMap({ scalar($0, "finding") }),
            let policy = value["else"].flatMap({ policy($0) })
        else {
            complain(
                "mapping-form", "a requirement needs `that`, `finding` and `else`", place(value.position),
                help: "write `- { that: \"CONDITION\", finding: CODE, else: quarantine }`")
            return nil
        }
        return Mapping.Requirement(
            condition: condition, at: value["at"].flatMap { scalar($0, "at") }, finding: finding, policy: policy)
    }

    private mutating func test(_ value: YAMLValue) -> Mapping.Test? {
        let allowed = ["sample", "expect", "expect-finding", "set"]
        guard entries(value, "a test", allowed: allowed) != nil else { return nil }
        guard let sample = value["sample"].flatMap({ scalar($0, "sample") }) else {
            complain("mapping-form", "a test needs a `sample`", place(value.position), help: nil)
            return nil
        }
        var test = Mapping.Test(place: place(value.position), sample: sample)
        test.expected = value["expect"].flatMap { scalar($0, "expect") }
        test.expectedFinding = value["expect-finding"].flatMap { scalar($0, "expect-finding") }
        for entry in value["set"].flatMap({ entries($0, "set") }) ?? [] {
            guard let text = scalar(entry.value, "set") else { continue }
            test.changes.append((Mapping.Placed(entry.key, place(entry.keyPosition)), text.text))
        }
        if value["expect"] == nil, value["expect-finding"] == nil {
            complain(
                "mapping-form", "a test needs `expect` or `expect-finding`", place(value.position),
                help: "a test that expects nothing cannot fail")
        }
        return test
    }

    // MARK: The map

    private mutating func node(_ value: YAMLValue) -> Mapping.Node {
        switch value.content {
        case .scalar: return .rule(Mapping.Rule(place: place(value.position), form: .bareText))
        case .sequence(let items): return .list(items.map { node($0) }, place(value.position))
        case .mapping(let entries):
            let isGroup = !entries.contains(where: Self.isRuleDirective) || entries.contains(where: Self.isField)
            return isGroup ? .group(group(value)) : .rule(rule(value, entries))
        }
    }

    /// A word of a rule in a group of fields.
    private mutating func misplaced(_ word: YAMLValue.Entry) {
        complain(
            "rule-form", "`\(word.key)` belongs into a rule, and this is a group of fields", place(word.keyPosition),
            help: word.key == "from"
                ? "write `at:` for where the paths of a group start, or `each:` for one item a node"
                : "write it into the rules of the fields it is for")
    }

    /// Whether an entry is a field with a rule or a group of its own, not a word about the value.
    private static func isField(_ entry: YAMLValue.Entry) -> Bool {
        !policyKeys.contains(entry.key) && !isText(entry.value)
    }

    /// Whether an entry says where a value comes from, rather than being a field that has the same name.
    private static func isRuleDirective(_ entry: YAMLValue.Entry) -> Bool {
        switch entry.key {
        case "from", "value", "as", "table", "key": isText(entry.value)
        case "missing", "invalid", "unmapped": true
        default: false
        }
    }

    private static func isText(_ value: YAMLValue) -> Bool {
        switch value.content {
        case .scalar: true
        case .sequence(let items): items.allSatisfy { $0.text != nil }
        case .mapping: false
        }
    }

    private mutating func group(_ value: YAMLValue) -> Mapping.Group {
        var group = Mapping.Group(place: place(value.position))
        guard let entries = entries(value, "a group of fields") else { return group }
        for entry in entries {
            switch (entry.key, Self.isText(entry.value)) {
            case ("at", true): group.at = scalar(entry.value, "at")
            case ("each", true): group.each = scalar(entry.value, "each")
            case ("when", true): group.when = scalar(entry.value, "when")
            case ("many", _): group.many = policy(entry.value)
            default:
                if Self.isRuleDirective(entry) {
                    misplaced(entry)
                    continue
                }
                group.fields.append(
                    Mapping.Field(name: Mapping.Placed(entry.key, place(entry.keyPosition)), node: node(entry.value)))
            }
        }
        return group
    }

    private mutating func rule(_ value: YAMLValue, _ entries: [YAMLValue.Entry]) -> Mapping.Rule {
        var rule = Mapping.Rule(place: place(value.position))
        for entry in entries {
            switch entry.key {
            case "from": rule.sources = scalars(entry.value, "from")
            case "value": rule.constant = scalar(entry.value, "value")
            case "each": rule.each = scalar(entry.value, "each")
            case "when": rule.when = scalar(entry.value, "when")
            case "as": rule.converter = scalar(entry.value, "as")
            case "table": rule.table = scalar(entry.value, "table")
            case "key": rule.key = scalar(entry.value, "key")
            case "missing", "invalid", "unmapped", "many": rule.policies[entry.key] = policy(entry.value)
            default:
                if let text = scalar(entry.value, entry.key) {
                    rule.arguments[entry.key] = Mapping.Placed(text.text, place(entry.keyPosition))
                }
            }
        }
        return rule
    }

    private mutating func policy(_ value: YAMLValue) -> Mapping.Policy? {
        if let word = value.text { return Mapping.Policy(word: word, place: place(value.position)) }
        if let entries = value.entries, entries.count == 1, ["use", "join"].contains(entries[0].key),
            let text = entries[0].value.text
        {
            return Mapping.Policy(word: entries[0].key, use: text, place: place(value.position))
        }
        complain(
            "policy-unknown", "a policy is one word or `{ use: TEXT }`", place(value.position),
            help: "the words are reject, quarantine, warn and omit")
        return nil
    }

    // MARK: Parts

    private func place(_ position: SourcePosition) -> Mapping.Place { Mapping.Place(file: file, position: position) }

    private mutating func complain(_ code: FindingCode, _ message: String, _ place: Mapping.Place, help: String?) {
        findings.append(Finding(code, .error, message, at: place.location, help: help))
    }

    /// - Parameter allowed: `nil` where any key may stand.
    private mutating func entries(_ value: YAMLValue, _ what: String, allowed: [String]? = nil) -> [YAMLValue.Entry]? {
        guard let entries = value.entries else {
            complain("mapping-form", "\(what) is written as `key: value` lines", place(value.position), help: nil)
            return nil
        }
        guard let allowed else { return entries }
        for entry in entries where !allowed.contains(entry.key) {
            complain(
                "mapping-key-unknown", "`\(entry.key)` is no part of \(what)", place(entry.keyPosition),
                help: Suggestion.nearest(to: entry.key, among: allowed).map { "did you mean `\($0)`?" }
                    ?? "known here: \(allowed.joined(separator: ", "))")
        }
        return entries
    }

    private mutating func items(_ value: YAMLValue, _ what: String) -> [YAMLValue]? {
        if let items = value.items { return items }
        complain("mapping-form", "`\(what)` is a list", place(value.position), help: "begin each line with `- `")
        return nil
    }

    private mutating func scalar(_ value: YAMLValue, _ what: String) -> Mapping.Placed? {
        if let text = value.text {
            var placed = Mapping.Placed(text, place(value.position))
            placed.columns = value.columns
            return placed
        }
        complain("mapping-form", "`\(what)` is one text", place(value.position), help: nil)
        return nil
    }

    /// One text, or a list of them.
    private mutating func scalars(_ value: YAMLValue, _ what: String) -> [Mapping.Placed] {
        guard let items = value.items else { return scalar(value, what).map { [$0] } ?? [] }
        return items.compactMap { scalar($0, what) }
    }
}
