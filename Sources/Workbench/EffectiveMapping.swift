package import Mappings
import Referrals

/// A mapping as it works: everything it inherits laid under it and every default written out, each line with where it
/// comes from. It is itself a mapping file that means the same.
package struct EffectiveMapping {
    let mapping: Mapping
    private var defaults: [Mapping.Place: CompiledMapping.RulePlan] = [:]

    private struct Line {
        var text: String
        var origin: String?
    }

    /// - Parameter compiled: For its defaults; without it only what is written is printed.
    package init(_ mapping: Mapping, _ compiled: CompiledMapping?) {
        self.mapping = mapping
        for rule in compiled?.rules ?? [] where !rule.plan.isAutomatic { defaults[rule.plan.place] = rule.plan }
    }

    package var text: String {
        var lines = head
        lines.append(Line(text: "map:", origin: nil))
        lines += fields(of: mapping.map, depth: 1)
        lines += tail
        let width = min(72, lines.filter { $0.origin != nil }.map(\.text.count).max() ?? 0)
        return lines.map { line in
            guard let origin = line.origin else { return line.text }
            return line.text + String(repeating: " ", count: max(0, width - line.text.count)) + "   # " + origin
        }.joined(separator: "\n") + "\n"
    }

    // MARK: Head and tail

    private var head: [Line] {
        var lines = [placed("mapping", mapping.name, quoted: false)]
        if let version = mapping.version { lines.append(placed("version", version, quoted: false)) }
        if let about = mapping.about { lines.append(Line(text: "about: \(Self.quote(about))", origin: nil)) }
        if mapping.isAbstract { lines.append(Line(text: "abstract: true", origin: nil)) }
        lines.append(Line(text: "source:", origin: nil))
        if let format = mapping.source.format { lines.append(placed("  format", format, quoted: false)) }
        if let root = mapping.source.root { lines.append(placed("  root", root)) }
        if !mapping.source.namespaces.isEmpty {
            lines.append(Line(text: "  namespaces:", origin: nil))
            for (prefix, uri) in mapping.source.namespaces.sorted(by: { $0.key < $1.key }) {
                lines.append(Line(text: "    \(prefix): \(Self.quote(uri))", origin: nil))
            }
        }
        lines += list("  when", mapping.source.conditions)
        if let each = mapping.source.each { lines.append(placed("  each", each)) }
        if let target = mapping.target { lines.append(placed("target", target, quoted: false)) }
        lines += list("tables", mapping.tables)
        if !mapping.systems.isEmpty { lines.append(Line(text: "systems:", origin: nil)) }
        for (name, systems) in mapping.systems.sorted(by: { $0.key < $1.key }) {
            lines.append(
                Line(text: "  \(name): [ \(systems.map { Self.quote($0) }.joined(separator: ", ")) ]", origin: nil))
        }
        return lines
    }

    private var tail: [Line] {
        var lines: [Line] = []
        if !mapping.ignored.isEmpty { lines.append(Line(text: "ignore:", origin: nil)) }
        for ignored in mapping.ignored {
            lines.append(
                Line(text: "  - path: \(Self.quote(ignored.path.text))", origin: ignored.path.place.description))
            lines.append(Line(text: "    because: \(Self.quote(ignored.because))", origin: nil))
        }
        lines += list("watch", mapping.watched)
        if !mapping.requirements.isEmpty { lines.append(Line(text: "require:", origin: nil)) }
        for requirement in mapping.requirements {
            let at = requirement.at.map { " at: \(Self.quote($0.text))," } ?? ""
            let text =
                "{ that: \(Self.quote(requirement.condition.text)),\(at) finding: \(requirement.finding.text), else: \(requirement.policy.word) }"
            lines.append(Line(text: "  - \(text)", origin: requirement.condition.place.description))
        }
        if !mapping.tests.isEmpty { lines.append(Line(text: "tests:", origin: nil)) }
        for test in mapping.tests { lines.append(Line(text: "  - \(Self.test(test))", origin: test.place.description)) }
        return lines
    }

    private static func test(_ test: Mapping.Test) -> String {
        var parts = ["sample: \(quote(test.sample.text))"]
        if !test.changes.isEmpty {
            parts.append(
                "set: { \(test.changes.map { "\(quote($0.path.text)): \(quote($0.text))" }.joined(separator: ", ")) }")
        }
        if let expected = test.expected { parts.append("expect: \(quote(expected.text))") }
        if let finding = test.expectedFinding { parts.append("expect-finding: \(finding.text)") }
        return "{ \(parts.joined(separator: ", ")) }"
    }

    private func placed(_ key: String, _ value: Mapping.Placed, quoted: Bool = true) -> Line {
        Line(text: "\(key): \(quoted ? Self.quote(value.text) : value.text)", origin: value.place.description)
    }

    private func list(_ key: String, _ values: [Mapping.Placed]) -> [Line] {
        guard !values.isEmpty else { return [] }
        let margin = String(key.prefix { $0 == " " })
        return [Line(text: "\(key):", origin: nil)]
            + values.map { Line(text: "\(margin)  - \(Self.quote($0.text))", origin: $0.place.description) }
    }

    // MARK: The map

    private func fields(of group: Mapping.Group, depth: Int) -> [Line] {
        group.fields.flatMap { field in
            var lines = [Line(text: Self.margin(depth) + field.name.text + ":", origin: nil)]
            lines += node(field.node, depth: depth + 1)
            return lines
        }
    }

    private func node(_ node: Mapping.Node, depth: Int) -> [Line] {
        switch node {
        case .rule(let rule): return words(of: rule).map { Line(text: Self.margin(depth) + $0.text, origin: $0.origin) }
        case .group(let group): return directives(group, depth) + fields(of: group, depth: depth)
        case .list(let items, _):
            return items.flatMap { item in
                var lines = self.node(item, depth: depth + 1)
                if let first = lines.first { lines[0].text = Self.margin(depth) + "- " + first.text.drop { $0 == " " } }
                return lines
            }
        }
    }

    private func directives(_ group: Mapping.Group, _ depth: Int) -> [Line] {
        let margin = Self.margin(depth)
        var lines = [("at", group.at), ("each", group.each), ("when", group.when)].compactMap { word, path in
            path.map { Line(text: "\(margin)\(word): \(Self.quote($0.text))", origin: $0.place.description) }
        }
        if let many = group.many { lines.append(policy("many", many, margin)) }
        return lines
    }

    private func words(of rule: Mapping.Rule) -> [Line] {
        var lines: [Line] = []
        if rule.sources.count == 1 { lines.append(placed("from", rule.sources[0])) }
        if rule.sources.count > 1 { lines += list("from", rule.sources) }
        if let constant = rule.constant { lines.append(placed("value", constant)) }
        if let each = rule.each { lines.append(placed("each", each)) }
        if let when = rule.when { lines.append(placed("when", when)) }
        lines += converter(of: rule)
        if let table = rule.table { lines.append(placed("table", table, quoted: false)) }
        if let key = rule.key { lines.append(placed("key", key)) }
        for (name, argument) in rule.arguments.sorted(by: { $0.key < $1.key }) { lines.append(placed(name, argument)) }
        return lines + policies(of: rule)
    }

    private func converter(of rule: Mapping.Rule) -> [Line] {
        if let converter = rule.converter { return [placed("as", converter, quoted: false)] }
        guard let plan = defaults[rule.place], rule.constant == nil else { return [] }
        return [Line(text: "as: \(plan.converterName)", origin: "default: the field's own type")]
    }

    private func policies(of rule: Mapping.Rule) -> [Line] {
        let plan = defaults[rule.place]
        var lines: [Line] = []
        for word in ["missing", "invalid", "unmapped", "many"] {
            if let written = rule.policies[word] {
                lines.append(policy(word, written, ""))
            } else if let plan, rule.constant == nil, word != "unmapped" || plan.isCode,
                word != "many" || !plan.takesAll
            {
                lines.append(Line(text: "\(word): \(Self.text(plan.policy(word)))", origin: "default"))
            }
        }
        return lines
    }

    private func policy(_ word: String, _ policy: Mapping.Policy, _ margin: String) -> Line {
        let text = policy.use.map { "{ \(policy.word): \(Self.quote($0)) }" } ?? policy.word
        return Line(text: "\(margin)\(word): \(text)", origin: policy.place.description)
    }

    static func text(_ policy: FailurePolicy) -> String {
        switch policy {
        case .use(let text): "{ use: \(quote(text)) }"
        case .join(let text): "{ join: \(quote(text)) }"
        case .reject, .quarantine, .warn, .omit, .holdCode, .first: policy.word
        }
    }

    private static func margin(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    /// In double quotes, as YAML reads them.
    static func quote(_ text: String) -> String {
        text.reduce(into: "\"") { result, character in
            switch character {
            case "\"", "\\": result += "\\\(character)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default: result.append(character)
            }
        } + "\""
    }
}

extension CompiledMapping.RulePlan {
    /// The policy for one of the words `missing`, `invalid`, `unmapped` and `many`.
    func policy(_ word: String) -> FailurePolicy {
        switch word {
        case "missing": missing
        case "invalid": invalid
        case "unmapped": unmapped
        default: many
        }
    }
}
