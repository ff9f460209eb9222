import Foundation
import Testing

@testable import Mappings

@Suite("Documentation of converters")
struct ConverterDocumentationTests {
    /// With `LINKWAY_WRITE_DOCS=1` the page is written anew instead of compared.
    @Test("docs/converters.md is what the converters say of themselves")
    func isCurrent() throws {
        let page = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("docs/converters.md")
        let expected = ConverterDocumentation.markdown()
        if ProcessInfo.processInfo.environment["LINKWAY_WRITE_DOCS"] == "1" {
            try expected.write(to: page, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOf: page, encoding: .utf8)
        #expect(written == expected, "run the tests with LINKWAY_WRITE_DOCS=1 and commit docs/converters.md")
    }
}
