import SourceDocuments

/// What the ignored and the watched patterns of one mapping say of nodes, kept by shape from document to document.
///
/// A shape is a node's name, kind and resource type under the shape of its parent; documents of one kind have a few hundred.
/// Most patterns ask for nothing but shape, so a node costs one look-up; those with conditions are asked each time, of
/// nodes whose shape they fit.
struct ShapeTable {
    typealias ShapeID = UInt32

    /// The numbers of the patterns that mean a node, or -1.
    struct Judgement {
        var ignored: Int32 = -1
        /// Not asked of nodes that are ignored.
        var watched: Int32 = -1
    }

    /// Shape of the parent and name, type and kind; two words, so that two comparisons tell.
    private struct Key: Equatable {
        let place: UInt64
        let kind: UInt64

        @inline(__always) init(_ node: SourceNode, below parent: ShapeID) {
            place = UInt64(parent) << 32 | UInt64(node.name)
            kind = node.kindAndType
        }
    }

    private struct Entry {
        var key: Key
        /// The first patterns that mean every node of the shape.
        var always: Judgement
        /// Patterns with conditions that may mean a node of it: runs of ``conditional``.
        var ignoredSometimes: Range<Int32>
        var watchedSometimes: Range<Int32>
        /// The shape that last followed this one: it most often does again.
        var successor: ShapeID = 0

        /// Whether no pattern need be asked of its nodes one by one.
        @inline(__always) var isDecided: Bool { ignoredSometimes.isEmpty && watchedSometimes.isEmpty }
    }

    private var entries: [Entry] = []
    private var conditional: [Int] = []
    /// Made with the first document: many mappings of a set never meet one.
    private var slots: [ShapeID] = []
    /// The shape of each node of the document at hand.
    private var shapes: [ShapeID] = []
    /// The shape asked last.
    private var previous: ShapeID = 0
    /// More shapes than any real document has: then all are forgotten.
    private static let most = 50_000

    init() {}

    /// Begins a document.
    mutating func begin(_ document: borrowing SourceDocument) {
        if entries.count > Self.most {
            entries.removeAll()
            conditional.removeAll()
            slots = []
        }
        if slots.isEmpty { slots = Array(repeating: 0, count: 1024) }
        shapes.removeAll(keepingCapacity: true)
        shapes.append(contentsOf: repeatElement(0, count: document.nodes.count))
        previous = 0
    }

    /// Which patterns mean a node. Asked in document order, of parents before their children.
    @inline(__always)
    mutating func judge(
        _ node: NodeID, _ item: SourceNode, in document: inout SourceDocument, _ mapping: CompiledMapping,
        _ evaluator: inout PathEvaluator
    ) -> Judgement {
        let key = Key(item, below: shapes[Int(item.parent)])
        if previous != 0, case let guess = entries[Int(previous) - 1].successor, guess != 0,
            entries[Int(guess) - 1].key == key, entries[Int(guess) - 1].isDecided
        {
            shapes[Int(node)] = guess
            previous = guess
            return entries[Int(guess) - 1].always
        }
        return judge(node, key, &document, mapping, &evaluator)
    }

    private mutating func judge(
        _ node: NodeID, _ key: Key, _ document: inout SourceDocument, _ mapping: CompiledMapping,
        _ evaluator: inout PathEvaluator
    ) -> Judgement {
        let shape = shape(of: node, key, &document, mapping, &evaluator)
        shapes[Int(node)] = shape
        previous = shape
        let entry = entries[Int(shape) - 1]
        var result = entry.always
        if result.ignored < 0, !entry.ignoredSometimes.isEmpty {
            result.ignored = match(entry.ignoredSometimes, mapping.plan.ignored, node, &document, &evaluator)
        }
        if result.ignored < 0, result.watched < 0, !entry.watchedSometimes.isEmpty {
            result.watched = match(entry.watchedSometimes, mapping.plan.watched, node, &document, &evaluator)
        }
        return result
    }

    private func match(
        _ range: Range<Int32>, _ table: PatternTable, _ node: NodeID, _ document: inout SourceDocument,
        _ evaluator: inout PathEvaluator
    ) -> Int32 {
        for place in range {
            let index = conditional[Int(place)]
            if evaluator.matches(table.patterns[index].path, node, in: &document) { return Int32(index) }
        }
        return -1
    }

    // MARK: Shapes

    private mutating func shape(
        of node: NodeID, _ key: Key, _ document: inout SourceDocument, _ mapping: CompiledMapping,
        _ evaluator: inout PathEvaluator
    ) -> ShapeID {
        if previous != 0 {
            let guess = entries[Int(previous) - 1].successor
            if guess != 0, entries[Int(guess) - 1].key == key { return guess }
        }
        let shape = find(key) ?? add(key, node, &document, mapping, &evaluator)
        if previous != 0 { entries[Int(previous) - 1].successor = shape }
        return shape
    }

    private func find(_ key: Key) -> ShapeID? {
        var slot = Self.slot(key, slots.count)
        while slots[slot] != 0 {
            if entries[Int(slots[slot]) - 1].key == key { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private mutating func add(
        _ key: Key, _ node: NodeID, _ document: inout SourceDocument, _ mapping: CompiledMapping,
        _ evaluator: inout PathEvaluator
    ) -> ShapeID {
        let (ignored, ignoredSometimes) = verdict(mapping.plan.ignored, node, &document, &evaluator)
        let (watched, watchedSometimes) = verdict(mapping.plan.watched, node, &document, &evaluator)
        entries.append(
            Entry(
                key: key, always: Judgement(ignored: ignored, watched: watched), ignoredSometimes: ignoredSometimes,
                watchedSometimes: watchedSometimes))
        insert(entries.count - 1)
        if entries.count * 2 > slots.count { rehash() }
        return ShapeID(entries.count)
    }

    /// The first pattern that means every node of the shape of this one, and those that may mean some.
    private mutating func verdict(
        _ table: PatternTable, _ node: NodeID, _ document: inout SourceDocument, _ evaluator: inout PathEvaluator
    ) -> (Int32, Range<Int32>) {
        let start = Int32(conditional.count)
        var always: Int32 = -1
        for index in table.candidates(named: document.nodes[Int(node)].name) {
            let path = table.patterns[index].path
            if path.asksOnlyForShape {
                if always < 0, evaluator.matches(path, node, in: &document) { always = Int32(index) }
            } else if evaluator.mayMatch(path, node, in: &document) {
                conditional.append(index)
            }
        }
        return (always, start..<Int32(conditional.count))
    }

    private mutating func rehash() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for index in entries.indices { insert(index) }
    }

    private mutating func insert(_ index: Int) {
        var slot = Self.slot(entries[index].key, slots.count)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = ShapeID(index + 1)
    }

    private static func slot(_ key: Key, _ count: Int) -> Int {
        let hash = (key.place ^ key.kind) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: hash >> 32) & (count - 1)
    }
}
