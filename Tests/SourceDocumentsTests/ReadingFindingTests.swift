import Testing

@testable import Reporting
@testable import SourceDocuments

/// A document with the place of its fault marked by ①.
struct Marked: Sendable, CustomTestStringConvertible {
    var code: String
    var text: String
    var format: SourceFormat?
    var limits = Limits()

    init(_ code: String, _ text: String, _ format: SourceFormat? = nil, _ change: (inout Limits) -> Void = { _ in }) {
        self.code = code
        self.text = text
        self.format = format
        change(&limits)
    }

    var testDescription: String { "\(code): \(text.prefix(60))" }

    /// The document without the mark, and the line and column where it stood.
    var parts: (text: String, position: SourcePosition) {
        let pieces = text.split(separator: "①", maxSplits: 1, omittingEmptySubsequences: false)
        let before = Array(String(pieces[0]).utf8)
        return (text.replacing("①", with: ""), Lines.position(at: before.count, in: before + [0x21]))
    }
}

@Suite("findings of reading")
struct ReadingFindingTests {
    static let cases: [Marked] = [
        Marked("document-empty", "①"),
        Marked("document-empty", "① \r\n\t "),
        Marked("document-too-large", "①<a>123456789</a>") { $0.bytes = 10 },
        Marked("format-unknown", "①Dear colleague,\nplease see this person"),
        Marked("format-unknown", "①%PDF-1.7 ..."),
        Marked("format-unknown", "①{\\rtf1 }"),
        Marked("format-unexpected", "\n  ①{}", .xml),
        Marked("format-unexpected", "①<a/>", .json),
        Marked("format-unexpected", "①MSH|^~\\&|", .fhir),
        Marked("csv-malformed", "a,b,c\n1,2①\"x,3\n"),
        Marked("csv-header", "a,①,c\n1,2,3\n", .csv),
        Marked("format-compressed", "①PK\u{3}\u{4}..."),
        Marked("encoding-unsupported", "①<?xml version=\"1.0\" encoding=\"utf-7\"?><a/>"),
        Marked("encoding-unsupported", "①<?xml version='1.0' encoding='EUC-JP'?><a/>"),
        Marked("encoding-invalid", "①<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>"),
        Marked("encoding-invalid", "<?xml version=\"1.0\" encoding=\"us-ascii\"?>\n<a>①é</a>"),
        Marked("xml-malformed", "<a>\n  <b>é①</a>"),
        Marked("xml-malformed", "<a>x &① y</a>"),
        Marked("xml-malformed", "<a b=①1/>"),
        Marked("xml-malformed", "①<a b='1' b='2'/>"),
        Marked("xml-malformed", "<a/>\n①<b/>"),
        Marked("xml-malformed", "<a>\n①\u{1}</a>"),
        Marked("xml-malformed", "<a>\n①\u{0}</a>"),
        Marked("xml-malformed", "<a>&nbsp;①</a>"),
        Marked("xml-truncated", "<a>\n<b>text①"),
        Marked("xml-truncated", "<a>\n<b x='1①"),
        Marked("xml-truncated", "<a>\n<b></b></①"),
        Marked("xml-truncated", "<?xml version='1.0'?>①"),
        Marked("xml-namespace", "<a>\n  ①<x:b/>\n</a>"),
        Marked("xml-namespace", "<a xmlns:x='u' xmlns:y='u'>①<b x:c='1' y:c='2'/></a>"),
        Marked("xml-doctype", "<?xml version='1.0'?>\n①<!DOCTYPE a SYSTEM \"file:///etc/passwd\">\n<a/>"),
        Marked("xml-doctype", "①<!DOCTYPE html>\n<html></html>"),
        Marked("json-malformed", "{\n  \"a\": 1,\n  ①}"),
        Marked("json-malformed", "[1, 2, ①]"),
        Marked("json-malformed", "{\"a\": ①'x'}"),
        Marked("json-malformed", "{\"a\" ①1}"),
        Marked("json-malformed", "{\"é\": \"x①\n\"}"),
        Marked("json-malformed", "{} ①{}"),
        Marked("json-malformed", "{\"a\": [1 ①2]}"),
        Marked("json-malformed", "{\"a\": \"①\\x\"}"),
        Marked("json-malformed", "{①a: 1}"),
        Marked("json-malformed", "[①truth]"),
        Marked("json-truncated", "{\"a\": [1, 2①"),
        Marked("json-truncated", "{\"a\": \"tex①"),
        Marked("json-truncated", "{\"a\": tr①"),
        Marked("json-truncated", "{\"a\": \"x\\①"),
        Marked("json-truncated", "{\"a\":①"),
        Marked("json-duplicate-key", "{\"nhs\": \"1\",\n \"x\": {\"nhs\": 2},\n ①\"nhs\": \"2\"}"),
        Marked("json-duplicate-key", "{\"nhs\": \"1\",\n ①\"n\\u0068s\" : \"3\"}"),
        Marked("json-duplicate-key", "{\"a\\\"\": 1, ①\"a\\\"\":2}"),
        Marked("json-number", "[①NaN]"),
        Marked("json-number", "[①007]"),
        Marked("json-number", "[1, ①.5]"),
        Marked("json-number", "[①1.]"),
        Marked("json-number", "{\"a\": ①-Infinity}"),
        Marked("json-surrogate", "[\"x①\\ud800\"]"),
        Marked("json-surrogate", "[\"①\\udc00\\ud800\"]"),
        Marked("json-surrogate", "[\"①\\ud83dx\"]"),
        Marked("hl7-malformed", "①MSHX"),
        Marked("hl7-malformed", "MSH|①^^^^|"),
        Marked("hl7-malformed", "MSH|^~\\&|A\n①pid|1"),
        Marked("hl7-malformed", "MSH|^~\\&|A\r①PIDX|1"),
        Marked("fhir-malformed", "①{\"a\": 1}", .fhir),
        Marked("fhir-malformed", "①<Patient/>", .fhir),
        Marked("fhir-malformed", "{\"resourceType\": ①\"\"}"),
        Marked("fhir-malformed", "{\"resourceType\": \"Patient\", \"name\": [①[1]]}"),
        Marked("fhir-malformed", "{\"resourceType\": \"Patient\", \"_active\": ①\"x\"}"),
        Marked("fhir-malformed", "<Patient xmlns='http://hl7.org/fhir'>①<x:a xmlns:x='u'/></Patient>"),
        Marked("limit-depth", "[[[[①[]]]]]") { $0.depth = 4 },
        Marked("limit-depth", "<a><a><a>①<a/></a></a></a>") { $0.depth = 3 },
        Marked("limit-nodes", "[1, 2, 3, ①4]") { $0.nodes = 4 },
        Marked("limit-nodes", "<a><b/><b/>①<b/></a>") { $0.nodes = 3 },
        Marked("limit-nodes", "<a x='1' ①y='2'/>") { $0.nodes = 2 },
        Marked("limit-attributes", "<r>①<a a='1' b='2' c='3'/></r>") { $0.attributes = 2 },
        Marked("limit-attributes", "<r>①<a a='1' xmlns:b='2' xmlns:c='3'/></r>") { $0.attributes = 2 },
        Marked("limit-text", "[①\"123456\"]") { $0.textBytes = 5 },
        Marked("limit-text", "<a>①123456</a>") { $0.textBytes = 5 },
        Marked("limit-text", "<a ①b='123456'/>") { $0.textBytes = 5 },
    ]

