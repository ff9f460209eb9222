import Custody
import Testing

@Suite("what operators do")
struct OperatorTests {
    private func dead(_ store: TestStore, _ text: String = "letter") throws -> DueDelivery {
        _ = try store.accept(store.document(text))
        let delivery = try #require(try store.due().first)
        try store.commit(store.attempt(delivery.id, .dead, cause: "status-400"))
        return delivery
    }

    private func isRefused(_ results: [OperationResult]) -> Bool {
        if case .refused? = results.first { results.count == 1 } else { false }
    }

    @Test("a dead delivery goes out again, the same bytes under the same key", arguments: Engine.allCases)
    func retry(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let delivery = try dead(store)
        #expect(try store.custody.ledger.message(delivery.reference)?.state == .dead)
        #expect(try store.commit(.retry(delivery.id, actor: "amy")) == [.done])
        let again = try #require(try store.due().first)
        #expect(again.id == delivery.id && again.key == delivery.key && again.body == delivery.body)
        #expect(again.attempts == 0)
        #expect(try store.custody.ledger.message(delivery.reference)?.state == .waiting)
        #expect(isRefused(try store.commit(.retry(delivery.id, actor: "amy"))))
        try store.commit(store.attempt(delivery.id, .delivered(receipt: "7")))
        let story = try #require(try store.custody.ledger.story(delivery.reference))
        #expect(story.attempts.map(\.number) == [1, 2] && story.attempts.map(\.outcome) == ["dead", "delivered"])
        #expect(story.deliveries.first?.receipt == "7")
    }

    @Test("a replay is another delivery under another key", arguments: Engine.allCases)
    func replay(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let delivery = try dead(store)
        let results = try store.commit(
            .replay(delivery.id, key: "new key", body: nil, actor: "amy", reason: "they lost it"))
        #expect(results == [.done])
        let replay = try #require(try store.due().first)
        #expect(replay.id != delivery.id && replay.key == "new key" && replay.body == delivery.body)
        try store.commit(store.attempt(replay.id, .delivered(receipt: nil)))
        #expect(try store.custody.ledger.message(delivery.reference)?.state == .delivered)
        let other: [UInt8] = [1, 2, 3]
        let again = Change.replay(replay.id, key: "newer key", body: other, actor: "amy", reason: "mended")
        #expect(try store.commit(again) == [.done])
        #expect(try store.due().map(\.body) == [other])
        #expect(isRefused(try store.commit(again)))
        let story = try #require(try store.custody.ledger.story(delivery.reference))
        #expect(story.deliveries.map(\.state) == [.replayed, .delivered, .waiting])
        #expect(story.audit.last?.actor == "amy" && story.audit.last?.detail?.contains("reason=mended") == true)
    }

    @Test("a dropped delivery and a dropped message are owed no more", arguments: Engine.allCases)
    func drop(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let delivery = try dead(store)
        try store.commit(.dropDelivery(delivery.id, actor: "amy", reason: "sent by post"))
        #expect(try store.custody.ledger.message(delivery.reference)?.state == .dropped)
        let held = try store.accept(store.intake("odd", decision: Decision(.held(cause: "consent-missing"))))
        try store.commit(.dropMessage(held.message, actor: "amy", reason: "asked the practice"))
        #expect(try store.custody.ledger.counts() == [.dropped: 2])
        #expect(isRefused(try store.commit(.dropMessage(held.message, actor: "amy", reason: "again"))))
        #expect(isRefused(try store.commit(.reprocess(held.message, Decision(.accepted), actor: "amy"))))
        let again = try store.accept(store.intake("odd", decision: Decision(.held(cause: "consent-missing"))))
        #expect(again.kind == .repeated && again.state == .dropped)
    }

    @Test("a held message decided anew goes where it is owed", arguments: Engine.allCases)
    func reprocess(_ engine: Engine) throws {
        let store = try TestStore(engine)
        var intake = store.document("letter", sender: "m1", routes: ["queue", "platform"])
        intake.decision.outcome = .held(cause: "code-unmapped")
        intake.decision.mapping = "letter@1"
        let held = try store.accept(intake)
        var decision = store.document("letter", routes: ["queue", "platform"]).decision
        decision.mapping = "letter@2"
        for _ in 0..<3 {
            var still = decision
            still.outcome = .held(cause: "still-unmapped")
            try store.commit(.reprocess(held.message, still, actor: "amy"))
        }
        try store.commit(.reprocess(held.message, decision, actor: "amy"))
        #expect(try store.due("queue").count == 1 && store.due("platform").count == 1)
        let story = try #require(try store.custody.ledger.story(held.reference))
        #expect(story.message.mapping == "letter@2" && story.message.state == .waiting && story.referrals.count == 1)
        #expect(story.findings == decision.findings)
        #expect(isRefused(try store.commit(.reprocess(held.message, decision, actor: "amy"))))
    }

