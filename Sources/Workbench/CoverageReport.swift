package import Mappings

/// How far documents are accounted for by their mappings: what is read, what is left out for a reason, what nobody reads.
///
/// Holds paths and counts, never values.
package struct CoverageReport: Sendable {
    /// One document.
    package struct Document: Sendable {
        package var name: String
        /// Name and version of the mapping that read it; absent when none did.
        package var mapping: String?
        package var coverage: Coverage
    }

    /// All nodes of the same path, places in lists left out, over all documents of a mapping.
    package struct Shape: Sendable {
        package var path: String
        package var state: Coverage.State
        package var count = 0
        package var documents = 0
        /// `file:line:column` of the first.
        package var first: String
        package var because: String?
        /// Whether a path of that name is likely to matter: a risk, safeguarding, consent or an allergy.
        package var mattersLikely: Bool {
            ["risk", "safeguard", "consent", "allerg", "harm"].contains { path.lowercased().contains($0) }
        }
    }

    /// One mapping with everything it read.
    package struct Section: Sendable {
        package var mapping: String
        package var documents: [Document] = []
        package var shapes: [Shape] = []
        /// Rules that gave no value in any of the documents.
        package var unusedRules: [UnusedRule] = []
        package var ruleCount = 0

        package func count(_ state: Coverage.State) -> Int {
            documents.reduce(0) { sum, document in
                switch state {
                case .read: sum + document.coverage.read
                case .compared: sum + document.coverage.compared
                case .ignored: sum + document.coverage.ignored
                case .unread: sum + document.coverage.unread
                }
            }
        }

        package var total: Int { documents.reduce(0) { $0 + $1.coverage.total } }
        /// Read or ignored for a reason, in hundredths, rounded down: 100 means all of them.
        package var percent: Int { CoverageReport.percent(total - count(.unread), of: total) }
    }

    package struct UnusedRule: Sendable {
        package var field: String
        package var paths: [String]
        package var place: Mapping.Place
    }

    package private(set) var sections: [Section] = []
    /// Documents that no mapping read.
    package private(set) var unknown: [Document] = []
    private var usedRules: [String: Set<Int>] = [:]
    private let set: MappingSet

    package init(_ set: MappingSet) { self.set = set }

    /// Of all documents that were read, in hundredths, rounded down.
    package var percent: Int {
        let total = sections.reduce(0) { $0 + $1.total }
        return Self.percent(total - sections.reduce(0) { $0 + $1.count(.unread) }, of: total)
    }

    static func percent(_ part: Int, of total: Int) -> Int { total == 0 ? 100 : part * 100 / total }

    // MARK: Building

    /// Adds a document that was translated in detail.
    package mutating func add(_ translation: Translation) {
        let document = Document(
            name: translation.document, mapping: translation.mapping, coverage: translation.coverage)
        guard let mapping = translation.mapping, let index = translation.mappingIndex else {
            return unknown.append(document)
        }
        let number = sections.firstIndex { $0.mapping == mapping } ?? sections.count
        if number == sections.count { sections.append(Section(mapping: mapping)) }
        sections[number].documents.append(document)
        sections[number].add(translation.coverage, of: translation.document)
        for part in translation.parts {
            for origin in part.origins where origin.rule >= 0 { usedRules[mapping, default: []].insert(origin.rule) }
        }
        noteUnusedRules(number, set.mappings[index])
    }

    private mutating func noteUnusedRules(_ number: Int, _ compiled: CompiledMapping) {
        let written = WrittenRules(compiled.mapping)
        let used = usedRules[sections[number].mapping] ?? []
        sections[number].unusedRules = []
        sections[number].ruleCount = 0
        for (id, rule) in compiled.rules.map(\.plan).enumerated() {
            guard let entry = written.rule(at: rule.place), !rule.isAutomatic else { continue }
            sections[number].ruleCount += 1
            if used.contains(id) { continue }
            let paths = entry.rule.constant.map { ["value \($0.text)"] } ?? entry.rule.sources.map(\.text)
            sections[number].unusedRules.append(UnusedRule(field: entry.field, paths: paths, place: rule.place))
        }
    }
}

extension CoverageReport.Section {
    fileprivate mutating func add(_ coverage: Coverage, of document: String) {
        var seen: Set<Int> = []
        for item in coverage.items {
            let path = Self.shape(item.shape)
            let index = shapes.firstIndex { $0.path == path && $0.state == item.state } ?? shapes.count
            if index == shapes.count {
                shapes.append(
                    CoverageReport.Shape(
                        path: path, state: item.state, first: "\(document):\(item.position)", because: item.because))
            }
            shapes[index].count += 1
            if seen.insert(index).inserted { shapes[index].documents += 1 }
        }
    }

    /// Elements that stand once in one document and twice in the next are of one shape; in JSON lists show as such.
    private static func shape(_ path: String) -> String {
        path.hasPrefix("$") ? path : FieldPath.withoutPlaces(path)
    }
}
