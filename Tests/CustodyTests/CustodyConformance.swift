import Custody
import Testing

/// What every store must do, whatever it is built on.
@Suite("custody")
struct CustodyConformance {
    // MARK: Taking in and handing on

    @Test("a document that was accepted is owed to each of its routes", arguments: Engine.allCases)
    func accept(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let intake = store.document("letter", routes: ["queue", "platform"])
        let receipt = try store.accept(intake)
        #expect(receipt.kind == .new && receipt.state == .waiting && receipt.reference == intake.reference)
        let delivery = try #require(try store.due("platform").first)
        #expect(delivery.body == Array("body of letter to platform".utf8))
        #expect(delivery.key == "key of letter to platform")
        #expect(delivery.reference == intake.reference && delivery.referral == "referral of letter")
        #expect(delivery.attempts == 0 && delivery.since == store.clock.wall())
        #expect(try store.due("queue").count == 1)
        #expect(try store.due("elsewhere").isEmpty)
    }

    @Test("what was delivered is owed no more", arguments: Engine.allCases)
    func deliver(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let receipt = try store.accept(store.document("letter"))
        let delivery = try #require(try store.due().first)
        #expect(try store.commit(store.attempt(delivery.id, .delivered(receipt: "42"))) == [.done])
        #expect(try store.due().isEmpty)
        let again = try store.accept(store.document("letter"))
        #expect(again.kind == .repeated && again.state == .delivered && again.message == receipt.message)
    }

    @Test("a delivery that failed is due again at its time, and at once after a restart", arguments: Engine.allCases)
    func again(_ engine: Engine) throws {
        let store = try TestStore(engine)
        _ = try store.accept(store.document("letter"))
        let delivery = try #require(try store.due().first)
        let time = Monotonic(milliseconds: store.clock.steady().milliseconds + 5_000)
        try store.commit(store.attempt(delivery.id, .again(at: time), cause: "status-503"))
        #expect(try store.due().isEmpty)
        #expect(try store.custody.nextDue("queue", after: store.clock.steady()) == time)
        store.clock.advance(milliseconds: 5_000)
        #expect(try store.due().map(\.attempts) == [1])
        store.clock.advance(milliseconds: -1)
        try store.reopen()
        #expect(try store.due().map(\.id) == [delivery.id])
        #expect(try store.due().first?.body == delivery.body)
    }
}
