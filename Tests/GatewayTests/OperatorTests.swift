import Custody
import DurableFiles
import Digests
import Foundation
import Intake
import Referrals
import Reporting
import Simulation
import Testing

@testable import Gateway

@Suite("Operators' questions")
struct OperatorTests {
    private static let held = ("999 000 4110", "999 000 4111")

    /// A letter whose number has a wrong check digit, held for a person.
    private func heldReference(_ bench: EngineBench) throws -> String {
        try #require(bench.take(try GatewayBench.letter(change: Self.held)).first).receipt.reference
    }

    private func takenReference(_ bench: EngineBench, _ surname: String = "Dray") throws -> String {
        try #require(bench.take(try GatewayBench.letter(surname)).first).receipt.reference
    }

    // MARK: Questions that change nothing

    @Test("the gateway says who it is and how it stands")
    func status() throws {
        let bench = try EngineBench()
        _ = try takenReference(bench)
        _ = try heldReference(bench)
        #expect(try bench.result(["ask": "hello"]).string == "linkway")
        bench.clock.advance(milliseconds: 90_000)
        let status = try bench.result(["ask": "status"])
        #expect(status["at"]?.string == "2026-03-02T09:15:30Z")
        #expect(status["messages"]?["waiting"]?.integer == 1 && status["messages"]?["held"]?.integer == 1)
        let route = try #require(status["routes"]?.items.first)
        #expect(route["name"]?.string == "out" && route["waiting"]?.integer == 1)
        #expect(route["oldestSeconds"]?.integer == 90 && route["dead"]?.integer == 0)
        #expect(status["sources"]?.items.map { $0["state"]?.string } == ["open"])
        #expect(try bench.result(["ask": "routes"]).items.count == 1)
        #expect(try bench.result(["ask": "sources"]).items.count == 1)
    }

