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
            bench.engine, operators: bench.operators, metrics: bench.engine.metrics, upkeep: upkeep(bench),
            isAlive: { true })
        func states() -> [HealthCheck.State] { health.checks().filter { $0.name.hasPrefix("source") }.map(\.state) }
        #expect(states() == [.ok, .ok])
        _ = bench.engine.standings.sourceFailed("north", "cannot list: gone", at: bench.clock.wall())
        #expect(states() == [.degraded, .ok])
        _ = bench.engine.standings.sourceFailed("south", "cannot list: gone", at: bench.clock.wall())
        #expect(states() == [.failed, .failed])
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
