import Custody
import Foundation
import Intake
import Referrals
import Reporting
import Simulation
import Testing

@testable import Gateway

@Suite("Plans")
struct PlanTests {
    /// Messages whose deliveries are dead.
    private func dead(_ bench: EngineBench, _ count: Int) throws -> [String] {
        try (0..<count).map { number in
            let reference = try #require(bench.take(try GatewayBench.letter("Name\(number)")).first).receipt.reference
            try giveUp(bench, reference)
            return reference
        }
    }

    private func giveUp(_ bench: EngineBench, _ reference: String) throws {
        try bench.giveUp(try #require(bench.delivery(of: reference)["id"]?.integer))
    }

    private func state(_ bench: EngineBench, _ reference: String) throws -> String? {
        try bench.delivery(of: reference)["state"]?.string
    }

    private func delivered(_ bench: EngineBench, _ surname: String = "Dray") throws -> String {
        let reference = try #require(bench.take(try GatewayBench.letter(surname)).first).receipt.reference
        bench.deliver()
        return reference
    }

    // MARK: The list

    @Test("a plan does nothing; run, it does what it lists, and nothing that came later")
    func frozen() throws {
        let bench = try EngineBench()
        let old = try dead(bench, 2)
        let plan = try bench.plan("retry", ["cause": "status-400"])
        #expect(plan["state"]?.string == "made" && plan["madeBy"]?.string == "ada")
        #expect(plan["items"]?.items.map { $0["reference"]?.string } == old)
        #expect(try old.map { try state(bench, $0) } == ["dead", "dead"])
        let new = try #require(bench.take(try GatewayBench.letter("Later")).first).receipt.reference
        try giveUp(bench, new)
        let (ending, said, _) = try bench.run(plan)
        #expect(ending == .done && said.last == "plan \(plan["id"]?.string ?? ""): 2 delivered")
        #expect(try old.map { try state(bench, $0) } == ["delivered", "delivered"])
        #expect(try state(bench, new) == "dead")
        #expect(try bench.audit().filter { $0.event == "retried" }.map(\.actor) == ["bo", "bo"])
    }

    @Test("what another operator did meanwhile is left out, and said")
    func changed() throws {
        let bench = try EngineBench()
        let references = try dead(bench, 3)
        let plan = try bench.plan("retry", ["references": .array(references.map { .string($0) })])
        try bench.carryOut("drop", references[0])
        let (ending, said, _) = try bench.run(plan)
        #expect(ending == .done)
        #expect(said.first == "left \(references[0].prefix(18)) on route out: it is dropped by now")
        #expect(said.last?.hasSuffix("2 delivered, 1 left as they were") == true)
        #expect(try bench.outcomes(plan) == ["left it is dropped by now", "delivered", "delivered"])
    }

    @Test("a plan runs once, and within a day")
    func once() throws {
        let bench = try EngineBench()
        let references = try dead(bench, 2)
        let plan = try bench.plan("retry", ["references": .array([.string(references[0])])])
        let old = try bench.plan("retry", ["references": .array([.string(references[1])])])
        #expect(plan["id"] != old["id"])
        #expect(try bench.run(plan).ending == .done)
        let id = plan["id"]?.string ?? ""
        #expect(
            throws: EngineBench.Refused(
                words: "plan \(id) was carried out before, and a plan is run once: make a new one")
        ) { try bench.run(plan) }
        bench.clock.advance(milliseconds: 25 * 3_600_000)
        #expect(
            throws: EngineBench.Refused(
                words:
                    "plan \(old["id"]?.string ?? "") is 25 h old, and what it was made of may have changed: make a new one"
            )
        ) { try bench.run(old) }
        #expect(try state(bench, references[1]) == "dead")
        #expect(try bench.result(["ask": "plans"]).items.count == 2)
    }

    @Test("where there is nothing to do no plan is made")
    func nothing() throws {
        let bench = try EngineBench()
        #expect(try bench.plan("retry", ["cause": "status-400"])["id"] == nil)
        #expect(try bench.result(["ask": "plans"]).items.isEmpty)
    }

    // MARK: The first

    @Test("while the first still waits nothing else goes, and the run ends; it goes on once that one is delivered")
    func waiting() throws {
        let bench = try EngineBench()
        let references = try dead(bench, 3)
        let plan = try bench.plan("retry", ["cause": "status-400"])
        let (ending, said, waited) = try bench.run(plan) {}
        let id = plan["id"]?.string ?? ""
        #expect(ending == .partly && waited == 30_000)
        #expect(
            said == [
                "stopped: the first is still waiting after 30 s\nplan \(id): 1 still waiting, 2 not tried",
                "next: linkway plan run \(id) --continue",
            ])
        #expect(try references.map { try state(bench, $0) } == ["waiting", "dead", "dead"])
        let stopped = try bench.result(["ask": "plan-show", "plan": plan["id"]])
        #expect(
            stopped["state"]?.string == "stopped"
                && stopped["ending"]?.string == "the first is still waiting after 30 s")
        #expect(throws: EngineBench.Refused.self) { try bench.run(plan) }
        #expect(try bench.run(plan, isContinuing: true).ending == .done)
        #expect(try bench.outcomes(plan) == ["delivered", "delivered", "delivered"])
    }

    @Test("when the first fails again the rest is left as it was")
    func failing() throws {
        let bench = try EngineBench()
        let references = try dead(bench, 3)
        let plan = try bench.plan("retry", ["cause": "status-400", "stopAfter": .number(3)])
        let (ending, said, _) = try bench.run(plan) { try self.giveUp(bench, references[0]) }
        #expect(ending == .partly)
        #expect(said.first?.hasPrefix("stopped: the first failed again (status-400)") == true)
        #expect(try bench.outcomes(plan) == ["failed status-400", "open", "open"])
    }

    @Test("the first that changed meanwhile is no proof; the next one goes alone", arguments: [1, 2])
    func canaries(_ count: Int) throws {
        let bench = try EngineBench()
        let references = try dead(bench, 4)
        let plan = try bench.plan("retry", ["cause": "status-400", "canary": .number(count)])
        try bench.carryOut("drop", references[0])
        let ending = try bench.run(plan) {}.ending
        #expect(ending == .partly)
        let open = Array(repeating: "open", count: 3 - count)
        #expect(
            try bench.outcomes(plan) == ["left it is dropped by now"] + Array(repeating: "waiting", count: count) + open
        )
    }

    // MARK: Rate and stop

    @Test("after the first they go at the rate of the plan", arguments: [(2, 500), (10, 100)])
    func rate(_ rate: Int, _ pause: Int) throws {
        let bench = try EngineBench()
        _ = try dead(bench, 4)
        let plan = try bench.plan("retry", ["cause": "status-400", "rate": .number(rate)])
        let (ending, _, waited) = try bench.run(plan)
        #expect(ending == .done)
        // Three pauses, and a glance at the first and the last.
        #expect(3 * pause...3 * pause + 400 ~= waited)
    }

    @Test("it stops when as many failed as it allows", arguments: [(1, 3), (2, 2)])
    func stop(_ allowed: Int, _ spared: Int) throws {
        let bench = try EngineBench()
        let references = try dead(bench, 6)
        let plan = try bench.plan("retry", ["cause": "status-400", "stopAfter": .number(allowed)])
        let failing = Set(references[1...])
        let (ending, said, _) = try bench.run(plan) {
            for reference in failing where try self.state(bench, reference) == "waiting" {
                try self.giveUp(bench, reference)
            }
            bench.deliver()
        }
        #expect(ending == .partly)
        let counts = try bench.result(["ask": "plan-show", "plan": plan["id"]])["counts"]
        // A failure is seen a pause after it was sent, so one more is on its way.
        #expect(counts?["open"]?.integer == spared, "\(said)")
        #expect(said.contains { $0.hasPrefix("stopped: \(allowed) failed (status-400)") })
    }

    // MARK: Messages that are held

    @Test("a plan says what held messages come to now, and leaves out those that would be held again")
    func foreseen() throws {
        let bench = try EngineBench {
            $0.routes[0].when = ("urgency.code = 'urgent'", SourcePosition(line: 1, column: 1))
        }
        let reference = try #require(bench.take(try GatewayBench.letter()).first).receipt.reference
        let vain = try bench.plan("retry", ["references": .array([.string(reference)]), "mapping": "current"])
        #expect(vain["items"]?.items.map { $0["why"]?.string } == ["it would be held (route-none) again"])
        #expect(vain["id"] == nil)
        bench.engine.processor.use(try EngineBench.rules(EngineBench.configuration(in: bench.folder)))
        let plan = try bench.plan("retry", ["references": .array([.string(reference)]), "mapping": "current"])
        let item = try #require(plan["items"]?.items.first)
        #expect(
            item["step"]?.string == "read" && item["mappingVersion"]?.string == bench.engine.processor.rules.version)
        #expect(item["foreseen"]?["sent"]?.items.map(\.string) == ["out"])
        #expect(try bench.run(plan).ending == .done)
        #expect(try bench.outcomes(plan) == ["delivered"])
        #expect(try bench.audit().contains { $0.event == "decided-anew" && $0.actor == "bo" })
    }

    @Test("a message that comes to something else by now than the plan says is left as it is")
    func otherwise() throws {
        let bench = try EngineBench {
            $0.routes[0].when = ("urgency.code = 'urgent'", SourcePosition(line: 1, column: 1))
        }
        let reference = try #require(bench.take(try GatewayBench.letter()).first).receipt.reference
        bench.engine.processor.use(try EngineBench.rules(EngineBench.configuration(in: bench.folder)))
        let plan = try bench.plan("retry", ["references": .array([.string(reference)])])
        let closed = EngineBench.configuration(in: bench.folder) { $0.routes[0].consent = .scope(.shareWithLinkWorker) }
        bench.engine.processor.use(try EngineBench.rules(closed))
        _ = try bench.run(plan)
        #expect(try bench.outcomes(plan) == ["left it comes to something else by now than was planned"])
        #expect(try bench.result(["ask": "message", "reference": .string(reference)])["message"]?["state"] == "held")
    }

    // MARK: Replays

    @Test("a replay of the same bytes goes under the same key, as a repeat")
    func repeated() throws {
        let bench = try EngineBench()
        let reference = try delivered(bench)
        let before = try bench.delivery(of: reference)
        let plan = try bench.plan("replay", ["references": .array([.string(reference)])])
        #expect(plan["items"]?.items.map { $0["step"]?.string } == ["again"])
        #expect(try bench.run(plan).ending == .done)
        let after = try bench.delivery(of: reference)
        #expect(after["id"] == before["id"] && after["key"] == before["key"] && after["attempts"]?.integer == 2)
        #expect(bench.folder.names("queue/ready").count == 1)
    }

    @Test("a replay of other bytes, or where it is asked for, has a key of its own", arguments: [false, true])
    func new(_ isAsked: Bool) throws {
        let bench = try EngineBench()
        let reference = try delivered(bench)
        let before = try bench.delivery(of: reference)
        if !isAsked {
            let changed = EngineBench.configuration(in: bench.folder) { $0.routes[0].fields = [("person.name", nil)] }
            bench.engine.processor.use(try EngineBench.rules(changed))
        }
        let plan = try bench.plan(
            "replay", ["references": .array([.string(reference)]), "isAlwaysNew": .bool(isAsked)])
        let item = try #require(plan["items"]?.items.first)
        #expect(item["step"]?.string == "new" && item["key"] != before["key"])
        #expect(try bench.run(plan).ending == .done)
        #expect(try bench.delivery(of: reference)["key"] == item["key"])
        #expect(bench.folder.names("queue/ready").count == 2)
        let again = try bench.plan("replay", ["sinceMinutes": .number(60), "source": "north"])
        #expect(again["items"]?.items.count == 1, "only the latest of a referral is replayed")
    }

    @Test(
        "a replay goes nowhere the person does not agree to by now, and not when the route changed since the plan",
        arguments: [true, false])
    func consent(_ isAlwaysNew: Bool) throws {
        let bench = try EngineBench()
        let reference = try delivered(bench)
        let references = JSONValue.array([.string(reference)])
        let plan = try bench.plan("replay", ["references": references, "isAlwaysNew": .bool(isAlwaysNew)])
        let closed = EngineBench.configuration(in: bench.folder) { $0.routes[0].consent = .scope(.shareWithLinkWorker) }
        bench.engine.processor.use(try EngineBench.rules(closed))
        _ = try bench.run(plan)
        #expect(try bench.outcomes(plan) == ["left the referral may not go to `out`: consent-absent"])
        let late = try bench.plan("replay", ["references": references])
        #expect(late["items"]?.items.map { $0["outcome"]?.string } == ["left"])
        #expect(try bench.delivery(of: reference)["attempts"]?.integer == 1)
    }

    // MARK: Giving up

    @Test("what waits is cancelled, on one route or on all, and is not sent")
    func cancel() throws {
        let bench = try EngineBench {
            $0.routes.append(Configuration.Route(name: "jobs", queue: $0.state + "-jobs"))
        }
        let reference = try #require(bench.take(try GatewayBench.letter()).first).receipt.reference
        let plan = try bench.plan("cancel", ["reference": .string(reference), "route": "jobs"])
        #expect(plan["items"]?.items.map { $0["route"]?.string } == ["jobs"])
        #expect(try state(bench, reference) == "waiting")
        let (ending, said, _) = try bench.run(plan)
        #expect(ending == .done && said.last?.hasSuffix("1 cancelled") == true)
        bench.deliver()
        #expect(try bench.delivery(of: reference, on: "jobs")["state"]?.string == "dropped")
        #expect(try state(bench, reference) == "delivered" && bench.folder.names("state-jobs/ready").isEmpty)
        #expect(try bench.plan("cancel", ["reference": .string(reference)])["id"] == nil)
        let line = try #require(bench.audit().last { $0.event == "dropped" })
        #expect(line.actor == "bo" && line.detail == "reason=a test plan=\(plan["id"]?.string ?? "")")
    }

    @Test("what was delivered before its plan was run is not cancelled")
    func late() throws {
        let bench = try EngineBench()
        let reference = try #require(bench.take(try GatewayBench.letter()).first).receipt.reference
        let plan = try bench.plan("cancel", ["reference": .string(reference)])
        bench.deliver()
        let (ending, said, _) = try bench.run(plan)
        #expect(ending == .partly)
        #expect(said.first?.hasSuffix("on route out: it is delivered by now") == true)
        #expect(try state(bench, reference) == "delivered")
    }
}
