import Foundation
@testable import SourceDocuments

/// The public conformance suites, which stand beside the repository or where LINKWAY_SHARED says.
enum Suites {
    static let folder: URL? = {
        if let named = ProcessInfo.processInfo.environment["LINKWAY_SHARED"] {
            return existing(URL(fileURLWithPath: named))
        }
        var place = URL(fileURLWithPath: #filePath)
        while place.path != "/" {
            place.deleteLastPathComponent()
            if let found = existing(place.appendingPathComponent("shared")) { return found }
        }
        return nil
    }()

    private static func existing(_ shared: URL) -> URL? {
        let suites = shared.appendingPathComponent("suites")
        return FileManager.default.fileExists(atPath: suites.path) ? suites : nil
    }

    /// Whether a suite is there; says so loudly when it is not.
    static func has(_ name: String) -> Bool {
        if let folder, FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path) { return true }
        print("SKIPPED: the suite \(name) is not there; set LINKWAY_SHARED")
        return false
    }

    static func bytes(_ name: String) -> [UInt8] {
        guard let folder, let data = try? Data(contentsOf: folder.appendingPathComponent(name)) else { return [] }
        return Array(data)
    }

    static func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }
}

/// A small JSON reader for tests of paths: well-formed JSON only.
struct TestJSON {
    var document: SourceDocument
    private var index = 0

    static func read(_ bytes: [UInt8], symbols: SymbolTable = SymbolTable()) -> SourceDocument {
        var reader = TestJSON(document: SourceDocument(symbols: symbols))
        reader.document.format = .json
        reader.document.source = bytes
        reader.document.beginTree(end: bytes.count)
        reader.value(name: SymbolTable.none, parent: 0)
        reader.document.nodes[0].next = NodeID(reader.document.nodes.count)
        return reader.document
    }

    static func read(_ text: String, symbols: SymbolTable = SymbolTable()) -> SourceDocument {
        read(Array(text.utf8), symbols: symbols)
    }

    private var byte: UInt8 { index < document.source.count ? document.source[index] : 0 }

    private mutating func skip() { while PathScanner.isSpace(byte) || byte == 0x2C || byte == 0x3A { index += 1 } }

    private mutating func value(name: Symbol, parent: NodeID) {
        skip()
        let id = Int(document.nodes.count)
        let kind: SourceNode.Kind = switch byte {
        case 0x7B: .object
        case 0x5B: .array
        case 0x22: .string
        case 0x74, 0x66: .boolean
        case 0x6E: .null
        default: .number
        }
        document.nodes.append(SourceNode(kind, name: name, start: UInt32(index), parent: parent))
        switch kind {
        case .object, .array: children(of: id, isObject: kind == .object)
        case .string:
            let text = string()
            setValue(id, document.side.count, text)
        default:
            let start = index
            while byte > 0x20, byte != 0x2C, byte != 0x5D, byte != 0x7D { index += 1 }
            setValue(id, document.side.count, Array(document.source[start..<index]))
        }
        document.nodes[id].end = UInt32(index)
        document.nodes[id].next = NodeID(document.nodes.count)
    }

    private mutating func children(of id: Int, isObject: Bool) {
        index += 1
        skip()
        while byte != 0x5D, byte != 0x7D {
            var name = SymbolTable.none
            if isObject {
                let key = string()
                name = document.symbols.intern(key.span)
            }
            value(name: name, parent: NodeID(id))
            skip()
        }
        index += 1
    }

    private mutating func setValue(_ id: Int, _ start: Int, _ bytes: [UInt8]) {
        document.side += bytes
        document.nodes[id].flags = [.hasValue, .valueAside]
        document.nodes[id].valueStart = UInt32(start)
        document.nodes[id].valueEnd = UInt32(document.side.count)
    }

    private mutating func string() -> [UInt8] {
        let start = index
        index += 1
        while byte != 0x22 { index += byte == 0x5C ? 2 : 1 }
        index += 1
        let data = Data(document.source[start..<index])
        let text = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed) as? String
        return Array((text ?? "").utf8)
    }
}

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
