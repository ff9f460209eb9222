import Foundation
import Gateway
import Mappings
import Testing

@testable import Workbench

@Suite("Pages of the packs")
struct PackPageTests {
    static let root: URL = {
        var place = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { place.deleteLastPathComponent() }
        return place
    }()

    static let pages: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("docs/packs").path))
        return (names ?? []).filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }.sorted()
    }()

    @Test("a page under docs/packs is what `linkway docs` prints", arguments: pages)
    func page(_ name: String) throws {
        let library = try MappingLibrary.load(Self.root.appendingPathComponent("mappings").path)
        guard let compiled = library.set.mappings.first(where: { $0.name == name }) else { return }
        let page = Self.root.appendingPathComponent("docs/packs/\(name).md")
        let text = MappingDocumentation(compiled).text
        if ProcessInfo.processInfo.environment["LINKWAY_WRITE_DOCS"] == "1" {
            try text.write(to: page, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: page, encoding: .utf8) == text, "run the tests with LINKWAY_WRITE_DOCS=1")
    }
}
