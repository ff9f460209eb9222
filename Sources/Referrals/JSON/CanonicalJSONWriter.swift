import Digests
internal import SourceDocuments

/// Writes the nodes of one referral. See ``CanonicalJSON/write(_:into:pretty:masked:)``.
struct CanonicalJSONWriter {
    let nodes: [Referral.Node]
    let text: [UInt8]
    let layout: [FieldLayout]
    let keys: [UInt8]
    let isPretty: Bool
    let isMasked: Bool
    var output: ByteBuffer
    /// Members that must be put in order; each group uses the end of it.
    private var waiting: [UInt32] = []

    init(
        nodes: [Referral.Node], text: [UInt8], layout: [FieldLayout], keys: [UInt8], isPretty: Bool, isMasked: Bool,
        output: ByteBuffer
    ) {
        self.nodes = nodes
        self.text = text
        self.layout = layout
        self.keys = keys
        self.isPretty = isPretty
        self.isMasked = isMasked
        self.output = output
        waiting.reserveCapacity(64)
    }

    mutating func group(_ group: UInt32, depth: Int) {
        output.append(UInt8(ascii: "{"))
        var members = Members(depth: depth + 1)
        if isInOrder(group) {
            var child = group + 1
            while child < end(of: group) {
                add(child, to: &members)
                child = nodes[Int(child)].next
            }
        } else {
            addInOrder(group, to: &members)
        }
        endList(of: &members)
        if members.current != 0 { newLine(depth) }
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

    /// Members that were set in another order: sorted by insertion, since most stand right; items of a list keep their order.
    private mutating func addInOrder(_ group: UInt32, to members: inout Members) {
        let base = waiting.count
        var child = group + 1
        while child < end(of: group) {
            waiting.append(child)
            var place = waiting.count - 1
            while place > base, nodes[Int(waiting[place - 1])].field > nodes[Int(child)].field {
                waiting[place] = waiting[place - 1]
                place -= 1
            }
            waiting[place] = child
            child = nodes[Int(child)].next
        }
        for place in base..<waiting.count { add(waiting[place], to: &members) }
        waiting.removeLast(waiting.count - base)
    }

    // MARK: Members

    /// How far the members of one object are written.
    private struct Members {
        let depth: Int
        /// The field written last, 0 before the first.
        var current: FieldID = 0
        var isInList = false

        init(depth: Int) { self.depth = depth }
    }

    private mutating func add(_ node: UInt32, to members: inout Members) {
        let id = nodes[Int(node)].field
        if id == members.current {
            guard members.isInList else { return assertionFailure("a field that is no list was set twice") }
            output.append(UInt8(ascii: ","))
        } else {
            begin(id, &members)
        }
        if members.isInList { newLine(members.depth + 1) }
        value(node, depth: members.isInList ? members.depth + 1 : members.depth)
    }

    private mutating func begin(_ id: FieldID, _ members: inout Members) {
        endList(of: &members)
        let field = layout[Int(id)]
        let keys = keys
        let key = keys.span.extracting(Int(field.keyStart)..<Int(field.keyEnd))
        let comma = members.current != 0 ? UInt8(ascii: ",") : 0
        members.current = id
        if isPretty {
            if comma != 0 { output.append(comma) }
            newLine(members.depth)
            output.append(key, before: UInt8(ascii: " "))
        } else {
            output.append(key, after: comma)
        }
        members.isInList = field.isList
        if field.isList { output.append(UInt8(ascii: "[")) }
    }

    private mutating func endList(of members: inout Members) {
        guard members.isInList else { return }
        newLine(members.depth)
        output.append(UInt8(ascii: "]"))
        members.isInList = false
    }

    private mutating func newLine(_ depth: Int) {
        guard isPretty else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(UInt8(ascii: " "), times: depth * 2)
    }

    // MARK: Values

    private mutating func value(_ node: UInt32, depth: Int) {
        let item = nodes[Int(node)]
        let field = layout[Int(item.field)]
        if field.form == .group { return group(node, depth: depth) }
        if isMasked, !field.isOpen { return mask(field.form) }
        let text = text
        let bytes = text.span.extracting(Int(item.textStart)..<Int(item.textEnd))
        if Self.isBare(bytes, field.form) {
            output.append(bytes)
        } else {
            Self.string(bytes, into: &output)
        }
    }

    /// Whether a value stands without quotes: a number or boolean that is one.
    private static func isBare(_ bytes: Span<UInt8>, _ form: FieldLayout.Form) -> Bool {
        switch form {
        case .integer: Lexical.integer(bytes) != nil
        case .boolean: Lexical.isBoolean(bytes)
        case .group, .string, .date: false
        }
    }

    private mutating func mask(_ form: FieldLayout.Form) {
        switch form {
        case .integer, .boolean: output.append("null")
        case .date: output.append("\"••••-••-••\"")
        case .group, .string: output.append("\"•••\"")
        }
    }

    /// A JSON string: quotes, backslashes and control characters escaped, all else as it is.
    static func string(_ bytes: Span<UInt8>, into output: inout ByteBuffer) {
        let quote = UInt8(ascii: "\"")
        var index = JSONString.nextSpecial(bytes, from: 0)
        if index == bytes.count { return output.append(bytes, after: quote, before: quote) }
        output.append(bytes.extracting(0..<index), after: quote)
        while index < bytes.count {
            escape(bytes[index], into: &output)
            let start = index + 1
            index = JSONString.nextSpecial(bytes, from: start)
            output.append(bytes.extracting(start..<index))
        }
        output.append(quote)
    }

    private static func escape(_ byte: UInt8, into output: inout ByteBuffer) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        default:
            output.append("u00")
            output.append(hexDigit(byte >> 4))
            output.append(hexDigit(byte & 15))
        }
    }
}

/// The lower-case hexadecimal digit of a number below 16.
