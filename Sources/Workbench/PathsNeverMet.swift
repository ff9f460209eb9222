package import Gateway
import Mappings
package import Reporting
import SourceDocuments

/// Rules whose paths select nothing in any sample of their mapping: often a name misspelt.
///
/// Judged only where there is something to judge by: a mapping without samples is passed over, and below a group that no
/// sample enters only the group itself is named. A rule with several paths is met when one of them is, and one that
/// several mappings share through `extends` when a sample of any of them meets it.
package enum PathsNeverMet {
    package static func findings(in library: MappingLibrary) -> [Finding] {
        let trials = library.set.mappings.map { trial(of: $0, in: library) }
        let met = trials.reduce(into: Set<Mapping.Place>()) { $0.formUnion($1.metPlaces) }
        var findings: [Finding] = []
        for trial in trials {
            for finding in trial.findings(met) where !findings.contains(where: { $0.location == finding.location }) {
                findings.append(finding)
            }
        }
        return findings
    }

    private static func trial(of mapping: CompiledMapping, in library: MappingLibrary) -> PathTrial {
        var trial = PathTrial(mapping)
        let reader = DocumentReader()
        var document = SourceDocument(symbols: library.set.symbols)
        for file in Samples.files(of: mapping, in: library) {
            var ignored: [Finding] = []
            guard let bytes = try? Files.read(file, limit: Limits.standard.bytes),
                reader.read(bytes, named: file, as: mapping.format, into: &document, reporting: &ignored)
            else { continue }
            trial.run(on: &document)
        }
        return trial
    }
}

/// Walks the groups and rules of a mapping over samples and notes which paths select something.
private struct PathTrial {
    let mapping: CompiledMapping
    private let written: WrittenRules
    private var evaluator = PathEvaluator()
    private var hints = NameHints()
    private var metGroups: Set<Int> = []
    private var enteredGroups: Set<Int> = []
    private var metRules: Set<Int> = []
    private var triedRules: Set<Int> = []
    private var documents = 0

    init(_ mapping: CompiledMapping) {
        self.mapping = mapping
        written = WrittenRules(mapping.mapping)
    }

    mutating func run(on document: inout SourceDocument) {
        guard let root = document.root, isRoot(root, document) else { return }
        documents += 1
        hints.add(document)
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
        for member in mapping.groups[number].members {
            switch member {
            case .group(let id): group(id, from: node, &document)
            case .rule(let id): rule(id, from: node, &document)
            }
        }
    }

    private mutating func group(_ id: Int, from node: NodeID, _ document: inout SourceDocument) {
        let group = mapping.groups[id]
        var nodes = [node]
        if let path = group.each ?? group.at { nodes = select(path, from: node, &document) }
        if !nodes.isEmpty { metGroups.insert(id) }
        for node in nodes { members(of: id, from: node, &document) }
    }

    private mutating func rule(_ id: Int, from node: NodeID, _ document: inout SourceDocument) {
        let rule = mapping.rules[id]
        guard case .paths(let paths) = rule.origin else { return }
        triedRules.insert(id)
        if metRules.contains(id) { return }
        var nodes = [node]
        if let each = rule.each { nodes = select(each, from: node, &document) }
        for node in nodes {
            for path in paths where !select(path, from: node, &document).isEmpty { metRules.insert(id) }
        }
    }

    private mutating func select(_ path: Path, from node: NodeID, _ document: inout SourceDocument) -> [NodeID] {
        var nodes: [NodeID] = []
        evaluator.select(path, from: node, in: &document, into: &nodes)
        return nodes
    }

    // MARK: Findings

    /// The rules and groups that some sample meets, by where they are written.
    var metPlaces: Set<Mapping.Place> {
        Set(metGroups.map { mapping.groups[$0].place }).union(metRules.map { mapping.rules[$0].place })
    }

    func findings(_ met: Set<Mapping.Place>) -> [Finding] {
        guard documents > 0 else { return [] }
        var findings: [Finding] = []
        for number in mapping.groups.indices where !met.contains(mapping.groups[number].place) {
            let group = mapping.groups[number]
            guard let path = group.each ?? group.at, isReached(number) else { continue }
            let place = written.group(at: group.place)
            findings.append(finding([path.text], place?.each?.place ?? place?.at?.place ?? group.place))
        }
        for id in triedRules.sorted() where !met.contains(mapping.rules[id].place) {
            guard let entry = written.rule(at: mapping.rules[id].place), let first = entry.rule.sources.first else { continue }
            findings.append(finding(entry.rule.sources.map(\.text), first.place))
        }
        return findings
    }

    /// Whether the group around it was entered, so that its own path was tried.
    private func isReached(_ number: Int) -> Bool {
        enteredGroups.contains { entered in
            mapping.groups[entered].members.contains { if case .group(number) = $0 { true } else { false } }
        }
    }

    private func finding(_ paths: [String], _ place: Mapping.Place) -> Finding {
        let words = paths.map { "`\($0)`" }.joined(separator: ", ")
        let hint = paths.compactMap { hints.hint(for: $0, in: "the samples") }.first
        return Finding(
            "path-never-met", .warning, "\(words) select\(paths.count == 1 ? "s" : "") nothing in any of \(CoverageText.plural(documents, "sample"))",
            at: place.location, help: hint)
    }
}
