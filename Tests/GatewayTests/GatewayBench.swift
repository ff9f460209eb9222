import Foundation
import Mappings
import Referrals
import Reporting
import Testing

@testable import Gateway

/// An inbox and a queue in a temporary folder, and documents to put there.
struct GatewayBench {
    static let library: MappingLibrary = {
        do {
            return try MappingLibrary.load(Repository.folder.appendingPathComponent("mappings").path)
        } catch {
            Issue.record("the mappings cannot be loaded: \(error)")
            return MappingLibrary(folder: "")
        }
    }()

    let folder: Folder
    var configuration = Configuration()

    init() throws {
        folder = try Folder()
        configuration.sources = [Configuration.Source(name: "north", folder: folder["in"])]
        configuration.routes = [Configuration.Route(name: "out", queue: folder["queue"])]
        configuration.settleSeconds = 0
        try FileManager.default.createDirectory(atPath: folder["in"], withIntermediateDirectories: true)
    }

    /// A sound letter with its own surname.
    static func letter(_ surname: String = "Dray", change: (String, String)? = nil) throws -> String {
        let sample = Repository.folder.appendingPathComponent("samples/riverside-xml/minimal.xml")
        let text = try String(contentsOf: sample, encoding: .utf8)
        var named = text.replacing("<Surname>Dray<", with: "<Surname>\(surname)<")
        // No two referrals of one practice have the same number.
        if surname != "Dray" { named = named.replacing("RV-2026-000018", with: "RV-\(surname)") }
        return change.map { named.replacing($0.0, with: $0.1) } ?? named
    }

    @discardableResult
    func run(dry: Bool = false, today: CalendarDay? = CalendarDay(year: 2026, month: 6, day: 1)) throws -> [RunOnce
        .Step]
    {
        let runner = RunOnce(configuration, Self.library, today: try #require(today), isDryRun: dry)
        var steps: [RunOnce.Step] = []
        try runner.run { steps.append($0) }
        return steps
    }

    func put(_ name: String, _ text: String) throws { try folder.write("in/" + name, text) }

    var ready: [String] { folder.names("queue/ready") }
    var inbox: [String] { folder.names("in").filter { ![".work", "done", "failed"].contains($0) } }
    var work: [String] { folder.names("in/.work") }

    /// The sample with consents of every kind: for link workers a yes, for employment support a no.
    static func refusal() throws -> String {
        try String(
            contentsOf: Repository.folder.appendingPathComponent("samples/riverside-xml/consent-refused.xml"),
            encoding: .utf8)
    }
}