    @Test("messages are found by state, source, cause and the beginning of their number, page by page")
    func messages() throws {
        let bench = try EngineBench()
        let taken = try (0..<3).map { try takenReference(bench, "Name\($0)") }
        let held = try heldReference(bench)
        func references(_ members: KeyValuePairs<String, JSONValue?>) throws -> [String] {
            try bench.result(members)["messages"]?.items.compactMap { $0["reference"]?.string } ?? []
        }
        #expect(try references(["ask": "messages"]) == [held] + taken.reversed())
        #expect(try references(["ask": "messages", "states": .array(["held"])]) == [held])
        #expect(try references(["ask": "messages", "cause": "nhs-number-check-digit"]) == [held])
        #expect(try references(["ask": "messages", "source": "south"]) == [])
        #expect(try references(["ask": "messages", "reference": .string(taken[0])]) == [taken[0]])
        #expect(try references(["ask": "messages", "sinceMinutes": .number(5)]).count == 4)
        let page = try bench.result(["ask": "messages", "limit": .number(2)])
        #expect(page["messages"]?.items.count == 2)
        #expect(
            try references(["ask": "messages", "limit": .number(9), "before": page["next"]]) == [taken[1], taken[0]])
        bench.clock.advance(milliseconds: 3_600_000)
        #expect(try references(["ask": "messages", "sinceMinutes": .number(5)]) == [])
    }

    @Test("a message tells its whole story, and none of its content")
    func message() throws {
        let bench = try EngineBench()
        let reference = try takenReference(bench)
        bench.deliver()
        let story = try bench.result(["ask": "message", "reference": .string(reference.uppercased())])
        #expect(
            story["message"]?["state"]?.string == "delivered"
                && story["message"]?["mapping"]?.string == "riverside-xml@1")
        #expect(story["referrals"]?.items.count == 1 && story["deliveries"]?.items.count == 1)
        #expect(story["attempts"]?.items.map { $0["outcome"]?.string } == ["delivered"])
        #expect(story["audit"]?.items.isEmpty == false && story["findings"] != nil)
        for secret in ["Dray", "9990004110", "1951"] { #expect(!story.text().contains(secret)) }
    }

    @Test("dead letters are grouped by cause, and a list of them stands still")
    func dead() throws {
        let bench = try EngineBench()
        let held = try heldReference(bench)
        let taken = try takenReference(bench)
        let delivery = try #require(bench.delivery(of: taken)["id"]?.integer)
        try bench.giveUp(delivery)
        let groups = try bench.result(["ask": "dead"]).items
        #expect(Set(groups.compactMap { $0["cause"]?.string }) == ["nhs-number-check-digit", "status-400"])
        #expect(groups.allSatisfy { $0["count"]?.integer == 1 })
        let list = try bench.result(["ask": "dead-list"])
        #expect(list["deliveries"]?.items.map { $0["id"]?.integer } == [delivery])
        #expect(list["messages"]?.items.map { $0["reference"]?.string } == [held])
        let some = try bench.result(["ask": "dead-list", "references": .array([.string(held)])])
        #expect(some["deliveries"]?.items.isEmpty == true && some["messages"]?.items.count == 1)
        let onRoute = try bench.result(["ask": "dead-list", "route": "out"])
        #expect(onRoute["deliveries"]?.items.count == 1 && onRoute["messages"]?.items.isEmpty == true)
    }

    @Test("content is shown part by part, and each look is noted", arguments: ["source", "canonical", "trace", "sent"])
    func content(_ part: String) throws {
        let bench = try EngineBench()
        let reference = try takenReference(bench)
        let texts = try bench.result([
            "ask": "content", "reference": .string(reference), "part": .string(part), "actor": "ada",
        ])
        #expect(texts.items.count == 1)
        let text = try #require(texts.items.first?["text"]?.string)
        #expect(text.contains("Dray") == (part != "trace"))
        let line = try #require(bench.audit().last)
        #expect(line.event == "revealed" && line.actor == "ada" && line.detail?.contains("part=\(part)") == true)
    }

    @Test("the trail is checked on request")
    func audit() throws {
        let bench = try EngineBench()
        _ = try takenReference(bench)
        let audit = try bench.result(["ask": "audit"])
        #expect(audit["isWhole"]?.flag == true && (audit["lines"]?.integer ?? 0) >= 2)
    }

    // MARK: Questions that change something

    @Test("a dead delivery goes out again, the same bytes under the same key")
    func retryDelivery() throws {
        let bench = try EngineBench()
        let reference = try takenReference(bench)
        let before = try bench.delivery(of: reference)
        try bench.giveUp(try #require(before["id"]?.integer))
        #expect(try bench.carryOut("retry", reference).ending == .done)
        let after = try bench.delivery(of: reference)
        #expect(after["state"]?.string == "delivered" && after["key"] == before["key"])
        #expect(bench.folder.names("queue/ready").count == 1)
    }

    @Test("a held message is read as it was read before, unless the mappings of now are asked for")
    func retryByVersion() throws {
        let folder = try Folder()
        for name in ["riverside-xml", "riverside-base", "tables"] {
            try FileManager.default.createDirectory(atPath: folder["maps"], withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: Repository.folder.appendingPathComponent("mappings/\(name)").path,
                toPath: folder["maps/\(name)"])
        }
        let bench = try EngineBench(library: try MappingLibrary.load(folder["maps"])) {
            $0.routes[0].when = ("urgency.code = 'urgent'", SourcePosition(line: 1, column: 1))
        }
        let reference = try takenReference(bench)
        let old = bench.engine.processor.rules.version
        let file = "maps/riverside-xml/riverside-xml.yaml"
        try folder.write(file, try folder.text(file).replacing("version: 1", with: "version: 2", maxReplacements: 1))
        let new = try EngineBench.rules(
            EngineBench.configuration(in: bench.folder), try MappingLibrary.load(folder["maps"]))
        bench.engine.processor.use(new)
        func version(_ mapping: String) throws -> JSONValue? {
            let plan = try bench.plan(
                "retry", ["references": .array([.string(reference)]), "mapping": .string(mapping)])
            return plan["items"]?.items.first?["mappingVersion"]
        }
        #expect(new.version != old)
        #expect(try version("tried") == .string(old))
        #expect(try version("current") == .string(new.version))
        try bench.carryOut("retry", reference)
        let message = try bench.result(["ask": "message", "reference": .string(reference)])["message"]
        #expect(message?["mapping"] == "riverside-xml@1" && message?["mappingVersion"] == .string(old))
    }

    @Test("what an operator drops is dropped, for a stated reason")
    func drop() throws {
        let bench = try EngineBench()
        let taken = try takenReference(bench)
        let held = try heldReference(bench)
        try bench.giveUp(try #require(bench.delivery(of: taken)["id"]?.integer))
        #expect(try bench.carryOut("drop", taken, held).ending == .done)
        #expect(try bench.result(["ask": "status"])["messages"]?["dropped"]?.integer == 2)
        let lines = try bench.audit().filter { $0.event == "dropped" }
        #expect(
            lines.count == 2 && lines.allSatisfy { $0.actor == "bo" && $0.detail?.hasPrefix("reason=a test") == true })
    }

    @Test("a document an operator has at hand is taken as from its source")
    func send() throws {
        let bench = try EngineBench()
        let letter = try GatewayBench.letter()
        let first = try bench.result(["ask": "send", "source": "north", "text": .string(letter), "actor": "ada"])
        #expect(first["state"]?.string == "waiting")
        let again = try bench.result([
            "ask": "send", "source": "north", "hex": .string(Array(letter.utf8).hex), "actor": "ada",
        ])
        #expect(again["reference"] == first["reference"])
        #expect(try bench.audit().filter { $0.event == "sent" && $0.actor == "ada" }.count == 2)
    }

    @Test("a paused route hands nothing over, a paused source is left alone, until they are resumed")
    func pause() throws {
        let bench = try EngineBench()
        _ = try takenReference(bench)
        _ = try bench.result([
            "ask": "pause", "kind": "route", "name": "out", "reason": "the hub moves", "actor": "ada",
        ])
        _ = try bench.result(["ask": "pause", "kind": "source", "name": "north", "reason": "", "actor": "ada"])
        bench.deliver()
        #expect(bench.folder.names("queue/ready").isEmpty && bench.operators.isPaused(source: "north"))
        let route = try #require(bench.result(["ask": "routes"]).items.first)
        #expect(route["state"]?.string == "paused" && route["pausedBy"]?.string == "ada")
        #expect(route["pausedWhy"]?.string == "the hub moves")
        for (kind, name) in [("route", "out"), ("source", "north")] {
            _ = try bench.result([
                "ask": "pause", "kind": .string(kind), "name": .string(name), "isPaused": .bool(false), "actor": "bo",
            ])
        }
        bench.deliver()
        #expect(bench.folder.names("queue/ready").count == 1 && !bench.operators.isPaused(source: "north"))
        #expect(try bench.audit().filter { $0.event == "paused" }.map(\.actor) == ["ada", "ada"])
        #expect(try bench.audit().filter { $0.event == "resumed" }.map(\.actor) == ["bo", "bo"])
    }

    @Test("a person's content is erased on request, and what is left names nobody")
    func purge() throws {
        let bench = try EngineBench()
        let reference = try takenReference(bench)
        bench.deliver()
        let answer = try bench.result(["ask": "purge", "nhsNumber": "999 000 4110", "reason": "asked", "actor": "ada"])
        #expect(answer["messages"]?.integer == 1)
        let content = try bench.ask(["ask": "content", "reference": .string(reference)])
        #expect(content["exit"]?.integer == 66)
        let held = try heldReference(bench)
        #expect(
            try bench.result(["ask": "purge", "reference": .string(held), "reason": "asked", "actor": "ada"])[
                "messages"]?.integer == 1)
        #expect(try bench.audit().contains { $0.actor == "ada" && $0.detail?.contains("asked") == true })
        #expect(try bench.result(["ask": "audit"])["isWhole"]?.flag == true)
    }

    @Test("a backup is a copy of the store, and is noted")
    func backup() throws {
        let bench = try EngineBench()
        _ = try takenReference(bench)
        let folder = bench.folder["backup"]
        _ = try bench.result(["ask": "backup", "folder": .string(folder), "actor": "ada"])
        #expect(bench.folder.exists("backup/linkway.sqlite"))
        #expect(try bench.audit().contains { $0.event == "backed-up" && $0.actor == "ada" })
        #expect(try bench.ask(["ask": "backup", "folder": .string(folder)])["exit"]?.integer == 74)
    }

    @Test("a reload answers with what stands in the way")
    func reload() throws {
        let bench = try EngineBench()
        let log = Log(form: .json, time: bench.clock, sink: bench.spoken.hear)
        let operators = try Operator(bench.engine, log: log) { [Finding("configuration-invalid", .error, "no")] }
        let answer = JSONValue(text: operators.answer(#"{"ask":"reload"}"#))
        #expect(answer?["result"]?.items.count == 1)
        #expect(try bench.result(["ask": "reload"]).items.isEmpty)
    }

    // MARK: Refusals

    /// Questions and the exit codes of their answers (sysexits).
    static let refusals: [(String, Int)] = [
        ("nonsense", 64), ("{}", 64), ("[]", 64), (#"{"ask":3}"#, 64), (#"{"ask":"dance"}"#, 64),
        (#"{"ask":"message"}"#, 64), (#"{"ask":"message","reference":"ffff"}"#, 66),
        (#"{"ask":"message","reference":"0"}"#, 64), (#"{"ask":"content"}"#, 64),
        (#"{"ask":"content","reference":"REFERENCE","part":"all"}"#, 64),
        (#"{"ask":"plan"}"#, 64), (#"{"ask":"plan","kind":"dance"}"#, 64), (#"{"ask":"plan","kind":"drop"}"#, 64),
        (#"{"ask":"plan","kind":"replay","reason":"r"}"#, 64), (#"{"ask":"plan","kind":"cancel","reason":"r"}"#, 64),
        (#"{"ask":"plan","kind":"replay","reason":"r","references":["ffff"]}"#, 66),
        (#"{"ask":"plan-show"}"#, 64), (#"{"ask":"plan-show","plan":"ffff"}"#, 66),
        (#"{"ask":"plan-begin","plan":"ffff"}"#, 66), (#"{"ask":"plan-look","plan":"ffff"}"#, 66),
        (#"{"ask":"plan-step","plan":"ffff"}"#, 64), (#"{"ask":"plan-step","plan":"ffff","run":1,"number":1}"#, 66),
        (#"{"ask":"plan-end","plan":"ffff"}"#, 64), (#"{"ask":"plan-end","plan":"ffff","run":1}"#, 1),
        (#"{"ask":"send","source":"nroth","text":"x"}"#, 66), (#"{"ask":"send","source":"north"}"#, 64),
        (#"{"ask":"send","source":"north","hex":"abc"}"#, 64), (#"{"ask":"send","source":"north","hex":"XY"}"#, 64),
        (#"{"ask":"pause","kind":"route","name":"otu"}"#, 66), (#"{"ask":"pause","name":"out"}"#, 64),
        (#"{"ask":"pause","kind":"door","name":"out"}"#, 64),
        (#"{"ask":"purge","reference":"REFERENCE"}"#, 64), (#"{"ask":"purge","reason":"r"}"#, 64),
        (#"{"ask":"backup"}"#, 64),
    ]

    @Test("what cannot be answered is refused with a reason and an exit code, and changes nothing", arguments: refusals)
    func refusal(_ item: (question: String, exit: Int)) throws {
        let bench = try EngineBench()
        let reference = try takenReference(bench)
        _ = try takenReference(bench, "Other")
        let before = try bench.audit().count
        let question = item.question.replacing("REFERENCE", with: reference)
        let answer = try #require(JSONValue(text: bench.operators.answer(question)))
        #expect(answer["exit"]?.integer == item.exit, "\(answer.text())")
        #expect(answer["error"]?.string?.isEmpty == false && answer["result"] == nil)
        #expect(try bench.audit().count == before)
    }

    @Test("a name that is nearly right is answered with the right one")
    func nearest() throws {
        let bench = try EngineBench()
        let answer = try bench.ask(["ask": "pause", "kind": "route", "name": "otu"])
        #expect(answer["error"]?.string == "there is no route `otu`; did you mean `out`?")
    }
}
