import Reporting

/// Turns HL7 v2 in XML (v2.xml) into the same tree as its delimited form.
///
/// Groups around segments fall away; components are named by their place (`CX.1` in PID.3 is `PID.3.1`) instead of by
/// their data type; `<escape V="…"/>` becomes the text it stands for.
struct HL7FromXML {
    static let namespace = "urn:hl7-org:v2xml"

    private var input: [SourceNode] = []
    private var output: [SourceNode] = []
    private var names = HL7Names()
    private let marks = HL7Delimiters()

    /// Whether a tree read from XML is an HL7 v2 message: by its namespace, or by its header segment.
    static func isMessage(_ document: SourceDocument) -> Bool {
        guard document.nodes.count > 1 else { return false }
        if document.symbols.namespace(document.nodes[1].name) == namespace { return true }
        var child: NodeID = 2
        while child < document.nodes[1].next {
            let node = document.nodes[Int(child)]
            let isHeader = node.kind == .element && document.symbols.firstByte(node.name) == UInt8(ascii: "M")
            if isHeader, document.symbols.name(node.name) == "MSH" { return true }
            child = node.next
        }
        return false
    }

    /// Replaces the tree of a document that was read from XML.
    mutating func build(in document: inout SourceDocument) throws(ReadProblem) {
        guard Self.isMessage(document) else {
            throw ReadProblem("hl7-malformed", at: 0, "the root is not an HL7 v2 message in XML")
        }
        swap(&input, &document.nodes)
        output.removeAll(keepingCapacity: true)
        output.append(input[0])
        let root = open(document.symbols.plain(input[1].name), input[1], under: 0)
        segments(of: 1, under: root, &document)
        close(root)
        close(0)
        swap(&output, &document.nodes)
        document.format = .hl7v2
    }

    private mutating func segments(of group: NodeID, under root: NodeID, _ document: inout SourceDocument) {
        forEachElement(in: group) { reader, child in
            let name = reader.input[Int(child)].name
            if document.symbols.length(name) == 3 {
                reader.segment(child, Array(document.symbols.name(name).utf8), under: root, &document)
            } else {
                reader.segments(of: child, under: root, &document)
            }
        }
    }

    private mutating func segment(
        _ node: NodeID, _ id: [UInt8], under root: NodeID, _ document: inout SourceDocument
    ) {
        let segment = open(names.segment(id[...], in: &document.symbols), input[Int(node)], under: root)
        forEachElement(in: node) { reader, child in
            guard reader.holdsText(child, document), let number = reader.number(of: child, document) else { return }
            reader.field(child, id, number, under: segment, &document)
        }
        close(segment)
    }

    private mutating func field(
        _ node: NodeID, _ id: [UInt8], _ number: Int, under segment: NodeID, _ document: inout SourceDocument
    ) {
        let field = open(names.part(id[...], number, in: &document.symbols), input[Int(node)], under: segment)
        if isText(node, document) {
            let component = open(names.part(id[...], number, 1, in: &document.symbols), input[Int(node)], under: field)
            value(of: node, to: component, &document)
            close(component)
        } else {
            forEachElement(in: node) { reader, child in
                guard reader.holdsText(child, document), let place = reader.number(of: child, document) else { return }
                reader.component(child, id, number, place, under: field, &document)
            }
        }
        close(field)
    }

    private mutating func component(
        _ node: NodeID, _ id: [UInt8], _ field: Int, _ number: Int, under parent: NodeID,
        _ document: inout SourceDocument
    ) {
        let component = open(names.part(id[...], field, number, in: &document.symbols), input[Int(node)], under: parent)
        if isText(node, document) {
            value(of: node, to: component, &document)
        } else {
            var parts: [(number: Int, node: NodeID)] = []
            forEachElement(in: node) { reader, child in
                guard reader.holdsText(child, document), let place = reader.number(of: child, document) else { return }
                parts.append((place, child))
            }
            if parts.count == 1, parts[0].number == 1 {
                value(of: parts[0].node, to: component, &document)
            } else {
                for part in parts {
                    let name = names.part(id[...], field, number, part.number, in: &document.symbols)
                    let child = open(name, input[Int(part.node)], under: component)
                    value(of: part.node, to: child, &document)
                    close(child)
                }
            }
        }
        close(component)
    }

