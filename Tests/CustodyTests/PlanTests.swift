import Custody
import Testing

@Suite("plans in the store")
struct PlanTests {
    private func dead(_ store: TestStore, _ text: String) throws -> DeliverySummary {
        let receipt = try store.accept(store.document(text))
        let delivery = try #require(try store.due().first { $0.reference == receipt.reference })
        try store.commit(store.attempt(delivery.id, .dead, cause: "status-400"))
        return try standing(delivery.id, store)
    }

    private func standing(_ id: DeliveryID, _ store: TestStore) throws -> DeliverySummary {
        let ledger = store.custody.ledger
        return try #require(try ledger.delivery(id))
    }

    @discardableResult
    private func make(_ store: TestStore, _ kind: Plan.Kind, _ items: [PlanItem]) throws -> Plan {
        var plan = Plan(id: "7f3a", kind: kind, actor: "amy", reason: "they are well again")
        plan.items = items
        #expect(try store.commit(.makePlan(plan)) == [.done])
        return try kept(store)
    }

    private func kept(_ store: TestStore) throws -> Plan {
        let ledger = store.custody.ledger
        return try #require(try ledger.plan("7f3a"))
    }

    @discardableResult
    private func begin(_ store: TestStore, isContinuing: Bool = false) throws -> Int {
        let result = try store.commit(.beginPlan("7f3a", isContinuing: isContinuing, actor: "bo")).first
        guard case .planBegun(let run)? = result else { throw TestFailure("not begun: \(String(describing: result))") }
        return run
    }

    private func retry(_ number: Int, _ delivery: DeliverySummary, run: Int = 1) -> Change {
        .step(PlanStep(plan: "7f3a", run: run, number: number, act: .perform(.retry(delivery.id, actor: "bo"))))
    }

    @Test("a plan is kept as it was made, over a restart, and no other takes its id", arguments: Engine.allCases)
    func kept(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let deliveries = [try dead(store, "one"), try dead(store, "two")]
        var item = PlanItem(deliveries[1], .new(key: "k", digest: [1, 2]))
        item.foreseen = "{}"
        try make(store, .replay, [PlanItem(deliveries[0], .again), item])
        try store.reopen()
        let plan = try kept(store)
        #expect(plan.state == .made && plan.actor == "amy" && plan.reason == "they are well again")
        #expect(plan.items.map(\.step) == [.again, .new(key: "k", digest: [1, 2])])
        #expect(plan.items.map(\.reference) == deliveries.map(\.reference) && plan.items[1].foreseen == "{}")
        #expect(plan.items.allSatisfy { $0.outcome == .open && $0.cause == "status-400" && $0.route == "queue" })
        let again = try store.commit(.makePlan(Plan(id: "7f3a", kind: .drop, actor: "eve", reason: "x")))
        #expect(again == [.refused("there is a plan 7f3a already")])
        #expect(try store.custody.ledger.plans(limit: 9).map(\.id) == ["7f3a"])
    }

    @Test("each item is carried out once, and only by the run that was begun last", arguments: Engine.allCases)
    func once(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let deliveries = [try dead(store, "one"), try dead(store, "two")]
        try make(store, .retry, deliveries.map { PlanItem($0, .again) })
        #expect(try store.commit(retry(1, deliveries[0])) != [.done])
        #expect(try begin(store) == 1)
        #expect(try store.commit(retry(1, deliveries[0])) == [.done])
        #expect(try store.commit(retry(1, deliveries[0])) == [.refused("item 1 was tried before")])
        #expect(try begin(store, isContinuing: true) == 2)
        let old = try store.commit(retry(2, deliveries[1]), .endPlan("7f3a", run: 1, ending: nil))
        #expect(old == Array(repeating: .refused("plan 7f3a has ended, or another run goes on with it"), count: 2))
        #expect(try store.commit(retry(2, deliveries[1], run: 2)) == [.done])
        #expect(try kept(store).counts.waiting == 2)
    }

