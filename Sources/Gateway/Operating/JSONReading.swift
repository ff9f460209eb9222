package import Reporting
import SourceDocuments

extension JSONValue {
    /// Reads JSON text by the strict reader of documents; `nil` when it is none.
    package init?(text: String) {
        var document = SourceDocument()
        var findings: [Finding] = []
        guard DocumentReader().read(Array(text.utf8), as: .json, into: &document, reporting: &findings),
            let root = document.root
        else { return nil }
        self = Self.value(root, document)
    }

    private static func value(_ node: NodeID, _ document: SourceDocument) -> JSONValue {
        let item = document.nodes[Int(node)]
        let text = document.ownValue(node).map { document.text($0) } ?? ""
        switch item.kind {
        case .object:
            return .object(
                children(node, document).map {
                    Member(key: document.symbols.name(document.nodes[Int($0)].name), value: value($0, document))
                })
        case .array: return .array(children(node, document).map { value($0, document) })
        case .number: return Int(text).map { .number($0) } ?? .decimal(text)
        case .boolean: return .bool(text == "true")
        case .null: return .null
        default: return .string(text)
        }
    }

    private static func children(_ node: NodeID, _ document: SourceDocument) -> [NodeID] {
        var children: [NodeID] = []
        var child = node + 1
        while child < document.nodes[Int(node)].next {
            children.append(child)
            child = document.nodes[Int(child)].next
        }
        return children
    }

    // MARK: Looking into it

    /// A member of an object.
    package subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { members.first { $0.key == key }?.value } else { nil }
    }

    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var integer: Int? { if case .number(let number) = self { number } else { nil } }
    package var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    package var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }
}
