import Custody
import Testing

@Suite("the same document again")
struct RepeatTests {
    @Test("the same id and content is answered as before and delivered once", arguments: Engine.allCases)
    func repeated(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let first = try store.accept(store.document("letter", sender: "m1"))
        let second = try store.accept(store.document("letter", sender: "m1"))
        #expect(second.kind == .repeated)
        #expect(second.reference == first.reference && second.state == .waiting)
        #expect(try store.due().count == 1)
        let summary = try #require(try store.custody.ledger.message(first.reference))
        #expect(summary.repeats == 1 && summary.repeatedAt == store.clock.wall())
    }

    @Test("without an id of the sender's, the content is the identity", arguments: Engine.allCases)
    func anonymous(_ engine: Engine) throws {
        let store = try TestStore(engine)
        _ = try store.accept(store.document("letter"))
        #expect(try store.accept(store.document("letter")).kind == .repeated)
        #expect(try store.accept(store.document("letter", source: "other")).kind == .duplicate)
        #expect(try store.due().count == 1)
    }

    @Test("the same content under another id, or from another source, is a duplicate", arguments: Engine.allCases)
    func duplicate(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let first = try store.accept(store.document("letter", sender: "m1"))
        let second = try store.accept(store.document("letter", sender: "m2"))
        #expect(second.kind == .duplicate && second.reference == first.reference)
        let third = try store.accept(store.document("letter", sender: "m1", source: "other"))
        #expect(third.kind == .duplicate)
        // The new id is remembered.
        let fourth = try store.accept(store.document("letter", sender: "m2"))
        #expect(fourth.kind == .repeated && fourth.reference == first.reference)
        #expect(try store.due().count == 1)
    }

    @Test("the same id with other content is held for a person and delivered nowhere", arguments: Engine.allCases)
    func conflict(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let first = try store.accept(store.document("letter", sender: "m1"))
        let other = store.document("another letter", sender: "m1")
        let second = try store.accept(other)
        #expect(second.kind == .conflict && second.state == .held)
        #expect(second.reference == other.reference && second.message != first.message)
        #expect(try store.due().map(\.reference) == [first.reference])
        let story = try #require(try store.custody.ledger.story(second.reference))
        #expect(story.message.cause == "id-reused" && story.message.original == first.message)
        #expect(story.referrals.map(\.status) == [.held] && story.deliveries.isEmpty)
        #expect(try store.custody.ledger.payload(second.reference) == Array("another letter".utf8))
        // And again: the same answer about the same message.
        let third = try store.accept(store.document("another letter", sender: "m1"))
        #expect(third.kind == .conflict && third.message == second.message)
    }

    @Test("an operator who decides anew about a held conflict lets it through", arguments: Engine.allCases)
    func overruled(_ engine: Engine) throws {
        let store = try TestStore(engine)
        _ = try store.accept(store.document("letter", sender: "m1"))
        let other = store.document("another letter", sender: "m1")
        let held = try store.accept(other)
        let results = try store.commit(.reprocess(held.message, other.decision, actor: "amy"))
        guard case .accepted(let receipt)? = results.first else { throw TestFailure("\(results)") }
        #expect(receipt.kind == .retried && receipt.state == .waiting)
        #expect(try store.due().count == 2)
    }

    @Test("the same transport id with other content is held", arguments: Engine.allCases)
    func transport(_ engine: Engine) throws {
        let store = try TestStore(engine)
        var first = store.document("letter", sender: "m1")
        first.transportKey = key("t1")
        var second = store.document("another letter", sender: "m2")
        second.transportKey = key("t1")
        _ = try store.accept(first)
        #expect(try store.accept(second).kind == .conflict)
    }

    @Test("two of one batch stand by the same table", arguments: Engine.allCases)
    func together(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let results = try store.commit(
            .accept(store.document("a", sender: "1")), .accept(store.document("a", sender: "1")),
            .accept(store.document("a", sender: "2")), .accept(store.document("b", sender: "1")))
        let kinds = results.map { result -> Receipt.Kind? in
            guard case .accepted(let receipt) = result else { return nil }
            return receipt.kind
        }
        #expect(kinds == [.new, .repeated, .duplicate, .conflict])
        #expect(try store.due().count == 1)
    }