    @Test("a plan is run once, and not a day later", arguments: Engine.allCases)
    func age(_ engine: Engine) throws {
        let store = try TestStore(engine)
        try make(store, .retry, [PlanItem(try dead(store, "one"), .again), PlanItem(try dead(store, "two"), .again)])
        func refusal(_ isContinuing: Bool = false) throws -> String? {
            let result = try store.commit(.beginPlan("7f3a", isContinuing: isContinuing, actor: "bo")).first
            if case .refused(let why)? = result { return why }
            return nil
        }
        #expect(try refusal() == nil)
        #expect(try refusal()?.contains("is being run") == true)
        try store.commit(.endPlan("7f3a", run: 1, ending: "one failed"))
        #expect(try kept(store).state == .stopped && kept(store).ending == "one failed")
        #expect(try refusal()?.contains("--continue") == true)
        store.clock.advance(milliseconds: 24 * 3_600_000)
        #expect(try refusal(true)?.hasPrefix("plan 7f3a is 24 h old") == true)
    }

    @Test("what changed since the plan was made is left as it is", arguments: Engine.allCases)
    func changed(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let names = ["delivered", "dropped", "tried", "waits", "same"]
        let deliveries = try names.map { try dead(store, $0) }
        try make(store, .retry, deliveries.map { PlanItem($0, .again) })
        for delivery in deliveries[..<4] where delivery.id != deliveries[1].id {
            try store.commit(.retry(delivery.id, actor: "eve"))
        }
        try store.commit(
            store.attempt(deliveries[0].id, .delivered(receipt: nil)),
            .dropDelivery(deliveries[1].id, actor: "eve", reason: "x"), store.attempt(deliveries[2].id, .dead))
        try begin(store)
        for (index, delivery) in deliveries.enumerated() {
            #expect(try store.commit(retry(index + 1, delivery)) == [.done])
        }
        try store.commit(.endPlan("7f3a", run: 1, ending: nil))
        let plan = try kept(store)
        #expect(
            plan.items.map(\.outcome) == [
                .left(why: "it is delivered by now"), .left(why: "it is dropped by now"),
                .left(why: "it was tried meanwhile"), .left(why: "it is waiting by now"), .waiting(cause: nil),
            ])
        #expect(plan.state == .done)
        #expect(try standing(deliveries[2].id, store).state == .dead)
    }

    @Test("what came of an item is the end of what the plan sent, whatever comes later", arguments: Engine.allCases)
    func outcome(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let delivery = try dead(store, "one")
        try make(store, .retry, [PlanItem(delivery, .again)])
        try begin(store)
        try store.commit(retry(1, delivery))
        try store.commit(store.attempt(delivery.id, .again(at: store.clock.steady()), cause: "status-503"))
        #expect(try kept(store).items.map(\.outcome) == [.waiting(cause: "status-503")])
        try store.commit(store.attempt(delivery.id, .delivered(receipt: nil)))
        #expect(try kept(store).items.map(\.outcome) == [.delivered])
        try store.commit(.sendAgain(delivery.id, actor: "eve", reason: "lost"), store.attempt(delivery.id, .dead))
        #expect(try standing(delivery.id, store).state == .dead)
        #expect(try kept(store).items.map(\.outcome) == [.delivered])
    }

    @Test("a delivered one is sent again, the same bytes under the same key", arguments: Engine.allCases)
    func sendAgain(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let first = try dead(store, "one")
        #expect(try store.commit(.sendAgain(first.id, actor: "amy", reason: "lost")) != [.done])
        try store.commit(.retry(first.id, actor: "amy"), store.attempt(first.id, .delivered(receipt: nil)))
        let body = try store.custody.ledger.body(first.id)
        #expect(try store.commit(.sendAgain(first.id, actor: "amy", reason: "lost")) == [.done])
        let due = try #require(try store.due().first)
        #expect(due.key == first.key && due.body == body && due.attempts == 0)
        #expect(try store.custody.ledger.message(first.reference)?.state == .waiting)
        let line = try #require(try store.custody.ledger.story(first.reference)?.audit.last)
        #expect(line.event == "sent-again" && line.actor == "amy" && line.detail == "key=\(first.key) reason=lost")
    }

    @Test("a message that is read again ends as its deliveries do", arguments: Engine.allCases)
    func message(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let held = try (0..<3).map {
            try store.accept(store.intake("odd \($0)", decision: Decision(.held(cause: "code-unmapped"))))
        }
        let summaries = try held.map { try #require(try store.custody.ledger.message($0.reference)) }
        try make(store, .retry, summaries.map { PlanItem($0, .read(version: "v", digest: [1])) })
        try begin(store)
        let decisions = [
            store.document("odd 0", routes: ["a", "b"]).decision, Decision(.held(cause: "still-unmapped")),
            Decision(.noted(kind: "acknowledgement")),
        ]
        for (index, decision) in decisions.enumerated() {
            let act = PlanStep.Act.perform(.reprocess(held[index].message, decision, actor: "bo"))
            try store.commit(.step(PlanStep(plan: "7f3a", run: 1, number: index + 1, act: act)))
        }
        func outcomes() throws -> [PlanItem.Outcome] { try kept(store).items.map(\.outcome) }
        #expect(try outcomes() == [.waiting(cause: nil), .failed(cause: "still-unmapped"), .settled("noted")])
        let (a, b) = (try #require(try store.due("a").first), try #require(try store.due("b").first))
        try store.commit(store.attempt(a.id, .delivered(receipt: nil)))
        #expect(try outcomes().first == .waiting(cause: nil))
        try store.commit(store.attempt(b.id, .dead, cause: "status-422"))
        #expect(try outcomes().first == .failed(cause: "status-422"))
    }

    @Test("what waits is cancelled though it was tried meanwhile, and is owed no more", arguments: Engine.allCases)
    func cancel(_ engine: Engine) throws {
        let store = try TestStore(engine)
        _ = try store.accept(store.document("one"))
        let id = try #require(try store.due().first).id
        try make(store, .cancel, [PlanItem(try standing(id, store), .giveUp)])
        try store.commit(store.attempt(id, .again(at: store.clock.steady()), cause: "status-503"))
        try begin(store)
        let act = PlanStep.Act.perform(.dropDelivery(id, actor: "bo", reason: "withdrawn"))
        try store.commit(.step(PlanStep(plan: "7f3a", run: 1, number: 1, act: act)))
        #expect(try kept(store).items.map(\.outcome) == [.settled("dropped")])
        #expect(try store.due().isEmpty)
    }

    @Test("what the plan did is told by the trail: made, begun, each item, ended", arguments: Engine.allCases)
    func trail(_ engine: Engine) throws {
        let store = try TestStore(engine)
        let delivery = try dead(store, "one")
        let before = try store.custody.ledger.audit(from: 0, limit: 1000).count
        try make(store, .retry, [PlanItem(delivery, .again)])
        try begin(store)
        try store.commit(retry(1, delivery))
        try store.commit(store.attempt(delivery.id, .delivered(receipt: nil)), .endPlan("7f3a", run: 1, ending: nil))
        let lines = try store.custody.ledger.audit(from: 0, limit: 1000).dropFirst(before)
        #expect(lines.map(\.event) == ["plan-made", "plan-begun", "retried", "delivered", "plan-ended"])
        #expect(lines.map(\.actor) == ["amy", "bo", "bo", nil, "bo"])
        #expect(
            lines.map(\.detail) == [
                "plan=7f3a kind=retry items=1 reason=they are well again", "plan=7f3a run=1", "plan=7f3a",
                "key=\(delivery.key)", "plan=7f3a run=1 state=done delivered=1",
            ])
        try store.custody.anchorAudit()
        #expect(try store.custody.auditVerify().problem == nil)
    }

    @Test("plans are kept as long as what is known of messages", arguments: Engine.allCases)
    func retention(_ engine: Engine) throws {
        let store = try TestStore(engine)
        try make(store, .retry, [PlanItem(try dead(store, "one"), .again)])
        store.clock.advance(days: 399)
        _ = try store.custody.retire(RetentionPolicy(), now: store.clock.wall())
        #expect(try store.custody.ledger.plan("7f3a") != nil)
        store.clock.advance(days: 2)
        _ = try store.custody.retire(RetentionPolicy(), now: store.clock.wall())
        #expect(try store.custody.ledger.plan("7f3a") == nil)
    }
}
