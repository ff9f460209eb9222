import Custody
import Foundation
import GRDB
import Testing

@Suite("the audit trail")
struct AuditTests {
    /// A store in a folder, with some messages' lives in its trail.
    private func lived(_ count: Int = 5) throws -> TestStore {
        let store = try TestStore(.file)
        for number in 0..<count {
            _ = try store.accept(store.document("letter \(number)"))
            let delivery = try #require(try store.due().first)
            try store.commit(store.attempt(delivery.id, .delivered(receipt: nil)))
        }
        try store.custody.anchorAudit()
        return store
    }

    /// Changes the trail as someone would who has the file: past the triggers, behind the store's back.
    private func tamper(_ store: TestStore, _ sql: String) throws {
        let folder = try #require(store.folder)
        let queue = try DatabaseQueue(path: folder + "/linkway.sqlite")
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_dropped")
            try database.execute(sql: sql)
        }
        try queue.close()
    }

    @Test("an untouched trail verifies, and every operation has its line", arguments: Engine.allCases)
    func sound(_ engine: Engine) throws {
        let store = try TestStore(engine)
        _ = try store.accept(store.document("letter"))
        let delivery = try #require(try store.due().first)
        try store.commit(
            store.attempt(delivery.id, .again(at: store.clock.steady()), cause: "timeout"),
            store.attempt(delivery.id, .dead, cause: "status-400"), .retry(delivery.id, actor: "amy"),
            .note(event: "started", detail: "version=1", actor: "linkway"),
            .pause(kind: "source", name: "inbox", isPaused: true, actor: "amy", reason: "x"), .suspect(key("x")),
            .cleared(key("x")), .pin(version: "v", files: []))
        let lines = try store.custody.ledger.audit(from: 1, limit: 100)
        #expect(
            lines.map(\.event) == [
                "store-created", "accepted", "attempted", "dead-lettered", "retried", "started", "paused", "suspected",
                "cleared", "pinned",
            ])
        #expect(lines.map(\.number) == Array(1...10))
        try store.custody.anchorAudit()
        let verification = try store.custody.auditVerify()
        #expect(verification.problem == nil && verification.lines == 10 && verification.losses.isEmpty)
    }

    @Test("it cannot be changed or dropped through the store's own tables")
    func triggers() throws {
        let store = try lived()
        let folder = try #require(store.folder)
        let queue = try DatabaseQueue(path: folder + "/linkway.sqlite")
        for sql in ["UPDATE audit SET event = 'x' WHERE seq = 2", "DELETE FROM audit WHERE seq = 2"] {
            #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
        }
        try queue.close()
        #expect(try store.custody.auditVerify().problem == nil)
    }

    @Test(
        "each field of a line changed is found",
        arguments: [
            "at = at + 1", "event = 'dropped'", "message = 99", "delivery = 7", "route = 'other'", "actor = 'eve'",
            "detail = 'x'", "previous = zeroblob(32)", "hash = zeroblob(32)", "actor = ''",
        ])
    func changed(_ change: String) throws {
        let store = try lived()
        try tamper(store, "UPDATE audit SET \(change) WHERE seq = 4")
        #expect(try store.custody.auditVerify().problem == .changed(line: 4))
    }

    @Test("a line dropped, put in, or swapped with another is found")
    func moved() throws {
        let dropped = try lived()
        try tamper(dropped, "DELETE FROM audit WHERE seq = 4")
        #expect(try dropped.custody.auditVerify().problem == .gap(after: 3))

        let closed = try lived()
        try tamper(closed, "DELETE FROM audit WHERE seq = 4; UPDATE audit SET seq = seq - 1 WHERE seq > 4")
        #expect(try closed.custody.auditVerify().problem == .changed(line: 4))

        let swapped = try lived()
        try tamper(
            swapped,
            """
            UPDATE audit SET seq = -1 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5;
            UPDATE audit SET seq = 5 WHERE seq = -1
            """)
        #expect(try swapped.custody.auditVerify().problem == .changed(line: 4))

        let beheaded = try lived()
        try tamper(beheaded, "DELETE FROM audit WHERE seq <= 3")
        #expect(try beheaded.custody.auditVerify().problem == .beginningMissing(first: 4))
    }

    @Test("a tail cut off is found by the anchored head, also after a restart")
    func cut() throws {
        let store = try lived()
        try tamper(store, "DELETE FROM audit WHERE seq > 6")
        #expect(try store.custody.auditVerify().problem == .cutShort(last: 6, anchored: 11))

        let restarted = try lived()
        let folder = try #require(restarted.folder)
        try restarted.custody.close()
        let queue = try DatabaseQueue(path: folder + "/linkway.sqlite")
        try queue.write { database in
            try database.execute(sql: "DROP TRIGGER audit_is_never_dropped; DELETE FROM audit WHERE seq > 6")
        }
        try queue.close()
        let again = try SQLiteCustody(folder: folder, time: restarted.clock, allowUnsafePlace: true)
        #expect(try again.auditVerify().losses.map(\.event) == ["tail-missing"])
        try again.close()
    }

    @Test("a head or key that is lost is told, and the store starts all the same")
    func lost() throws {
        let store = try lived()
        let folder = try #require(store.folder)
        try FileManager.default.removeItem(atPath: folder + "/audit.head")
        #expect(try store.custody.auditVerify().problem == .anchorLost)
        try store.custody.close()
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder + "/audit.key"))
        let again = try SQLiteCustody(folder: folder, time: store.clock, allowUnsafePlace: true)
        #expect(try again.auditVerify().problem == .changed(line: 1))
        #expect(try again.ledger.audit(from: 12, limit: 9).map(\.event) == ["key-replaced"])
        try again.close()
    }

    @Test("old lines are cut by the documented way, and the rest verifies", arguments: Engine.allCases)
    func retention(_ engine: Engine) throws {
        let store = try TestStore(engine)
        for number in 0..<5 { _ = try store.accept(store.document("old \(number)")) }
        store.clock.advance(days: 2_200)
        for number in 0..<5 { _ = try store.accept(store.document("new \(number)")) }
        let limit = Instant(milliseconds: store.clock.wall().milliseconds - 86_400_000)
        #expect(try store.custody.cutAudit(before: limit, limit: 4, actor: "amy") == 4)
        #expect(try store.custody.auditVerify().problem == nil)
        #expect(try store.custody.cutAudit(before: limit, limit: 100, actor: "amy") == 2)
        #expect(try store.custody.cutAudit(before: limit, limit: 100, actor: "amy") == 0)
        try store.custody.anchorAudit()
        let verification = try store.custody.auditVerify()
        #expect(verification.problem == nil && verification.first == 7 && verification.lines == 7)
    }

    @Test("a cut nobody recorded is found")
    func forgedCut() throws {
        let store = try lived()
        try tamper(
            store,
            """
            INSERT INTO meta SELECT 'audit-cut', 3; INSERT INTO meta SELECT 'audit-cut-hash', hash FROM audit WHERE seq = 3;
            DELETE FROM audit WHERE seq <= 3
            """)
        #expect(try store.custody.auditVerify().problem == .beginningMissing(first: 4))
    }

    @Test("the head is anchored after a thousand lines or a minute")
    func anchored() throws {
        let store = try TestStore(.file)
        let folder = try #require(store.folder)
        func anchor() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder + "/audit.head")) }
        let first = try anchor()
        try store.commit(.note(event: "a", detail: "", actor: "amy"))
        #expect(try anchor() == first)
        store.clock.advance(milliseconds: 60_000)
        try store.commit(.note(event: "b", detail: "", actor: "amy"))
        let second = try anchor()
        #expect(second != first)
        _ = try store.custody.commit((0..<1000).map { .note(event: "c", detail: "\($0)", actor: "amy") })
        #expect(try anchor() != second)
    }
}
