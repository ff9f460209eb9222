import Custody
import Delivery
import Digests
import DurableFiles
import Intake
import Projections
import Referrals
import Reporting
import Synchronization

/// Carrying plans out, one item at a time, for whoever runs them; see ``PlanRun``.
extension Operator {
    func beginPlan(_ question: JSONValue) throws -> JSONValue {
        let plan = try kept(try planID(question))
        let operation = Operation.beginPlan(
            plan.id, isContinuing: question["isContinuing"]?.flag ?? false, actor: actor(question))
        switch try engine.committer.commitAndWait([operation]).first {
        case .planBegun(let run):
            log.say(
                .operated, "an operator acted",
                ["action": .string("run plan \(plan.id)"), "actor": .string(actor(question))])
            return Self.json(try kept(plan.id), run: run)
        case .refused(let why): throw Refusal(exit: 1, message: why)
        default: throw Refusal(exit: 70, message: "the store gave no answer")
        }
    }

    func endPlan(_ question: JSONValue) throws -> JSONValue {
        let id = try planID(question)
        let operation = Operation.endPlan(id, run: try number("run", question), ending: question["ending"]?.string)
        try commit(operation)
        return Self.json(try kept(id))
    }

    /// Carries one item out. The answer has the item as it stands then; or `isInHand` when a delivery that is to be
    /// cancelled is just being handed over, and nothing was done, unless `isLast` says that this will not be asked again.
    func takeStep(_ question: JSONValue) throws -> JSONValue {
        let (id, number) = (try planID(question), try number("number", question))
        guard let (plan, item) = try engine.custody.ledger.planItem(id, number: number) else {
            throw Refusal.notThere("there is no such item of a plan")
        }
        var step = PlanStep(
            plan: id, run: try self.number("run", question), number: number,
            act: try act(item, of: plan, actor: actor(question)))
        if plan.kind == .cancel, let delivery = item.delivery, let dispatcher = dispatcher(item.route) {
            let done: Void? = try dispatcher.holdingBack(delivery) { try commit(.step(step)) }
            if done == nil {
                guard question["isLast"]?.flag ?? false else { return .members(["isInHand": .bool(true)]) }
                step.act = .leave(why: "it is just being handed over")
                try commit(.step(step))
            }
        } else {
            try commit(.step(step))
        }
        wakeAll()
        guard let after = try engine.custody.ledger.planItem(id, number: number) else { return .members([:]) }
        return .members(["item": Self.json(after.item)])
    }

    private func dispatcher(_ route: String?) -> Dispatcher? { engine.dispatchers.first { $0.route == route } }

    private func commit(_ operation: Operation) throws {
        if case .refused(let why) = try engine.committer.commitAndWait([operation]).first {
            throw Refusal(exit: 1, message: why)
        }
    }

    private func number(_ key: String, _ question: JSONValue) throws -> Int {
        guard let number = question[key]?.integer else { throw Refusal.wrong("`\(key)` is missing") }
        return number
    }

    // MARK: What an item comes to

    /// What is done for an item; when that is not what was planned any more, why it is left.
    private func act(_ item: PlanItem, of plan: Plan, actor: String) throws -> PlanStep.Act {
        do {
            return .perform(try operation(item, of: plan, actor: actor))
        } catch let refusal as Refusal {
            return .leave(why: refusal.message)
        }
    }

    private func operation(_ item: PlanItem, of plan: Plan, actor: String) throws -> Operation {
        switch (item.step, item.delivery) {
        case (.again, let id?):
            if plan.kind == .replay { try requireUnchanged(id) }
            if item.state == DeliveryState.dead.rawValue { return .retry(id, actor: actor) }
            return .sendAgain(id, actor: actor, reason: plan.reason)
        case (.new(let key, let digest), let id?):
            guard let delivery = try engine.custody.ledger.delivery(id) else { throw Refusal.notThere("it is gone") }
            let body = try rendered(delivery, key: key)
            guard Digest().bytes(of: body.span) == digest else { throw Self.isOtherwise }
            return .replay(id, key: key, body: body, actor: actor, reason: plan.reason)
        case (.read(let version, let digest), nil):
            guard let message = try engine.custody.ledger.message(item.reference) else {
                throw Refusal.notThere("it is gone")
            }
            let decision = try decision(on: message, by: version)
            guard decision.digest == digest else { throw Self.isOtherwise }
            return .reprocess(message.id, decision, actor: actor)
        case (.giveUp, let id?): return .dropDelivery(id, actor: actor, reason: plan.reason)
        case (.giveUp, nil): return .dropMessage(item.message, actor: actor, reason: plan.reason)
        case (.leave(let why), _): throw Refusal(exit: 1, message: why)
        case (.again, nil), (.new, nil), (.read, _?): throw Refusal(exit: 70, message: "the plan cannot be read")
        }
    }

