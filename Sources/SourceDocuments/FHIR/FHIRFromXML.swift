import Reporting

/// FHIR XML: values stand in `value` attributes, resources in an element of their own type inside the element that
/// holds them (FHIR R4, 2.6.1).
extension FHIRTree {
    mutating func buildFromXML(_ document: inout SourceDocument) throws(ReadProblem) {
        let type = document.symbols.plain(input[1].name)
        try element(1, name: type, type: type, place: input[1], under: 0, &document)
    }

    /// Writes an element with what it holds.
    ///
    /// - Parameters:
    ///   - type: The type when the element is a resource, else ``SymbolTable/none``.
    ///   - place: The node to point at: that of the element around it when that gives it its name.
    private mutating func element(
        _ source: NodeID, name: Symbol, type: Symbol, place: SourceNode, under parent: NodeID,
        _ document: inout SourceDocument
    ) throws(ReadProblem) {
        let item = input[Int(source)]
        var node = SourceNode(.element, name: name, start: place.start, end: place.end, parent: parent)
        if type != SymbolTable.none {
            node.flags = .isResource
            node.valueStart = type
        }
        let id = open(node)
        let hasText = item.hasValue && !isBlank(item, document)
        if hasText { noteText(at: item.start) }
        var child = source + 1
        while child < item.next {
            let node = input[Int(child)]
            switch node.kind {
            case .attribute: attribute(node, of: id, document)
            case .text: noteText(at: node.start)
            default: try childElement(child, under: id, &document)
            }
            child = node.next
        }
        close(id)
        if output.count == Int(id) + 1, output[Int(id)].flags.isEmpty, !hasText {
            note(at: item.start, "an element here is empty, which FHIR does not allow")
        }
    }

    private mutating func childElement(
        _ child: NodeID, under parent: NodeID, _ document: inout SourceDocument
    ) throws(ReadProblem) {
        let item = input[Int(child)]
        let namespace = document.symbols.namespaceSymbol(item.name)
        let name = document.symbols.plain(item.name)
        if namespace == words.xhtml, name == words.div {
            return markup(item, name: name, under: parent)
        }
        guard namespace == words.fhir else {
            throw fault(at: item.start, "an element here is not in FHIR's namespace")
        }
        if let value = onlyValue(of: child) {
            var node = value
            node.name = name
            node.start = item.start
            node.end = item.end
            return append(leaf: node, under: parent)
        }
        guard let inner = try resource(in: child, document) else {
            return try element(child, name: name, type: SymbolTable.none, place: item, under: parent, &document)
        }
        let type = document.symbols.plain(input[Int(inner)].name)
        try element(inner, name: name, type: type, place: item, under: parent, &document)
    }

    /// The `value` of an element that holds nothing else, as most do.
    private func onlyValue(of element: NodeID) -> SourceNode? {
        let item = input[Int(element)]
        guard item.next == element + 2, !item.hasValue else { return nil }
        let only = input[Int(element) + 1]
        return only.kind == .attribute && only.name == words.value ? only : nil
    }

    /// The resource that an element is wrapped around. Types begin with a capital letter, elements never do.
    private func resource(in node: NodeID, _ document: borrowing SourceDocument) throws(ReadProblem) -> NodeID? {
        let end = input[Int(node)].next
        var child = node + 1
        while child < end, input[Int(child)].kind == .attribute { child += 1 }
        guard child < end, input[Int(child)].kind == .element, isType(input[Int(child)].name, document) else {
            return nil
        }
        guard input[Int(child)].next == end else {
            throw fault(at: input[Int(child)].start, "one element holds more than one resource")
        }
        return child
    }

    private func isType(_ name: Symbol, _ document: borrowing SourceDocument) -> Bool {
        let first = document.symbols.firstByte(name)
        return first >= UInt8(ascii: "A") && first <= UInt8(ascii: "Z")
            && document.symbols.namespaceSymbol(name) == words.fhir
    }

    /// XHTML is kept as written, tags and all.
    private mutating func markup(_ item: SourceNode, name: Symbol, under parent: NodeID) {
        let id = open(
            SourceNode(
                .element, flags: [.hasValue, .isMarkup], name: name, start: item.start, end: item.end,
                valueStart: item.start, valueEnd: item.end, parent: parent))
        close(id)
    }

    private mutating func attribute(_ item: SourceNode, of element: NodeID, _ document: borrowing SourceDocument) {
        if item.name == words.value {
            output[Int(element)].take(valueOf: item)
        } else if item.name == words.id || item.name == words.url {
            append(leaf: item, under: element)
        } else if document.symbols.namespaceSymbol(item.name) != words.schema {
            note(at: item.start, "FHIR has no such attribute; it is not read")
        }
    }

    private func isBlank(_ item: SourceNode, _ document: borrowing SourceDocument) -> Bool {
        let bytes = item.flags.contains(.valueAside) ? document.side.span : document.source.span
        for index in Int(item.valueStart)..<Int(item.valueEnd) {
            let byte = bytes[index]
            if byte != 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { return false }
        }
        return true
    }

    /// Text where FHIR has none is not read, so a person must see whether something was meant by it.
    private mutating func noteText(at offset: UInt32) {
        note(at: offset, "text stands in an element; FHIR writes it in the attribute `value`", .quarantine)
    }
}
