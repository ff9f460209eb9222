import Custody
import DurableFiles
import Foundation
import Reporting
import Testing

@testable import Gateway

@Suite("backup and restore")
struct BackupTests {
    /// A bench that holds one letter, and its configuration with another state folder.
    private func bench() throws -> (EngineBench, (String) throws -> Ruleset) {
        let bench = try EngineBench()
        try bench.take(try GatewayBench.letter())
        return (
            bench,
            { state in
                try EngineBench.rules(EngineBench.configuration(in: bench.folder) { $0.state = bench.folder[state] })
            }
        )
    }

    private func open(_ rules: Ruleset, _ bench: EngineBench) throws -> Engine {
        var parts = EngineParts(log: Log(form: .json, time: bench.clock, sink: bench.spoken.hear))
        parts.time = bench.clock
        return try Engine.open(rules, parts, isForWork: false)
    }

    private static func number() throws -> String {
        let letter = try GatewayBench.letter()
        let number = try #require(letter.firstMatch(of: /<NHSNumber>([^<]+)</)?.1)
        return number.filter(\.isNumber)
    }

    @Test("a restored backup knows the person it holds, and can erase them")
    func restored() throws {
        let (bench, rules) = try bench()
        _ = try bench.result(["ask": "backup", "folder": .string(bench.folder["backup"])])
        let engine = try open(try rules("backup"), bench)
        defer { try? engine.close() }
        let operators = try Operator(engine, log: Log(form: .json, time: bench.clock, sink: bench.spoken.hear))
        let question = JSONValue.members([
            "ask": "purge", "nhsNumber": .string(try Self.number()), "reason": "asked", "actor": "ada",
        ])
        let answer = try #require(JSONValue(text: operators.answer(question.text())))
        #expect(answer["result"]?["messages"]?.integer == 1, "\(answer.text())")
        #expect(try engine.custody.auditVerify().problem == nil)
    }

    @Test("a store in use without its identity.key is not opened with another")
    func missingKey() throws {
        let (bench, rules) = try bench()
        _ = try bench.result(["ask": "backup", "folder": .string(bench.folder["backup"])])
        try Files.remove(bench.folder["backup/identity.key"])
        let error = try #require(throws: FileError.self) { _ = try open(try rules("backup"), bench) }
        #expect(error.reason.contains("bring it back from a backup"))
        #expect(!bench.folder.exists("backup/identity.key"))
    }
}