    @Test("a message no route may have is withheld, and what is no referral is noted", arguments: Engine.allCases)
    func withheld(_ engine: Engine) throws {
        let store = try TestStore(engine)
        var intake = store.document("letter", routes: [])
        intake.decision.referrals[0].deliveries = [
            Decision.Delivery(route: "queue", key: "k", standing: .withheld(reason: "no-consent"))
        ]
        let receipt = try store.accept(intake)
        #expect(receipt.state == .withheld)
        #expect(try store.due().isEmpty)
        let story = try #require(try store.custody.ledger.story(receipt.reference))
        #expect(story.deliveries.map(\.state) == [.withheld] && story.deliveries.map(\.cause) == ["no-consent"])
        let noted = try store.accept(store.intake("ack", decision: Decision(.noted(kind: "acknowledgement"))))
        #expect(noted.state == .noted)
    }

    @Test("a message is waiting while one delivery is, dead when one is and none waits", arguments: Engine.allCases)
    func states(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let receipt = try store.accept(store.document("letter", routes: ["a", "b", "c"]))
        func state() throws -> MessageState? {
            let ledger = store.custody.ledger
            return try ledger.message(receipt.reference)?.state
        }
        let ids = try ["a", "b", "c"].map { try #require(try store.due($0).first).id }
        try store.commit(store.attempt(ids[0], .dead, cause: "status-422"))
        #expect(try state() == .waiting)
        try store.commit(
            store.attempt(ids[1], .delivered(receipt: nil)), store.attempt(ids[2], .delivered(receipt: nil)))
        #expect(try state() == .dead)
        try store.commit(.retry(ids[0], actor: "amy"))
        #expect(try state() == .waiting)
        try store.commit(store.attempt(ids[0], .delivered(receipt: nil)))
        #expect(try state() == .delivered)
    }

    @Test("suspicions are counted and taken away", arguments: Engine.allCases)
    func suspicion(_ engine: Engine) throws {
        let store = try TestStore(engine)
        #expect(try store.commit(.suspect(key("x")), .suspect(key("x"))) == [.suspected(0), .suspected(1)])
        try store.reopen()
        #expect(try store.commit(.suspect(key("x")), .suspect(key("y"))) == [.suspected(2), .suspected(0)])
        #expect(try store.commit(.cleared(key("x")), .suspect(key("x"))) == [.done, .suspected(0)])
    }

    @Test("a pinned mapping is kept as it was first", arguments: Engine.allCases)
    func pin(_ engine: Engine) throws {
        let store = try TestStore(engine)
        try store.commit(.pin(version: "v1", files: [1, 2]), .pin(version: "v1", files: [3]))
        #expect(try store.custody.ledger.mappingFiles("v1") == [1, 2])
        #expect(try store.custody.ledger.mappingFiles("v2") == nil)
    }

    @Test("one impossible operation harms no other of its batch", arguments: Engine.allCases)
    func refusal(_ engine: Engine) throws {
        let store = try TestStore(engine)
        // Twice the same route in one referral: a mistake of ours that only the store's own constraint finds.
        let broken = store.document("broken", routes: ["queue", "queue"])
        let results = try store.commit(
            .accept(store.document("a")), .retry(DeliveryID(rawValue: 99), actor: "amy"), .accept(broken),
            .accept(store.document("b")))
        #expect(results.count == 4)
        for (index, isGood) in [true, false, false, true].enumerated() {
            if case .accepted = results[index] { #expect(isGood) } else { #expect(!isGood) }
        }
        #expect(try store.due().map(\.referral) == ["referral of a", "referral of b"])
        #expect(try store.custody.ledger.message(broken.reference) == nil)
        #expect(try store.custody.auditVerify().problem == nil)
    }
}
