/// The nodes of one referral chained by field: built in one pass, so that each rule goes straight to what it looks at.
///
/// Reused from referral to referral; only what was filled is emptied again.
package struct FieldIndex: Sendable {
    private static let none = UInt32.max

    private var heads: [UInt32]
    /// For each node the next one at the same field.
    private var nextSame: [UInt32] = []
    private var filled: [FieldID] = []

    package init(_ schema: Schema) {
        heads = Array(repeating: Self.none, count: schema.fields.count)
    }

    package mutating func fill(from referral: borrowing Referral) {
        for field in filled { heads[Int(field)] = Self.none }
        filled.removeAll(keepingCapacity: true)
        nextSame.removeAll(keepingCapacity: true)
        let nodes = referral.nodes.span
        nextSame.append(contentsOf: repeatElement(Self.none, count: nodes.count))
        var node = nodes.count - 1
        while node > 0 {
            let field = nodes[node].field
            let head = heads[Int(field)]
            if head == Self.none {
                filled.append(field)
            } else {
                nextSame[node] = head
            }
            heads[Int(field)] = UInt32(node)
            node -= 1
        }
    }

    package func first(_ field: FieldID) -> UInt32? {
        let node = heads[Int(field)]
        return node == Self.none ? nil : node
    }

    package func all(_ field: FieldID) -> Nodes { Nodes(nextSame: nextSame, node: heads[Int(field)]) }

    /// The nodes at one field, in document order.
    package struct Nodes: Sequence, IteratorProtocol {
        fileprivate let nextSame: [UInt32]
        fileprivate var node: UInt32

        package mutating func next() -> UInt32? {
            guard node != FieldIndex.none else { return nil }
            defer { node = nextSame[Int(node)] }
            return node
        }
    }
}
