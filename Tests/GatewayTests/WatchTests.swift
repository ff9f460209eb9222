import Custody
import Delivery
import Foundation
import HTTPService
import Intake
import Metrics
import Referrals
import Reporting
import Simulation
import Testing

@testable import Gateway

/// What those see who watch a gateway: alerts, health, and how sources stand.
@Suite("watching")
struct WatchTests {
    private func upkeep(_ bench: EngineBench) -> Upkeep {
        let upkeep = Upkeep(bench.engine)
        upkeep.look()
        return upkeep
    }

    private func alerts(_ bench: EngineBench) -> [String] {
        AlertConditions(bench.engine, upkeep: upkeep(bench)).holding().map {
            "\($0.name.rawValue) \($0.severity.rawValue) \($0.subject)"
        }.sorted().filter { !$0.hasPrefix("disk-low") }
    }

    @Test("a source that fails is told once for each reason, shown everywhere, and over when it is well")
    func source() throws {
        let bench = try EngineBench()
        let standings = bench.engine.standings
        #expect(standings.sourceFailed("north", "cannot list: no such folder", at: bench.clock.wall()))
        #expect(!standings.sourceFailed("north", "cannot list: no such folder", at: bench.clock.wall()))
        #expect(standings.sourceFailed("north", "cannot list: permission denied", at: bench.clock.wall()))
        #expect(alerts(bench) == ["source-failed critical north"])
        let source = try #require(try bench.result(["ask": "sources"]).items.first)
        #expect(source["state"]?.string == "failing")
        #expect(source["failingWhy"]?.string == "cannot list: permission denied")
        standings.sourceIsWell("north")
        #expect(alerts(bench).isEmpty)
    }

    @Test("one source that fails degrades, and when none is left the gateway is not ready")
    func readiness() throws {
        let bench = try EngineBench {
            $0.sources.append(.init(name: "south", folder: $0.state + "/../south"))
        }
        let health = Health(
            bench.engine, operators: bench.operators, upkeep: upkeep(bench), isAlive: { true })
        func states() -> [HealthCheck.State] { health.checks().filter { $0.name.hasPrefix("source") }.map(\.state) }
        #expect(states() == [.ok, .ok])
        _ = bench.engine.standings.sourceFailed("north", "cannot list: gone", at: bench.clock.wall())
        #expect(states() == [.degraded, .ok])
        _ = bench.engine.standings.sourceFailed("south", "cannot list: gone", at: bench.clock.wall())
        #expect(states() == [.failed, .failed])
    }

    private static let day: Int64 = 86_400_000

    @Test("a pause of more than a day is told, until it ends")
    func pause() throws {
        let bench = try EngineBench()
        for isPaused in [true, false] {
            _ = try bench.result([
                "ask": "pause", "kind": "route", "name": "out", "isPaused": .bool(isPaused), "reason": "holiday",
                "actor": "ada",
            ])
            func pauses() -> [String] { alerts(bench).filter { $0.hasPrefix("route-paused") } }
            bench.clock.advance(milliseconds: 23 * 3_600_000)
            #expect(pauses().isEmpty)
            bench.clock.advance(milliseconds: 2 * 3_600_000)
            #expect(pauses() == (isPaused ? ["route-paused-long warning route out"] : []))
        }
    }

    @Test("a store without a backup for two days is told, and one backup ends that, seen by one who looked before")
    func backup() throws {
        let bench = try EngineBench()
        _ = try bench.engine.committer.commitAndWait([.note(event: "started", detail: "", actor: "gateway")])
        let upkeep = Upkeep(bench.engine)
        func isOld() -> Bool {
            bench.clock.advance(milliseconds: 600_000)
            upkeep.look()
            return AlertConditions(bench.engine, upkeep: upkeep).holding().contains { $0.name == .backupOld }
        }
        #expect(!isOld())
        bench.clock.advance(milliseconds: 2 * Self.day)
        #expect(isOld())
        _ = try bench.result(["ask": "backup", "folder": .string(bench.folder["copy"]), "actor": "ada"])
        #expect(!isOld())
        bench.clock.advance(milliseconds: 2 * Self.day)
        #expect(isOld())
    }

