/// Finds keys that stand twice in one object, in time that grows with the number of keys and no faster.
///
/// For each symbol it keeps the stamp of the last object that was seen to hold it. An object is looked through once,
/// when it closes, so that objects inside it never disturb its own marks.
struct KeyMarks {
    private var marks: [UInt32] = []
    private var stamp: UInt32 = 0

    /// Where the value of the second of two equal keys begins, or `nil` when all keys of the object differ.
    mutating func repeated(in object: NodeID, of document: borrowing SourceDocument) -> UInt32? {
        let end = document.nodes[Int(object)].next
        var child = object + 1
        guard child < end, document.nodes[Int(child)].next < end else { return nil }
        begin(symbols: document.symbols.count)
        let stamp = stamp
        var marks = marks.mutableSpan
        let nodes = document.nodes.span
        while child < end {
            let node = nodes[Int(child)]
            if marks[Int(node.name)] == stamp { return node.start }
            marks[Int(node.name)] = stamp
            child = node.next
        }
        return nil
    }

    /// Whether one of the keys from a place on stands there twice.
    mutating func hasRepetition(in keys: [Symbol], from first: Int, symbols: Int) -> Bool {
        begin(symbols: symbols)
        let stamp = stamp
        var marks = marks.mutableSpan
        let keys = keys.span
        for index in first..<keys.count {
            if marks[Int(keys[index])] == stamp { return true }
            marks[Int(keys[index])] = stamp
        }
        return false
    }

    private mutating func begin(symbols: Int) {
        if stamp == .max {
            marks.removeAll(keepingCapacity: true)
            stamp = 0
        }
        stamp += 1
        if marks.count < symbols { marks.append(contentsOf: repeatElement(0, count: symbols + 256 - marks.count)) }
    }
}
