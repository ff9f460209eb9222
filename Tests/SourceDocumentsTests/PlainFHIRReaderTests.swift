import Foundation
import Testing

@testable import Reporting
@testable import SourceDocuments

/// FHIR JSON that is plain is read straight into its tree; these tests hold that against the long way over the tree of JSON.
@Suite("plain FHIR JSON is read as the long way reads it")
struct PlainFHIRReaderTests {
    /// The short way reads with the names that the long way met, so that even their numbers are the same; and once more with
    /// none, which must make no difference.
    private static func bothWays(
        _ bytes: [UInt8], as format: SourceFormat?, limits: Limits = .standard
    ) -> (short: Reading, long: Reading) {
        let long = Reading(bytes, as: format, reader: DocumentReader(limits: limits, takesShortWay: false))
        let short = Reading(bytes, as: format, reader: DocumentReader(limits: limits), symbols: long.document.symbols)
        let fresh = Reading(bytes, as: format, limits: limits)
        #expect(fresh.lines == short.lines && fresh.findings == short.findings)
        return (short, long)
    }

    private static func isSame(_ short: Reading, _ long: Reading) -> Bool {
        short.isRead == long.isRead && short.findings == long.findings
            && short.document.format == long.document.format && short.document.side == long.document.side
            && short.document.nodes.elementsEqual(long.document.nodes, by: isSame)
    }

    private static func isSame(_ one: SourceNode, _ other: SourceNode) -> Bool {
        one.kind == other.kind && one.flags == other.flags && one.name == other.name && one.start == other.start
            && one.end == other.end && one.valueStart == other.valueStart && one.valueEnd == other.valueEnd
            && one.next == other.next && one.parent == other.parent
    }

    /// Documents that are plain, and some of each kind that is not.
    static let documents = [
        #"{"resourceType":"Patient"}"#,
        #" { "resourceType" : "Patient" , "active" : true , "multipleBirthInteger" : -2 } "#,
        #"{"id":"1","resourceType":"Task"}"#,
        #"{"resourceType":"Patient","name":[{"given":["A","B"]},{"given":["C"]}],"id":"2"}"#,
        #"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"1"}},{"resource":{"id":"2","resourceType":"Task"}}]}"#,
        #"{"resourceType":"Patient","text":{"div":"<div>a \"b\"</div>"},"x":"a\u00e9b","div":1,"y":"\ud83d\ude00"}"#,
        #"{"resourceType":"Patient","a":{"a":{"a":1},"b":2},"b":[1,2.50,false,"x",{"a":[{"b":1}]}]}"#,
        // Not plain.
        FHIRTreeTests.json,
        #"{"resourceType":"Patient","a":1,"b":{"a":2},"a":3}"#, #"{"resourceType":"Patient","a":[1],"a":[2]}"#,
        #"{"resourceType":"Patient","resourceType":"Task"}"#, #"{"resourceType":["Patient"]}"#,
        #"{"resourceType":{"a":1}}"#, #"{"resourceType":1}"#, #"{"resourceType":""}"#, #"{"resourceType":null}"#,
        #"{"resourceType":"Pat\u0069ent","id":"1"}"#, #"{"resource\u0054ype":"Patient","id":"1"}"#,
        #"{"resourceType":"Patient","a":null}"#, #"{"resourceType":"Patient","a":{}}"#,
        #"{"resourceType":"Patient","a":[]}"#, #"{"resourceType":"Patient","a":[[1]]}"#,
        #"{"resourceType":"Patient","a":[1,null]}"#, #"{"resourceType":"Patient","_a":{"id":"1"},"a":1}"#,
        #"{"resourceType":"Patient","fhir_comments":["x"],"a":{"fhir_comments":"y","b":1}}"#,
        #"{"resourceType":"Patient","":1,"a":{"":2}}"#, #"{"resourceType":"Patient","a\"b":1,"a":2}"#,
        #"{"resourceType":"Patient","a":1,}"#, #"{"resourceType":"Patient","a":[1,]}"#,
        #"{"resourceType":"Patient","a":1]"#, #"{"resourceType":"Patient","a":[1}"#, #"{"resourceType":"Patient"}}"#,
        #"{"resourceType":"Patient"} x"#, #"{"resourceType":"Patient""#, #"{"resourceType":"Patient","a":01}"#,
        #"{"resourceType":"Patient","a":truth}"#, #"{"resourceType":"Patient","a":"\q"}"#,
        #"{"resourceType":"Patient","a":"\ud800"}"#, #"{"resourceType":"Patient" "a":1}"#,
        #"{"resourceType":"Patient","a" 1}"#, #"{"resourceType":"Patient",a:1}"#,
        #"{"resourceType":"Patient","a":'b'}"#,
        "{\"resourceType\":\"Patient\",\"a\":\"b\u{1}\"}", "{\"resourceType\":\"Patient\",\u{B}\"a\":1}",
        #"{"a":1}"#, #"{}"#, #"["resourceType"]"#, #"[{"resourceType":"Patient"}]"#, #""resourceType""#, "{", "7",
    ]

