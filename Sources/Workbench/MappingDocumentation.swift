package import Mappings
import Referrals
import SourceDocuments

/// A mapping as the table an analyst would write by hand, in Markdown.
package struct MappingDocumentation {
    let mapping: Mapping
    let compiled: CompiledMapping
    private var plans: [Mapping.Place: CompiledMapping.RulePlan] = [:]

    package init(_ compiled: CompiledMapping) {
        self.compiled = compiled
        mapping = compiled.mapping
        for rule in compiled.rules where !rule.plan.isAutomatic { plans[rule.plan.place] = rule.plan }
    }

    package var text: String {
        var text = "# \(compiled.name), version \(mapping.version?.text ?? "0")\n\n"
        if let about = mapping.about { text += "\(about)\n\n" }
        text += source + "\n"
        text += "## Fields\n\n"
        text += "| canonical field | from | converter, table | missing | invalid | unmapped | many | remarks |\n"
        text += "|---|---|---|---|---|---|---|---|\n"
        text += rows(.group(mapping.map), path: "").joined(separator: "\n") + "\n"
        return text + tables + ignored + watched + required
    }

    private var source: String {
        var lines = [
            "Reads \(compiled.format.rawValue)" + (mapping.source.root.map { " with the root `\($0.text)`" } ?? "")
                + ", makes `\(mapping.target?.text ?? "")`."
        ]
        for (prefix, uri) in mapping.source.namespaces.sorted(by: { $0.key < $1.key }) {
            lines.append("- `\(prefix)` stands for `\(uri)`")
        }
        for condition in mapping.source.conditions { lines.append("- only where `\(condition.text)`") }
        if let each = mapping.source.each { lines.append("- one referral for each `\(each.text)`") }
        if let extends = mapping.extends { lines.append("- extends `\(extends.text)`") }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Fields

    /// A row for each rule. What a group says of all of its fields stands once, in a row of its own above them.
    private func rows(_ node: Mapping.Node, path: String) -> [String] {
        switch node {
        case .rule(let rule): return [row(rule, path)]
        case .list(let items, _): return items.flatMap { rows($0, path: path + "[]") }
        case .group(let group):
            let base = group.each != nil && !path.hasSuffix("[]") ? path + "[]" : path
            let fields = group.fields.flatMap { field in
                rows(field.node, path: base.isEmpty ? field.name.text : base + "." + field.name.text)
            }
            return (head(group, base).map { [$0] } ?? []) + fields
        }
    }

    /// Where the fields of a group are read, and when.
    private func head(_ group: Mapping.Group, _ path: String) -> String? {
        var words: [String] = []
        if let each = group.each { words.append("for each \(Self.code(each.text))") }
        if let at = group.at { words.append("in \(Self.code(at.text))") }
        if let when = group.when { words.append("only where \(Self.code(when.text))") }
        if words.isEmpty { return nil }
        return "| **\(Self.code(path))** | \(words.joined(separator: "; ")) |  |  |  |  |  |  |"
    }

    private func row(_ rule: Mapping.Rule, _ path: String) -> String {
        let from =
            rule.constant.map { "always \(Self.code($0.text))" }
            ?? rule.sources.map { Self.code($0.text) }.joined(separator: ", else ")
        var remarks: [String] = []
        if let each = rule.each { remarks.append("for each \(Self.code(each.text))") }
        if let when = rule.when { remarks.append("only where \(Self.code(when.text))") }
        let policies = ["missing", "invalid", "unmapped", "many"].map { policy($0, rule) }
        let cells = [Self.code(path), from, converter(rule)] + policies + [remarks.joined(separator: "; ")]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    private func converter(_ rule: Mapping.Rule) -> String {
        if rule.constant != nil { return "" }
        var parts = [rule.converter?.text ?? plans[rule.place]?.converterName ?? ""]
        parts += rule.arguments.sorted { $0.key < $1.key }.map { "\($0.key) \(Self.code($0.value.text))" }
        if let table = rule.table {
            parts.append("table \(Self.code(table.text))" + (rule.key.map { ", keyed by \(Self.code($0.text))" } ?? ""))
        }
        return parts.joined(separator: ", ")
    }

    private func policy(_ word: String, _ rule: Mapping.Rule) -> String {
        guard rule.constant == nil, let plan = plans[rule.place] else { return "" }
        if word == "unmapped", !plan.isCode { return "" }
        if word == "many", plan.takesAll { return "" }
        switch plan.policy(word) {
        case .use(let text): return "use \(Self.code(text))"
        case .join(let text): return "join with \(Self.code(text))"
        case let policy: return policy.word
        }
    }

    // MARK: The rest

    private var tables: String {
        guard !compiled.tables.isEmpty else { return "" }
        var text = "\n## Code tables\n"
        for table in compiled.tables {
            text += "\n### \(Explainer.baseName(table.name))\n\n| sent | becomes | in words |\n|---|---|---|\n"
            for row in 0..<table.count {
                let key = table.text(row, .key)
                let to = table.text(row, .to)
                let system = table.text(row, .system)
                text += "| \(Self.code(table.text(row, .from)))\(key.isEmpty ? "" : " of \(Self.code(key))") | "
                text +=
                    to.isEmpty
                    ? "nothing, on purpose" : Self.code(to) + (system.isEmpty ? "" : " of \(Self.code(system))")
                text += " | \(Self.cell(table.text(row, .display))) |\n"
            }
        }
        return text
    }

    private var ignored: String {
        guard !mapping.ignored.isEmpty else { return "" }
        let rows = mapping.ignored.map { "| \(Self.code($0.path.text)) | \(Self.cell($0.because)) |" }
        return "\n## Left unread on purpose\n\n| path | because |\n|---|---|\n" + rows.joined(separator: "\n") + "\n"
    }

    private var watched: String {
        guard !mapping.watched.isEmpty else { return "" }
        let rows = mapping.watched.map { "- \(Self.code($0.text))" }
        return "\n## Watched\n\nSomething like these that no rule reads holds the referral for a person.\n\n"
            + rows.joined(separator: "\n") + "\n"
    }

    private var required: String {
        guard !mapping.requirements.isEmpty else { return "" }
        let rows = mapping.requirements.map {
            "| \(Self.code($0.condition.text)) | \(Self.code($0.finding.text)) | \($0.policy.word) |"
        }
        return "\n## Required of the document\n\n| condition | finding | else |\n|---|---|---|\n"
            + rows.joined(separator: "\n") + "\n"
    }

    /// Code in a table cell: a bar would end the cell, and text with a backtick needs two around it.
    private static func code(_ text: String) -> String {
        let mark = text.contains("`") ? "``" : "`"
        return text.isEmpty ? "(empty)" : mark + cell(text) + mark
    }

    private static func cell(_ text: String) -> String {
        text.reduce(into: "") { $0 += $1 == "|" ? "\\|" : $1 == "\n" ? " " : String($1) }
    }
}
