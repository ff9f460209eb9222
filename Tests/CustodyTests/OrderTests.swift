import Custody
import Testing

@Suite("order")
struct OrderTests {
    @Test("one person's deliveries of an ordered route go one by one, others do not wait", arguments: Engine.allCases)
    func perPerson(_ engine: Engine) throws {
        let store = try TestStore(engine)
        for (text, subject) in [("a1", "a"), ("b1", "b"), ("a2", "a"), ("a3", "a")] {
            _ = try store.accept(store.document(text, subject: subject))
        }
        func names(leavingOut: Set<DeliveryID> = []) throws -> [String] {
            try store.due(order: .perSubject, leavingOut: leavingOut).map(\.referral)
        }
        #expect(try names() == ["referral of a1", "referral of b1"])
        #expect(try store.due(order: .none).count == 4)
        let first = try #require(try store.due(order: .perSubject).first)
        // While the first is being tried, or waits to be tried again, the second stays back.
        #expect(try names(leavingOut: [first.id]) == ["referral of b1"])
        try store.commit(store.attempt(first.id, .again(at: Monotonic(milliseconds: .max))))
        #expect(try names() == ["referral of b1"])
        // A dead one lets the rest go.
        try store.commit(store.attempt(first.id, .dead, cause: "status-400"))
        #expect(try names() == ["referral of b1", "referral of a2"])
        // Where a route asks for it, it holds them until a person gives it up.
        #expect(try store.due(order: .perSubjectHolding).map(\.referral) == ["referral of b1"])
        try store.commit(.dropDelivery(first.id, actor: "amy", reason: "it is on paper"))
        #expect(try store.due(order: .perSubjectHolding).map(\.referral) == ["referral of b1", "referral of a2"])
    }

    @Test(
        "many deliveries of few people keep nobody else waiting",
        arguments: [RouteOrder.perSubject, .perSubjectHolding])
    func crowd(_ order: RouteOrder) throws {
        let store = try TestStore(.file)
        for number in 0..<2_400 { _ = try store.accept(store.document("\(number)", subject: "person \(number % 3)")) }
        for other in ["x", "y"] { _ = try store.accept(store.document(other, subject: other)) }
        for nobody in ["m", "n"] { _ = try store.accept(store.document(nobody)) }
        let firsts = ["0", "1", "2", "x", "y", "m", "n"].map { "referral of \($0)" }
        #expect(try store.due(order: order).map(\.referral) == firsts)
        #expect(try store.due(order: order, limit: 4).map(\.referral) == Array(firsts.prefix(4)))
        // One that waits to be tried again holds those behind it; what is tried again in time comes back in its place.
        let due = try store.due(order: order)
        try store.commit(store.attempt(due[0].id, .again(at: Monotonic(milliseconds: .max))))
        try store.commit(store.attempt(due[3].id, .again(at: store.clock.steady())))
        #expect(try store.due(order: order).map(\.referral) == Array(firsts.dropFirst()))
        try store.commit(store.attempt(due[0].id, .dead, cause: "status-400"))
        let released = order == .perSubject ? ["referral of 3"] : []
        #expect(Set(try store.due(order: order).map(\.referral)) == Set(firsts.dropFirst() + released))
    }

    @Test("the oldest come first, whether new or to be tried again", arguments: Engine.allCases)
    func oldest(_ engine: Engine) throws {
        let store = try TestStore(engine)
        for number in 0..<6 { _ = try store.accept(store.document("\(number)")) }
        let all = try store.due().map(\.id)
        try store.commit(store.attempt(all[1], .again(at: store.clock.steady())))
        try store.commit(store.attempt(all[4], .again(at: store.clock.steady())))
        #expect(try store.due().map(\.id) == all)
        #expect(try store.due(limit: 2, leavingOut: [all[0]]).map(\.id) == [all[1], all[2]])
    }

    @Test("a route added later gets nothing of what was accepted before", arguments: Engine.allCases)
    func newRoute(_ engine: Engine) throws {
        let store = try TestStore(engine)
        for number in 0..<10 { _ = try store.accept(store.document("\(number)")) }
        try store.reopen()
        #expect(try store.due("added").isEmpty)
        #expect(try store.due().count == 10)
    }

    @Test("a paused route owes nothing until it is resumed", arguments: Engine.allCases)
    func paused(_ engine: Engine) throws {
        let store = try TestStore(engine)
        _ = try store.accept(store.document("letter"))
        try store.commit(.pause(kind: "route", name: "queue", isPaused: true, actor: "amy", reason: "maintenance"))
        #expect(try store.due().isEmpty)
        #expect(try store.custody.nextDue("queue", after: store.clock.steady()) == nil)
        let pause = try #require(try store.custody.ledger.pauses().first)
        #expect(pause.kind == "route" && pause.name == "queue" && pause.actor == "amy")
        #expect(pause.reason == "maintenance" && pause.at == store.clock.wall())
        try store.commit(.pause(kind: "route", name: "queue", isPaused: false, actor: "amy", reason: "done"))
        #expect(try store.due().count == 1)
        #expect(try store.custody.ledger.pauses().isEmpty)
    }
}
