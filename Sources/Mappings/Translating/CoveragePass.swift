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
        let nodes = document.nodes
        let marks = evaluator.marks
        let mapping = mapping
        var node: NodeID = 1
        while Int(node) < nodes.count {
            let item = nodes[Int(node)]
            let mark = marks[Int(node)]
            if mark & PathEvaluator.Mark.subtree != 0 {
                for inner in node..<item.next { account(inner, nodes[Int(inner)], as: .read, &document) }
                node = item.next
                continue
            }
            // A leaf that was read is read, whatever a pattern says.
            let isRead = item.next == node + 1 && mark & PathEvaluator.Mark.taken != 0
            if node >= ignoredUntil, !isRead {
                let judgement = shapes.judge(node, item, in: &document, mapping, &evaluator)
                if judgement.ignored >= 0 {
                    ignoredUntil = item.next
                    reason = Int(judgement.ignored)
                } else if judgement.watched >= 0 {
                    watch(node, Int(judgement.watched), document, evaluator)
                }
            }
            account(node, item, as: state(of: node, mark), &document)
            node += 1
        }
    }

    private func state(of node: NodeID, _ mark: UInt8) -> Coverage.State {
        if mark & PathEvaluator.Mark.taken != 0 { return .read }
        if node < ignoredUntil { return .ignored }
        return mark != 0 ? .compared : .unread
    }

    /// Counts a node that carries a value or is empty, and says so when it is watched and was not read.
    ///
    /// The document is handed on as it is, though nothing in it changes: of one that is only lent, every node would make a
    /// copy.
    @inline(__always) private mutating func account(
        _ node: NodeID, _ item: SourceNode, as state: Coverage.State, _ document: inout SourceDocument
    ) {
        guard item.hasValue || item.next == node + 1 else { return }
        switch state {
        case .read: coverage.read &+= 1
        case .compared: coverage.compared &+= 1
        case .ignored: coverage.ignored &+= 1
        case .unread:
            coverage.unread &+= 1
            if node < watchedUntil, item.hasValue { report(node, document) }
        }
        if isDetailed { coverage.items.append(self.item(node, state, document)) }
    }

    private func item(
        _ node: NodeID, _ state: Coverage.State, _ document: borrowing SourceDocument
    ) -> Coverage.Item {
        let path = document.path(of: node)
        return Coverage.Item(
            state: state, path: path, shape: Self.withoutPlaces(path),
            position: document.position(at: Int(document.nodes[Int(node)].start)),
            because: state == .ignored ? mapping.plan.ignored.patterns[reason].because : nil)
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
                rule: mapping.plan.watched.patterns[watching].place.location))
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
