import Testing

@testable import Reporting
@testable import SourceDocuments

private struct Case: Decodable {
    var file: String
    var expect: String
    var id: String?
}

/// What a reader makes of all of JSONTestSuite.
private struct JSONSuiteRun {
    var counts: [String: Int] = [:]
    /// The decided cases it gets wrong, and what it found.
    var wrong: [String] = []

    init(_ reader: DocumentReader) throws {
        for test in try Shared.decode([Case].self, from: "suites/JSONTestSuite/cases.json") {
            let reading = Reading(try Shared.bytes("suites/JSONTestSuite/\(test.file)"), as: .json, reader: reader)
            counts[test.expect, default: 0] += 1
            if test.expect == "accept" && !reading.isRead || test.expect == "reject" && reading.isRead {
                wrong.append("\(test.file): \(reading.found)")
            }
        }
        wrong.sort()
    }
}

@Suite("public conformance suites")
struct SuiteTests {
    @Test(
        "JSONTestSuite: all 283 decided cases by the grammar alone, and no crash on the open ones",
        .enabled(if: Shared.has("suites/JSONTestSuite/cases.json")))
    func jsonGrammar() throws {
        let reader = DocumentReader(limits: .standard, refusesRepeatedKeys: false)
        let run = try JSONSuiteRun(reader)
        print("JSONTestSuite", run.counts, "wrong", run.wrong.count)
        #expect(run.wrong == [])
        #expect(run.counts["accept"] == 95 && run.counts["reject"] == 188)
    }

    /// RFC 8259 lets a reader take one key twice; this one refuses it, since which value would be the patient's?
    @Test(
        "JSONTestSuite: documents are read by the grammar, only that no key may stand twice in an object",
        .enabled(if: Shared.has("suites/JSONTestSuite/cases.json")))
    func jsonAsRead() throws {
        let run = try JSONSuiteRun(DocumentReader())
        let refused = ["y_object_duplicated_key", "y_object_duplicated_key_and_value"]
        #expect(run.wrong == refused.map { "test_parsing/\($0).json: [\"json-duplicate-key 1:10\"]" })
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
