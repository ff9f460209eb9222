/// Laying one mapping over another: `extends`.
///
/// Fields are merged by name, the words of one rule too, so an overlay may write only `from:` and inherit converter,
/// table and policies; a constant replaces the whole rule. Lists are replaced whole. What the overlay ignores or watches is added.
extension Mapping {
    /// This mapping with another laid under it.
    package func laid(over base: Mapping) -> Mapping {
        var result = self
        result.isFaulty = isFaulty || base.isFaulty
        result.version = version ?? base.version
        result.about = about ?? base.about
        result.target = target ?? base.target
        result.source = source.laid(over: base.source)
        result.tables = base.tables.filter { table in !tables.contains { $0.text == table.text } } + tables
        result.systems = base.systems.merging(systems) { _, own in own }
        result.map = map.laid(over: base.map)
        result.ignored = base.ignored + ignored
        result.watched = base.watched + watched
        result.requirements = base.requirements + requirements
        return result
    }
}

extension Mapping.Source {
    func laid(over base: Mapping.Source) -> Mapping.Source {
        var result = self
        result.format = format ?? base.format
        result.root = root ?? base.root
        result.namespaces = base.namespaces.merging(namespaces) { _, own in own }
        if conditions.isEmpty { result.conditions = base.conditions }
        result.each = each ?? base.each
        return result
    }
}

extension Mapping.Group {
    func laid(over base: Mapping.Group) -> Mapping.Group {
        var result = base
        result.place = place
        result.at = at ?? base.at
        result.each = each ?? base.each
        result.when = when ?? base.when
        result.many = many ?? base.many
        for field in fields {
            if let index = result.fields.firstIndex(where: { $0.name.text == field.name.text }) {
                result.fields[index] = Mapping.Field(
                    name: field.name, node: field.node.laid(over: result.fields[index].node))
            } else {
                result.fields.append(field)
            }
        }
        return result
    }
}

extension Mapping.Node {
    func laid(over base: Mapping.Node) -> Mapping.Node {
        switch (self, base) {
        case (.rule(let own), .rule(let other)): .rule(own.laid(over: other))
        case (.group(let own), .group(let other)): .group(own.laid(over: other))
        case (.group(let own), .rule(let other)) where own.fields.isEmpty && own.at == nil:
            .rule(Mapping.Rule(wordsOf: own).laid(over: other))
        case (_, _): self
        }
    }
}

extension Mapping.Rule {
    /// Words that a group and a rule share, written without any other: an overlay of a rule.
    fileprivate init(wordsOf group: Mapping.Group) {
        self.init(
            place: group.place, each: group.each, when: group.when, policies: group.many.map { ["many": $0] } ?? [:])
    }

    func laid(over base: Mapping.Rule) -> Mapping.Rule {
        var result = self
        guard constant == nil, form == .written else { return self }
        if sources.isEmpty {
            result.sources = base.sources
            result.constant = base.constant
        }
        result.each = each ?? base.each
        result.when = when ?? base.when
        result.converter = converter ?? base.converter
        result.table = table ?? base.table
        result.key = key ?? base.key
        result.policies = base.policies.merging(policies) { _, own in own }
        result.arguments = base.arguments.merging(arguments) { _, own in own }
        return result
    }
}
