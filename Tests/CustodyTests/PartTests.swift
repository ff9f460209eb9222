import Testing

@testable import Custody

@Suite("Several referrals of one document", .timeLimit(.minutes(2)))
struct PartTests {
    /// A document with referrals `a`, `b` … of which some are held.
    private func sheet(_ store: TestStore, _ text: String, held: [String: String] = [:], of ids: [String]) -> Intake {
        var decision = Decision(.accepted)
        decision.findings = Array(#"[{"code":"a-finding"}]"#.utf8)
        decision.referrals = ids.map { id in
            var referral = store.referral(id, "row \(id)")
            referral.held = held[id]
            if referral.held != nil { referral.deliveries = [] }
            return referral
        }
        return store.intake(text, decision: decision)
    }

    private func statuses(_ store: TestStore, _ reference: String) throws -> [String] {
        try #require(try store.custody.ledger.story(reference)).referrals.map { $0.status.rawValue }
    }

    @Test("one that is held keeps no other back, and the document is not done before it", arguments: Engine.allCases)
    func heldInPart(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let receipt = try store.accept(sheet(store, "sheet", held: ["b": "value-missing"], of: ["a", "b", "c"]))
        #expect(receipt.state == .held && receipt.heldReferrals == 1 && receipt.referrals == 3)
        #expect(try statuses(store, receipt.reference) == ["current", "held", "current"])
        #expect(try store.custody.ledger.deadLetters().map(\.cause) == ["value-missing"])
        for due in try store.due() { _ = try store.commit(store.attempt(due.id, .delivered(receipt: nil))) }
        #expect(try store.due().isEmpty)
        #expect(try store.custody.ledger.message(receipt.reference)?.state == .held)
    }

    @Test("what was mended goes on by itself, and nothing goes twice", arguments: Engine.allCases)
    func mended(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let first = try store.accept(sheet(store, "sheet", held: ["b": "value-missing"], of: ["a", "b", "c"]))
        for due in try store.due() { _ = try store.commit(store.attempt(due.id, .delivered(receipt: nil))) }
        let again = try store.accept(sheet(store, "sheet", held: ["b": "value-missing"], of: ["a", "b", "c"]))
        #expect(again.state == .held && again.kind == .retried && again.reference == first.reference)
        #expect(try store.due().isEmpty)
        let decision = sheet(store, "sheet", of: ["a", "b", "c"]).decision
        _ = try store.commit(.reprocess(first.message, decision, actor: "olive"))
        #expect(try statuses(store, first.reference) == ["current", "current", "current"])
        let due = try store.due()
        #expect(due.count == 1 && due.first?.reference == first.reference)
        #expect(try store.custody.ledger.message(first.reference)?.state == .waiting)
        for due in due { _ = try store.commit(store.attempt(due.id, .delivered(receipt: nil))) }
        #expect(try store.custody.ledger.message(first.reference)?.state == .delivered)
    }

    @Test("a mapping that finds other referrals in it changes nothing of what went on", arguments: Engine.allCases)
    func otherReferrals(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let first = try store.accept(sheet(store, "sheet", held: ["b": "value-missing"], of: ["a", "b"]))
        let results = try store.commit(
            .reprocess(first.message, sheet(store, "sheet", of: ["a", "x", "y"]).decision, actor: "olive"))
        guard case .refused = results.first else { throw TestFailure("it was not refused") }
        #expect(try statuses(store, first.reference) == ["current", "held"])
        #expect(try store.due().count == 1)
    }

    @Test("the sheet with one row put right sends that row alone", arguments: Engine.allCases)
    func correctedSheet(_ engine: Engine) throws {
        let store = try TestStore(engine)
        _ = try store.accept(sheet(store, "sheet", held: ["b": "value-missing"], of: ["a", "b", "c"]))
        for due in try store.due() { _ = try store.commit(store.attempt(due.id, .delivered(receipt: nil))) }
        let second = try store.accept(sheet(store, "sheet put right", of: ["a", "b", "c"]))
        #expect(second.state == .waiting && second.kind == .new)
        #expect(try statuses(store, second.reference) == ["duplicate", "current", "duplicate"])
        #expect(try store.due().map(\.reference) == [second.reference])
    }

    @Test("what is dropped of it is only what was held", arguments: Engine.allCases)
    func dropped(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let first = try store.accept(sheet(store, "sheet", held: ["b": "value-missing"], of: ["a", "b"]))
        _ = try store.commit(.dropMessage(first.message, actor: "olive", reason: "asked for"))
        #expect(try store.custody.ledger.message(first.reference)?.state == .waiting)
        for due in try store.due() { _ = try store.commit(store.attempt(due.id, .delivered(receipt: nil))) }
        #expect(try store.custody.ledger.message(first.reference)?.state == .delivered)
    }

    @Test(
        "a number of the sender's for another referral holds it; the same facts are no second one",
        arguments: Engine.allCases)
    func claims(_ engine: Engine) throws {
        let store = try TestStore(engine)
        func letter(_ text: String, id: String, facts: String, sender: String) -> Intake {
            var intake = store.document(text, sender: sender, referral: id)
            intake.decision.referrals[0].claims = [key("north/RV-1")]
            intake.decision.referrals[0].facts = key(facts).bytes
            return intake
        }
        let first = try store.accept(letter("one", id: "r1", facts: "f1", sender: "m1"))
        let other = try store.accept(letter("two", id: "r2", facts: "f2", sender: "m2"))
        #expect(other.kind == .conflict && other.state == .held)
        let same = try store.accept(letter("one in other bytes", id: "r1", facts: "f1", sender: "m1"))
        #expect(same.kind == .duplicate && same.state == .noted)
        #expect(try store.due().map(\.reference) == [first.reference])
    }
}
