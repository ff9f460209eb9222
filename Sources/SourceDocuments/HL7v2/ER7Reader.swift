import Reporting

/// Reads HL7 v2 in its delimited form into the positioned tree.
///
/// The root is named by the message type (`REF_I12`), its children are the segments in order; a field is repeated as
/// siblings and always has components, so that `PID.3/PID.3.1` is there whenever PID-3 is; subcomponents are there only
/// where they were written. What is empty has no node.
struct ER7Reader {
    private let limits: Limits
    private var marks = HL7Delimiters()
    private var names = HL7Names()
    private var text: [UInt8] = []

    init(limits: Limits) { self.limits = limits }

    /// Reads the source of a document into its nodes. On failure the nodes are those read so far.
    mutating func read(into document: inout SourceDocument) throws(ReadProblem) {
        text = document.source
        defer { text = [] }
        let content = Self.content(of: text)
        marks = try HL7Delimiters(header: content.lowerBound, of: text)
        document.beginTree(end: text.count)
        let root = try open(SymbolTable.none, content, under: 0, &document)
        var start = content.lowerBound
        while start < content.upperBound {
            var end = start
            while end < content.upperBound, !Self.endsLine(text[end]) { end += 1 }
            if end > start { try segment(start..<end, under: root, &document) }
            start = end + 1
        }
        document.nodes[Int(root)].name = messageType(&document)
        close(root, &document)
        close(0, &document)
    }

    /// The encoding that MSH-18 names, for a message that is not in Unicode; `nil` when it names none read here.
    static func declaredEncoding(_ bytes: [UInt8]) -> TextEncoding? {
        let content = content(of: bytes)
        guard content.lowerBound + 3 < bytes.count else { return nil }
        let header = bytes[content].prefix { !endsLine($0) }
        let fields = header.split(separator: bytes[content.lowerBound + 3], omittingEmptySubsequences: false)
        guard fields.count > 17 else { return nil }
        switch String(decoding: fields[17].prefix { $0 != UInt8(ascii: "~") }, as: UTF8.self) {
        case "8859/1": return .latin1
        case "8859/15": return .latin9
        default: return nil
        }
    }

    /// The message without the bytes that frame it on a wire (MLLP) and without white space around it.
    private static func content(of text: [UInt8]) -> Range<Int> {
        let frame: Set<UInt8> = [0x0B, 0x1C, 0x20, 0x0A, 0x0D, 0x09]
        let start = text.firstIndex { !frame.contains($0) } ?? text.count
        let end = text.lastIndex { !frame.contains($0) }.map { $0 + 1 } ?? start
        return start..<max(start, end)
    }

    private static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

    // MARK: Segments and fields

    private mutating func segment(
        _ range: Range<Int>, under root: NodeID, _ document: inout SourceDocument
    ) throws(ReadProblem) {
        let id = text[range].prefix(3)
        guard id.count == 3, id.allSatisfy(Self.isNameByte),
            range.count == 3 || text[range.lowerBound + 3] == marks.field
        else {
            throw ReadProblem(
                "hl7-malformed", at: range.lowerBound,
                "a segment does not begin with its three-letter name and a field mark")
        }
        let node = try open(names.segment(id, in: &document.symbols), range, under: root, &document)
        var start = range.lowerBound + 4
        var number = 1
        if id.elementsEqual("MSH".utf8) {
            try marksOfHeader(id, range, under: node, &document)
            start = (text[start..<range.upperBound].firstIndex(of: marks.field) ?? range.upperBound) + 1
            number = 3
        }
        while start < range.upperBound {
            let end = text[start..<range.upperBound].firstIndex(of: marks.field) ?? range.upperBound
            try field(id, number, start..<end, under: node, &document)
            start = end + 1
            number += 1
        }
        close(node, &document)
    }

    /// MSH-1 and MSH-2 hold the marks themselves and are not split by them.
    private mutating func marksOfHeader(
        _ id: ArraySlice<UInt8>, _ range: Range<Int>, under segment: NodeID, _ document: inout SourceDocument
    ) throws(ReadProblem) {
        let start = range.lowerBound + 3
        let end = text[(start + 1)..<range.upperBound].firstIndex(of: marks.field) ?? range.upperBound
        for (number, place) in [(1, start..<start + 1), (2, start + 1..<end)] {
            let field = try open(names.part(id, number, in: &document.symbols), place, under: segment, &document)
            let component = try open(names.part(id, number, 1, in: &document.symbols), place, under: field, &document)
            setValue(TextRange(start: place.lowerBound, end: place.upperBound, isAside: false), component, &document)
            close(component, &document)
            close(field, &document)
        }
    }