    @Test("what was held is decided anew when it comes again", arguments: Engine.allCases)
    func retried(_ engine: Engine) throws {
        let store = try TestStore(engine)
        var held = store.document("letter", sender: "m1")
        held.decision.outcome = .held(cause: "code-unmapped")
        let first = try store.accept(held)
        #expect(first.kind == .new && first.state == .held)
        #expect(try store.due().isEmpty)
        let second = try store.accept(store.document("letter", sender: "m1"))
        #expect(second.kind == .retried && second.state == .waiting && second.reference == first.reference)
        #expect(try store.due().map(\.reference) == [first.reference])
        let story = try #require(try store.custody.ledger.story(first.reference))
        #expect(story.message.cause == nil && story.referrals.count == 1)
        #expect(story.audit.map(\.event) == ["held", "sent-again", "decided-anew"])
    }

    @Test("a refused document sent again and still refused stays one message", arguments: Engine.allCases)
    func refusedAgain(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let refused = Decision(.refused(cause: "xml-broken"))
        let first = try store.accept(store.intake("<letter", decision: refused))
        let second = try store.accept(store.intake("<letter", decision: refused))
        #expect(second.kind == .retried && second.message == first.message && second.state == .refused)
        #expect(try store.custody.ledger.counts() == [.refused: 1])
    }

    @Test("a referral's id that another message has with other content is held", arguments: Engine.allCases)
    func referralReused(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let first = try store.accept(store.document("letter", sender: "m1", referral: "r1"))
        let second = try store.accept(store.document("changed letter", sender: "m2", referral: "r1"))
        #expect(second.kind == .conflict && second.state == .held)
        #expect(try store.custody.ledger.message(second.reference)?.cause == "id-reused")
        #expect(try store.due().map(\.reference) == [first.reference])
    }

    @Test("other bytes of the very same referral are not delivered again", arguments: Engine.allCases)
    func sameReferral(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let first = store.document("letter", sender: "m1", referral: "r1")
        let receipt = try store.accept(first)
        var second = store.intake("letter, laid out otherwise", sender: "m2", decision: first.decision)
        second.decision = first.decision
        let again = try store.accept(second)
        #expect(again.kind == .duplicate && again.state == .noted)
        #expect(try store.custody.ledger.message(again.reference)?.original == receipt.message)
        #expect(try store.due().count == 1)
    }

    @Test("operations submitted again after a lost answer come to the same")
    func lostAnswer() throws {
        let clock = TestClock()
        let fault = Fault()
        let custody = try SQLiteCustody(inMemory: clock, faults: { fault.take() })
        let intake = try TestStore(.memory).document("letter", sender: "m1")
        fault.set(.after(.input("EIO")))
        #expect(throws: CustodyError.input("EIO")) { try custody.commit([.accept(intake)]) }
        guard case .accepted(let receipt)? = try custody.commit([.accept(intake)]).first else {
            throw TestFailure("refused")
        }
        #expect(receipt.kind == .repeated && receipt.reference == intake.reference)
        let due = try custody.due("queue", order: .none, at: clock.steady(), limit: 9, leavingOut: [])
        #expect(due.count == 1)
        let delivered = Change.record(
            Attempt(delivery: due[0].id, at: clock.wall(), durationMilliseconds: 1, outcome: .delivered(receipt: nil)))
        fault.set(.after(.full))
        #expect(throws: CustodyError.full) { try custody.commit([delivered]) }
        #expect(try custody.commit([delivered]) == [.done])
        #expect(try custody.ledger.counts() == [.delivered: 1])
    }

    @Test("a commit that failed before it took effect did nothing")
    func failedBefore() throws {
        let fault = Fault()
        let custody = try SQLiteCustody(inMemory: TestClock(), faults: { fault.take() })
        let intake = try TestStore(.memory).document("letter")
        fault.set(.before(.full))
        #expect(throws: CustodyError.full) { try custody.commit([.accept(intake)]) }
        #expect(try custody.ledger.counts().isEmpty)
        guard case .accepted(let receipt)? = try custody.commit([.accept(intake)]).first else {
            throw TestFailure("refused")
        }
        #expect(receipt.kind == .new)
    }
}
