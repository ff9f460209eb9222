import CLibXML2
import Foundation

@testable import SourceDocuments

/// A document as libxml2's own tree and as our tape, node for node, so that the two XPaths can be compared.
final class TwoTrees {
    let tree: xmlDocPtr
    var document: SourceDocument
    /// The libxml2 node that each of our nodes stands for; text that is an element's only content maps to the element.
    private(set) var nodes: [UnsafeRawPointer: NodeID] = [:]

    /// - Parameter strippingBlanks: Whether text of white space only between elements is left out, as our reader does.
    init?(_ xml: String, strippingBlanks: Bool = true, symbols: SymbolTable = SymbolTable()) {
        let bytes = Array(xml.utf8)
        let options = Int32(
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
                | XML_PARSE_NOENT.rawValue)
        let parsed = bytes.withUnsafeBytes {
            xmlReadMemory($0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), nil, nil, options)
        }
        guard let parsed else { return nil }
        tree = parsed
        document = SourceDocument(symbols: symbols)
        document.format = .xml
        document.source = bytes
        document.beginTree(end: bytes.count)
        nodes[UnsafeRawPointer(tree)] = 0
        if let root = xmlDocGetRootElement(tree) {
            if strippingBlanks { Self.stripBlanks(root) }
            add(root, parent: 0)
        }
        document.nodes[0].next = NodeID(document.nodes.count)
    }

    deinit { xmlFreeDoc(tree) }

    private func add(_ node: xmlNodePtr, parent: NodeID) {
        let id = NodeID(document.nodes.count)
        nodes[UnsafeRawPointer(node)] = id
        document.nodes.append(
            SourceNode(.element, name: symbol(node.pointee.name, node.pointee.ns), start: 0, parent: parent))
        var attribute = node.pointee.properties
        while let item = attribute {
            addValue(
                .attribute, text(UnsafeRawPointer(item).assumingMemoryBound(to: xmlNode.self)),
                symbol(item.pointee.name, item.pointee.ns), UnsafeRawPointer(item), parent: id)
            attribute = item.pointee.next
        }
        let children = Self.children(of: node)
        if children.count == 1, Self.isText(children[0]) {
            nodes[UnsafeRawPointer(children[0])] = id
            setValue(id, text(UnsafeRawPointer(children[0]).assumingMemoryBound(to: xmlNode.self)))
        } else {
            for child in children {
                if Self.isText(child) {
                    addValue(.text, text(UnsafePointer(child)), SymbolTable.none, UnsafeRawPointer(child), parent: id)
                } else if child.pointee.type == XML_ELEMENT_NODE {
                    add(child, parent: id)
                }
            }
        }
        document.nodes[Int(id)].next = NodeID(document.nodes.count)
    }

    private func addValue(
        _ kind: SourceNode.Kind, _ value: [UInt8], _ name: Symbol, _ key: UnsafeRawPointer, parent: NodeID
    ) {
        let id = NodeID(document.nodes.count)
        nodes[key] = id
        document.nodes.append(SourceNode(kind, name: name, start: 0, next: id + 1, parent: parent))
        setValue(id, value)
    }

    private func setValue(_ id: NodeID, _ value: [UInt8]) {
        document.nodes[Int(id)].flags = [.hasValue, .valueAside]
        document.nodes[Int(id)].valueStart = UInt32(document.side.count)
        document.side += value
        document.nodes[Int(id)].valueEnd = UInt32(document.side.count)
    }

    private func symbol(_ name: UnsafePointer<xmlChar>?, _ namespace: xmlNsPtr?) -> Symbol {
        let uri = namespace?.pointee.href.map { String(cString: $0) } ?? ""
        return document.symbols.intern(name.map { String(cString: $0) } ?? "", namespace: uri)
    }

    private func text(_ node: UnsafePointer<xmlNode>) -> [UInt8] {
        guard let content = xmlNodeGetContent(node) else { return [] }
        defer { free(content) }
        return Array(String(cString: content).utf8)
    }

    private static func children(of node: xmlNodePtr) -> [xmlNodePtr] {
        var result: [xmlNodePtr] = []
        var child = node.pointee.children
        while let item = child {
            result.append(item)
            child = item.pointee.next
        }
        return result
    }

    private static func stripBlanks(_ node: xmlNodePtr) {
        let all = children(of: node)
        for child in all {
            if all.count > 1, child.pointee.type == XML_TEXT_NODE, xmlIsBlankNode(child) == 1 {
                xmlUnlinkNode(child)
                xmlFreeNode(child)
            } else if child.pointee.type == XML_ELEMENT_NODE {
                stripBlanks(child)
            }
        }
    }

    private static func isText(_ node: xmlNodePtr) -> Bool {
        node.pointee.type == XML_TEXT_NODE || node.pointee.type == XML_CDATA_SECTION_NODE
    }

    // MARK: libxml2's answer

    enum Answer: Equatable, CustomStringConvertible {
        case nodes([NodeID])
        case text(String)
        case number(Double)
        case boolean(Bool)

        static func == (left: Answer, right: Answer) -> Bool {
            switch (left, right) {
            case (.nodes(let a), .nodes(let b)): a == b
            case (.text(let a), .text(let b)): a == b
            case (.number(let a), .number(let b)): a == b || a.isNaN && b.isNaN
            case (.boolean(let a), .boolean(let b)): a == b
            default: false
            }
        }

        var description: String {
            switch self {
            case .nodes(let nodes): "nodes \(nodes)"
            case .text(let text): "text '\(text)'"
            case .number(let number): "number \(number)"
            case .boolean(let value): "\(value)"
            }
        }
    }

    /// What libxml2 makes of an expression at a node; `nil` when it refuses it or selects something we do not keep.
    func oracle(_ expression: String, at node: xmlNodePtr, namespaces: [String: String] = [:]) -> Answer? {
        guard let context = xmlXPathNewContext(tree) else { return nil }
        defer { xmlXPathFreeContext(context) }
        for (prefix, uri) in namespaces { xmlXPathRegisterNs(context, prefix, uri) }
        context.pointee.node = node
        guard let object = xmlXPathEvalExpression(expression, context) else { return nil }
        defer { xmlXPathFreeObject(object) }
        switch object.pointee.type {
        case XPATH_NODESET: return answer(object.pointee.nodesetval)
        case XPATH_NUMBER: return .number(object.pointee.floatval)
        case XPATH_BOOLEAN: return .boolean(object.pointee.boolval != 0)
        case XPATH_STRING: return .text(String(cString: object.pointee.stringval))
        default: return nil
        }
    }

    private func answer(_ set: xmlNodeSetPtr?) -> Answer? {
        var result: [NodeID] = []
        for index in 0..<Int(set?.pointee.nodeNr ?? 0) {
            guard let node = set?.pointee.nodeTab[index], let id = nodes[UnsafeRawPointer(node)] else { return nil }
            result.append(id)
        }
        return .nodes(result.sorted())
    }

    // MARK: Our answer

    func ours(
        _ expression: String, at node: NodeID = 1, _ context: PathContext = PathContext(language: .xpath)
    ) -> Result<Answer, PathProblem> {
        Path.compileExpression(expression, in: context, symbols: &document.symbols).map { path in
            var evaluator = PathEvaluator()
            evaluator.begin(document)
            return evaluator.answer(path, at: node, in: &document)
        }
    }
}

extension PathEvaluator {
    mutating func answer(_ path: Path, at node: NodeID, in document: inout SourceDocument) -> TwoTrees.Answer {
        var nodes: [NodeID] = []
        var other: TwoTrees.Answer?
        let program = path.program
        evaluate(program, from: node, in: &document) { evaluator, base, document in
            for item in evaluator.items[base...] {
                switch item.kind {
                case .node: nodes.append(item.node)
                case .number: other = .number(item.number)
                case .boolean: other = .boolean(item.boolean)
                case .text: other = .text(evaluator.string(item, program, document))
                case .date, .decimal, .null: break
                }
            }
        }
        return other ?? .nodes(nodes)
    }

    /// The text of an item that is no node.
    func string(_ item: PathItem, _ program: PathProgram, _ document: SourceDocument) -> String {
        String(decoding: bytes(item.text, program, document), as: UTF8.self)
    }
}