    /// Consent and route are asked again when a replay is sent, not only when it is planned.
    private func requireUnchanged(_ id: DeliveryID) throws {
        guard let delivery = try engine.custody.ledger.delivery(id) else { throw Refusal.notThere("it is gone") }
        let body = try rendered(delivery, key: delivery.key)
        guard try engine.custody.ledger.body(id) == body else { throw Self.isOtherwise }
    }

    private static var isOtherwise: Refusal {
        Refusal(exit: 1, message: "it comes to something else by now than was planned")
    }

    /// What a held or refused message comes to, read by a version of the mappings, on the routes in force.
    func decision(on message: MessageSummary, by version: String?) throws -> Decision {
        guard let bytes = try engine.custody.ledger.payload(message.reference) else {
            throw Refusal.notThere("its document is not kept any more; ask the sender to send it again")
        }
        if message.format == OutcomeDecider.format { return try outcomeDecision(message, bytes) }
        var arrival = Arrival(source: message.source, name: "", bytes: bytes)
        arrival.contentType = message.contentType
        arrival.mapping = engine.processor.rules.configuration.sources.first { $0.name == message.source }?.mapping
        return engine.processor.decide(arrival, by: try rules(version)).intake.decision
    }

    private func rules(_ version: String?) throws -> Ruleset {
        let current = engine.processor.rules
        guard let version, version != current.version else { return current }
        if let known = earlierRules.withLock({ $0 }), known.isFor(version, beside: current) { return known.rules }
        guard let files = try engine.custody.ledger.mappingFiles(version), let snapshot = LibrarySnapshot(json: files)
        else {
            throw Refusal.notThere("the mappings it was read by are not kept any more; use `--mapping current`")
        }
        let folder = Files.join(current.configuration.state, "versions/\(version.prefix(16))")
        var findings: [Finding] = []
        let library = try snapshot.restore(into: folder)
        guard let rules = try Ruleset.make(current.configuration, library, reporting: &findings) else {
            throw Refusal(exit: 78, message: "the mappings it was read by no longer fit; use `--mapping current`")
        }
        earlierRules.withLock { $0 = EarlierRules(version: version, current: current, rules: rules) }
        return rules
    }

    /// The referral as its route would send it now, under some key.
    func rendered(_ delivery: DeliverySummary, key: String) throws -> [UInt8] {
        let rules = engine.processor.rules
        guard let route = rules.routes.first(where: { $0.name == delivery.route }) else {
            throw Refusal.notThere("the route `\(delivery.route)` is not in the configuration any more")
        }
        let canonical = try engine.custody.ledger.canonicals(delivery.reference).first { $0.id == delivery.referral }
        if route.route.subject == .outcomes, let canonical {
            return try renderedOutcome(canonical.canonical, on: route, key: key)
        }
        guard let canonical, let referral = CanonicalJSON.read(canonical.canonical, named: "").0 else {
            throw Refusal.notThere("the referral is not kept any more")
        }
        if let reason = route.withholding(referral, on: engine.time.wall().day) {
            throw Refusal(exit: 1, message: "the referral may not go to `\(route.name)`: \(reason)")
        }
        return route.render(
            referral,
            context: RenderContext(
                sender: rules.configuration.sender, receiver: route.route.receiver, messageID: key))
    }
}

/// Rules of an earlier version of the mappings, beside a configuration.
struct EarlierRules: Sendable {
    let version: String
    let current: Ruleset
    let rules: Ruleset

    func isFor(_ version: String, beside current: Ruleset) -> Bool {
        version == self.version && current === self.current
    }
}
