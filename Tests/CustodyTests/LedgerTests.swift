import Custody
import Testing

@Suite("the ledger")
struct LedgerTests {
    private func filled(_ engine: Engine) throws -> (TestStore, [Receipt]) {
        let store = try TestStore(engine)
        var receipts: [Receipt] = []
        for number in 0..<10 {
            store.clock.advance(milliseconds: 1_000)
            let route = number % 2 == 0 ? "even" : "odd"
            let source = number < 5 ? "inbox" : "mesh"
            var intake = store.document("letter \(number)", source: source, subject: "p\(number % 3)", routes: [route])
            if number == 9 { intake.decision.outcome = .held(cause: "consent-missing") }
            receipts.append(try store.accept(intake))
        }
        let odd = try #require(try store.due("odd").first)
        try store.commit(store.attempt(odd.id, .dead, cause: "status-400"))
        return (store, receipts)
    }

    @Test("it counts, and tells what waits on each route since when", arguments: Engine.allCases)
    func figures(_ engine: Engine) throws {
        let (store, receipts) = try filled(engine)
        let ledger = store.custody.ledger
        #expect(try ledger.counts() == [.waiting: 8, .held: 1, .dead: 1])
        let backlog = try ledger.backlog()
        #expect(backlog.map(\.route) == ["even", "odd"] && backlog.map(\.waiting) == [5, 3])
        #expect(backlog.map(\.dead) == [0, 1])
        #expect(backlog.first?.oldest == (try ledger.message(receipts[0].reference))?.receivedAt)
        #expect(try ledger.size().store > 8192)
    }

    @Test("messages come in pages, the newest first, and by every filter", arguments: Engine.allCases)
    func pages(_ engine: Engine) throws {
        let (store, receipts) = try filled(engine)
        let ledger = store.custody.ledger
        let references = receipts.map(\.reference)
        let first = try ledger.messages(limit: 4)
        #expect(first.map(\.reference) == Array(references[6...].reversed()))
        #expect(try ledger.messages(before: first.last?.id, limit: 100).map(\.reference) == references[..<6].reversed())
        func found(_ change: (inout MessageFilter) -> Void) throws -> [Int] {
            var filter = MessageFilter()
            change(&filter)
            return try ledger.messages(filter, limit: 100).compactMap { references.firstIndex(of: $0.reference) }
        }
        #expect(try found { $0.states = [.held] } == [9])
        #expect(try found { $0.states = [.held, .dead] } == [9, 1])
        #expect(try found { $0.states = [.delivered, .dead] } == [1])
        #expect(try found { $0.source = "mesh" } == [9, 8, 7, 6, 5])
        #expect(try found { $0.route = "odd" } == [7, 5, 3, 1])
        #expect(try found { $0.cause = "consent-missing" } == [9])
        #expect(try found { $0.since = Instant(milliseconds: store.clock.wall().milliseconds - 1_000) } == [9, 8])
        #expect(try found { $0.reference = String(references[3].prefix(13)) } == [3])
        #expect(try found { $0.subject = key("p1") } == [7, 4, 1])
    }

    @Test("dead letters are grouped by cause", arguments: Engine.allCases)
    func deadLetters(_ engine: Engine) throws {
        let (store, receipts) = try filled(engine)
        let ledger = store.custody.ledger
        let groups = try ledger.deadLetters()
        #expect(groups.map(\.kind) == [.held, .delivery] && groups.map(\.count) == [1, 1])
        #expect(groups.map(\.cause) == ["consent-missing", "status-400"] && groups.map(\.route) == [nil, "odd"])
        #expect(groups.map(\.examples) == [[receipts[9].reference], [receipts[1].reference]])
        let dead = try ledger.deadDeliveries(limit: 10)
        #expect(dead.map(\.reference) == [receipts[1].reference])
        #expect(try ledger.deadDeliveries(cause: "timeout", limit: 10).isEmpty)
        #expect(try ledger.deadDeliveries(route: "odd", after: dead.last?.id, limit: 10).isEmpty)
    }

    @Test("a message tells its whole story, and gives its bytes", arguments: Engine.allCases)
    func story(_ engine: Engine) throws {
        let (store, receipts) = try filled(engine)
        let ledger = store.custody.ledger
        let story = try #require(try ledger.story(receipts[1].reference))
        #expect(story.message.state == .dead && story.findings == Array(#"[{"code":"a-finding"}]"#.utf8))
        #expect(story.referrals.map(\.id) == ["referral of letter 1"])
        #expect(story.deliveries.map(\.state) == [.dead] && story.deliveries.map(\.cause) == ["status-400"])
        #expect(story.attempts.map(\.cause) == ["status-400"] && story.attempts.map(\.durationMilliseconds) == [12])
        #expect(story.audit.map(\.event) == ["accepted", "dead-lettered"])
        #expect(try ledger.payload(receipts[1].reference) == Array("letter 1".utf8))
        let canonical = try #require(try ledger.canonicals(receipts[1].reference).first)
        #expect(canonical.canonical == Array("canonical of letter 1".utf8) && canonical.trace == Array("{}".utf8))
        #expect(try ledger.body(story.deliveries[0].id) == Array("body of letter 1 to odd".utf8))
        #expect(try ledger.receipt(receipts[1].reference)?.state == .dead)
        #expect(try ledger.story("nobody") == nil && ledger.receipt("nobody") == nil)
    }
}
