import Foundation
import Testing

@testable import Projections

/// The generated parts of `docs/fhir-message.md` are those of the code. `LINKWAY_WRITE_DOCS=1` writes them anew.
@Suite struct FHIRMessageDocumentationTests {
    private static let file = RoundTrip.package.appending(path: "docs/fhir-message.md")

    @Test("the documentation is that of the code")
    func isCurrent() throws {
        let written = try String(contentsOf: Self.file, encoding: .utf8)
        var current = try replacing("terms", in: written, with: FHIRMessageDocumentation.terms())
        current = try replacing("statements", in: current, with: FHIRMessageDocumentation.statements())
        current = try replacing("losses", in: current, with: FHIRMessageDocumentation.losses())
        if ProcessInfo.processInfo.environment["LINKWAY_WRITE_DOCS"] == "1" {
            try current.write(to: Self.file, atomically: true, encoding: .utf8)
        } else {
            #expect(written == current, "run the tests once with LINKWAY_WRITE_DOCS=1")
        }
    }

    private func replacing(_ part: String, in text: String, with new: String) throws -> String {
        let begin = try #require(text.range(of: "<!-- \(part): begin -->\n"))
        let end = try #require(text.range(of: "<!-- \(part): end -->"))
        return text.replacingCharacters(in: begin.upperBound..<end.lowerBound, with: "\n" + new + "\n")
    }

    @Test("every url a message holds is documented", arguments: 0..<10)
    func urls(seed: Int) throws {
        var maker = ReferralMaker(seed: UInt64(seed), density: 70)
        let text = String(decoding: try RoundTrip.message(maker.referral()), as: UTF8.self)
        let known = Terms.documented.map { $0.url.hasSuffix("…") ? String($0.url.dropLast()) : $0.url }
        for match in text.matches(of: /"(?:system|url)":"(https?:[^"]*)"/) {
            let url = String(match.output.1)
            guard !url.hasPrefix("https://k") else { continue }
            #expect(known.contains { url.hasPrefix($0) }, "\(url)")
        }
    }
}
