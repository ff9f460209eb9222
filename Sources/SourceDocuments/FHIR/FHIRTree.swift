import Reporting

/// Turns a tree read from FHIR JSON or FHIR XML into the one FHIR tree, so that one mapping reads both.
///
/// Elements have no namespace and repeat as siblings; a primitive's value is its own; `id` and `url` are elements
/// whether they were attributes or members; a resource inside an element is that element, marked with its type; XHTML
/// is one value. (FHIR R4, 2.6.1 XML and 2.6.2 JSON representation.) Document order is kept, and every place.
struct FHIRTree {
    /// So many oddities of one document are worth telling; what follows is more of the same.
    private static let mostNotes = 20

    var input: [SourceNode] = []
    var output: [SourceNode] = []
    var notes: [ReadProblem] = []
    var words = FHIRWords()

    /// Whether a tree read from JSON or XML has a FHIR resource at its root.
    static func isResource(_ document: borrowing SourceDocument) -> Bool {
        guard document.nodes.count > 1 else { return false }
        switch document.nodes[1].kind {
        case .object:
            guard let type = document.symbols.symbol(of: FHIRWords.resourceTypeName.span) else { return false }
            guard let member = member(type, of: 1, in: document.nodes) else { return false }
            return document.nodes[Int(member)].kind == .string
        case .element:
            return document.symbols.namespace(document.nodes[1].name) == FHIRWords.fhirNamespace
        default: return false
        }
    }

    /// Replaces the tree of a document. `notes` then holds what is odd but can be read.
    mutating func build(in document: inout SourceDocument) throws(ReadProblem) {
        guard document.nodes.count > 1, Self.isResource(document) else {
            throw ReadProblem("fhir-malformed", at: 0, "the root is not a FHIR resource")
        }
        notes.removeAll()
        words.find(in: &document.symbols)
        document.format = .fhir
        swap(&input, &document.nodes)
        output.removeAll(keepingCapacity: true)
        output.reserveCapacity(input.count)
        output.append(input[0])
        defer { swap(&output, &document.nodes) }
        if input[1].kind == .object { try buildFromJSON(&document) } else { try buildFromXML(&document) }
        output[0].next = NodeID(output.count)
    }

    // MARK: Shared by both

    /// Begins an element; its children follow until ``close(_:)``.
    mutating func open(_ node: SourceNode) -> NodeID {
        output.append(node)
        return NodeID(output.count - 1)
    }

    /// Writes a node as an element without children.
    @inline(__always)
    mutating func append(leaf node: SourceNode, under parent: NodeID) {
        var node = node
        node.kind = .element
        node.next = NodeID(output.count) + 1
        node.parent = parent
        output.append(node)
    }

    mutating func close(_ node: NodeID) { output[Int(node)].next = NodeID(output.count) }

    /// Notes what FHIR forbids though it cannot be misread; `.quarantine` where a value may have gone unread.
    mutating func note(at offset: UInt32, _ message: String, _ severity: Finding.Severity = .warning) {
        guard notes.count < Self.mostNotes || severity > .warning && notes.last?.severity == .warning else { return }
        notes.append(ReadProblem("fhir-malformed", at: Int(offset), message, severity: severity))
    }

    func fault(at offset: UInt32, _ message: String) -> ReadProblem {
        ReadProblem("fhir-malformed", at: Int(offset), message)
    }

    private static func member(_ name: Symbol, of node: NodeID, in nodes: [SourceNode]) -> NodeID? {
        let end = nodes[Int(node)].next
        var child = node + 1
        while child < end {
            if nodes[Int(child)].name == name { return child }
            child = nodes[Int(child)].next
        }
        return nil
    }
}

/// The few names that FHIR gives a meaning of their own, as symbols of the document at hand.
struct FHIRWords {
    static let fhirNamespace = "http://hl7.org/fhir"
    static let resourceTypeName = Array("resourceType".utf8)
    private static let fhirNamespaceName = Array(fhirNamespace.utf8)
    private static let xhtmlNamespaceName = Array("http://www.w3.org/1999/xhtml".utf8)
    private static let schemaNamespaceName = Array("http://www.w3.org/2001/XMLSchema-instance".utf8)
    private static let divName = Array("div".utf8)
    private static let idName = Array("id".utf8)
    private static let urlName = Array("url".utf8)
    private static let valueName = Array("value".utf8)
    private static let commentsName = Array("fhir_comments".utf8)

    var resourceType = SymbolTable.none
    var div = SymbolTable.none
    var id = SymbolTable.none
    var url = SymbolTable.none
    var value = SymbolTable.none
    var comments = SymbolTable.none
    var fhir = SymbolTable.none
    var xhtml = SymbolTable.none
    var schema = SymbolTable.none

    mutating func find(in symbols: inout SymbolTable) {
        resourceType = symbols.intern(Self.resourceTypeName.span)
        div = symbols.intern(Self.divName.span)
        id = symbols.intern(Self.idName.span)
        url = symbols.intern(Self.urlName.span)
        value = symbols.intern(Self.valueName.span)
        comments = symbols.intern(Self.commentsName.span)
        fhir = symbols.intern(Self.fhirNamespaceName.span)
        xhtml = symbols.intern(Self.xhtmlNamespaceName.span)
        schema = symbols.intern(Self.schemaNamespaceName.span)
    }
}
