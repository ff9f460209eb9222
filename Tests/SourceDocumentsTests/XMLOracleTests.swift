import CLibXML2
import Testing

@testable import SourceDocuments

/// libxml2's own document tree as a second opinion on what an XML document says.
@Suite("XML as libxml2's document tree sees it")
struct XMLOracleTests {
    /// Elements in order with namespace, name, attributes and all their text.
    private static func oracle(_ bytes: [UInt8]) -> [String]? {
        let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue | XML_PARSE_NOERROR.rawValue)
        let document = bytes.withUnsafeBytes {
            xmlReadMemory($0.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), nil, nil, options)
        }
        guard let document, let root = xmlDocGetRootElement(document) else { return nil }
        defer { xmlFreeDoc(document) }
        var lines: [String] = []
        walk(root, into: &lines)
        return lines
    }

    private static func walk(_ node: xmlNodePtr, into lines: inout [String]) {
        lines.append("<\(name(node.pointee.ns, node.pointee.name))> \(take(xmlNodeGetContent(node)))")
        var attribute = node.pointee.properties
        while let current = attribute {
            let value = take(xmlNodeListGetString(node.pointee.doc, current.pointee.children, 1))
            lines.append("@\(name(current.pointee.ns, current.pointee.name)) \(value)")
            attribute = current.pointee.next
        }
        var child = node.pointee.children
        while let current = child {
            if current.pointee.type == XML_ELEMENT_NODE { walk(current, into: &lines) }
            child = current.pointee.next
        }
    }

    private static func name(_ namespace: xmlNsPtr?, _ local: UnsafePointer<UInt8>?) -> String {
        let uri = namespace?.pointee.href.map { String(cString: $0) } ?? ""
        return "{\(uri)}" + (local.map { String(cString: $0) } ?? "")
    }

    private static func take(_ text: UnsafeMutablePointer<UInt8>?) -> String {
        guard let text else { return "" }
        defer { free(text) }
        return String(cString: text)
    }

    /// The same of our tree. White space alone between tags is not in it, so it is left out of both texts.
    private static func ours(_ document: inout SourceDocument) -> [String] {
        var lines: [String] = []
        for id in 1..<NodeID(document.nodes.count) {
            let node = document.nodes[Int(id)]
            let name = "{\(document.symbols.namespace(node.name))}\(document.symbols.name(node.name))"
            if node.kind == .text { continue }
            let range = document.stringValue(id)
            let value = String(decoding: document.bytes(range), as: UTF8.self)
            lines.append(node.kind == .attribute ? "@\(name) \(value)" : "<\(name)> \(value)")
        }
        return lines
    }

    private static func withoutSpace(_ lines: [String]?) -> [String]? {
        let space: Set<Unicode.Scalar> = [" ", "\n", "\t", "\r"]
        return lines?.map { line in
            guard !line.hasPrefix("@") else { return line }
            return String(String.UnicodeScalarView(line.unicodeScalars.filter { !space.contains($0) }))
        }
    }

    private struct Case: Decodable {
        var file: String
        var expect: String
    }

    @Test(
        "every readable document of the suite and the corpus says the same to both",
        .enabled(if: Shared.has("suites/xmlconf/cases.json") && Shared.has("corpus")))
    func same() throws {
        let reader = DocumentReader()
        let suite = try Shared.decode([Case].self, from: "suites/xmlconf/cases.json").map {
            "suites/xmlconf/\($0.file)"
        }
        var compared = 0
        for path in suite + (try Shared.files(in: "corpus", ending: ".xml")) {
            let bytes = try Shared.bytes(path)
            var reading = Reading(bytes, as: .xml, reader: reader)
            guard reading.isRead else { continue }
            compared += 1
            #expect(Self.withoutSpace(Self.ours(&reading.document)) == Self.withoutSpace(Self.oracle(bytes)), "\(path)")
        }
        print("XML oracle: \(compared) documents")
        #expect(compared > 100)
    }
}