    @Test("when a fifth of a day's referrals says nothing of consent that is asked for, the source is told")
    func consent() throws {
        let bench = try EngineBench { $0.routes[0].consent = .scope(.shareWithLinkWorker) }
        for number in 0..<19 { _ = try bench.take(try GatewayBench.letter("Dray\(number)")) }
        #expect(alerts(bench).isEmpty, "too few to say anything")
        _ = try bench.take(try GatewayBench.letter("Last"))
        #expect(alerts(bench) == ["consent-gap warning north"])
        bench.clock.advance(milliseconds: Self.day)
        #expect(alerts(bench).filter { $0.hasPrefix("consent-gap") }.isEmpty)
    }

    @Test("a source is quiet after more working hours than lay between its documents, weekends left out")
    func silence() {
        // From Monday 2 March 2026, 08:00, every two hours until 16:00, on working days of three weeks.
        let monday: Int64 = 1_772_438_400_000
        var sent: [Instant] = []
        for day in Int64(0)..<21 where day % 7 < 5 {
            for turn in Int64(0)..<5 {
                sent.append(Instant(milliseconds: monday + day * Self.day + turn * 7_200_000))
            }
        }
        sent.reverse()
        func isQuiet(_ day: Int64, _ hour: Int64) -> Bool {
            let now = Instant(milliseconds: monday + day * Self.day + (hour - 8) * 3_600_000)
            return Silence.isUnusual(sent, at: now)
        }
        #expect(!isQuiet(18, 17), "Friday, an hour after the last")
        #expect(!isQuiet(20, 12), "a Sunday")
        #expect(!isQuiet(21, 8), "Monday, when the day begins")
        #expect(isQuiet(21, 12), "Monday, when two should have come")
        let late = Instant(milliseconds: monday + 60 * Self.day)
        #expect(!Silence.isUnusual(Array(sent.prefix(20)), at: late), "too few to say what is usual")
    }

    @Test("an alert opens once, is told again when it is worse, and closes once")
    func book() {
        let book = AlertBook()
        func at(_ hours: Int64) -> Instant { Instant(milliseconds: 1_000_000 + hours * 3_600_000) }
        let mild = Alert(.diskLow, "state", next: "linkway doctor")
        let bad = Alert(.diskLow, "state", .critical, next: "linkway doctor")
        #expect(book.update([mild], at: at(0)).opened.map(\.alert) == [mild])
        #expect(book.update([mild], at: at(1)).opened.isEmpty)
        let worse = book.update([bad], at: at(2))
        #expect(worse.changed.map(\.alert) == [bad] && worse.opened.isEmpty && worse.closed.isEmpty)
        #expect(book.update([], at: at(3)).closed.map(\.alert) == [bad])
        #expect(book.update([], at: at(4)).closed.isEmpty)
    }

    @Test("what was withheld was not sent, and it says why")
    func withheld() throws {
        let bench = try EngineBench { $0.routes[0].consent = .scope(.shareWithEmploymentSupport) }
        // The sample tells of later days than the clock's first.
        bench.clock.advance(milliseconds: 90 * 86_400_000)
        let receipt = try #require(bench.take(try GatewayBench.refusal()).first).receipt
        try #require(receipt.state == .withheld)
        let reference = receipt.reference
        let answer = try bench.ask(["ask": "content", "reference": .string(reference), "part": "sent"])
        #expect(answer["error"]?.string == "nothing was sent: it is withheld from out (consent-no)")
    }

    @Test(
        "with `order: person-holding` a person's later referral waits behind a dead letter until it is dropped",
        arguments: [Configuration.Route.Order.person, .personHolding])
    func order(_ order: Configuration.Route.Order) throws {
        let bench = try EngineBench { $0.routes[0].order = order }
        let first = try #require(bench.take(try GatewayBench.letter()).first).receipt.reference
        let dead = try #require(bench.delivery(of: first)["id"]?.integer)
        try bench.giveUp(dead)
        let second = try #require(bench.take(try GatewayBench.letter("Other")).first).receipt.reference
        bench.deliver()
        #expect(try bench.delivery(of: second)["state"]?.string == (order == .person ? "delivered" : "waiting"))
        try bench.carryOut("drop", first)
        bench.deliver()
        #expect(try bench.delivery(of: second)["state"]?.string == "delivered")
    }
}
