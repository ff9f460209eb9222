import Referrals
import Reporting

/// Words that are known but mean nothing where they stand: each would do nothing, silently.
extension MappingCompiler {
    static let groupWords = ["at", "each", "when", "many"]

    // MARK: Groups

    /// The map itself is the whole document; a start of its own would not be looked at.
    mutating func checkWords(ofRoot map: Mapping.Group) {
        for (word, written) in [("at", map.at), ("each", map.each), ("when", map.when)] {
            guard let written else { continue }
            complain(
                "rule-form", "`map` has no `\(word)`", written.place,
                help: word == "at" ? "write it into the groups of fields" : "write it under `source:`")
        }
    }

    mutating func checkWords(of group: Mapping.Group, _ field: Field) {
        if let at = group.at, group.each != nil {
            complain("rule-form", "a group has `at` or `each`, not both", at.place, help: "put both paths into `each`")
        }
        if let many = group.many, group.at == nil {
            complain(
                "rule-form", "`many` of a group says what to do when `at` finds several nodes, and there is no `at`",
                many.place,
                help: "write it into the rules of the fields it is for")
        }
        if group.fields.isEmpty, field.id != 0 {
            complain(
                "rule-form", "the group `\(field.path)` has no fields, so it fills nothing", group.place,
                help: "add its fields, or leave it out")
        }
    }

    // MARK: Rules

    /// Whether a rule is one at all; if not, that is reported now or was before.
    mutating func isWritten(_ rule: Mapping.Rule, _ field: Field) -> Bool {
        switch rule.form {
        case .written: return true
        case .faulty: return false
        case .bareText:
            complain(
                "rule-form", "`\(field.path)` needs a rule, not a bare text", rule.place,
                help: "write `{ from: \"PATH\" }`, or `{ value: TEXT }` for a constant")
            return false
        }
    }

    static func isBareText(_ field: Mapping.Field) -> Bool {
        if case .rule(let rule) = field.node { rule.form == .bareText } else { false }
    }

    mutating func checkWords(of written: Mapping.Rule, _ rule: CompiledMapping.RulePlan, _ field: Field) {
        if written.constant != nil { return checkConstantWords(written) }
        if let policy = written.policies["unmapped"], rule.code == nil, rule.list == nil, written.table == nil {
            complain(
                "rule-form", "`unmapped` is for codes, and `\(field.path)` holds \(field.typeName)", policy.place,
                help: "leave it out; `invalid` says what to do with a value that cannot be read")
        }
        // With `each`, the paths may select parts of one item, to be joined.
        let joinsParts = written.each != nil && written.policies["many"]?.word == "join"
        if let policy = written.policies["many"], rule.takesAll, !joinsParts {
            complain(
                "rule-form", "every node gives an item of the list, so there are never too many", policy.place,
                help: "leave `many` out")
        }
    }

    /// A constant is always there, always right and never converted.
    private mutating func checkConstantWords(_ written: Mapping.Rule) {
        var words = written.policies.values.map { (place: $0.place, word: "a policy") }
        words += [("as", written.converter), ("table", written.table), ("each", written.each)].compactMap {
            word, text in
            text.map { (place: $0.place, word: "`\(word)`") }
        }
        for (place, word) in words.sorted(by: { $0.place.position < $1.place.position }) {
            complain(
                "rule-form", "a constant needs no \(word)", place,
                help: "leave it out: a constant is set as it is written")
        }
    }
}
