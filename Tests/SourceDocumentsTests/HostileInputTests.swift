import Foundation
import Testing

@testable import Reporting
@testable import SourceDocuments

/// A document made to exhaust or mislead a reader, and the finding that answers it; no finding when it is harmless.
struct Attack: Sendable, CustomTestStringConvertible {
    var name: String
    var code: FindingCode?
    var text: @Sendable () -> String

    init(_ name: String, _ code: FindingCode?, _ text: @escaping @Sendable () -> String) {
        self.name = name
        self.code = code
        self.text = text
    }

    var testDescription: String { name }
}

@Suite("hostile documents")
struct HostileInputTests {
    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    static let attacks: [Attack] = [
        Attack("external entity", "xml-doctype") { "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>" },
        Attack("external DTD", "xml-doctype") { "<!DOCTYPE a SYSTEM 'http://example.org/a.dtd'><a/>" },
        Attack("parameter entity", "xml-doctype") {
            "<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><a/>"
        },
        Attack("default attribute", "xml-doctype") { "<!DOCTYPE a [<!ATTLIST a b CDATA 'x'>]><a/>" },
        Attack("billion laughs", "xml-doctype") {
            let entities = (1...9).map { "<!ENTITY l\($0) \"\(repeated("&l\($0 - 1);", 10))\">" }.joined()
            return "<!DOCTYPE a [<!ENTITY l0 'lol'>\(entities)]><a>&l9;</a>"
        },
        Attack("quadratic blow-up", "xml-doctype") {
            "<!DOCTYPE a [<!ENTITY e '\(repeated("x", 50_000))'>]><a>\(repeated("&e;", 20_000))</a>"
        },
        Attack("undefined entity", "xml-malformed") { "<a>&e;</a>" },
        Attack("XInclude is a plain element", nil) {
            "<a><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/></a>"
        },
        Attack("stylesheet instruction", nil) { "<?xml-stylesheet href='http://example.org/x.xsl'?><a/>" },
        Attack("a million open tags", "limit-depth") { repeated("<a>", 1_000_000) },
        Attack("a million open brackets", "limit-depth") { repeated("[", 1_000_000) },
        Attack("a million open objects", "limit-depth") { repeated("{\"a\":", 1_000_000) },
        Attack("100 000 attributes", "limit-attributes") {
            "<a \((0..<100_000).map { "a\($0)=''" }.joined(separator: " "))/>"
        },
        Attack("100 000 namespaces", "limit-attributes") {
            "<a \((0..<100_000).map { "xmlns:a\($0)='u'" }.joined(separator: " "))/>"
        },
        Attack("100 000 attributes behind a comment", "limit-attributes") {
            "<r><!-- <x a='1> --><a \((0..<100_000).map { "a\($0)=\"\"" }.joined(separator: " "))/></r>"
        },
        Attack("a name of 60 KB", "limit-text") { "<\(repeated("n", 60_000))/>" },
        Attack("500 000 elements", "limit-nodes") { "<a>\(repeated("<b/>", 500_000))</a>" },
        Attack("500 000 numbers", "limit-nodes") { "[0\(repeated(",0", 500_000))]" },
        Attack("200 000 different keys", nil) { "{\((0..<200_000).map { "\"k\($0)\":0" }.joined(separator: ","))}" },
        Attack("200 000 different names", nil) { "<a>\((0..<200_000).map { "<k\($0)/>" }.joined())</a>" },
        Attack("200 000 companions", nil) {
            "{\"resourceType\":\"Patient\",\((0..<100_000).map { "\"k\($0)\":0,\"_k\($0)\":{\"id\":\"1\"}" }.joined(separator: ","))}"
        },
        Attack("200 000 empty FHIR objects", nil) {
            "{\"resourceType\":\"Patient\",\"a\":[{}\(repeated(",{}", 200_000))]}"
        },
        Attack("a megabyte of character references", nil) { "<a>\(repeated("&#65;", 200_000))</a>" },
        Attack("a megabyte of comments", nil) { "<a>\(repeated("x<!---->", 130_000))</a>" },
        Attack("a megabyte of escapes", nil) { "[\"\(repeated("\\u0041", 170_000))\"]" },
        Attack("character zero", "xml-malformed") { "<a>&#0;</a>" },
        Attack("surrogate reference", "xml-malformed") { "<a>&#xD800;</a>" },
        Attack("U+FFFE", "xml-malformed") { "<a>\u{FFFE}</a>" },
        Attack("two roots", "xml-malformed") { "<a/><b/>" },
        Attack("text after the root", "xml-malformed") { "<a/>x" },
        Attack("the same attribute twice by namespace", "xml-namespace") {
            "<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>"
        },
        Attack("a web page", "xml-doctype") { "<!DOCTYPE html><html><p>hello<br></html>" },
        Attack("200 000 HL7 fields", nil) { "MSH|^~\\&|A\rPID\(repeated("|x", 100_000))" },
        Attack("a megabyte of HL7 delimiters", nil) { "MSH|^~\\&|A\rPID|\(repeated("~^&", 300_000))" },
        Attack("deep groups in v2.xml", "limit-depth") {
            "<R xmlns='urn:hl7-org:v2xml'>\(repeated("<R.G>", 1000))\(repeated("</R.G>", 1000))</R>"
        },
    ]

    @Test("is refused with the right finding, or read, and either quickly", arguments: attacks)
    func attack(_ attack: Attack) {
        let reading = Reading(attack.text())
        #expect(reading.findings.filter { $0.severity == .error }.map(\.code) == (attack.code.map { [$0] } ?? []))
        #expect(reading.isRead == (attack.code == nil))
        #expect(reading.findings.count <= 21)
    }

    @Test("a limit on depth can be raised only so far", arguments: ["[", "<a>", "{\"resourceType\":\"P\",\"a\":"])
    func deepest(_ opening: String) {
        var limits = Limits()
        limits.depth = 1_000_000
        #expect(Reading(String(repeating: opening, count: 300), limits: limits).findings.map(\.code) == ["limit-depth"])
        let closing = ["[": "]", "<a>": "</a>"][opening] ?? "}"
        let inner = opening.hasPrefix("{") ? "1" : ""
        let count = Limits.deepest
        let text = String(repeating: opening, count: count) + inner + String(repeating: closing, count: count)
        #expect(Reading(text, limits: limits).isRead)
    }

    @Test("a document cut anywhere is refused, whatever its kind")
    func cuts() {
        let reader = DocumentReader()
        for text in [FHIRTreeTests.json, FHIRTreeTests.xml, HL7v2Tests.xml] {
            let bytes = Array(text.utf8)
            for length in 0..<bytes.count {
                let reading = Reading(Array(bytes[..<length]), reader: reader)
                #expect(!reading.isRead && reading.findings.count == 1 && reading.document.nodes.isEmpty)
                let code = reading.findings.first?.code.rawValue ?? ""
                let expected = [
                    "xml-truncated", "json-truncated", "document-empty", "encoding-invalid", "format-unknown",
                ]
                #expect(
                    expected.contains(code),
                    "cut at \(length): \(code) \(reading.findings) after \(text.prefix(length).suffix(20))")
            }
            #expect(Reading(bytes, reader: reader).isRead)
        }
    }

    @Test("a document with any one byte changed is read or refused, never a crash and never half-read")
    func changes() {
        let reader = DocumentReader()
        var random = SystemRandomNumberGenerator()
        for text in [FHIRTreeTests.json, FHIRTreeTests.xml, HL7v2Tests.xml, HL7v2Tests.pipes.joined(separator: "\r")] {
            let bytes = Array(text.utf8)
            for index in bytes.indices {
                var changed = bytes
                changed[index] = [UInt8.random(in: 0...255, using: &random), 0x3C, 0x26, 0x22, 0x5C, 0x00][index % 6]
                let reading = Reading(changed, reader: reader)
                #expect(reading.isRead == !reading.document.nodes.isEmpty)
                #expect(reading.isRead == !reading.findings.contains { $0.severity == .error })
                #expect(reading.document.isSound)
            }
        }
    }

    @Test("naughty strings survive as values of JSON and of XML", .enabled(if: Shared.has("suites/blns/blns.json")))
    func naughtyStrings() throws {
        let strings = try Shared.decode([String].self, from: "suites/blns/blns.json")
        let json = String(decoding: try JSONEncoder().encode(strings), as: UTF8.self)
        let reading = Reading(json)
        #expect(reading.isRead)
        var node: NodeID = 2
        for string in strings {
            let value = try #require(reading.document.ownValue(node))
            #expect(reading.document.bytes(value) == Array(string.utf8))
            node += 1
        }
        for string in strings where string.unicodeScalars.allSatisfy(Self.isXML) {
            let reading = Reading("<a b=\"\(Self.escaped(string))\">\(Self.escaped(string))</a>")
            let document = reading.document
            #expect(reading.isRead, "\(reading.findings)")
            let text = reading.isRead ? document.ownValue(1).map(document.bytes) ?? [] : []
            let attribute = reading.isRead ? document.ownValue(2).map(document.bytes) ?? [] : []
            #expect(text == Array(string.utf8))
            #expect(attribute == Array(string.utf8))
        }
        print("naughty strings: \(strings.count)")
    }

    private static func isXML(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF || [9, 10, 13].contains(scalar.value)
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { "<>&\"'\r\n\t".unicodeScalars.contains($0) ? "&#\($0.value);" : String($0) }.joined()
    }
}

extension SourceDocument {
    /// Whether the tree holds together: subtrees nest, values and places lie inside.
    var isSound: Bool {
        for (index, node) in nodes.enumerated() {
            let parent = nodes[Int(node.parent)]
            guard node.next > index, Int(node.next) <= nodes.count, index == 0 || node.parent < index,
                node.next <= parent.next, node.start <= node.end, Int(node.end) <= source.count
            else { return false }
            if let own = ownValue(NodeID(index)) {
                guard own.start <= own.end, own.end <= (own.isAside ? side.count : source.count) else { return false }
            }
        }
        return true
    }
}
