import SourceDocuments

/// What the ignored and the watched patterns of one mapping say of nodes, kept by shape from document to document.
///
/// A shape is a node's name, kind and resource type under the shape of its parent; documents of one kind have a few hundred.
/// Most patterns ask for nothing but shape, so a node costs one look-up; those with conditions are asked each time.
struct ShapeTable {
    typealias ShapeID = UInt32

    private struct Key: Equatable {
        var parent: ShapeID
        var name: Symbol
        var type: Symbol
        var kind: UInt8
    }

    /// What is known of a shape for one list of patterns.
    struct Verdict {
        /// The first pattern that means every node of the shape, or -1.
        var always = -1
        /// Patterns with conditions that may mean a node of it.
        var sometimes: [Int] = []
    }

    private struct Entry {
        var key: Key
        var ignored: Verdict
        var watched: Verdict
    }

    private var entries: [Entry] = []
    private var slots: [ShapeID] = Array(repeating: 0, count: 1024)
    /// The shape of each node of the document at hand.
    private var shapes: [ShapeID] = []
    /// More shapes than any real document has: then all are forgotten.
    private static let most = 50_000

    init() {}

    /// Begins a document.
    mutating func begin(_ document: borrowing SourceDocument) {
        if entries.count > Self.most {
            entries.removeAll()
            slots = Array(repeating: 0, count: 1024)
        }
        shapes.removeAll(keepingCapacity: true)
        shapes.append(contentsOf: repeatElement(0, count: document.nodes.count))
    }

    /// The pattern that ignores a node, or `nil`. Asked of parents before their children.
    mutating func ignores(
        _ node: NodeID, in document: inout SourceDocument, _ mapping: CompiledMapping, _ evaluator: inout PathEvaluator
    ) -> Int? {
        let shape = shape(of: node, in: &document, mapping, &evaluator)
        return Self.match(entries[Int(shape) - 1].ignored, mapping.ignored, node, &document, &evaluator)
    }

    /// The pattern that watches for a node, or `nil`; after ``ignores(_:in:_:_:)``.
    mutating func watches(
        _ node: NodeID, in document: inout SourceDocument, _ mapping: CompiledMapping, _ evaluator: inout PathEvaluator
    ) -> Int? {
        let shape = shape(of: node, in: &document, mapping, &evaluator)
        return Self.match(entries[Int(shape) - 1].watched, mapping.watched, node, &document, &evaluator)
    }

    private static func match(
        _ verdict: Verdict, _ table: PatternTable, _ node: NodeID, _ document: inout SourceDocument,
        _ evaluator: inout PathEvaluator
    ) -> Int? {
        if verdict.always >= 0 { return verdict.always }
        for index in verdict.sometimes where evaluator.matches(table.patterns[index].path, node, in: &document) { return index }
        return nil
    }

    private mutating func shape(
        of node: NodeID, in document: inout SourceDocument, _ mapping: CompiledMapping, _ evaluator: inout PathEvaluator
    ) -> ShapeID {
        if shapes[Int(node)] != 0 { return shapes[Int(node)] }
        let item = document.nodes[Int(node)]
        var parent: ShapeID = 0
        if item.parent != 0 { parent = shape(of: item.parent, in: &document, mapping, &evaluator) }
        let key = Key(parent: parent, name: item.name, type: item.resourceType, kind: item.kind.rawValue)
        var slot = Self.slot(key, slots.count)
        while slots[slot] != 0 {
            if entries[Int(slots[slot]) - 1].key == key {
                shapes[Int(node)] = slots[slot]
                return slots[slot]
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        let entry = Entry(
            key: key, ignored: verdict(mapping.ignored, node, &document, &evaluator),
            watched: verdict(mapping.watched, node, &document, &evaluator))
        entries.append(entry)
        slots[slot] = ShapeID(entries.count)
        shapes[Int(node)] = ShapeID(entries.count)
        if entries.count * 2 > slots.count { rehash() }
        return ShapeID(entries.count)
    }

    private func verdict(
        _ table: PatternTable, _ node: NodeID, _ document: inout SourceDocument, _ evaluator: inout PathEvaluator
    ) -> Verdict {
        var verdict = Verdict()
        for index in table.candidates(named: document.nodes[Int(node)].name) {
            let path = table.patterns[index].path
            if !path.asksOnlyForShape {
                verdict.sometimes.append(index)
            } else if verdict.always < 0, evaluator.matches(path, node, in: &document) {
                verdict.always = index
            }
        }
        return verdict
    }

    private mutating func rehash() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for index in entries.indices {
            var slot = Self.slot(entries[index].key, slots.count)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = ShapeID(index + 1)
        }
    }

    private static func slot(_ key: Key, _ count: Int) -> Int {
        var hash = UInt64(key.parent) << 32 | UInt64(key.name)
        hash = (hash ^ UInt64(key.type) << 8 ^ UInt64(key.kind)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: hash >> 32) & (count - 1)
    }
}
