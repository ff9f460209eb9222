import Foundation
import Mappings
import Reporting
import Testing

/// Documents that the generator broke in every way it knows.
@Suite("Malformed documents", .enabled(if: Shared.hasGenerator))
struct MalformedTests {
    /// Changes that break nothing: another encoding, or a fact less.
    private static let sound: Set<String> = ["bom", "utf16", "no-nhs-number", "big-number"]

    @Test(
        "are refused with line and column, and nothing of them is said",
        arguments: ["fhir-json", "fhir-xml", "cda", "vendor-xml", "vendor-json"])
    func malformed(_ format: String) throws {
        let scratch = try Scratch()
        let generator = Shared.place("bench/gen.py").path
        try Python.run([generator, "malformed", "--format", format, "--out", scratch.place("bad").path])
        try Python.run([
            generator, "corpus", "--format", format, "--count", "1", "--out", scratch.place("good").path, "--expected",
            scratch.place("expected").path,
        ])
        let good = try Shipped.translator().translate(
            try scratch.bytes("good/\(try #require(try scratch.names(in: "good").first))"))
        let secrets = try secrets(
            try scratch.bytes("good/\(try #require(try scratch.names(in: "good").first))"),
            try Facts(try scratch.bytes("expected")))
        #expect(secrets.count > 20)
        let names = try scratch.names(in: "bad")
        #expect(names.count >= 17)
        let translator = try Shipped.translator()
        for name in names {
            let translation = translator.translate(try scratch.bytes("bad/\(name)"), named: name)
            let kind = String(name.prefix { $0 != "." })
            if Self.sound.contains(kind) {
                #expect(translation.outcome == good.outcome, "\(name)")
                if kind == "bom" || kind == "utf16" {
                    #expect(translation.canonicalButSource == good.canonicalButSource, "\(name)")
                }
            } else {
                #expect(translation.outcome == .refused && translation.parts.isEmpty, "\(name): \(translation.codes)")
                #expect(
                    translation.findings.contains { $0.severity == .error && $0.location?.position != nil }, "\(name)")
            }
            let said = translation.rendered
            #expect(!said.isEmpty || translation.outcome == .accepted)
            for secret in secrets where said.contains(secret) {
                Issue.record("\(name): a value is in what is said of it")
            }
        }
    }

    @Test("a sound document after each broken one is read as ever")
    func afterwards() throws {
        let scratch = try Scratch()
        try Python.run([
            Shared.place("bench/gen.py").path, "malformed", "--format", "fhir-json", "--out", scratch.place("bad").path,
        ])
        let letter = try Shipped.sample("riverside-xml/rich-letter.xml")
        let translator = try Shipped.translator()
        let first = translator.translate(letter).canonical
        for name in try scratch.names(in: "bad") {
            _ = translator.translate(try scratch.bytes("bad/\(name)"))
            #expect(translator.translate(letter).canonical == first, "\(name)")
        }
    }

    /// What is only this person's: texts of the document of more than six letters, but for those that mappings name.
    private func secrets(_ document: [UInt8], _ expected: Facts) throws -> [String] {
        let text = String(decoding: document, as: UTF8.self)
        var found = Set(text.matches(of: />([^<>]{7,})</).map { String($0.output.1) })
        if text.hasPrefix("{") { found.formUnion(text.matches(of: /:"([^"\\]{7,})"/).map { String($0.output.1) }) }
        found.formUnion(text.matches(of: /value="([^"]{7,})"/).map { String($0.output.1) })
        for (path, value) in expected.values where path.contains(".patient.") || path.contains(".requester.") {
            if value.utf8.count > 4, !path.hasSuffix("gender"), !path.hasSuffix("display") { found.insert(value) }
        }
        let vocabulary = try FileManager.default.subpathsOfDirectory(
            atPath: Shipped.package.appendingPathComponent("mappings").path
        )
        .filter { $0.hasSuffix(".yaml") }
        .map { try String(contentsOf: Shipped.package.appendingPathComponent("mappings/\($0)"), encoding: .utf8) }
        .joined()
        return found.filter { !vocabulary.contains($0) && $0.contains(where: \.isLetter) || $0.allSatisfy(\.isNumber) }
    }
}