    @Test("a document that cannot be read says why and where", arguments: cases)
    func place(_ marked: Marked) {
        let (text, position) = marked.parts
        let reading = Reading(text, as: marked.format, limits: marked.limits)
        #expect(reading.found == ["\(marked.code) \(position)"], "\(reading.findings.first?.message ?? "")")
        #expect(!reading.isRead && reading.document.nodes.isEmpty)
        #expect(reading.findings.allSatisfy { $0.severity == .error && $0.location?.document == "test" })
    }

    @Test("every code of reading has a case, and every case a code")
    func complete() {
        // A row that does not fit is left out, and the table is read all the same: see CSVReaderTests.
        let tested = Set(Self.cases.map(\.code) + ["csv-row-ragged"])
        #expect(tested == Set(FindingCatalogue.reading.map(\.code)))
    }

    @Test("a finding never quotes the document", arguments: cases)
    func silent(_ marked: Marked) {
        let secret = marked.text.replacing("text", with: "Zqxv").replacing("123456", with: "ZqxvZqxv").replacing(
            "etc", with: "Zqxv")
        let reading = Reading(secret.replacing("①", with: ""), as: marked.format, limits: marked.limits)
        for finding in reading.findings { #expect(!"\(finding)".contains("Zqxv")) }
    }

    @Test("a path leads to what was open")
    func path() {
        #expect(Reading("<r><a/><a><b>").findings.first?.location?.path == "/r/a[2]/b")
        #expect(Reading("{\"a\": [1, {\"b\": x}]}").findings.first?.location?.path == "$.a[1]")
        let fhir = Reading("{\"resourceType\":\"Patient\",\"name\":[{\"given\":[[1]]}]}")
        #expect(fhir.findings.first?.location?.path == "Patient.name")
    }

    @Test("size alone can refuse a document")
    func size() {
        var limits = Limits()
        limits.bytes = 100
        #expect(DocumentReader.refusal(ofSize: 100, limits: limits) == nil)
        #expect(DocumentReader.refusal(ofSize: 101, limits: limits)?.code == "document-too-large")
    }
}
