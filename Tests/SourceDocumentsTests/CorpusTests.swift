import Testing

@testable import Reporting
@testable import SourceDocuments

@Suite("real documents")
struct CorpusTests {
    /// Files that cannot be read, and the finding that says why.
    private static let refused: [String: String] = [
        "hl7v2xml-external-dtd.xml": "xml-doctype",
        "gpc-senddocument-consultation-report-bad.xml": "format-unknown",  // begins with `{%` of a web-page template
    ]

    @Test("every document of the corpus is read, or refused for a reason", .enabled(if: Shared.has("corpus")))
    func corpus() throws {
        let reader = DocumentReader()
        var counts: [String: Int] = [:]
        for ending in [".xml", ".json", ".hl7"] {
            for path in try Shared.files(in: "corpus", ending: ending) {
                let reading = Reading(try Shared.bytes(path), reader: reader)
                let name = path.split(separator: "/").last.map(String.init) ?? path
                counts[
                    reading.isRead ? reading.document.format.rawValue : reading.findings.first?.code.rawValue ?? "",
                    default: 0] += 1
                #expect(reading.findings.first { $0.severity == .error }?.code.rawValue == Self.refused[name])
                #expect(reading.isRead == !reading.document.nodes.isEmpty && reading.document.isSound)
            }
        }
        print("corpus", counts)
    }
}
