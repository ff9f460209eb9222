import Foundation
import Metrics
import Referrals
import Reporting
import Testing

@testable import Gateway

/// What docs/operating.md says is what the code does. `LINKWAY_WRITE_DOCS=1` writes its tables anew.
@Suite("the operating page")
struct OperatingPageTests {
    private static let file = Repository.folder.appendingPathComponent("docs/operating.md")

    private func page() throws -> String { try String(contentsOf: Self.file, encoding: .utf8) }

    /// A configuration as it would be read from a file of its own.
    private func findings(_ text: String) throws -> [Finding] {
        let folder = try Folder()
        try folder.write("linkway.yaml", text)
        var findings: [Finding] = []
        let configuration = try Configuration.read(folder["linkway.yaml"], reporting: &findings)
        guard let configuration else { return findings }
        _ = try Ruleset.make(configuration, GatewayBench.library, reporting: &findings)
        return findings
    }

    @Test("the example configuration is sound, beside the mappings that are shipped")
    func example() throws {
        let blocks = try page().components(separatedBy: "```yaml\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        let example = try #require(blocks.first { $0.contains("sources:") && $0.contains("routes:") })
        let found = try findings(example)
        #expect(found.isEmpty, "\(FindingPrinter().text(found))")
    }

    @Test("the packaged example is sound")
    func packaged() throws {
        let file = Repository.folder.appendingPathComponent("packaging/linkway.yaml.example")
        let found = try findings(try String(contentsOf: file, encoding: .utf8))
        #expect(found.isEmpty, "\(FindingPrinter().text(found))")
    }

    @Test("every key is named", arguments: ConfigurationKeys.all.sorted())
    func keys(_ key: String) throws {
        let page = try page()
        #expect(page.contains("`\(key)`") || page.contains("\(key):"), "say what `\(key)` is for")
    }

    @Test("the example shows the defaults")
    func defaults() throws {
        let page = try page()
        let standard = Configuration()
        let endpoint = Configuration.Route.Endpoint(url: "")
        let defaults = [
            "profile: \(standard.profile.name)", "largest-document: \(standard.largestDocument >> 20)MB",
            "settle: \(standard.settleSeconds)s", "grace: \(standard.graceSeconds)s",
            "payload: \(standard.retention.payloads)d", "dead: \(standard.retention.dead)d",
            "metadata: \(standard.retention.metadata)d", "audit: \(standard.retention.audit)d",
            "poll: \(Configuration.Source.Folder(path: "").pollSeconds)s", "concurrency: \(endpoint.concurrency)",
            "timeout: \(endpoint.timeoutSeconds)s", "give-up: 5d",
        ]
        for text in defaults { #expect(page.contains(text), "\(text)") }
    }

    // MARK: Tables printed from the code

    static let tables: [(mark: String, text: String)] = [
        ("metrics", metrics()), ("events", events()), ("alerts", alerts()),
    ]

    @Test("the tables are those of the code", .serialized, arguments: tables.map(\.mark))
    func table(_ mark: String) throws {
        let text = try #require(Self.tables.first { $0.mark == mark }?.text)
        let parts = try page().components(separatedBy: "<!-- \(mark) -->\n")
        try #require(parts.count == 3, "the page has no place for \(mark)")
        if ProcessInfo.processInfo.environment["LINKWAY_WRITE_DOCS"] == "1" {
            let new = [parts[0], text, parts[2]].joined(separator: "<!-- \(mark) -->\n")
            try new.write(to: Self.file, atomically: true, encoding: .utf8)
            return
        }
        #expect(parts[1] == text, "run the tests with LINKWAY_WRITE_DOCS=1 and commit docs/operating.md")
    }

    private static func metrics() -> String {
        let code = sourceText("Sources/Gateway")
        var lines = ["| metric | kind | labels | what it tells |", "|---|---|---|---|"]
        var unused: [String] = []
        for metric in Metric.allCases {
            guard [".\(metric),", "in: .\(metric))", "to: .\(metric))"].contains(where: { code.contains($0) }) else {
                unused.append("`\(metric.name)`")
                continue
            }
            let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            lines.append("| `\(metric.name)` | \(metric.kind.rawValue) | \(labels) | \(metric.help) |")
        }
        if !unused.isEmpty { Issue.record("declared and never given: \(unused.joined(separator: ", "))") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func sourceText(_ folder: String) -> String {
        let place = Repository.folder.appendingPathComponent(folder)
        let names = FileManager.default.enumerator(atPath: place.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().map {
            (try? String(contentsOf: place.appendingPathComponent($0), encoding: .utf8)) ?? ""
        }.joined(separator: "\n")
    }

    private static func events() -> String {
        let rows = Log.Event.allCases.map { "| `\($0.rawValue)` | \($0.meaning) |" }
        return (["| event | what it says |", "|---|---|"] + rows).joined(separator: "\n") + "\n"
    }

    private static func alerts() -> String {
        let rows = Alert.Name.allCases.map { "| `\($0.rawValue)` | \($0.condition) |" }
        return (["| alert | opens when |", "|---|---|"] + rows).joined(separator: "\n") + "\n"
    }
}
