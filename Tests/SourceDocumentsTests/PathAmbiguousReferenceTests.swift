import Reporting
import Testing

@testable import SourceDocuments

/// Where two resources could be meant, a reference leads to none: taking the first could be taking the wrong person.
@Suite("References that could mean two resources")
struct PathAmbiguousReferenceTests {
    private func patients(_ json: String) throws -> Int {
        var document = SourceDocument()
        let context = PathContext(language: .fhirPath, rootName: "Bundle")
        let path = try Path.compile(
            "Bundle.entry.resource.ofType(ServiceRequest).subject.resolve()", in: context, symbols: &document.symbols
        ).get()
        var findings: [Finding] = []
        try #require(DocumentReader().read(Array(json.utf8), into: &document, reporting: &findings))
        var evaluator = PathEvaluator()
        evaluator.begin(document)
        var nodes: [NodeID] = []
        evaluator.select(path, from: 1, in: &document, into: &nodes)
        return nodes.count
    }

    private func bundle(_ reference: String, _ entries: String, contained: String = "") -> String {
        """
        {"resourceType":"Bundle","entry":[{"fullUrl":"https://a.example/ServiceRequest/1","resource":
        {"resourceType":"ServiceRequest",\(contained)"subject":{"reference":"\(reference)"}}}\(entries)]}
        """
    }

    private let urn = "urn:uuid:11111111-1111-4111-8111-111111111111"

    @Test("one resource is found, two of the same name are not")
    func fullUrl() throws {
        let entry = #",{"fullUrl":"\#(urn)","resource":{"resourceType":"Patient"}}"#
        #expect(try patients(bundle(urn, entry)) == 1)
        #expect(try patients(bundle(urn, entry + entry)) == 0)
    }

    @Test("two contained resources of one id")
    func contained() throws {
        let one = #"{"resourceType":"Patient","id":"p"}"#
        #expect(try patients(bundle("#p", "", contained: #""contained":[\#(one)],"#)) == 1)
        #expect(try patients(bundle("#p", "", contained: #""contained":[\#(one),\#(one)],"#)) == 0)
    }

    @Test("two resources of one type and id on one server")
    func relative() throws {
        let entry = #",{"fullUrl":"https://a.example/Patient/9","resource":{"resourceType":"Patient","id":"9"}}"#
        #expect(try patients(bundle("Patient/9", entry)) == 1)
        #expect(try patients(bundle("Patient/9", entry + entry)) == 0)
    }
}
