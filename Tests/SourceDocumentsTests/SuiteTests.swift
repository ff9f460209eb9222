import Testing

@testable import Reporting
@testable import SourceDocuments

private struct Case: Decodable {
    var file: String
    var expect: String
    var id: String?
}

@Suite("public conformance suites")
struct SuiteTests {
    @Test("JSONTestSuite: all 283 decided cases, and no crash on the 35 open ones", .enabled(if: Shared.has("suites/JSONTestSuite/cases.json")))
    func jsonTestSuite() throws {
        let reader = DocumentReader()
        var counts = [String: Int]()
        var wrong: [String] = []
        for test in try Shared.decode([Case].self, from: "suites/JSONTestSuite/cases.json") {
            let reading = Reading(try Shared.bytes("suites/JSONTestSuite/\(test.file)"), as: .json, reader: reader)
            counts[test.expect, default: 0] += 1
            if test.expect == "accept" && !reading.isRead || (test.expect == "refuse" || test.expect == "reject") && reading.isRead {
                wrong.append("\(test.file): \(reading.found)")
            }
        }
        print("JSONTestSuite", counts, "wrong", wrong.count)
        #expect(wrong == [])
    }

    /// Documents that libxml2 2.9 accepts though the suite says otherwise, and why that does no harm here.
    private static let exceptions: [String: String] = [:]

    @Test("xmlconf: what must be refused is, what must be read is", .enabled(if: Shared.has("suites/xmlconf/cases.json")))
    func xmlconf() throws {
        let reader = DocumentReader()
        var counts: [String: Int] = [:]
        var wrong: [String] = []
        for test in try Shared.decode([Case].self, from: "suites/xmlconf/cases.json") {
            let reading = Reading(try Shared.bytes("suites/xmlconf/\(test.file)"), as: .xml, reader: reader)
            counts[test.expect, default: 0] += 1
            if test.expect == "accept" && !reading.isRead || (test.expect == "refuse" || test.expect == "reject") && reading.isRead {
                wrong.append("\(test.id ?? "") \(test.file): \(test.expect) \(reading.found) \(reading.findings.first?.message ?? "")")
            }
        }
        print("xmlconf", counts, "wrong", wrong.count)
        #expect(wrong == [])
    }
}
