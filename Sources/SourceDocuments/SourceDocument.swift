package import Reporting

/// An inbound document that has been read but not understood: one flat, positioned tree for every format.
///
/// The source is UTF-8 (other encodings were transcoded first), and every node knows its bytes in it. A worker
/// keeps one document and reads into it again and again, so that buffers are made once.
package struct SourceDocument: Sendable {
    /// The name a person knows the document by, for findings; may be empty.
    package var name = ""
    package var format = SourceFormat.xml
    /// The document as UTF-8.
    package var source: [UInt8] = []
    /// Values that are not written in one piece in the source: text with entities, strings with escapes.
    package var side: [UInt8] = []
    package var nodes: [SourceNode] = []
    /// Names, as compiled mappings know them, and those met on the way.
    package var symbols: SymbolTable

    package init(symbols: SymbolTable = SymbolTable()) { self.symbols = symbols }

    /// Forgets the last document and keeps the buffers.
    package mutating func clear() {
        side.removeAll(keepingCapacity: true)
        nodes.removeAll(keepingCapacity: true)
    }

    /// The root element or value: the first child of the document; `nil` before anything was read.
    package var root: NodeID? { nodes.count > 1 ? 1 : nil }

    // MARK: Values

    /// The bytes of a node's own value, or `nil` when it has none of its own.
    package func ownValue(_ node: NodeID) -> TextRange? {
        let item = nodes[Int(node)]
        guard item.hasValue else { return nil }
        return TextRange(
            start: Int(item.valueStart), end: Int(item.valueEnd), isAside: item.flags.contains(.valueAside))
    }

    /// The string value of a node in the sense of XPath: its own value, or all text in its subtree in order,
    /// attributes left out. Joins into the side buffer when the text lies in several places.
    package mutating func stringValue(_ node: NodeID) -> TextRange {
        if let own = ownValue(node) { return own }
        let item = nodes[Int(node)]
        var only: TextRange?
        var parts = 0
        forEachText(below: node, end: item.next) { range in
            only = range
            parts += 1
        }
        if parts == 0 { return TextRange(start: 0, end: 0, isAside: true) }
        if parts == 1, let only { return only }
        let start = side.count
        var ranges: [TextRange] = []
        forEachText(below: node, end: item.next) { ranges.append($0) }
        for range in ranges {
            side.append(contentsOf: range.isAside ? side[range.start..<range.end] : source[range.start..<range.end])
        }
        return TextRange(start: start, end: side.count, isAside: true)
    }

    private func forEachText(below node: NodeID, end: NodeID, _ body: (TextRange) -> Void) {
        var index = node + 1
        while index < end {
            let item = nodes[Int(index)]
            if item.kind != .attribute, let range = ownValue(index) { body(range) }
            index += 1
        }
    }

    /// Copies of the bytes of a range.
    package func bytes(_ range: TextRange) -> [UInt8] {
        Array(range.isAside ? side[range.start..<range.end] : source[range.start..<range.end])
    }

    /// The text of a range, in clear. Whoever calls this decides who will see it.
    package func text(_ range: TextRange) -> String { String(decoding: bytes(range), as: UTF8.self) }

    /// Whether a range holds exactly these bytes.
    package func equals(_ range: TextRange, _ other: Span<UInt8>) -> Bool {
        guard range.count == other.count else { return false }
        let span = range.isAside ? side.span : source.span
        for index in 0..<other.count where span[range.start &+ index] != other[index] { return false }
        return true
    }

    // MARK: Places

    /// The bytes to point at for a node: its value where that is written in one piece, else the whole node.
    package func span(of node: NodeID) -> SourceSpan {
        let item = nodes[Int(node)]
        if item.flags.contains(.hasValue), !item.flags.contains(.valueAside) {
            return SourceSpan(start: Int(item.valueStart), end: Int(item.valueEnd))
        }
        return SourceSpan(start: Int(item.start), end: Int(item.end))
    }

    /// Line and column of a byte offset.
    package func position(at offset: Int) -> SourcePosition { Lines.position(at: offset, in: source) }

    /// The place of a node, for a finding.
    package func location(of node: NodeID) -> Finding.Location {
        var mark = Lines.Mark()
        return location(of: node, after: &mark)
    }

    /// The same, for many nodes of one document: lines are counted on from the one before.
    package func location(of node: NodeID, after mark: inout Lines.Mark) -> Finding.Location {
        let span = span(of: node)
        let position = Lines.position(at: span.start, in: source, after: &mark)
        return Finding.Location(document: name, span: span, position: position, path: path(of: node))
    }

    /// The path of a node in the document's own terms: `/Referral/Need[2]/@code`, `$.needs[1].code`,
    /// `Bundle.entry[3].resource.birthDate`.
    package func path(of node: NodeID) -> String {
        var nodes: [NodeID] = []
        nodes.reserveCapacity(16)
        var current = node
        while current != 0 {
            nodes.append(current)
            current = self.nodes[Int(current)].parent
        }
        var path: [UInt8] = []
        path.reserveCapacity(nodes.count * 16)
        if case .json = format { path.append(UInt8(ascii: "$")) }
        for step in nodes.reversed() { appendStep(step, to: &path) }
        return String(decoding: path, as: UTF8.self)
    }

    private func appendStep(_ node: NodeID, to path: inout [UInt8]) {
        let item = nodes[Int(node)]
        switch format {
        case .json: if item.parent != 0 { appendMember(node, item.name, to: &path) }
        case .csv: if item.parent != 0 { appendCell(item, to: &path) }
        case .xml, .hl7v2:
            if format == .xml || item.parent != 0 { path.append(UInt8(ascii: "/")) }
            if item.kind == .text { return path.append(contentsOf: "text()".utf8) }
            if item.kind == .attribute { path.append(UInt8(ascii: "@")) }
            appendName(item.name, to: &path)
            if item.kind != .attribute { appendOrdinal(node, from: 1, to: &path) }
        case .fhir:
            if item.parent != 0 { path.append(UInt8(ascii: ".")) }
            if item.parent == 0 { return path.append(contentsOf: (typeName(of: node) ?? "resource").utf8) }
            appendName(item.name, to: &path)
            appendOrdinal(node, from: 0, to: &path)
        }
    }

    /// The type of a FHIR resource, if it is written as types are: in JSON it is a text, and a text could say anything.
    package func typeName(of resource: NodeID) -> String? {
        let name = symbols.name(nodes[Int(resource)].resourceType)
        let isPlain = name.utf8.allSatisfy { byte in byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }
        return isPlain && name.utf8.first.map { $0 <= 0x5A } == true ? name : nil
    }

    /// Appends a name of the document; one that might tell of a person is left out, and its place stays.
    private func appendName(_ symbol: Symbol, to path: inout [UInt8]) {
        symbols.appendShown(symbol, to: &path)
    }

    /// `row[3]`, counted as a spreadsheet counts, or `/NHS number`.
    private func appendCell(_ item: SourceNode, to path: inout [UInt8]) {
        if item.kind == .object { return path.append(contentsOf: "row[\(item.valueStart)]".utf8) }
        path.append(contentsOf: "/\(DocumentName.shown(column: symbols.name(item.name)))".utf8)
    }

    /// `.name`, `['a.name']` or `[0]`.
    private func appendMember(_ node: NodeID, _ symbol: Symbol, to path: inout [UInt8]) {
        if symbol == SymbolTable.none { return path.append(contentsOf: "[\(siblingsBefore(node))]".utf8) }
        let name = DocumentName.shown(symbols.name(symbol))
        let isPlain = Self.isPlainName(name.utf8) || name == DocumentName.withheld
        guard isPlain else { return path.append(contentsOf: "['\(name)']".utf8) }
        path.append(UInt8(ascii: "."))
        path.append(contentsOf: name.utf8)
    }

    /// `[n]` when the node has siblings of the same name, else nothing.
    private func appendOrdinal(_ node: NodeID, from first: Int, to path: inout [UInt8]) {
        let item = nodes[Int(node)]
        let before = siblingsBefore(node, named: item.name)
        if before == 0, !hasSiblingAfter(node, named: item.name) { return }
        path.append(contentsOf: "[\(before + first)]".utf8)
    }

    private func siblingsBefore(_ node: NodeID, named name: Symbol? = nil) -> Int {
        var count = 0
        var index = nodes[Int(node)].parent + 1
        while index < node {
            let item = nodes[Int(index)]
            if item.kind != .attribute, name == nil || item.name == name { count += 1 }
            index = item.next
        }
        return count
    }

    private func hasSiblingAfter(_ node: NodeID, named name: Symbol) -> Bool {
        let item = nodes[Int(node)]
        let end = nodes[Int(item.parent)].next
        var index = item.next
        while index < end {
            if nodes[Int(index)].name == name, nodes[Int(index)].kind != .attribute { return true }
            index = nodes[Int(index)].next
        }
        return false
    }

    static func isPlainName(_ name: some Collection<UInt8>) -> Bool {
        guard let first = name.first, first == 0x5F || (first | 0x20 >= 0x61 && first | 0x20 <= 0x7A) || first >= 0x80
        else { return false }
        return name.allSatisfy { byte in
            byte == 0x5F || byte >= 0x80 || (byte >= 0x30 && byte <= 0x39)
                || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
        }
    }
}

extension SourceDocument {
    /// Begins a new tree: the document node alone.
    package mutating func beginTree(end: Int) {
        nodes.append(SourceNode(.document, name: SymbolTable.none, start: 0, end: UInt32(end), next: 1, parent: 0))
    }
}
