import Reporting
import SourceDocuments

extension PathEvaluator {
    /// What is noted about a node while a document is mapped.
    enum Mark {
        /// Looked at to decide something.
        static let compared: UInt8 = 1
        /// Its own text was read.
        static let value: UInt8 = 2
        /// Everything in it was read, as written.
        static let subtree: UInt8 = 4
        /// Looked at in a condition that held, or there, where that alone sets a constant.
        static let decided: UInt8 = 8
        /// What is enough for a node that must not go unread: to have been compared and passed over is not.
        static let taken = value | subtree | decided
    }
}

/// Accounts for every node of a document after it was mapped: read, ignored for a reason, or unread.
///
/// One walk over the tape. A node that a `watch` path means holds the referral when nothing of it was read, and also when any
/// value in it was neither looked at nor ignored: a word beside a consent may take it back.
struct CoveragePass {
    let mapping: CompiledMapping
    let isDetailed: Bool
    var coverage = Coverage()
    var findings: [Finding] = []
    private var ignoredUntil: NodeID = 0
    private var reason = 0
    /// The watched node at hand that has not spoken yet: its end and its pattern.
    private var watchedUntil: NodeID = 0
    private var watching = 0

    init(_ mapping: CompiledMapping, isDetailed: Bool) {
        self.mapping = mapping
        self.isDetailed = isDetailed
    }

    mutating func run(_ document: inout SourceDocument, _ evaluator: inout PathEvaluator, _ shapes: inout ShapeTable) {
        shapes.begin(document)
        let count = NodeID(document.nodes.count)
        var node: NodeID = 1
        while node < count {
            let item = document.nodes[Int(node)]
            if evaluator.marks[Int(node)] & PathEvaluator.Mark.subtree != 0 {
                account(node..<item.next, as: .read, &document)
                node = item.next
                continue
            }
            if node >= ignoredUntil, let match = shapes.ignores(node, in: &document, mapping, &evaluator) {
                ignoredUntil = item.next
                reason = match
            }
            if node >= ignoredUntil, let match = shapes.watches(node, in: &document, mapping, &evaluator) {
                watch(node, match, document, evaluator)
            }
            if item.hasValue || item.next == node + 1 {
                let state = state(of: node, evaluator.marks[Int(node)])
                account(node..<node + 1, as: state, &document)
                if state == .unread, node < watchedUntil, item.hasValue { report(node, document) }
            }
            node += 1
        }
    }

    private func state(of node: NodeID, _ mark: UInt8) -> Coverage.State {
        if mark & PathEvaluator.Mark.taken != 0 { return .read }
        if node < ignoredUntil { return .ignored }
        return mark != 0 ? .compared : .unread
    }

    private mutating func account(_ nodes: Range<NodeID>, as state: Coverage.State, _ document: inout SourceDocument) {
        for node in nodes {
            let item = document.nodes[Int(node)]
            guard nodes.count == 1 || item.hasValue || item.next == node + 1 else { continue }
            switch state {
            case .read: coverage.read += 1
            case .compared: coverage.compared += 1
            case .ignored: coverage.ignored += 1
            case .unread: coverage.unread += 1
            }
            if isDetailed { coverage.items.append(self.item(node, state, document)) }
        }
    }

    private func item(_ node: NodeID, _ state: Coverage.State, _ document: SourceDocument) -> Coverage.Item {
        let path = document.path(of: node)
        return Coverage.Item(
            state: state, path: path, shape: Self.withoutPlaces(path),
            position: document.position(at: Int(document.nodes[Int(node)].start)),
            because: state == .ignored ? mapping.ignored.patterns[reason].because : nil)
    }

    private mutating func watch(
        _ node: NodeID, _ match: Int, _ document: borrowing SourceDocument, _ evaluator: borrowing PathEvaluator
    ) {
        let end = document.nodes[Int(node)].next
        if node >= watchedUntil {
            watchedUntil = end
            watching = match
        }
        for inner in node..<end where evaluator.marks[Int(inner)] & PathEvaluator.Mark.taken != 0 { return }
        report(node, document)
    }

    /// Says that something watched was not read, once for each watched node.
    private mutating func report(_ node: NodeID, _ document: borrowing SourceDocument) {
        guard node < watchedUntil else { return }
        watchedUntil = 0
        guard findings.count < FindingBudget.most else { return }
        findings.append(
            Finding(
                "watch-unread", .quarantine, at: document.location(of: node),
                rule: mapping.watched.patterns[watching].place.location))
    }

    /// `Bundle.entry[3].resource` → `Bundle.entry[].resource`.
    static func withoutPlaces(_ path: String) -> String {
        var result = ""
        var isInPlace = false
        for character in path {
            if character == "[" {
                isInPlace = true
                result += "[]"
            }
            if !isInPlace { result.append(character) }
            if character == "]" { isInPlace = false }
        }
        return result
    }
}