    // MARK: Values

    /// Gives a node the text of an element, escapes undone.
    private mutating func value(of source: NodeID, to node: NodeID, _ document: inout SourceDocument) {
        let item = input[Int(source)]
        if item.hasValue {
            output[Int(node)].flags.formUnion(item.flags)
            output[Int(node)].valueStart = item.valueStart
            output[Int(node)].valueEnd = item.valueEnd
            return
        }
        let start = document.side.count
        var child = source + 1
        while child < item.next {
            append(child, &document)
            child += 1
        }
        output[Int(node)].flags.formUnion([.hasValue, .valueAside])
        output[Int(node)].valueStart = UInt32(start)
        output[Int(node)].valueEnd = UInt32(document.side.count)
    }

    private func append(_ node: NodeID, _ document: inout SourceDocument) {
        let item = input[Int(node)]
        guard item.hasValue, item.kind != .attribute || isEscapeText(item, document) else { return }
        let range = TextRange(
            start: Int(item.valueStart), end: Int(item.valueEnd), isAside: item.flags.contains(.valueAside))
        let text = document.bytes(range)
        if item.kind == .attribute {
            _ = HL7Escapes.append(text[...], marks, to: &document.side)
        } else {
            document.side.append(contentsOf: text)
        }
    }

    /// Whether an attribute is the `V` of an `<escape V="…"/>`.
    private func isEscapeText(_ attribute: SourceNode, _ document: borrowing SourceDocument) -> Bool {
        document.symbols.name(attribute.name) == "V" && isEscape(input[Int(attribute.parent)], document)
    }

    private func isEscape(_ element: SourceNode, _ document: borrowing SourceDocument) -> Bool {
        document.symbols.firstByte(element.name) == UInt8(ascii: "e") && document.symbols.name(element.name) == "escape"
    }

    /// Whether an element holds text, perhaps with escapes in it, rather than parts.
    private func isText(_ node: NodeID, _ document: borrowing SourceDocument) -> Bool {
        let item = input[Int(node)]
        if item.hasValue { return true }
        var child = node + 1
        while child < item.next {
            let node = input[Int(child)]
            if node.kind == .text { return true }
            if node.kind == .element, isEscape(node, document) { return true }
            child = node.next
        }
        return false
    }

    /// Whether anything but white space stands in an element.
    private func holdsText(_ node: NodeID, _ document: borrowing SourceDocument) -> Bool {
        for child in node..<input[Int(node)].next {
            let item = input[Int(child)]
            guard item.hasValue else { continue }
            let bytes = item.flags.contains(.valueAside) ? document.side.span : document.source.span
            for index in Int(item.valueStart)..<Int(item.valueEnd) where !Self.isSpace(bytes[index]) { return true }
        }
        return false
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    /// The number after the last point of an element's name.
    private func number(of node: NodeID, _ document: borrowing SourceDocument) -> Int? {
        document.symbols.lastNumber(input[Int(node)].name)
    }

    // MARK: Nodes

    private mutating func forEachElement(in node: NodeID, _ body: (inout Self, NodeID) -> Void) {
        let end = input[Int(node)].next
        var child = node + 1
        while child < end {
            if input[Int(child)].kind == .element { body(&self, child) }
            child = input[Int(child)].next
        }
    }

    private mutating func open(_ name: Symbol, _ source: SourceNode, under parent: NodeID) -> NodeID {
        output.append(SourceNode(.element, name: name, start: source.start, end: source.end, parent: parent))
        return NodeID(output.count - 1)
    }

    private mutating func close(_ node: NodeID) { output[Int(node)].next = NodeID(output.count) }
}
