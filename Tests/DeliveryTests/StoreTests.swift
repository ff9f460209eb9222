import Custody
import Delivery
import Testing

@Suite("Dispatcher on the store")
struct StoreTests {
    private func intake(_ number: Int, subject: UInt8) -> Intake {
        let digits = String(1_000_000_000_000 + number).dropFirst()
        var decision = Decision(.accepted)
        var referral = Decision.Referral(
            id: "00000000-0000-4000-8000-\(digits)", kind: .new, names: [],
            subject: Key([UInt8](repeating: subject, count: 32)),
            canonical: Array("{}".utf8), trace: Array("{}".utf8))
        referral.deliveries = [
            Decision.Delivery(
                route: "north", key: "00000000-0000-5000-8000-\(digits)",
                standing: .send(body: Array("{\"n\":\(number)}".utf8), contentType: "application/json"))
        ]
        decision.referrals = [referral]
        var content = [UInt8](repeating: 0, count: 32)
        content[0] = UInt8(number & 255)
        content[1] = UInt8(number >> 8)
        return Intake(
            reference: "00000000-0000-4000-9000-\(digits)", source: "inbox", receivedAt: Instant(milliseconds: 0),
            content: Key(content), payload: Array("document \(number)".utf8), decision: decision)
    }

    @Test("what is taken into custody is delivered in order and written down", arguments: [1, 2, 3] as [UInt64])
    func delivered(seed: UInt64) throws {
        let time = FakeTime()
        let store = try SQLiteCustody(inMemory: time)
        let results = try store.commit((0..<120).map { .accept(intake($0, subject: UInt8($0 % 5))) })
        try #require(results.allSatisfy { if case .accepted = $0 { true } else { false } })
        let world = World(seed: seed, time: time, store: store)
        let chance = Chance(seed)
        let destination = ScriptedDestination(world, concurrency: 16, batch: 4) { _, _ in
            (chance.next() % 4 == 0 ? .busy : .made, after: Int64(chance.next() % 200))
        }
        let dispatcher = world.route(RouteSettings("north", order: .perSubject), to: destination)
        world.run(3_600_000) { dispatcher.status.delivered == 120 }
        #expect(dispatcher.status.delivered == 120)
        world.run(1_000)
        #expect(dispatcher.status.state == .idle)
        #expect(
            try store.due("north", order: .none, at: time.steady() + 86_400_000, limit: 1, leavingOut: []).isEmpty)
        var last: [Key?: DeliveryID] = [:]
        for sent in destination.sent {
            #expect(sent.delivery.id >= last[sent.delivery.subject] ?? sent.delivery.id)
            last[sent.delivery.subject] = sent.delivery.id
        }
    }
}
