import Custody
import Testing

@Suite("updates and cancellations")
struct ChangeTests {
    private func change(
        _ store: TestStore, _ text: String, _ kind: Decision.Referral.Kind, names: [String], subject: String? = nil,
        sender: String? = nil
    ) -> Intake {
        var decision = Decision(.accepted)
        decision.referrals = [store.referral("r1", text, kind: kind, names: names, subject: subject)]
        return store.intake(text, sender: sender, decision: decision)
    }

    @Test("a change of a referral nobody knows is held", arguments: Engine.allCases)
    func unknown(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let receipt = try store.accept(change(store, "cancel", .cancellation, names: ["r1"]))
        #expect(receipt.kind == .unknownReferral && receipt.state == .held)
        #expect(try store.custody.ledger.message(receipt.reference)?.cause == "referral-unknown")
        #expect(try store.due().isEmpty)
    }

    @Test("a change of a known referral is accepted, linked, and marks the earlier one", arguments: Engine.allCases)
    func known(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let first = try store.accept(store.document("letter", referral: "r1"))
        let update = try store.accept(change(store, "update", .update, names: ["r1"]))
        #expect(update.kind == .new && update.state == .waiting)
        let cancellation = try store.accept(change(store, "cancel", .cancellation, names: ["other", "r1"]))
        let ledger = store.custody.ledger
        let stories = try [first, update, cancellation].map { try #require(try ledger.story($0.reference)).referrals }
        #expect(stories.map { $0.map(\.status) } == [[.updated], [.cancelled], [.current]])
        #expect(stories[0].first?.later == update.message && stories[1].first?.earlier == first.message)
        #expect(stories[1].first?.later == cancellation.message)
    }

    @Test("a change that names another person's referral is held, and changes nothing", arguments: Engine.allCases)
    func ofAnotherPerson(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let first = try store.accept(change(store, "letter", .new, names: ["r1"], subject: "amy"))
        let alike = try store.accept(change(store, "cancel", .cancellation, names: ["r1"], subject: "ben"))
        #expect(alike.kind == .unknownReferral && alike.state == .held)
        #expect(try store.custody.ledger.story(first.reference)?.referrals.map(\.status) == [.current])
        // Who does not say whose it is means the one of that name.
        let cancellation = try store.accept(change(store, "anonymous", .cancellation, names: ["r1"]))
        #expect(cancellation.kind == .new && cancellation.state == .waiting)
    }

    @Test("a change under the sender's old id is not a conflict", arguments: Engine.allCases)
    func sameSender(_ engine: Engine) throws {
        let store = try TestStore(engine)
        _ = try store.accept(store.document("letter", sender: "m1", referral: "r1"))
        let update = try store.accept(change(store, "update", .update, names: ["r1"], sender: "m1"))
        #expect(update.kind == .new && update.state == .waiting)
        let again = try store.accept(change(store, "update", .update, names: ["r1"], sender: "m1"))
        #expect(again.kind == .repeated && again.reference == update.reference)
    }

    @Test("a change never overtakes what it changes, on any route", arguments: Engine.allCases)
    func overtaking(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let first = try store.accept(store.document("letter", referral: "r1"))
        let update = try store.accept(change(store, "update", .update, names: ["r1"]))
        let cancellation = try store.accept(change(store, "cancel", .cancellation, names: ["r1"]))
        var order: [String] = []
        while let delivery = try store.due().first {
            #expect(try store.due().count == 1)
            order.append(delivery.reference)
            let soon = Monotonic(milliseconds: store.clock.steady().milliseconds + 10)
            try store.commit(store.attempt(delivery.id, .again(at: soon), cause: "timeout"))
            #expect(try store.due().isEmpty)
            store.clock.advance(milliseconds: 10)
            try store.commit(store.attempt(delivery.id, .delivered(receipt: nil)))
        }
        #expect(order == [first, update, cancellation].map(\.reference))
    }

    @Test("a change of a referral that is held waits with it for a person", arguments: Engine.allCases)
    func ofHeld(_ engine: Engine) throws {
        let store = try TestStore(engine)
        var held = store.document("letter", referral: "r1")
        held.decision.outcome = .held(cause: "code-unmapped")
        let first = try store.accept(held)
        let update = change(store, "update", .update, names: ["r1"])
        let second = try store.accept(update)
        #expect(second.kind == .unknownReferral)
        held.decision.outcome = .accepted
        try store.commit(
            .reprocess(first.message, held.decision, actor: "amy"),
            .reprocess(second.message, update.decision, actor: "amy"))
        #expect(try store.due().map(\.reference) == [first.reference])
    }
}