    private mutating func field(
        _ id: ArraySlice<UInt8>, _ number: Int, _ range: Range<Int>, under segment: NodeID,
        _ document: inout SourceDocument
    ) throws(ReadProblem) {
        for repetition in parts(of: range, by: marks.repetition) where !isEmpty(repetition) {
            let node = try open(names.part(id, number, in: &document.symbols), repetition, under: segment, &document)
            for (index, component) in parts(of: repetition, by: marks.component).enumerated() where !isEmpty(component)
            {
                try self.component(id, number, index + 1, component, under: node, &document)
            }
            close(node, &document)
        }
    }

    private mutating func component(
        _ id: ArraySlice<UInt8>, _ field: Int, _ number: Int, _ range: Range<Int>, under parent: NodeID,
        _ document: inout SourceDocument
    ) throws(ReadProblem) {
        let node = try open(names.part(id, field, number, in: &document.symbols), range, under: parent, &document)
        let subcomponents = marks.subcomponent == 0 ? [range] : parts(of: range, by: marks.subcomponent)
        if subcomponents.count == 1 {
            try value(range, of: node, &document)
        } else {
            for (index, part) in subcomponents.enumerated() where !part.isEmpty {
                let name = names.part(id, field, number, index + 1, in: &document.symbols)
                let child = try open(name, part, under: node, &document)
                try value(part, of: child, &document)
                close(child, &document)
            }
        }
        close(node, &document)
    }

    private mutating func value(
        _ range: Range<Int>, of node: NodeID, _ document: inout SourceDocument
    ) throws(ReadProblem) {
        guard range.count <= limits.textBytes else {
            throw ReadProblem("limit-text", at: range.lowerBound, "one value is longer than \(limits.textBytes) bytes")
        }
        var place = TextRange(start: range.lowerBound, end: range.upperBound, isAside: false)
        if marks.escape != 0, text[range].contains(marks.escape) {
            place = TextRange(start: document.side.count, end: 0, isAside: true)
            HL7Escapes.decode(text[range], marks, into: &document.side)
            place.end = document.side.count
        }
        setValue(place, node, &document)
    }

    // MARK: Parts

    private func parts(of range: Range<Int>, by mark: UInt8) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = range.lowerBound
        for index in range where text[index] == mark {
            found.append(start..<index)
            start = index + 1
        }
        found.append(start..<range.upperBound)
        return found
    }

    private func isEmpty(_ range: Range<Int>) -> Bool { text[range].allSatisfy(marks.separates) }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    /// The name of the root: the message structure of MSH-9, else its type and event, else `HL7`.
    private func messageType(_ document: inout SourceDocument) -> Symbol {
        var parts: [String: String] = [:]
        guard document.nodes.count > 2 else { return SymbolTable.none }
        for node in document.nodes[2..<Int(document.nodes[2].next)] where node.hasValue {
            let name = document.symbols.name(node.name)
            guard name.hasPrefix("MSH.9."), parts[name] == nil else { continue }
            parts[name] = String(decoding: text[Int(node.start)..<Int(node.end)], as: UTF8.self)
        }
        let joined = [parts["MSH.9.1"], parts["MSH.9.2"]].compactMap { $0 }.joined(separator: "_")
        let name = parts["MSH.9.3"] ?? (joined.isEmpty ? "HL7" : joined)
        return document.symbols.intern(name)
    }

    // MARK: Nodes

    private func open(
        _ name: Symbol, _ range: Range<Int>, under parent: NodeID, _ document: inout SourceDocument
    ) throws(ReadProblem) -> NodeID {
        guard document.nodes.count <= limits.nodes else {
            throw ReadProblem("limit-nodes", at: range.lowerBound, "the document has more than \(limits.nodes) parts")
        }
        document.nodes.append(
            SourceNode(
                .element, name: name, start: UInt32(range.lowerBound), end: UInt32(range.upperBound), parent: parent))
        return NodeID(document.nodes.count - 1)
    }

    private func close(_ node: NodeID, _ document: inout SourceDocument) {
        document.nodes[Int(node)].next = NodeID(document.nodes.count)
    }

    private func setValue(_ range: TextRange, _ node: NodeID, _ document: inout SourceDocument) {
        document.nodes[Int(node)].flags = range.isAside ? [.hasValue, .valueAside] : .hasValue
        document.nodes[Int(node)].valueStart = UInt32(range.start)
        document.nodes[Int(node)].valueEnd = UInt32(range.end)
    }
}
