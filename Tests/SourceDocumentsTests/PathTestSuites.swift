@testable import SourceDocuments

extension SourceDocument {
    /// A node written as JSON with sorted keys and numbers by value, for comparison.
    func json(_ node: NodeID) -> String {
        let item = nodes[Int(node)]
        var children: [String] = []
        var child = node + 1
        while child < item.next {
            let name = nodes[Int(child)].name
            children.append((item.kind == .object ? symbols.name(name).debugDescription + ":" : "") + json(child))
            child = nodes[Int(child)].next
        }
        switch item.kind {
        case .object: return "{" + children.sorted().joined(separator: ",") + "}"
        case .array: return "[" + children.joined(separator: ",") + "]"
        case .number: return "\(Double(text(node)) ?? .nan)"
        case .string: return text(node).debugDescription
        default: return text(node)
        }
    }

    func text(_ node: NodeID) -> String {
        guard let range = ownValue(node) else { return "" }
        return String(decoding: bytes(range), as: UTF8.self)
    }

    func children(_ node: NodeID) -> [NodeID] {
        var result: [NodeID] = []
        var child = node + 1
        while child < nodes[Int(node)].next {
            result.append(child)
            child = nodes[Int(child)].next
        }
        return result
    }

    func member(_ name: String, of node: NodeID) -> NodeID? {
        children(node).first { symbols.name(nodes[Int($0)].name) == name }
    }
}
