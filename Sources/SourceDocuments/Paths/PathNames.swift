/// The nodes of one document chained by name: built in one pass, so that a step to a name that stands nowhere, or in few
/// places, looks at no other node.
///
/// Reused from document to document; only what was filled is emptied again.
struct PathNames: Sendable {
    private struct Entry {
        /// The first node of the name; 0 when there is none.
        var first: NodeID = 0
        var count: UInt32 = 0
        /// A node of the name, where one was looked for last: the next is most often looked for just behind it.
        var near: NodeID = 0
        /// Whether a resource is of this type.
        var isType = false
    }

    /// A step to children goes along the chain of a name for no more nodes.
    private static let few = 6

    private var entries: [Entry] = []
    /// For each node the next of the same name, 0 for the last.
    private var nextSame: [NodeID] = []
    private var filled: [Symbol] = []

    /// Whether it knows a document of this many nodes. Before ``fill(from:)`` it knows none.
    @inline(__always) func knows(_ document: borrowing SourceDocument) -> Bool {
        nextSame.count == document.nodes.count && !nextSame.isEmpty
    }

    mutating func fill(from document: borrowing SourceDocument) {
        for name in filled { entries[Int(name)] = Entry() }
        filled.removeAll(keepingCapacity: true)
        nextSame.removeAll(keepingCapacity: true)
        nextSame.append(contentsOf: repeatElement(0, count: document.nodes.count))
        let missing = document.symbols.count - entries.count
        if missing > 0 { entries.append(contentsOf: repeatElement(Entry(), count: missing)) }
        Self.chain(document.nodes.span, &nextSame, &entries, &filled)
    }

    private static func chain(
        _ nodes: Span<SourceNode>, _ nextSame: inout [NodeID], _ entries: inout [Entry], _ filled: inout [Symbol]
    ) {
        var next = nextSame.mutableSpan
        var entries = entries.mutableSpan
        var node = nodes.count - 1
        while node > 0 {
            let name = Int(nodes[node].name)
            let entry = entries[name]
            if entry.count == 0 { filled.append(nodes[node].name) }
            next[node] = entry.first
            entries[name].first = NodeID(node)
            entries[name].count = entry.count &+ 1
            let type = nodes[node].resourceType
            if type != SymbolTable.none, !entries[Int(type)].isType {
                entries[Int(type)].isType = true
                filled.append(type)
            }
            node -= 1
        }
    }

    /// Whether there is a resource of a type.
    @inline(__always) func hasResource(_ type: Symbol) -> Bool {
        Int(type) < entries.count && entries[Int(type)].isType
    }

    /// The first node of a name, or 0.
    @inline(__always) func first(_ name: Symbol) -> NodeID { Int(name) < entries.count ? entries[Int(name)].first : 0 }

    /// The next node of the same name in document order, or 0.
    @inline(__always) func next(_ node: NodeID) -> NodeID { nextSame[Int(node)] }

    /// The first node of a name in the tree below a node that ends before `end`, or 0 when there is none, from which few steps
    /// along the chain lead out of the tree; `nil` where all children of the node are sooner looked at.
    @inline(__always) mutating func first(_ name: Symbol, below node: NodeID, end: NodeID) -> NodeID? {
        guard Int(name) < entries.count, entries[Int(name)].first != 0 else { return 0 }
        let isRare = entries[Int(name)].count <= Self.few
        if !isRare, end - node <= Self.few { return nil }
        var found = entries[Int(name)].first
        if found <= node {
            guard let next = next(name, behind: node) else { return nil }
            found = next
        }
        if found >= end { return 0 }
        return isRare || leaves(found, before: end) ? found : nil
    }

    /// The first node of a name behind a node, or 0; `nil` when it is far from where one was looked for last.
    private mutating func next(_ name: Symbol, behind node: NodeID) -> NodeID? {
        let entry = entries[Int(name)]
        var last = entry.near != 0 && entry.near <= node ? entry.near : entry.first
        var next = nextSame[Int(last)]
        var steps = 0
        while next != 0, next <= node, steps < Self.few {
            last = next
            next = nextSame[Int(next)]
            steps += 1
        }
        entries[Int(name)].near = last
        return next != 0 && next <= node ? nil : next
    }

    private func leaves(_ start: NodeID, before end: NodeID) -> Bool {
        var node = start
        for _ in 0..<Self.few {
            node = nextSame[Int(node)]
            if node == 0 || node >= end { return true }
        }
        return false
    }
}
