import Mappings
import Referrals
import Reporting
import SourceDocuments

/// Finds out why no rule gave a field its value, by walking the groups around each rule once more, slowly.
struct AbsenceFinder {
    let compiled: CompiledMapping
    let written: WrittenRules
    let schema: Schema
    private var document: SourceDocument
    private var evaluator = PathEvaluator()
    private var hints = NameHints()
    /// The group that holds each rule, and the one around each group.
    private var owners: [Int: Int] = [:]
    private var parents: [Int: Int] = [:]

    init(_ compiled: CompiledMapping, _ written: WrittenRules, _ document: SourceDocument, _ schema: Schema) {
        self.compiled = compiled
        self.written = written
        self.document = document
        self.schema = schema
        hints.add(document)
        evaluator.begin(document)
        for (number, group) in compiled.groups.map(\.plan).enumerated() {
            for member in group.members {
                switch member {
                case .rule(let id): owners[id] = number
                case .group(let id): parents[id] = number
                }
            }
        }
    }

    /// Why the field is empty: at least one reason.
    mutating func reasons(for path: String) -> [Explanation.Reason] {
        let plain = FieldPath.withoutPlaces(path)
        let rules = compiled.rules.indices.filter { concerns($0, plain) }
        guard !rules.isEmpty else { return [noRule(plain)] }
        var reasons: [Explanation.Reason] = []
        for rule in rules {
            for reason in self.reasons(forRule: rule) where !reasons.contains(reason) { reasons.append(reason) }
        }
        return reasons
    }

    private func concerns(_ rule: Int, _ path: String) -> Bool {
        let own = schema[compiled.rules[rule].plan.field].path
        return own == path || own.hasPrefix(path + ".") || path.hasPrefix(own + ".")
    }

    private func noRule(_ path: String) -> Explanation.Reason {
        let parent = path.split(separator: ".").dropLast().joined(separator: ".")
        let mapped = Set(compiled.rules.map { schema[$0.plan.field].path })
        let near = Suggestion.nearest(to: path, among: mapped.sorted())
        let siblings = mapped.filter { !parent.isEmpty && $0.hasPrefix(parent + ".") }.sorted().prefix(4).map {
            "`\($0)`"
        }
        let help =
            near.map { "the nearest field that has a rule is `\($0)`" }
            ?? (siblings.isEmpty ? nil : "beside it there are rules for \(siblings.joined(separator: ", "))")
        return Explanation.Reason(
            text: "no rule of `\(compiled.name)` sets it", place: compiled.mapping.map.place,
            help: help ?? "add a rule for it under `map:`")
    }

    // MARK: One rule

    private mutating func reasons(forRule id: Int) -> [Explanation.Reason] {
        guard let root = document.root else { return [] }
        var chain: [Int] = []
        var group = owners[id]
        while let current = group {
            chain.insert(current, at: 0)
            group = parents[current]
        }
        var nodes: [NodeID] = [root]
        if let each = compiled.each { nodes = select(each, from: [root]) }
        for number in chain.dropFirst() {
            if let reason = enter(number, &nodes) { return [reason] }
        }
        return [reason(rule: id, &nodes)]
    }

    /// Goes into a group; a reason when there is no way in.
    private mutating func enter(_ number: Int, _ nodes: inout [NodeID]) -> Explanation.Reason? {
        let group = compiled.groups[number].plan
        let source = written.group(at: group.place)
        let field = schema[group.field].path
        if let when = group.when {
            nodes = nodes.filter { evaluator.test(when, from: $0, in: &document) }
            if nodes.isEmpty { return conditionFails(when.text, of: field, source?.when?.place ?? group.place) }
        }
        for (word, path, place) in [("at", group.at, source?.at?.place), ("each", group.each, source?.each?.place)] {
            guard let path else { continue }
            nodes = select(path, from: nodes)
            if nodes.isEmpty {
                return selectsNothing("`\(word): \"\(path.text)\"` of `\(field)`", [path.text], place ?? group.place)
            }
        }
        return nil
    }

    private mutating func reason(rule id: Int, _ nodes: inout [NodeID]) -> Explanation.Reason {
        let rule = compiled.rules[id].plan
        let entry = written.rule(at: rule.place)
        let field = schema[rule.field].path
        if let when = rule.when {
            nodes = nodes.filter { evaluator.test(when, from: $0, in: &document) }
            if nodes.isEmpty { return conditionFails(when.text, of: field, entry?.rule.when?.place ?? rule.place) }
        }
        if let each = rule.each {
            nodes = select(each, from: nodes)
            if nodes.isEmpty {
                return selectsNothing("`each: \"\(each.text)\"` of `\(field)`", [each.text], rule.place)
            }
        }
        guard case .paths(let paths) = rule.origin else {
            return Explanation.Reason(text: "the rule for `\(field)` gave no value", place: rule.place)
        }
        let selected = paths.flatMap { select($0, from: nodes) }
        let word = paths.map { "\"\($0.text)\"" }.joined(separator: ", ")
        if selected.isEmpty {
            return selectsNothing(
                "`from: \(word)` of `\(field)`", paths.map(\.text), rule.place, policy: policy(rule, entry))
        }
        return unused(selected, word, field, rule)
    }

    /// Something stands there, and yet the field has no value.
    private mutating func unused(
        _ nodes: [NodeID], _ word: String, _ field: String, _ rule: CompiledMapping.RulePlan
    ) -> Explanation.Reason {
        let texts = nodes.map { node in
            let range = document.stringValue(node)
            return document.text(range)
        }
        let isBlank = texts.allSatisfy { $0.allSatisfy(\.isWhitespace) }
        let place = FindingPrinter.place(document.location(of: nodes[0])) ?? ""
        let text =
            isBlank
            ? "`from: \(word)` of `\(field)` selects something that is blank, at \(place)"
            : "`from: \(word)` of `\(field)` selects a value that could not be used, at \(place)"
        let help =
            isBlank
            ? nil
            : "invalid: \(rule.invalid.word), unmapped: \(rule.unmapped.word); the findings say what is wrong with it"
        return Explanation.Reason(text: text, place: rule.place, help: help)
    }

    private func policy(_ rule: CompiledMapping.RulePlan, _ entry: WrittenRules.Entry?) -> String {
        "policy: missing: \(rule.missing.word)" + (entry?.rule.policies["missing"] == nil ? " (default)" : "")
    }

    private func conditionFails(_ condition: String, of field: String, _ place: Mapping.Place) -> Explanation.Reason {
        Explanation.Reason(
            text: "the condition `when: \"\(condition)\"` of `\(field)` does not hold", place: place,
            help: hints.hint(for: condition))
    }

    private func selectsNothing(
        _ what: String, _ paths: [String], _ place: Mapping.Place, policy: String? = nil
    ) -> Explanation.Reason {
        let hint = paths.compactMap { hints.hint(for: $0) }.first
        let help = [hint, policy].compactMap { $0 }.joined(separator: "; ")
        return Explanation.Reason(text: what + " selects nothing", place: place, help: help.isEmpty ? nil : help)
    }

    private mutating func select(_ path: Path, from nodes: [NodeID]) -> [NodeID] {
        var result: [NodeID] = []
        for node in nodes { evaluator.select(path, from: node, in: &document, into: &result) }
        return result
    }
}
