/// A canonical referral, held flat: nodes in document order over one text buffer, every field by its number in the schema.
///
/// It cannot print itself: what a person said or is called leaves it only through the JSON writer or ``text(_:)``.
public struct Referral: Sendable, CustomStringConvertible, CustomReflectable {
    /// A group or value of the referral.
    package struct Node: Sendable {
        package var field: FieldID
        package var textStart: UInt32
        package var textEnd: UInt32
        /// The first node after this one's subtree.
        package var next: UInt32
        package var parent: UInt32
        /// What the mapping noted about where it came from; an index into ``Translation`` origins.
        package var origin: UInt32
    }

    /// The value of ``Node/origin`` when there is none.
    package static let noOrigin = UInt32.max

    package private(set) var nodes: [Node] = []
    package private(set) var textBytes: [UInt8] = []
    package let schema: Schema

    package init(schema: Schema) {
        self.schema = schema
        nodes.append(Node(field: 0, textStart: 0, textEnd: 0, next: 1, parent: 0, origin: Self.noOrigin))
    }

    public var description: String { "\(schema.name) (\(nodes.count - 1) nodes, values withheld)" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    // MARK: Building

    /// Empties it and keeps the buffers.
    package mutating func clear() {
        nodes.removeLast(nodes.count - 1)
        nodes[0].next = 1
        textBytes.removeAll(keepingCapacity: true)
    }

    /// Opens a group below `parent`, which must itself be open; returns its number for ``close(_:)``.
    package mutating func open(_ field: FieldID, in parent: UInt32, origin: UInt32 = Self.noOrigin) -> UInt32 {
        let index = UInt32(nodes.count)
        nodes.append(Node(field: field, textStart: 0, textEnd: 0, next: index + 1, parent: parent, origin: origin))
        return index
    }

    /// Closes a group. One in which nothing was set is taken away again.
    /// - Returns: Whether it stays.
    @discardableResult
    package mutating func close(_ group: UInt32) -> Bool {
        if nodes.count == Int(group) + 1 {
            if group != 0 { nodes.removeLast() }
            return false
        }
        nodes[Int(group)].next = UInt32(nodes.count)
        return true
    }

    /// Adds a value below an open group.
    package mutating func append(
        _ field: FieldID, _ text: Span<UInt8>, in parent: UInt32, origin: UInt32 = Self.noOrigin
    ) {
        let index = UInt32(nodes.count)
        let start = UInt32(textBytes.count)
        text.withUnsafeBufferPointer { textBytes.append(contentsOf: $0) }
        nodes.append(
            Node(
                field: field, textStart: start, textEnd: UInt32(textBytes.count), next: index + 1, parent: parent,
                origin: origin))
    }

    /// Puts another text in the place of a value.
    package mutating func replace(_ node: UInt32, with text: Span<UInt8>, origin: UInt32) {
        nodes[Int(node)].textStart = UInt32(textBytes.count)
        text.withUnsafeBufferPointer { textBytes.append(contentsOf: $0) }
        nodes[Int(node)].textEnd = UInt32(textBytes.count)
        nodes[Int(node)].origin = origin
    }

    /// Takes away everything from a node on; groups around it stay open.
    package mutating func truncate(to count: Int) { nodes.removeLast(nodes.count - count) }

    // MARK: Reading

    /// The nodes directly below a group, in the order they were set.
    package func children(of group: UInt32) -> [UInt32] {
        var result: [UInt32] = []
        var index = group + 1
        while index < nodes[Int(group)].next {
            result.append(index)
            index = nodes[Int(index)].next
        }
        return result
    }

    /// The first node at a field below a group, at any depth; pass 0 for the whole referral.
    package func first(_ field: FieldID, in group: UInt32 = 0) -> UInt32? {
        var index = group + 1
        while index < nodes[Int(group)].next {
            if nodes[Int(index)].field == field { return index }
            index += 1
        }
        return nil
    }

    /// All nodes at a field below a group, at any depth.
    package func all(_ field: FieldID, in group: UInt32 = 0) -> [UInt32] {
        (group + 1..<max(group + 1, nodes[Int(group)].next)).filter { nodes[Int($0)].field == field }
    }

    /// The bytes of a value.
    package func bytes(_ node: UInt32) -> ArraySlice<UInt8> {
        textBytes[Int(nodes[Int(node)].textStart)..<Int(nodes[Int(node)].textEnd)]
    }

    /// Reads the bytes of a value where they lie.
    package func read<Result>(_ node: UInt32, _ body: (Span<UInt8>) -> Result) -> Result {
        let item = nodes[Int(node)]
        return body(textBytes.span.extracting(Int(item.textStart)..<Int(item.textEnd)))
    }

    /// Whether a value is exactly this word.
    package func reads(_ node: UInt32, _ word: String) -> Bool { read(node) { $0.isWord(word) } }

    /// The value as text, in clear. Whoever calls this decides who will see it.
    package func text(_ node: UInt32) -> String { String(decoding: bytes(node), as: UTF8.self) }

    /// The path of a node with its places in lists: `needs[1].code.code`.
    package func path(of node: UInt32) -> String {
        var path: [UInt8] = []
        path.reserveCapacity(64)
        appendPath(of: node, to: &path)
        return String(decoding: path, as: UTF8.self)
    }

    /// The path of a field below a node, whether or not it is there.
    package func path(of node: UInt32, then field: FieldID) -> String {
        var path: [UInt8] = []
        path.reserveCapacity(64)
        appendPath(of: node, to: &path)
        if !path.isEmpty { path.append(UInt8(ascii: ".")) }
        schema.appendName(of: field, to: &path)
        return String(decoding: path, as: UTF8.self)
    }

    private func appendPath(of node: UInt32, to path: inout [UInt8]) {
        guard node != 0 else { return }
        let item = nodes[Int(node)]
        appendPath(of: item.parent, to: &path)
        if !path.isEmpty { path.append(UInt8(ascii: ".")) }
        schema.appendName(of: item.field, to: &path)
        if schema.layout[Int(item.field)].isList { path.append(contentsOf: "[\(placeInList(of: node))]".utf8) }
    }

    /// How many items of the same list stand before a node.
    private func placeInList(of node: UInt32) -> Int {
        var count = 0
        var index = nodes[Int(node)].parent + 1
        while index < node {
            if nodes[Int(index)].field == nodes[Int(node)].field { count += 1 }
            index = nodes[Int(index)].next
        }
        return count
    }
}
