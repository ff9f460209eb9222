import Foundation
import Gateway
import Mappings
import Testing

@testable import Workbench

/// The pages of `docs/packs`, each a print of its mapping.
@Suite("pages of the packs", .enabled(if: Shipped.library != nil))
struct PackPageTests {
    private static let folder = URL(fileURLWithPath: Shipped.package + "/docs/packs")

    @Test("each mapping has a page, and it is what `linkway docs` prints", arguments: Shipped.names)
    func page(_ name: String) throws {
        let library = try #require(Shipped.library)
        let compiled = try #require(library.set.mappings.first { $0.name == name }, "there is no mapping \(name)")
        let expected = MappingDocumentation(compiled).text
        let page = Self.folder.appendingPathComponent(name + ".md")
        if ProcessInfo.processInfo.environment["LINKWAY_WRITE_DOCS"] != nil {
            try Data(expected.utf8).write(to: page)
        }
        let written = String(decoding: try Data(contentsOf: page), as: UTF8.self)
        #expect(written == expected, "run the tests with LINKWAY_WRITE_DOCS=1 and commit docs/packs")
    }
}
