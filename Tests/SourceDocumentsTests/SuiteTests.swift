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
    /// Cases that RFC 8259 lets a reader accept and this one refuses on purpose: which value would be the patient's?
    private static let refusedJSON: Set = [
        "test_parsing/y_object_duplicated_key.json", "test_parsing/y_object_duplicated_key_and_value.json",
    ]

    @Test(
        "JSONTestSuite: all 283 decided cases, and no crash on the open ones",
        .enabled(if: Shared.has("suites/JSONTestSuite/cases.json")))
    func jsonTestSuite() throws {
        let reader = DocumentReader()
        var counts: [String: Int] = [:]
        var wrong: [String] = []
        for test in try Shared.decode([Case].self, from: "suites/JSONTestSuite/cases.json") {
            let reading = Reading(try Shared.bytes("suites/JSONTestSuite/\(test.file)"), as: .json, reader: reader)
            counts[test.expect, default: 0] += 1
            let mustAccept = test.expect == "accept" && !Self.refusedJSON.contains(test.file)
            let mustRefuse = test.expect == "reject" || Self.refusedJSON.contains(test.file)
            if mustAccept && !reading.isRead || mustRefuse && reading.isRead {
                wrong.append("\(test.file): \(reading.found)")
            }
        }
        print("JSONTestSuite", counts, "wrong", wrong.count)
        #expect(wrong == [])
        #expect(counts["accept"] == 95 && counts["reject"] == 188)
    }

    /// Cases read here though the suite's list says to refuse them, and why that is right.
    private static let readXML: [String: String] = [
        "hst-lhs-007": "a UTF-8 mark with another encoding declared: the mark leaves no doubt",
        "hst-lhs-008": "a UTF-16 mark with UTF-8 declared: the mark leaves no doubt",
        "o-p15pass1": "well-formed; its DOCTYPE stands in a comment",
        "o-p16pass1": "well-formed; its DOCTYPE stands in a processing instruction",
        "o-p18pass1": "well-formed; its DOCTYPE stands in a CDATA section",
    ]

    @Test(
        "xmlconf: what must be refused is, what must be read is", .enabled(if: Shared.has("suites/xmlconf/cases.json")))
    func xmlconf() throws {
        let reader = DocumentReader()
        var counts: [String: Int] = [:]
        var wrong: [String] = []
        for test in try Shared.decode([Case].self, from: "suites/xmlconf/cases.json") {
            let reading = Reading(try Shared.bytes("suites/xmlconf/\(test.file)"), as: .xml, reader: reader)
            counts[test.expect, default: 0] += 1
            let isException = Self.readXML[test.id ?? ""] != nil
            let mustRefuse = test.expect == "refuse" && !isException
            let mustAccept = test.expect == "accept" || isException
            if mustAccept && !reading.isRead || mustRefuse && reading.isRead {
                wrong.append("\(test.id ?? "") \(test.file): \(test.expect) \(reading.found)")
            }
        }
        print("xmlconf", counts, "wrong", wrong.count)
        #expect(wrong == [])
    }
}
