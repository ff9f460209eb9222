import Reporting

/// Builds the positioned tree of an XML document from what the parser meets, told as offsets into the source.
///
/// Adjacent text, CDATA and text on both sides of a comment are one text. White space alone between tags is left
/// out; an element without children keeps whatever text it has as its own value.
struct XMLTape {
    var document = SourceDocument()
    /// The document's text, ended by a zero byte that is not part of it.
    var source: [UInt8] = []
    let limits: Limits
    /// The first fault. Once set, nothing more is told.
    var problem: ReadProblem?
    /// The open element; 0 outside all.
    private(set) var current: NodeID = 0
    private var depth = 0
    /// Where the next tag begins if nothing stands before it.
    private var expected = 0
    private var text: TextRange?
    /// Where in the source the text began.
    private var textStart = 0

    init(limits: Limits) { self.limits = limits }

    var textLength: Int { source.count - 1 }

    mutating func begin() {
        problem = nil
        current = 0
        depth = 0
        expected = 0
        text = nil
        document.nodes.reserveCapacity(min(source.count / 20, limits.nodes))
        document.beginTree(end: textLength)
    }

    mutating func finish() {
        document.nodes[0].next = NodeID(document.nodes.count)
    }

    // MARK: Elements

    /// An element begins.
    ///
    /// - Parameters:
    ///   - attributes: How many attributes and namespace declarations its tag has.
    ///   - cursor: Where its start tag ends, before `>` or `/>`.
    mutating func startElement(_ name: Symbol, attributes: Int, cursor: Int) {
        endText()
        let start = Self.tagStart(in: source.span, before: cursor, expected: expected)
        if attributes > limits.attributes { return fail(XMLPrecheck.tooMany(at: start, limit: limits.attributes)) }
        guard depth < limits.depth else {
            return fail(ReadProblem("limit-depth", at: start, "elements are nested deeper than \(limits.depth) levels"))
        }
        depth += 1
        let node = NodeID(document.nodes.count)
        append(SourceNode(.element, name: name, start: UInt32(start), next: node + 1, parent: current))
        current = node
        expected = cursor + (source[cursor] == UInt8(ascii: "/") ? 2 : 1)
    }

    /// The open element ends at `end`, after `>`.
    mutating func endElement(at end: Int) {
        let node = Int(current)
        if let range = text {
            if hasContent { endText() } else { setValue(range, of: node) }
        }
        current = document.nodes[node].close(end: end, next: document.nodes.count)
        depth -= 1
        expected = end
    }

    /// An attribute of the element just begun.
    mutating func attribute(_ name: Symbol, start: Int, end: Int, value: TextRange) {
        guard value.count <= limits.textBytes else {
            return fail(ReadProblem("limit-text", at: start, "one attribute is longer than \(limits.textBytes) bytes"))
        }
        let flags: SourceNode.Flags = value.isAside ? [.hasValue, .valueAside] : .hasValue
        append(
            SourceNode(
                .attribute, flags: flags, name: name, start: UInt32(start), end: UInt32(end),
                valueStart: UInt32(value.start), valueEnd: UInt32(value.end), next: NodeID(document.nodes.count) + 1,
                parent: current))
    }

    @inline(__always)
    private mutating func append(_ node: SourceNode) {
        guard document.nodes.count <= limits.nodes else { return failOfNodes(at: Int(node.start)) }
        document.nodes.append(node)
    }

    private mutating func failOfNodes(at start: Int) {
        fail(
            ReadProblem(
                "limit-nodes", at: start, "the document has more than \(limits.nodes) elements and attributes"))
    }

    /// Whether the open element has children that are no attributes.
    private var hasContent: Bool {
        let last = document.nodes.count - 1
        return last != Int(current)
            && !(document.nodes[last].kind == .attribute && document.nodes[last].parent == current)
    }

    /// Static, like ``attributeStart(in:beforeValue:nameLength:)``, since a call on the tape would copy all its fields.
    private static func tagStart(in text: Span<UInt8>, before cursor: Int, expected: Int) -> Int {
        if text[expected] == UInt8(ascii: "<"), case let next = text[expected + 1], next != UInt8(ascii: "!"),
            next != UInt8(ascii: "?")
        {
            return expected
        }
        var index = cursor
        while index > 0, text[index] != UInt8(ascii: "<") { index -= 1 }
        return index
    }

    // MARK: Text

