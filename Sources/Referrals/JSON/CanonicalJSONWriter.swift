/// Writes the nodes of one referral. See ``CanonicalJSON/write(_:into:pretty:masked:)``.
struct CanonicalJSONWriter {
    let nodes: [Referral.Node]
    let text: [UInt8]
    let layout: [FieldLayout]
    let keys: [UInt8]
    let isPretty: Bool
    let isMasked: Bool

    func group(_ group: UInt32, depth: Int, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        if isInOrder(group) {
            var members = MemberWriter(self, depth: depth + 1)
            var child = group + 1
            while child < end(of: group) {
                members.add(child, into: &output)
                child = nodes[Int(child)].next
            }
            members.finish(into: &output)
        } else {
            disordered(group, depth: depth, into: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private func end(of group: UInt32) -> UInt32 { group == 0 ? UInt32(nodes.count) : nodes[Int(group)].next }

    /// Numbers of siblings rise in the order of the schema, so that one comparison each tells.
    private func isInOrder(_ group: UInt32) -> Bool {
        var child = group + 1
        var previous: FieldID = 0
        while child < end(of: group) {
            let field = nodes[Int(child)].field
            if field < previous { return false }
            previous = field
            child = nodes[Int(child)].next
        }
        return true
    }

    /// Members that a mapping set in an order of its own: sorted first, items of a list in the order they came.
    private func disordered(_ group: UInt32, depth: Int, into output: inout [UInt8]) {
        var children: [UInt32] = []
        var child = group + 1
        while child < end(of: group) {
            children.append(child)
            child = nodes[Int(child)].next
        }
        children.sort { (nodes[Int($0)].field, $0) < (nodes[Int($1)].field, $1) }
        var members = MemberWriter(self, depth: depth + 1)
        for child in children { members.add(child, into: &output) }
        members.finish(into: &output)
    }

    // MARK: Values

    fileprivate func value(_ node: UInt32, depth: Int, into output: inout [UInt8]) {
        let item = nodes[Int(node)]
        let field = layout[Int(item.field)]
        if field.form == .group { return group(node, depth: depth, into: &output) }
        if isMasked, !field.isOpen { return mask(field.form, into: &output) }
        let bytes = text[Int(item.textStart)..<Int(item.textEnd)]
        let span = text.span.extracting(Int(item.textStart)..<Int(item.textEnd))
        switch field.form {
        case .integer where Lexical.integer(span) != nil, .boolean where Lexical.isBoolean(span):
            output.append(contentsOf: bytes)
        case .group, .string, .date, .integer, .boolean:
            Self.string(bytes, into: &output)
        }
    }

    private func mask(_ form: FieldLayout.Form, into output: inout [UInt8]) {
        switch form {
        case .integer, .boolean: output.append(contentsOf: "null".utf8)
        case .date: output.append(contentsOf: "\"••••-••-••\"".utf8)
        case .group, .string: output.append(contentsOf: "\"•••\"".utf8)
        }
    }

    fileprivate func key(_ field: FieldLayout, into output: inout [UInt8]) {
        output.append(contentsOf: keys[Int(field.keyStart)..<Int(field.keyEnd)])
        if isPretty { output.append(UInt8(ascii: " ")) }
    }

    fileprivate func newLine(_ depth: Int, into output: inout [UInt8]) {
        guard isPretty else { return }
        output.append(UInt8(ascii: "\n"))
        for _ in 0..<depth {
            output.append(UInt8(ascii: " "))
            output.append(UInt8(ascii: " "))
        }
    }

    /// A JSON string: quotes, backslashes and control characters escaped, all else as it is.
    static func string(_ bytes: ArraySlice<UInt8>, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var start = bytes.startIndex
        for index in bytes.indices {
            let byte = bytes[index]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
            if start < index { output.append(contentsOf: bytes[start..<index]) }
            escape(byte, into: &output)
            start = index + 1
        }
        if start < bytes.endIndex { output.append(contentsOf: bytes[start...]) }
        output.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        default:
            output.append(contentsOf: "u00".utf8)
            output.append(hexDigit(byte >> 4))
            output.append(hexDigit(byte & 15))
        }
    }
}

/// The lower-case hexadecimal digit of a number below 16.
func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }

/// Writes the members of one object: commas, keys, and brackets around the items of a list.
private struct MemberWriter {
    private let writer: CanonicalJSONWriter
    private let depth: Int
    /// The field written last, 0 before the first.
    private var current: FieldID = 0
    private var isInList = false

    init(_ writer: CanonicalJSONWriter, depth: Int) {
        self.writer = writer
        self.depth = depth
    }

    mutating func add(_ node: UInt32, into output: inout [UInt8]) {
        let id = writer.nodes[Int(node)].field
        if id == current {
            guard isInList else { return assertionFailure("a field that is no list was set twice") }
            output.append(UInt8(ascii: ","))
        } else {
            begin(id, into: &output)
        }
        if isInList { writer.newLine(depth + 1, into: &output) }
        writer.value(node, depth: isInList ? depth + 1 : depth, into: &output)
    }

    private mutating func begin(_ id: FieldID, into output: inout [UInt8]) {
        endList(into: &output)
        if current != 0 { output.append(UInt8(ascii: ",")) }
        current = id
        let field = writer.layout[Int(id)]
        writer.newLine(depth, into: &output)
        writer.key(field, into: &output)
        isInList = field.isList
        if isInList { output.append(UInt8(ascii: "[")) }
    }

    private mutating func endList(into output: inout [UInt8]) {
        guard isInList else { return }
        writer.newLine(depth, into: &output)
        output.append(UInt8(ascii: "]"))
        isInList = false
    }

    mutating func finish(into output: inout [UInt8]) {
        endList(into: &output)
        if current != 0 { writer.newLine(depth - 1, into: &output) }
    }
}
