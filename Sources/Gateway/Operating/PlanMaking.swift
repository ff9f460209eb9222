import Custody
import Digests
import Referrals
import Reporting

/// Making plans: which deliveries and messages, and what is to be done with each. Nothing is done yet.
extension Operator {
    /// Items of one plan at most.
    static let planLimit = 1000

    /// Makes a plan and keeps it. Where nothing can be done none is kept, and the answer has no `id`.
    func makePlan(_ question: JSONValue) throws -> JSONValue {
        guard let kind = question["kind"]?.string.flatMap(Plan.Kind.init) else {
            throw Refusal.wrong("`kind` is one of \(Plan.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let reason = kind == .retry ? question["reason"]?.string ?? "" : try text("reason", question)
        var plan = Plan(id: "", kind: kind, actor: actor(question), reason: reason)
        plan.rate = min(max(question["rate"]?.integer ?? plan.rate, 1), 1000)
        plan.canary = min(max(question["canary"]?.integer ?? plan.canary, 1), Self.planLimit)
        plan.stopAfter = min(max(question["stopAfter"]?.integer ?? plan.stopAfter, 1), Self.planLimit)
        plan.id = try newID(plan)
        plan.items = try items(plan, question)
        let isCut = plan.items.count >= Self.planLimit
        plan.items = Array(plan.items.prefix(Self.planLimit))
        for index in plan.items.indices { plan.items[index].number = index + 1 }
        guard plan.counts.open > 0 else {
            return .members(["kind": .string(kind.rawValue), "items": .array(plan.items.map { Self.json($0) })])
        }
        try perform(.makePlan(plan), "plan \(kind.rawValue)", question)
        return Self.json(try kept(plan.id), isCut: isCut)
    }

    private func items(_ plan: Plan, _ question: JSONValue) throws -> [PlanItem] {
        switch plan.kind {
        case .retry:
            let found = try needingAPerson(question)
            let isCurrent = question["mapping"]?.string == "current"
            return found.deliveries.map { PlanItem($0, .again) }
                + (try found.messages.map { try itemReadingAgain($0, isCurrent: isCurrent) })
        case .drop:
            let found = try needingAPerson(question)
            return found.deliveries.map { PlanItem($0, .giveUp) } + found.messages.map { PlanItem($0, .giveUp) }
        case .replay:
            let isAlwaysNew = question["isAlwaysNew"]?.flag ?? false
            return try sentBefore(question).map { try itemSendingAgain($0, of: plan, isAlwaysNew: isAlwaysNew) }
        case .cancel:
            let route = question["route"]?.string
            return try story(try reference(question)).deliveries
                .filter { $0.state == .waiting && (route == nil || $0.route == route) }
                .map { PlanItem($0, .giveUp) }
        }
    }

    /// Four digits, or more where those are taken.
    private func newID(_ plan: Plan) throws -> String {
        let seed = "\(engine.time.wall().milliseconds) \(engine.time.steady().milliseconds) \(plan.actor)"
        for trial in 0..<64 {
            let digits = Digest().bytes(of: Array("\(seed) \(trial)".utf8).span).hex
            let id = String(digits.prefix(4 + trial / 8))
            if try engine.custody.ledger.plan(id) == nil { return id }
        }
        throw Refusal(exit: 70, message: "no id was found for a plan")
    }

    // MARK: What it is about

    private func story(_ reference: String) throws -> MessageStory {
        guard let story = try engine.custody.ledger.story(reference) else { throw Refusal.notThere("it is gone") }
        return story
    }

    /// The messages a question names, each once.
    private func stories(_ question: JSONValue) throws -> [MessageStory] {
        var known: Set<String> = []
        return try (question["references"]?.items.compactMap(\.string) ?? []).compactMap { prefix in
            let reference = try reference(.members(["reference": .string(prefix)]))
            return known.insert(reference).inserted ? try story(reference) : nil
        }
    }

    /// Dead deliveries, and messages that are held or refused: those of the named messages, or of a cause or route.
    func needingAPerson(_ question: JSONValue) throws -> (deliveries: [DeliverySummary], messages: [MessageSummary]) {
        let ledger = engine.custody.ledger
        let (cause, route) = (question["cause"]?.string, question["route"]?.string)
        guard question["references"]?.items.isEmpty ?? true else {
            let stories = try stories(question)
            func isMeant(_ of: String?) -> Bool { cause == nil || of == cause }
            return (
                stories.flatMap(\.deliveries).filter {
                    $0.state == .dead && (route == nil || $0.route == route) && isMeant($0.cause)
                },
                stories.map(\.message).filter {
                    [.held, .refused].contains($0.state) && route == nil && isMeant($0.cause)
                }
            )
        }
        let deliveries = try ledger.deadDeliveries(cause: cause, route: route, limit: Self.planLimit)
        guard route == nil, deliveries.count < Self.planLimit else { return (deliveries, []) }
        var filter = MessageFilter()
        filter.states = [.held, .refused]
        filter.cause = cause
        return (deliveries, try ledger.messages(filter, limit: Self.planLimit).reversed())
    }

    /// What was delivered or is dead of the named messages, or of those that came of late from a source or for a route.
    private func sentBefore(_ question: JSONValue) throws -> [DeliverySummary] {
        let route = question["route"]?.string
        var stories = try stories(question)
        if question["references"]?.items.isEmpty ?? true {
            var filter = MessageFilter()
            filter.source = question["source"]?.string
            filter.route = route
            guard let minutes = question["sinceMinutes"]?.integer else {
                throw Refusal.wrong("`sinceMinutes` is missing")
            }
            filter.since = Instant(milliseconds: engine.time.wall().milliseconds - Int64(minutes) * 60_000)
            let found = try engine.custody.ledger.messages(filter, limit: Self.planLimit).reversed()
            stories = try found.map { try story($0.reference) }
        }
        return stories.flatMap { story in
            // Of a referral that was replayed before, only the latest is sent again.
            let replayed = Set(story.deliveries.compactMap(\.replays))
            return story.deliveries.filter {
                [.delivered, .dead].contains($0.state) && !replayed.contains($0.id)
                    && (route == nil || $0.route == route)
            }
        }
    }

    // MARK: What is to be done

    private func itemReadingAgain(_ message: MessageSummary, isCurrent: Bool) throws -> PlanItem {
        do {
            let version = isCurrent ? engine.processor.rules.version : message.mappingVersion
            let decision = try decision(on: message, by: version)
            if let state = try failing(decision, message) {
                return PlanItem(message, .leave(why: "it would be \(state) again"))
            }
            var item = PlanItem(message, .read(version: version, digest: decision.digest))
            item.foreseen = decision.foreseen.text()
            return item
        } catch let refusal as Refusal {
            return PlanItem(message, .leave(why: refusal.message))
        }
    }

    /// The state and cause a message would have when nothing more of it would go on; else `nil`.
    private func failing(_ decision: Decision, _ message: MessageSummary) throws -> String? {
        switch decision.outcome {
        case .held(let cause): return "held (\(cause))"
        case .refused(let cause): return "refused (\(cause))"
        case .noted: return nil
        case .accepted:
            guard let cause = decision.referrals.lazy.compactMap(\.held).first else { return nil }
            let before = try story(message.reference).referrals.count { ![.held, .duplicate].contains($0.status) }
            return decision.referrals.count { $0.held == nil } > before ? nil : "held (\(cause))"
        }
    }

    /// A body that is what was sent goes as a repeat; one that changed since is by the national rule another message
    /// (BaRS: a retry has the same body under the same `X-Request-Id`).
    private func itemSendingAgain(
        _ delivery: DeliverySummary, of plan: Plan, isAlwaysNew: Bool
    ) throws -> PlanItem {
        do {
            let old = try rendered(delivery, key: delivery.key)
            if !isAlwaysNew, try engine.custody.ledger.body(delivery.id) == old { return PlanItem(delivery, .again) }
            let key = PlanKey.make(plan.id, delivery)
            let body = try rendered(delivery, key: key)
            return PlanItem(delivery, .new(key: key, digest: Digest().bytes(of: body.span)))
        } catch let refusal as Refusal {
            return PlanItem(delivery, .leave(why: refusal.message))
        }
    }
}

/// The key of a replay: another for each plan.
enum PlanKey {
    static func make(_ plan: String, _ delivery: DeliverySummary) -> String {
        StableID.uuid(namespace: "replay/2", name: Array("\(delivery.key)/\(delivery.id.rawValue)/\(plan)".utf8))
    }
}

extension Decision {
    /// The SHA-256 of what it comes to: the referrals, and on each route the key and the bytes or the reason.
    var digest: [UInt8] {
        let digest = Digest()
        digest.begin()
        func add(_ bytes: [UInt8]) {
            digest.add(Array("\(bytes.count):".utf8).span)
            digest.add(bytes.span)
        }
        add(Array("\(outcome)".utf8))
        for referral in referrals {
            add(Array("\(referral.id) \(referral.held ?? "")".utf8))
            add(referral.canonical)
            for delivery in referral.deliveries {
                add(Array("\(delivery.route) \(delivery.key)".utf8))
                switch delivery.standing {
                case .send(let body, _): add(body)
                case .withheld(let reason): add(Array(reason.utf8))
                }
            }
        }
        return digest.end()
    }

    /// Where its referrals would go, and where not: `{"sent": ["jobs"], "withheld": [{"route": …, "why": …}]}`.
    var foreseen: JSONValue {
        var sent: [JSONValue] = []
        var withheld: [JSONValue] = []
        for delivery in referrals.flatMap(\.deliveries) {
            switch delivery.standing {
            case .send: sent.append(.string(delivery.route))
            case .withheld(let reason):
                withheld.append(.members(["route": .string(delivery.route), "why": .string(reason)]))
            }
        }
        return .members(["sent": .array(sent), "withheld": .array(withheld)])
    }
}
