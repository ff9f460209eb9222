import Foundation
import Mappings
import Reporting
import Testing

/// The same facts in JSON and in XML are the same referral, byte for byte but for what says where it came from.
@Suite("Twins")
struct TwinTests {
    @Test(
        "our samples in two formats give one referral",
        arguments: [
            ("fhir-bars/new-referral.json", "fhir-bars/new-referral.xml"),
            ("riverside-xml/rich-letter.xml", "riverside-json/rich-letter.json"),
        ])
    func samples(_ first: String, _ second: String) throws {
        let translator = try Shipped.translator()
        let left = translator.translate(try Shipped.sample(first), named: "letter")
        let right = translator.translate(try Shipped.sample(second), named: "letter")
        #expect(left.parts.count == 1 && left.canonical.first?.count ?? 0 > 2000)
        #expect(left.canonicalButSource == right.canonicalButSource)
        #expect(left.canonical != right.canonical)
        #expect(left.outcome == right.outcome && left.codes == right.codes)
    }

    @Test("every sample in FHIR JSON and its XML twin", .enabled(if: Python.isThere))
    func allSamples() throws {
        let folder = Shipped.package.appendingPathComponent("samples/fhir-bars")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { $0.hasSuffix(".json") && !$0.contains(".referral.") }
        #expect(names.count >= 15)
        #expect(try compare(names.map { folder.appendingPathComponent($0) }) == names.count)
    }

    @Test(
        "every FHIR document of the corpus in JSON and its XML twin", .enabled(if: Shared.hasCorpus && Python.isThere))
    func corpus() throws {
        let files = Shared.names(in: "corpus", ending: ".json").map { Shared.place("corpus/\($0)") }.filter(
            Self.isResource)
        #expect(files.count >= 14)
        #expect(try compare(files) >= 3)
    }

    @Test(
        "every published FHIR example in JSON and its XML twin, alone and in a message",
        .enabled(if: Shared.hasExamples))
    func examples() throws {
        let folder = "suites/fhir-r4-examples"
        let files = Shared.names(in: folder, ending: ".json").map { Shared.place("\(folder)/\($0)") }.filter(
            Self.isResource)
        #expect(files.count >= 90)
        _ = try compare(files)
        let scratch = try Scratch()
        let messages = try files.map { try message(around: $0, in: scratch) }
        #expect(try compare(messages) == files.count)
    }

    /// A referral with one entry more.
    private func message(around file: URL, in scratch: Scratch) throws -> URL {
        let text = String(decoding: try Shipped.sample("fhir-bars/minimal.json"), as: UTF8.self)
        let opening = try #require(text.firstRange(of: "\"entry\": ["))
        let resource = try String(contentsOf: file, encoding: .utf8).trimmingPrefix("\u{FEFF}")
        let place = scratch.place(file.lastPathComponent)
        let whole = text[..<opening.upperBound] + "{\"resource\":" + resource + "}," + text[opening.upperBound...]
        try Data(whole.utf8).write(to: place)
        return place
    }

    private static func isResource(_ file: URL) -> Bool {
        ((try? JSONSerialization.jsonObject(with: Data(contentsOf: file))) as? [String: Any])?["resourceType"] is String
    }

    /// Maps each document and its twin by content, and again by the mapping for FHIR whether it fits or not.
    /// - Returns: How many gave a referral.
    private func compare(_ files: [URL]) throws -> Int {
        let scratch = try Scratch()
        let twins = files.map { scratch.place($0.lastPathComponent + ".xml") }
        let pairs = zip(files, twins).flatMap { [$0.path, $1.path] }
        try Python.run([Python.tool("fhir_json_to_xml.py")], input: pairs.joined(separator: "\n") + "\n")
        let translator = try Shipped.translator()
        var referrals = 0
        for (file, twin) in zip(files, twins) {
            let (json, xml) = (Array(try Data(contentsOf: file)), Array(try Data(contentsOf: twin)))
            for mapping in [nil, try Shipped.index("fhir-bars")] {
                let left = translator.translate(json, named: file.lastPathComponent, with: mapping)
                let right = translator.translate(xml, named: file.lastPathComponent, with: mapping)
                #expect(left.outcome == right.outcome, "\(file.lastPathComponent)")
                #expect(Self.said(left) == Self.said(right), "\(file.lastPathComponent)")
                #expect(left.canonicalButSource == right.canonicalButSource, "\(file.lastPathComponent)")
                #expect(left.coverage.unread == right.coverage.unread, "\(file.lastPathComponent)")
                if mapping != nil, !left.parts.isEmpty { referrals += 1 }
            }
        }
        return referrals
    }

    /// What is said and of which field: all of a finding but its line.
    private static func said(_ translation: Translation) -> [String] {
        translation.findings.map { "\($0.severity.word) \($0.code) \($0.field ?? "") \($0.message)" }
    }
}
