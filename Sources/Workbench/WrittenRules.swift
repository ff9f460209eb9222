package import Mappings

/// The rules and groups of a mapping as they were written, found by their place: compiled rules keep only the place.
package struct WrittenRules: Sendable {
    package struct Entry: Sendable {
        /// The canonical field, list marks left out.
        package var field: String
        package var rule: Mapping.Rule
    }

    package private(set) var entries: [Entry] = []
    private var rules: [Mapping.Place: Int] = [:]
    private var groups: [Mapping.Place: Mapping.Group] = [:]

    package init(_ mapping: Mapping) { visit(.group(mapping.map), "") }

    package func rule(at place: Mapping.Place) -> Entry? { rules[place].map { entries[$0] } }
    package func group(at place: Mapping.Place) -> Mapping.Group? { groups[place] }

    /// Every path and condition that stands in a rule or a group.
    package var paths: [String] {
        let ofRules = entries.flatMap { entry in
            entry.rule.sources.map(\.text) + [entry.rule.each, entry.rule.when, entry.rule.key].compactMap { $0?.text }
        }
        return ofRules + groups.values.flatMap { [$0.at, $0.each, $0.when].compactMap { $0?.text } }
    }

    private mutating func visit(_ node: Mapping.Node, _ path: String) {
        switch node {
        case .rule(let rule):
            rules[rule.place] = entries.count
            entries.append(Entry(field: path, rule: rule))
        case .group(let group):
            groups[group.place] = group
            for field in group.fields {
                visit(field.node, path.isEmpty ? field.name.text : path + "." + field.name.text)
            }
        case .list(let items, _):
            for item in items { visit(item, path) }
        }
    }
}
