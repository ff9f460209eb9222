import Mappings
import Reporting
import SourceDocuments

/// Walks the groups and rules of a mapping over samples and notes which paths select something.
struct PathTrial {
    let mapping: CompiledMapping
    private let written: WrittenRules
    private var evaluator = PathEvaluator()
    /// What a path that found nothing may have meant, by where it is written.
    private var suspicions: [Mapping.Place: String] = [:]
    private let usedNames: Set<String>
    private var metGroups: Set<Int> = []
    private var enteredGroups: Set<Int> = []
    private var metRules: Set<Int> = []
    private var triedRules: Set<Int> = []
    private var documents = 0

    init(_ mapping: CompiledMapping) {
        self.mapping = mapping
        written = WrittenRules(mapping.mapping)
        usedNames = Set(written.paths.flatMap { NameHints.names(in: $0) })
            .union(mapping.mapping.ignored.flatMap { NameHints.names(in: $0.path.text) })
    }

    mutating func run(on document: inout SourceDocument) {
        guard let root = document.root, isRoot(root, document) else { return }
        documents += 1
        evaluator.begin(document)
        var starts = [root]
        if let each = mapping.each { starts = select(each, from: root, &document) }
        for start in starts { members(of: mapping.groups.count - 1, from: start, &document) }
    }

    /// A sample of another kind, there to be refused, says nothing about the paths.
    private func isRoot(_ root: NodeID, _ document: SourceDocument) -> Bool {
        guard let wanted = mapping.root else { return true }
        let node = document.nodes[Int(root)]
        return wanted == (document.format == .fhir ? node.resourceType : node.name)
    }

    private mutating func members(of number: Int, from node: NodeID, _ document: inout SourceDocument) {
        enteredGroups.insert(number)
        for member in mapping.groups[number].plan.members {
            switch member {
            case .group(let id): group(id, from: node, &document)
            case .rule(let id): rule(id, from: node, &document)
            }
        }
    }

    private mutating func group(_ id: Int, from node: NodeID, _ document: inout SourceDocument) {
        let group = mapping.groups[id].plan
        var nodes = [node]
        if let path = group.each ?? group.at {
            nodes = select(path, from: node, &document)
            if nodes.isEmpty { suspect([path], at: group.place, from: node, &document) }
        }
        if !nodes.isEmpty { metGroups.insert(id) }
        for node in nodes { members(of: id, from: node, &document) }
    }

    private mutating func rule(_ id: Int, from node: NodeID, _ document: inout SourceDocument) {
        let rule = mapping.rules[id].plan
        guard case .paths(let paths) = rule.origin else { return }
        triedRules.insert(id)
        if metRules.contains(id) { return }
        var nodes = [node]
        if let each = rule.each { nodes = select(each, from: node, &document) }
        for node in nodes {
            for path in paths where !select(path, from: node, &document).isEmpty { metRules.insert(id) }
            if !metRules.contains(id) { suspect(paths, at: rule.place, from: node, &document) }
        }
    }

    private mutating func select(_ path: Path, from node: NodeID, _ document: inout SourceDocument) -> [NodeID] {
        var nodes: [NodeID] = []
        evaluator.select(path, from: node, in: &document, into: &nodes)
        return nodes
    }

    private mutating func suspect(
        _ paths: [Path], at place: Mapping.Place, from node: NodeID, _ document: inout SourceDocument
    ) {
        guard suspicions[place] == nil else { return }
        for path in paths {
            var steps = MisspeltStep(mapping.pathContext, usedNames)
            if let hint = steps.hint(for: path.text, from: node, in: &document, with: &evaluator) {
                suspicions[place] = hint
            }
        }
    }

    // MARK: Findings

    /// The rules and groups that some sample meets, by where they are written.
    var metPlaces: Set<Mapping.Place> {
        Set(metGroups.map { mapping.groups[$0].plan.place }).union(metRules.map { mapping.rules[$0].plan.place })
    }

    func findings(_ met: Set<Mapping.Place>) -> [Finding] {
        guard documents > 0 else { return [] }
        var findings: [Finding] = []
        for number in mapping.groups.indices where !met.contains(mapping.groups[number].plan.place) {
            let group = mapping.groups[number].plan
            guard let path = group.each ?? group.at, isReached(number) else { continue }
            let source = written.group(at: group.place)
            findings.append(
                finding([path.text], source?.each?.place ?? source?.at?.place ?? group.place, suspicions[group.place]))
        }
        for id in triedRules.sorted() where !met.contains(mapping.rules[id].plan.place) {
            let place = mapping.rules[id].plan.place
            guard let entry = written.rule(at: place), let first = entry.rule.sources.first else { continue }
            findings.append(finding(entry.rule.sources.map(\.text), first.place, suspicions[place]))
        }
        return findings
    }

    /// Whether the group around it was entered, so that its own path was tried.
    private func isReached(_ number: Int) -> Bool {
        enteredGroups.contains { entered in
            mapping.groups[entered].plan.members.contains { if case .group(number) = $0 { true } else { false } }
        }
    }

    private func finding(_ paths: [String], _ place: Mapping.Place, _ suspicion: String?) -> Finding {
        let words = paths.map { "`\($0)`" }.joined(separator: ", ")
        let verb = paths.count == 1 ? "selects" : "select"
        return Finding(
            "path-never-met", suspicion == nil ? .note : .warning,
            "\(words) \(verb) nothing in \(documents == 1 ? "the one sample" : "any of \(documents) samples")",
            at: place.location,
            help: suspicion)
    }
}
