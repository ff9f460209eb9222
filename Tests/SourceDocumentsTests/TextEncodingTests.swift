import Foundation
import Testing

@testable import Reporting
@testable import SourceDocuments

@Suite("encodings")
struct TextEncodingTests {
    private static let text = "<?xml version=\"1.0\" encoding=\"ENC\"?>\n<a b=\"é\">Zoë</a>"
    private static let tree = ["/a element = Zoë", "/a/@b attribute = é"]

    private static func bytes(_ name: String, _ encoding: String.Encoding, mark: [UInt8] = []) -> [UInt8] {
        mark + Array(text.replacing("ENC", with: name).data(using: encoding) ?? Data())
    }

    static let encoded: [(String, [UInt8])] = [
        ("UTF-8", bytes("UTF-8", .utf8)),
        ("UTF-8 with mark", bytes("utf-8", .utf8, mark: [0xEF, 0xBB, 0xBF])),
        ("UTF-16LE with mark", bytes("UTF-16", .utf16LittleEndian, mark: [0xFF, 0xFE])),
        ("UTF-16BE with mark", bytes("utf-16", .utf16BigEndian, mark: [0xFE, 0xFF])),
        ("UTF-16LE by its pattern", bytes("UTF-16LE", .utf16LittleEndian)),
        ("UTF-16BE by its pattern", bytes("UTF-16BE", .utf16BigEndian)),
        ("UTF-16 that says UTF-8", bytes("UTF-8", .utf16LittleEndian, mark: [0xFF, 0xFE])),
        ("ISO-8859-1", bytes("ISO-8859-1", .isoLatin1)),
        ("ISO-8859-15", bytes("iso-8859-15", .isoLatin1)),
        ("windows-1252", bytes("Windows-1252", .windowsCP1252)),
    ]

    @Test("the same document in each encoding gives the same tree", arguments: encoded)
    func same(_ name: String, _ bytes: [UInt8]) {
        let reading = Reading(bytes)
        #expect(reading.lines == Self.tree, "\(reading.found)")
        #expect(
            reading.document.position(at: Int(reading.document.nodes[1].start)) == SourcePosition(line: 2, column: 1))
    }

    @Test(
        "characters that differ between the single-byte encodings",
        arguments: [
            ("iso-8859-1", UInt8(0xA4), "¤"), ("iso-8859-15", 0xA4, "€"), ("windows-1252", 0x80, "€"),
            ("windows-1252", 0x92, "’"),
        ])
    func singleBytes(_ name: String, _ byte: UInt8, _ expected: String) {
        let bytes = Array("<?xml version='1.0' encoding='\(name)'?><a>".utf8) + [byte] + Array("</a>".utf8)
        #expect(Reading(bytes).lines == ["/a element = \(expected)"])
    }

    static let refused: [(String, [UInt8], String)] = [
        ("invalid UTF-8", Array("<a>\nab".utf8) + [0xFF] + Array("</a>".utf8), "encoding-invalid 2:3"),
        ("overlong", Array("<a>".utf8) + [0xC0, 0xAF] + Array("</a>".utf8), "encoding-invalid 1:4"),
        ("surrogate", Array("[\"".utf8) + [0xED, 0xA0, 0x80] + Array("\"]".utf8), "encoding-invalid 1:3"),
        ("cut inside a character", Array("<a>\u{e9}".utf8.dropLast()), "encoding-invalid 1:4"),
        (
            "undefined in windows-1252", Array("<?xml version='1.0' encoding='cp1252'?><a>".utf8) + [0x81],
            "encoding-invalid 1:43"
        ),
        ("half a UTF-16 pair", [0xFF, 0xFE, 0x3C, 0, 0x61, 0, 0x00, 0xD8, 0x3E, 0], "encoding-invalid 1:3"),
        ("odd UTF-16", [0xFF, 0xFE, 0x3C, 0, 0x61], "encoding-invalid 1:2"),
        ("UTF-32", [0, 0, 0, 0x3C, 0, 0, 0, 0x61], "encoding-unsupported 1:1"),
        ("UTF-32 with mark", [0xFF, 0xFE, 0, 0, 0x3C, 0, 0, 0], "encoding-unsupported 1:1"),
        ("UTF-16 JSON without mark", [0x7B, 0, 0x7D, 0], "encoding-unsupported 1:1"),
        ("EBCDIC", [0x4C, 0x6F, 0xA7, 0x94, 0x93], "encoding-unsupported 1:1"),
        ("gzip", [0x1F, 0x8B, 8, 0], "format-compressed 1:1"),
        ("JPEG", [0xFF, 0xD8, 0xFF, 0xE0], "format-unknown 1:1"),
        ("PNG", [0x89, 0x50, 0x4E, 0x47, 0x0D], "format-unknown 1:1"),
    ]

    @Test("what is not text in one of the encodings is refused", arguments: refused)
    func refuse(_ name: String, _ bytes: [UInt8], _ expected: String) {
        #expect(Reading(bytes).found == [expected])
    }

    @Test("JSON in UTF-16 with a mark is read")
    func json() {
        let bytes = [0xFF, 0xFE] + Array("[\"é\"]".data(using: .utf16LittleEndian) ?? Data())
        #expect(Reading(bytes).lines == ["$ array", "$[0] string = é"])
    }

    @Test("UTF-8 without a mark shares the caller's bytes")
    func shared() {
        let bytes = Array("[1]".utf8)
        let reading = Reading(bytes)
        let same = bytes.withUnsafeBufferPointer { mine in
            reading.document.source.withUnsafeBufferPointer { $0.baseAddress == mine.baseAddress }
        }
        #expect(same)
    }
}
