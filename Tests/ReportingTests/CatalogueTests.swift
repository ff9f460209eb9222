import Foundation
import Testing

@testable import Reporting

@Suite("Catalogue of findings")
struct CatalogueTests {
    static let repository: URL = {
        var place = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { place.deleteLastPathComponent() }
        return place
    }()

    /// The sources, but for the rows of the catalogue themselves.
    static let sources: [(name: String, text: String)] = {
        let folder = repository.appendingPathComponent("Sources")
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.sorted().compactMap { name in
            guard name.hasSuffix(".swift"), !name.hasPrefix("Reporting/Catalogue"),
                let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            else { return nil }
            return (name, text)
        }
    }()

    /// Calls and declarations whose first text, or first of two texts chosen between, is a code.
    nonisolated(unsafe) static let uses: [Regex<(Substring, Substring)>] = [
        /(?:Finding|ReadProblem|RuleCode|complain|report|problem)\(\s*"([a-z0-9]+(?:-[a-z0-9]+)+)"/,
        /(?:Finding|ReadProblem|RuleCode|complain|report|problem)\(\s*[^",()]*\? "[a-z0-9-]+" : "([a-z0-9-]+)"/,
        /(?:Finding|ReadProblem|RuleCode|complain|report|problem)\(\s*[^",()]*\? "([a-z0-9-]+)" : "/,
        /FindingCode = "([a-z0-9-]+)"/, /FindingCode\("([a-z0-9-]+)"\)/, /code: "([a-z0-9]+(?:-[a-z0-9]+)+)"/,
        /\.(?:noted|invalid)\("([a-z0-9-]+)"\)/,
    ]

    /// Codes that stand in the sources, each with a file that uses it.
    static let used: [String: String] = {
        var result: [String: String] = [:]
        for (name, text) in sources {
            for pattern in uses { for match in text.matches(of: pattern) { result[String(match.1)] = name } }
        }
        return result
    }()

    @Test("every code that the sources use has a row")
    func rows() {
        #expect(Self.used.count > 100)
        for (code, file) in Self.used {
            #expect(FindingCatalogue.byCode[code] != nil, "`\(code)` in \(file) has no row")
        }
    }

    /// Codes of rows that only mappings give, by `require`.
    static let ofMappings: Set<String> = [
        "manifest-mismatch", "resource-count", "subject-not-the-person", "consent-not-understood",
        "modifier-not-understood", "statement-negated", "attachment-of-whom", "status-requested",
        "referral-unnamed", "purpose-unclear", "status-contradicted", "handling-missing", "care-plan-open",
        "request-undated",
    ]

    @Test("every row is used, and none stands twice")
    func usedRows() {
        for entry in FindingCatalogue.entries where !Self.ofMappings.contains(entry.code) {
            #expect(
                Self.sources.contains { $0.text.contains("\"\(entry.code)\"") }, "no source gives `\(entry.code)`")
        }
        #expect(Set(FindingCatalogue.entries.map(\.code)).count == FindingCatalogue.entries.count)
        for code in Self.ofMappings {
            #expect(!Self.sources.contains { $0.text.contains("\"\(code)\"") }, "`\(code)` is used now")
        }
    }

    @Test("every row explains itself in plain words", arguments: FindingCatalogue.entries.map(\.code))
    func words(code: String) throws {
        let entry = try #require(FindingCatalogue.byCode[code])
        #expect(code.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)+/) != nil)
        for text in [entry.title, entry.why, entry.help] {
            #expect(!text.isEmpty && !text.hasSuffix(".") && !text.contains("\n"))
            let first = text.prefix { $0 != " " }
            #expect(
                text.first?.isUppercase != true || first.count(where: \.isUppercase) > 1 || first == "Linkway",
                "\(text)")
        }
    }

    /// With `LINKWAY_WRITE_DOCS=1` the page is written anew instead of compared.
    @Test("docs/errors.md is what the catalogue says")
    func documentation() throws {
        let page = Self.repository.appendingPathComponent("docs/errors.md")
        let expected = FindingCatalogue.markdown()
        if ProcessInfo.processInfo.environment["LINKWAY_WRITE_DOCS"] == "1" {
            try expected.write(to: page, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOf: page, encoding: .utf8)
        #expect(written == expected, "run the tests with LINKWAY_WRITE_DOCS=1 and commit docs/errors.md")
    }
}
