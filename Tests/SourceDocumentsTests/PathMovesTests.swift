import Reporting
import Testing

@testable import SourceDocuments

/// Paths walked node by node, and what is kept from path to path of one document.
@Suite("path moves")
struct PathMovesTests {
    private static let context = PathContext(language: .fhirPath, rootName: "Bundle")

    private static func message(patient: String, of server: String = "urn:uuid:p") -> String {
        """
        { "resourceType": "Bundle", "entry": [
          { "fullUrl": "urn:uuid:s", "resource": { "resourceType": "ServiceRequest", "status": "active",
            "subject": { "reference": "\(server)" },
            "reasonCode": [ { "coding": [ { "system": "a", "code": "1" }, { "system": "b", "code": "2" } ] },
                            { "coding": [ { "system": "b", "code": "3" } ] } ] } },
          { "fullUrl": "\(server)", "resource": { "resourceType": "\(patient)", "active": true,
            "deceasedBoolean": false,
            "name": [ { "use": "old", "family": "Asher" }, { "use": "official", "family": "Bexley" } ] } }
        ] }
        """
    }

    @Test(
        "what a walked path selects, in order",
        arguments: [
            ("entry.resource.ofType(ServiceRequest).reasonCode.coding.code", ["1", "2", "3"]),
            ("entry.resource.ofType(ServiceRequest).reasonCode.coding.where(system = 'b').code", ["2", "3"]),
            ("entry.resource.reasonCode.where(coding.where(system = 'a').exists()).coding.code", ["1", "2"]),
            ("entry.resource.subject.resolve().ofType(Patient).name.where(use = 'official').family", ["Bexley"]),
            ("entry.resource.where($this is Patient).name.family", ["Asher", "Bexley"]),
            ("entry.resource.where(($this is Patient).not()).status", ["active"]),
            ("entry.resource.where(fullUrl is Patient).status", []),
            ("entry.resource.deceased", ["false"]),
            ("entry.resource.ofType(Flag).code", []),
            ("entry.where(resource.ofType(Flag).exists().not()).fullUrl", ["urn:uuid:s", "urn:uuid:p"]),
            ("(entry.resource.status | entry.resource.name.where(use = 'old').family)", ["active", "Asher"]),
        ])
    func selection(path: String, expected: [String]) throws {
        var bench = PathBench(Self.message(patient: "Patient"), Self.context, as: .fhir)
        let nodes = try bench.nodes(path)
        #expect(nodes.map { bench.document.text($0) } == expected)
    }

    @Test("a condition shares its beginnings with other paths, and is as true as before")
    func sharedConditions() throws {
        var bench = PathBench(Self.message(patient: "Patient"), Self.context, as: .fhir)
        for _ in 0..<2 {
            #expect(try bench.test("entry.resource.ofType(Patient).count() = 1"))
            #expect(try bench.test("entry.resource.ofType(Patient).all(name.exists())"))
            #expect(try !bench.test("entry.resource.ofType(Patient).where(active = false).exists()"))
            #expect(try bench.test("entry.resource.ofType(Flag).exists().not()"))
        }
    }

    @Test("nothing is remembered of the last document: neither its types nor where its references lead")
    func nextDocument() throws {
        let path = "entry.resource.ofType(ServiceRequest).subject.resolve().ofType(Patient).name.family"
        var bench = PathBench(Self.message(patient: "Patient"), Self.context, as: .fhir)
        #expect(try bench.nodes(path).count == 2)
        let texts = [Self.message(patient: "Person"), Self.message(patient: "Patient", of: "urn:uuid:q")]
        for (text, count) in zip(texts, [0, 2]) {
            var findings: [Finding] = []
            #expect(DocumentReader().read(Array(text.utf8), as: .fhir, into: &bench.document, reporting: &findings))
            bench.evaluator.begin(bench.document)
            #expect(try bench.nodes(path).count == count)
            #expect(try bench.nodes("entry.resource.ofType(Patient)").count == count / 2)
        }
    }

    @Test("a reference counts as looked at each time it is followed, though it is resolved once")
    func resolvedMarks() throws {
        var bench = PathBench(Self.message(patient: "Patient"), Self.context, as: .fhir)
        let reference = try #require(try bench.nodes("entry.resource.subject.reference").first)
        let path = try bench.path("resolve()")
        for _ in 0..<2 {
            bench.evaluator.beginAgain(bench.document)
            var result: [NodeID] = []
            let parent = bench.document.nodes[Int(reference)].parent
            bench.evaluator.select(path, from: parent, in: &bench.document, into: &result)
            #expect(result.count == 1)
            #expect(bench.evaluator.marks[Int(reference)] != 0)
        }
    }

    @Test("what only one path begins with is not kept, what two begin with is")
    func wants() throws {
        var bench = PathBench(Self.message(patient: "Patient"), Self.context, as: .fhir)
        let paths = ["entry.resource.ofType(Patient).name.family", "entry.resource.ofType(Patient).name.use"]
        #expect(try bench.nodes(paths[0]).count == 2)
        #expect(bench.evaluator.sharing.nodes.isEmpty)
        #expect(try bench.nodes(paths[1]).count == 2)
        #expect(!bench.evaluator.sharing.nodes.isEmpty)
        let kept = bench.evaluator.sharing.nodes.count
        #expect(try bench.nodes(paths[0]).count == 2)
        #expect(bench.evaluator.sharing.nodes.count == kept)
    }
}
