import Custody
import Foundation
import Testing

@Suite("retention, erasure and backup")
struct RetentionTests {
    /// Calls until nothing more is to be removed.
    private func retire(_ store: TestStore, _ policy: RetentionPolicy = RetentionPolicy()) throws -> Retired {
        var sum = Retired()
        while true {
            let retired = try store.custody.retire(policy, now: store.clock.wall())
            sum.contents += retired.contents
            sum.messages += retired.messages
            sum.mappings += retired.mappings
            if !retired.isMore { return sum }
        }
    }

    @Test("content goes in its time, ids stay, and what is open is never touched", arguments: Engine.allCases)
    func content(_ engine: Engine) throws {
        let store = try TestStore(engine)
        var receipts: [Receipt] = []
        for number in 0..<7 {
            receipts.append(try store.accept(store.document("done \(number)", sender: "m\(number)")))
        }
        for delivery in try store.due() { try store.commit(store.attempt(delivery.id, .delivered(receipt: nil))) }
        let waiting = try store.accept(store.document("waiting"))
        let held = try store.accept(store.intake("held", decision: Decision(.held(cause: "x"))))
        store.clock.advance(days: 29)
        #expect(try retire(store) == Retired())
        store.clock.advance(days: 2)
        var policy = RetentionPolicy()
        policy.rows = 3
        #expect(try store.custody.retire(policy, now: store.clock.wall()).contents == 3)
        #expect(try retire(store, policy).contents == 4)
        let ledger = store.custody.ledger
        let gone = try #require(try ledger.story(receipts[0].reference))
        #expect(gone.message.erasedAt == store.clock.wall() && gone.findings == nil && gone.message.state == .delivered)
        #expect(try ledger.payload(receipts[0].reference) == nil)
        #expect(try ledger.canonicals(receipts[0].reference).isEmpty)
        #expect(try ledger.body(gone.deliveries[0].id) == nil)
        #expect(try ledger.payload(waiting.reference) != nil && ledger.payload(held.reference) != nil)
        #expect(try store.due().count == 1)
        #expect(try store.accept(store.document("done 0", sender: "m0")).kind == .repeated)
        let refusal = try store.commit(
            .replay(gone.deliveries[0].id, key: "k", body: nil, actor: "amy", reason: "x"))
        #expect(refusal == [.refused("its content is no longer kept")])
    }

    @Test("metadata goes later, never before ids have been kept 90 days", arguments: Engine.allCases)
    func metadata(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let receipt = try store.accept(store.document("letter", sender: "m"))
        try store.commit(store.attempt(try #require(try store.due().first).id, .delivered(receipt: nil)))
        try store.commit(.pin(version: "v", files: [1]))
        var policy = RetentionPolicy()
        policy.deliveredContentDays = 0
        policy.metadataDays = 1
        store.clock.advance(days: 89)
        #expect(try retire(store, policy).messages == 0)
        #expect(try store.accept(store.document("letter", sender: "m")).kind == .repeated)
        store.clock.advance(days: 2)
        let retired = try retire(store, policy)
        #expect(retired.messages == 1 && retired.mappings == 1)
        #expect(try store.custody.ledger.message(receipt.reference) == nil)
        #expect(try store.accept(store.document("letter", sender: "m")).kind == .new)
        try store.custody.anchorAudit()
        #expect(try store.custody.auditVerify().problem == nil)
    }

    @Test("an erased person is nowhere in the state folder, and the tombstone stays")
    func canary() throws {
        let store = try TestStore(.file, inlineLimit: 1000)
        let canary = "Zephyrine Quillfeather"
        func document(_ text: String, referral: String, route: String) -> Intake {
            var intake = store.document(text, referral: referral, subject: "person", routes: [route])
            intake.decision.referrals[0].deliveries[0].key = "key of \(referral)"
            return intake
        }
        let small = try store.accept(document("\(canary) small", referral: "r1", route: "queue"))
        let large = try store.accept(document(String(repeating: canary, count: 200), referral: "r2", route: "a"))
        let other = try store.accept(store.document("someone else", subject: "other"))
        let failed = try #require(try store.due("a").first)
        var attempt = Attempt(delivery: failed.id, at: store.clock.wall(), durationMilliseconds: 1, outcome: .dead)
        attempt.answer = Array("no \(canary)".utf8)
        try store.commit(.record(attempt))
        #expect(try find(canary, in: store) > 0)
        #expect(try store.custody.purge(.subject(key("person")), actor: "amy", reason: "request 7") == 2)
        #expect(try find(canary, in: store) == 0)
        #expect(try store.due().map(\.reference) == [other.reference])
        for reference in [small.reference, large.reference] {
            let story = try #require(try store.custody.ledger.story(reference))
            #expect(story.message.state == .dropped && story.message.erasedAt != nil)
            #expect(story.referrals.allSatisfy { $0.subject == nil })
            #expect(story.audit.last?.event == "purged" && story.audit.last?.actor == "amy")
        }
        #expect(try store.custody.purge(.reference(other.reference), actor: "amy", reason: "request 8") == 1)
        #expect(try store.due().isEmpty)
        store.clock.advance(days: 500)
        #expect(try retire(store).messages == 3)
    }

    /// How many files of the state folder hold a text.
    private func find(_ text: String, in store: TestStore) throws -> Int {
        let folder = try #require(store.folder)
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.count { name in
            let bytes = try? Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
            return bytes?.range(of: Data(text.utf8)) != nil
        }
    }

    @Test("one person of a document of two is erased, and the other's referral still goes", arguments: Engine.allCases)
    func oneOfTwo(_ engine: Engine) throws {
        let store = try TestStore(engine)
        var decision = Decision(.accepted)
        decision.referrals = [
            store.referral("r1", "one", subject: "a"), store.referral("r2", "two", subject: "b"),
        ]
        let receipt = try store.accept(store.intake("both", decision: decision))
        #expect(try store.custody.purge(.subject(key("a")), actor: "amy", reason: "request") == 1)
        #expect(try store.due().map(\.referral) == ["r2"])
        #expect(try store.custody.ledger.payload(receipt.reference) == nil)
        #expect(try store.custody.ledger.canonicals(receipt.reference).map(\.id) == ["r2"])
        try store.commit(store.attempt(try #require(try store.due().first).id, .delivered(receipt: nil)))
        store.clock.advance(days: 600)
        #expect(try retire(store).messages == 1)
    }

    @Test("a backup opens with everything in it, and is never written over anything")
    func backup() throws {
        let store = try TestStore(.file, inlineLimit: 1000)
        let large = store.document(String(repeating: "long ", count: 1000))
        _ = try store.accept(large)
        _ = try store.accept(store.document("short"))
        let target = temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: target) }
        #expect(try store.custody.backup(to: target) == 2)
        #expect(throws: CustodyError.self) { try store.custody.backup(to: target) }
        let copy = try SQLiteCustody(folder: target, time: store.clock, allowUnsafePlace: true, inlineLimit: 1000)
        #expect(try copy.ledger.payload(large.reference) == large.payload)
        #expect(try copy.due("queue", order: .none, at: store.clock.steady(), limit: 9, leavingOut: []).count == 2)
        #expect(try copy.auditVerify().problem == nil)
        #expect(try copy.verifyContents().isEmpty)
        try copy.close()
    }
}
