/// Runs compiled paths over documents; the scratch space of one worker.
///
/// Not for use by two threads at once. Makes no memory of its own once its buffers have grown. Work is bounded: when the
/// paths run over one document have visited more than ``limit`` nodes, they stop, select nothing more and set
/// ``isExhausted``; the document must then be held, since a "nothing there" cannot be believed.
package struct PathEvaluator {
    /// By node: bit 1 (value 1) is set when the value was looked at in a predicate or condition.
    package var marks: [UInt8] = []
    /// The bit that is set then.
    package var markBit = Self.comparedBit
    static let comparedBit: UInt8 = 1
    /// Nodes whose value agreed with a systems constant only loosely: another case, or `http` for `https`.
    package internal(set) var looseMatches: [NodeID] = []
    /// Whether evaluation was given up since ``begin(_:)``, because the document made it too long.
    package internal(set) var isExhausted = false
    /// Nodes that all paths over one document may visit together.
    package var limit = 200_000_000

    var items: [PathItem] = []
    var scratch: [UInt8] = []
    var references = PathReferences()
    var sharing = PathSharing()
    var constants = PathConstants()
    var names = PathNames()
    var work = 0
    /// The node the evaluation was asked of.
    var origin: NodeID = 0
    var isMarking = true
    /// Whether patterns are asked for shape alone.
    var isJudgingShape = false

    package init() {}

    /// Begins a document: forgets marks and everything known of the last one.
    package mutating func begin(_ document: borrowing SourceDocument) {
        references.clear()
        names.fill(from: document)
        beginAgain(document)
    }

    /// Begins the same document again: forgets what was looked at in it, and keeps what is known of its tree.
    package mutating func beginAgain(_ document: borrowing SourceDocument) {
        marks.removeAll(keepingCapacity: true)
        marks.append(contentsOf: repeatElement(0, count: document.nodes.count))
        looseMatches.removeAll(keepingCapacity: true)
        sharing.clear()
        isExhausted = false
        work = 0
    }

    /// Appends the nodes a path selects from a node, in document order, each once.
    package mutating func select(
        _ path: Path, from node: NodeID, in document: inout SourceDocument, into result: inout [NodeID]
    ) {
        let program = path.program
        if leadsNowhere(program.root, program, document) { return }
        if selectPlain(program, from: node, &document, into: &result) { return }
        let first = result.count
        evaluate(program, from: node, in: &document) { evaluator, base, _ in
            for index in base..<evaluator.items.count where evaluator.items[index].isNode {
                result.append(evaluator.items[index].node)
            }
        }
        Self.order(&result, from: first)
    }

    /// Whether a condition holds at a node.
    package mutating func test(_ condition: Path, from node: NodeID, in document: inout SourceDocument) -> Bool {
        let program = condition.program
        prepare(node, document)
        let side = document.side.count
        let result = logic(program.root, PathFocus(PathItem(node: node)), program, &document)
        settle(&document, side: side)
        return result == true && work <= limit
    }

    /// Evaluates the whole expression and lets `body` see the items from `base` on.
    @inline(__always) mutating func evaluate(
        _ program: PathProgram, from node: NodeID, in document: inout SourceDocument,
        _ body: (inout PathEvaluator, Int, borrowing SourceDocument) -> Void
    ) {
        prepare(node, document)
        let side = document.side.count
        let base = items.count
        push(program.root, PathFocus(PathItem(node: node)), program, &document)
        if work <= limit { body(&self, base, document) }
        settle(&document, side: side)
    }

    mutating func prepare(_ node: NodeID, _ document: borrowing SourceDocument) {
        origin = node
        if marks.count < document.nodes.count {
            marks.append(contentsOf: repeatElement(0, count: document.nodes.count - marks.count))
        }
    }

    /// Drops what the evaluation left behind.
    mutating func settle(_ document: inout SourceDocument, side: Int) {
        if work > limit { isExhausted = true }
        constants.clear()
        items.truncate(to: 0)
        scratch.truncate(to: 0)
        document.side.truncate(to: side)
    }

    /// Whether the evaluation has gone on too long and must stop.
    @inline(__always) var isOver: Bool { work > limit }

    // MARK: The stack

    /// Takes away the items of a range near the end, keeping those after it.
    @inline(__always) mutating func drop(_ range: Range<Int>) {
        if range.isEmpty { return }
        var target = range.lowerBound
        for index in range.upperBound..<items.count {
            items[target] = items[index]
            target += 1
        }
        items.truncate(to: target)
    }

    @inline(__always) mutating func pop(to base: Int) { items.truncate(to: base) }

    /// Puts nodes from `base` on into document order, each once.
    mutating func order(from base: Int) {
        var isOrdered = true
        var index = base + 1
        while index < items.count {
            if items[index - 1].node >= items[index].node {
                isOrdered = false
                break
            }
            index += 1
        }
        if isOrdered { return }
        items[base...].sort { $0.node < $1.node }
        var target = base
        for index in base + 1..<items.count where items[index].node != items[target].node {
            target += 1
            items[target] = items[index]
        }
        items.removeLast(items.count - target - 1)
    }

    static func order(_ nodes: inout [NodeID], from base: Int) {
        var isOrdered = true
        var index = base + 1
        while index < nodes.count {
            if nodes[index - 1] >= nodes[index] {
                isOrdered = false
                break
            }
            index += 1
        }
        if isOrdered { return }
        nodes[base...].sort()
        var target = base
        for index in base + 1..<nodes.count where nodes[index] != nodes[target] {
            target += 1
            nodes[target] = nodes[index]
        }
        nodes.removeLast(nodes.count - target - 1)
    }
}

extension Array {
    /// Takes away everything from a place on. Most often little or nothing, which the general removal makes dear.
    @_alwaysEmitIntoClient @inline(__always) package mutating func truncate(to count: Int) {
        if self.count - count > 8 { return removeLast(self.count - count) }
        while self.count > count { removeLast() }
    }
}