    @Test("small documents, plain and not", arguments: documents)
    func small(_ text: String) {
        for format in [nil, SourceFormat.fhir, .json] {
            let (short, long) = Self.bothWays(Array(text.utf8), as: format)
            #expect(Self.isSame(short, long), "\(short.lines) \(short.found) | \(long.lines) \(long.found)")
        }
    }

    @Test("a document cut off anywhere, and with any one byte changed")
    func mutilated() {
        let bytes = Array(Self.documents[5].utf8) + Array(" ".utf8)
        for index in bytes.indices {
            let cut = Self.bothWays(Array(bytes[..<index]), as: .fhir)
            #expect(Self.isSame(cut.short, cut.long), "cut off after \(index) bytes")
            for byte in Array("\"\\{}[],:_1n \u{1}".utf8) {
                var changed = bytes
                changed[index] = byte
                let (short, long) = Self.bothWays(changed, as: nil)
                #expect(Self.isSame(short, long), "byte \(index) made \(byte)")
            }
        }
    }

    @Test("limits are the same: one less than a document needs, and what it needs", arguments: documents.prefix(7))
    func limits(_ text: String) {
        let bytes = Array(text.utf8)
        for limit in 0...24 {
            for path in [\Limits.depth, \.nodes, \.textBytes] {
                var limits = Limits.standard
                limits[keyPath: path] = limit
                let (short, long) = Self.bothWays(bytes, as: .fhir, limits: limits)
                #expect(Self.isSame(short, long), "\(limit)")
            }
        }
    }

    @Test("names met before do not lead astray: a companion and a comment that followed a name before")
    func learnt() {
        let reader = DocumentReader()
        var document = SourceDocument()
        var findings: [Finding] = []
        let first = #"{"resourceType":"Patient","a":1,"_b":{"id":"x"},"c":2,"fhir_comments":["x"]}"#
        let then = [
            #"{"resourceType":"Patient","a":1,"_b":{"id":"y"}}"#,
            #"{"resourceType":"Patient","c":2,"fhir_comments":3}"#,
            #"{"resourceType":"Patient","a":1,"_bc":{"id":"y"}}"#, #"{"resourceType":"Patient","a":1,"c":2,"a":3}"#,
        ]
        for text in then {
            #expect(reader.read(Array(first.utf8), into: &document, reporting: &findings))
            let short = Reading(Array(text.utf8), reader: reader, symbols: document.symbols)
            let long = Reading(
                Array(text.utf8), reader: DocumentReader(limits: .standard, takesShortWay: false),
                symbols: document.symbols)
            #expect(short.lines == long.lines && short.found == long.found)
        }
    }

    @Test(
        "every published example and every document of the corpus",
        .enabled(if: Shared.has("suites/fhir-r4-examples")))
    func examples() throws {
        var count = 0
        for path in FHIRTreeTests.documents {
            let bytes = try Shared.bytes(path)
            for format in [nil, SourceFormat.fhir] {
                let (short, long) = Self.bothWays(bytes, as: format)
                #expect(Self.isSame(short, long), "\(path)")
            }
            count += 1
        }
        #expect(count >= 90)
    }

    @Test("every sample of the shipped mappings, with a table of names kept from one to the next")
    func samples() throws {
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let samples = repository.appendingPathComponent("samples")
        let names = FileManager.default.enumerator(atPath: samples.path)?.compactMap { $0 as? String } ?? []
        let (short, long) = (DocumentReader(), DocumentReader(limits: .standard, takesShortWay: false))
        var symbols = SymbolTable()
        var count = 0
        for name in (names + names).filter({ $0.hasSuffix(".json") }).sorted() {
            let bytes = Array(try Data(contentsOf: samples.appendingPathComponent(name)))
            let other = Reading(bytes, reader: long, symbols: symbols)
            symbols = other.document.symbols
            #expect(Self.isSame(Reading(bytes, reader: short, symbols: symbols), other), "\(name)")
            if other.document.format == .fhir { count += 1 }
        }
        #expect(count >= 40)
    }
}