    /// Text that stands in the source as it is. `next` is where the markup after it begins.
    mutating func text(from start: Int, to end: Int, next: Int) {
        expected = next
        guard let open = text else {
            textStart = start
            text = TextRange(start: start, end: end, isAside: false)
            return checkLength()
        }
        if !open.isAside, open.end == start {
            text?.end = end
        } else {
            moveAside(open)
            document.side.append(contentsOf: source[start..<end])
            text?.end = document.side.count
        }
        checkLength()
    }

    /// Text that does not stand in the source as it is: a character reference, a normalised line end.
    mutating func text(_ bytes: Span<UInt8>, next: Int) {
        if text == nil { textStart = expected }
        expected = next
        moveAside(text ?? TextRange(start: 0, end: 0, isAside: false))
        for index in 0..<bytes.count { document.side.append(bytes[index]) }
        text?.end = document.side.count
        checkLength()
    }

    private mutating func moveAside(_ range: TextRange) {
        guard !range.isAside else { return }
        let start = document.side.count
        document.side.append(contentsOf: source[range.start..<range.end])
        text = TextRange(start: start, end: document.side.count, isAside: true)
    }

    private mutating func checkLength() {
        guard let text, text.count > limits.textBytes else { return }
        fail(ReadProblem("limit-text", at: textStart, "one text is longer than \(limits.textBytes) bytes"))
    }

    private mutating func setValue(_ range: TextRange, of node: Int) {
        document.nodes[node].flags = range.isAside ? [.hasValue, .valueAside] : .hasValue
        document.nodes[node].valueStart = UInt32(range.start)
        document.nodes[node].valueEnd = UInt32(range.end)
        text = nil
    }

    /// Ends a text that stands beside elements: a node of its own, or nothing when it is white space.
    private mutating func endText() {
        guard let range = text else { return }
        text = nil
        if range.isAside ? Self.isBlank(document.side.span, range) : Self.isBlank(source.span, range) {
            if range.isAside { document.side.removeLast(document.side.count - range.start) }
            return
        }
        let flags: SourceNode.Flags = range.isAside ? [.hasValue, .valueAside] : .hasValue
        append(
            SourceNode(
                .text, flags: flags, name: SymbolTable.none, start: UInt32(textStart), end: UInt32(expected),
                valueStart: UInt32(range.start), valueEnd: UInt32(range.end), next: NodeID(document.nodes.count) + 1,
                parent: current))
    }

    private static func isBlank(_ bytes: Span<UInt8>, _ range: TextRange) -> Bool {
        for index in range.start..<range.end where !isSpace(bytes[index]) { return false }
        return true
    }

    // MARK: Places

    /// The next attribute of a tag from `index` on, namespace declarations passed over: where it begins, and its value.
    ///
    /// Only for tags the parser has found well-formed.
    func attributeSpan(from index: Int) -> (start: Int, valueStart: Int, valueEnd: Int) {
        var at = index
        while at < textLength {
            while at < textLength, Self.isSpace(source[at]) { at += 1 }
            let start = at
            while at < textLength, source[at] != UInt8(ascii: "=") { at += 1 }
            let isDeclaration =
                source[start..<at].starts(with: "xmlns".utf8)
                && (at - start == 5 || source[start + 5] == UInt8(ascii: ":") || Self.isSpace(source[start + 5]))
            while at < textLength, source[at] != UInt8(ascii: "\""), source[at] != UInt8(ascii: "'") { at += 1 }
            let quote = source[at]
            let valueStart = at + 1
            at = valueStart
            while at < textLength, source[at] != quote { at += 1 }
            if !isDeclaration { return (start, valueStart, at) }
            at += 1
        }
        return (textLength, textLength, textLength)
    }

    /// Where an attribute begins whose value begins at `valueStart`.
    ///
    /// - Parameter nameLength: How long its name is, if that is known; mostly this spares looking for its beginning.
    static func attributeStart(in text: Span<UInt8>, beforeValue valueStart: Int, nameLength: Int?) -> Int {
        var at = valueStart - 2
        if let nameLength, at > nameLength, text[at] == UInt8(ascii: "="), !isSpace(text[at - 1]) {
            return at - nameLength
        }
        while at > 0, text[at] != UInt8(ascii: "=") { at -= 1 }
        at -= 1
        while at > 0, isSpace(text[at]) { at -= 1 }
        while at > 0, !isSpace(text[at - 1]) { at -= 1 }
        return at
    }

    /// Where the attributes of the tag just begun can be looked for: after its name.
    func afterName(of node: NodeID) -> Int {
        var at = Int(document.nodes[Int(node)].start)
        while at < textLength, !Self.isSpace(source[at]) { at += 1 }
        return at
    }

    @inline(__always)
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    mutating func fail(_ found: ReadProblem) {
        if problem == nil { problem = found }
    }
}
