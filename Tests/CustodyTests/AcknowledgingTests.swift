import Custody
import Testing

@Suite("what receivers say of what they were sent")
struct AcknowledgingTests {
    private static let key = "0f8fad5b-d9cb-469f-a165-70867728950e"

    private func store(_ engine: Engine = .memory) throws -> (store: TestStore, delivery: DueDelivery) {
        let store = try TestStore(engine)
        var intake = store.document("letter")
        intake.decision.referrals[0].deliveries[0].key = Self.key
        _ = try store.accept(intake)
        return (store, try #require(try store.due().first))
    }

    private func answer(
        _ store: TestStore, _ verdict: Acknowledgement.Verdict, key: String? = Self.key, digest: Key? = nil
    ) -> Acknowledgement {
        Acknowledgement(
            at: store.clock.wall(), kind: "itk3", verdict: verdict, code: verdict == .received ? nil : "30002",
            cause: "ack-30002", key: key, digest: digest)
    }

    private func state(_ store: TestStore, _ delivery: DueDelivery) throws -> String {
        let found = try #require(try store.custody.ledger.delivery(delivery.id))
        return found.state.rawValue + (found.cause.map { " " + $0 } ?? "")
    }

    @Test("a yes is recorded on its delivery and changes nothing", arguments: Engine.allCases)
    func yes(_ engine: Engine) throws {
        let (store, delivery) = try store(engine)
        try store.commit(store.attempt(delivery.id, .delivered(receipt: nil)))
        let result = try store.commit(.acknowledge(answer(store, .received, key: "urn:uuid:" + Self.key.uppercased())))
        #expect(result == [.acknowledged(delivery.id, isNew: true)])
        #expect(try state(store, delivery) == "delivered")
        let story = try #require(try store.custody.ledger.story(delivery.reference))
        #expect(story.answers.map(\.verdict) == [.received] && story.answers.map(\.delivery) == [delivery.id])
        #expect(story.audit.contains { $0.event == "answered" })
    }

    @Test(
        "a no makes a dead letter of what was delivered, and of what still waits",
        arguments: [true, false])
    func no(isDelivered: Bool) throws {
        let (store, delivery) = try store()
        if isDelivered { try store.commit(store.attempt(delivery.id, .delivered(receipt: nil))) }
        try store.commit(.acknowledge(answer(store, .wrongTarget)))
        #expect(try state(store, delivery) == "dead ack-30002")
        #expect(try store.custody.ledger.message(delivery.reference)?.state == .dead)
        #expect(try store.custody.ledger.deadLetters().map(\.cause) == ["ack-30002"])
        // What was in the air meanwhile takes nothing back.
        try store.commit(store.attempt(delivery.id, .delivered(receipt: nil)))
        #expect(try state(store, delivery) == "dead ack-30002")
        // A person sends it again, and this time it is well.
        store.clock.advance(milliseconds: 1)
        try store.commit(.retry(delivery.id, actor: "sam"))
        store.clock.advance(milliseconds: 1)
        try store.commit(store.attempt(delivery.id, .delivered(receipt: nil)))
        #expect(try state(store, delivery) == "delivered")
    }

    @Test("what a person gave up stays given up")
    func dropped() throws {
        let (store, delivery) = try store()
        try store.commit(.dropDelivery(delivery.id, actor: "sam", reason: "sent on paper"))
        try store.commit(.acknowledge(answer(store, .refused)))
        #expect(try state(store, delivery) == "dropped dropped")
    }

    @Test(
        "an answer to nothing known here is kept and seen, and nothing else happens",
        arguments: ["0f8fad5b-d9cb-469f-a165-000000000000", "9990004110", "Mrs Example", nil])
    func unmatched(key: String?) throws {
        let (store, delivery) = try store()
        let result = try store.commit(.acknowledge(answer(store, .refused, key: key)))
        #expect(result == [.acknowledged(nil, isNew: true)])
        #expect(try state(store, delivery) == "waiting")
        let unmatched = try store.custody.ledger.answers(isUnmatched: true, limit: 9)
        #expect(unmatched.count == 1)
        // What is no UUID may be somebody's number.
        #expect(unmatched[0].key == (key?.hasPrefix("0f8f") == true ? key : nil))
    }

    @Test("the same report twice, with a person in between, is one")
    func twice() throws {
        let (store, delivery) = try store()
        let report = answer(store, .notDelivered, digest: CustodyTests.key("report"))
        try store.commit(.acknowledge(report))
        try store.commit(.retry(delivery.id, actor: "sam"))
        #expect(try store.commit(.acknowledge(report)) == [.acknowledged(nil, isNew: false)])
        #expect(try state(store, delivery) == "waiting")
    }

    @Test("an answer that is a message of its own is part of both stories, once")
    func message() throws {
        let (store, delivery) = try store()
        var decision = Decision(.noted(kind: "an acknowledgement"))
        decision.answers = [answer(store, .refused)]
        let brought = try store.accept(store.intake("ack", decision: decision))
        #expect(brought.state == .noted)
        #expect(try state(store, delivery) == "dead ack-30002")
        _ = try store.accept(store.intake("ack", decision: decision))
        for reference in [brought.reference, delivery.reference] {
            let story = try #require(try store.custody.ledger.story(reference))
            #expect(story.answers.count == 1 && story.answers[0].broughtBy == brought.reference)
        }
        decision.answers[0].key = nil
        let other = try store.accept(store.intake("other", decision: decision))
        #expect(try store.custody.ledger.message(other.reference)?.cause == "unmatched: an acknowledgement")
    }

    @Test("answers go with what they are about, and unmatched ones in time")
    func retention() throws {
        let (store, delivery) = try store()
        try store.commit(store.attempt(delivery.id, .delivered(receipt: nil)))
        try store.commit(.acknowledge(answer(store, .received)))
        try store.commit(.acknowledge(answer(store, .received, key: nil)))
        store.clock.advance(days: 500)
        while try store.custody.retire(RetentionPolicy(), now: store.clock.wall()).isMore {}
        #expect(try store.custody.ledger.answers(isUnmatched: false, limit: 9).isEmpty)
    }
}
