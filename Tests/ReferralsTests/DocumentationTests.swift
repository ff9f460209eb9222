import Foundation
import Testing

@testable import Referrals

/// The generated parts of `docs/canonical-referral.md` are those of the code. `LINKWAY_WRITE_DOCS=1` writes them anew.
@Suite struct DocumentationTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/canonical-referral.md")

    @Test("the documentation is that of the schema and the rules")
    func isCurrent() throws {
        let written = try String(contentsOf: Self.file, encoding: .utf8)
        var current = try replacing("fields", in: written, with: SchemaDocumentation.fields(of: .referral))
        current = try replacing("codes", in: current, with: SchemaDocumentation.codeLists(of: .referral))
        current = try replacing("rules", in: current, with: SchemaDocumentation.rules())
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
}
