import Custody
import Reporting

/// Plans as answers.
extension Operator {
    func plans(_ question: JSONValue) throws -> JSONValue {
        let plans = try engine.custody.ledger.plans(limit: min(max(question["limit"]?.integer ?? 20, 1), 1000))
        return .array(try plans.map { Self.json(try kept($0.id)) })
    }

    func plan(_ question: JSONValue) throws -> JSONValue { Self.json(try kept(try planID(question))) }

    /// How many items came to what by now, and the causes of those that failed or still wait.
    func lookAtPlan(_ question: JSONValue) throws -> JSONValue {
        let plan = try kept(try planID(question))
        let causes = plan.items.compactMap { item -> String? in
            switch item.outcome {
            case .failed(let cause), .waiting(let cause?): cause
            case .open, .waiting, .delivered, .settled, .left: nil
            }
        }
        return .members([
            "counts": Self.json(plan.counts), "causes": .array(Set(causes).sorted().map { .string($0) }),
        ])
    }

    func planID(_ question: JSONValue) throws -> String { try text("plan", question).lowercased() }

    func kept(_ id: String) throws -> Plan {
        guard let plan = try engine.custody.ledger.plan(id) else {
            throw Refusal.notThere("there is no plan `\(id.printable())`; `linkway plan ls` has them")
        }
        return plan
    }

    /// - Parameters:
    ///   - isCut: Whether there may be more than one plan holds.
    ///   - run: The number of the run that was begun, for its steps.
    static func json(_ plan: Plan, isCut: Bool? = nil, run: Int? = nil) -> JSONValue {
        .members([
            "id": .string(plan.id), "kind": .string(plan.kind.rawValue), "state": .string(plan.state.rawValue),
            "madeAt": .string(plan.madeAt.text), "madeBy": .string(plan.actor), "reason": .string(plan.reason),
            "rate": .number(plan.rate), "canary": .number(plan.canary), "stopAfter": .number(plan.stopAfter),
            "runs": .number(plan.runs), "runBy": .text(plan.runner), "beganAt": .text(plan.beganAt?.text),
            "endedAt": .text(plan.endedAt?.text), "ending": .text(plan.ending), "counts": Self.json(plan.counts),
            "isCut": isCut.map { .bool($0) }, "run": run.map { .number($0) },
            "items": .array(plan.items.map { json($0) }),
        ])
    }

    static func json(_ counts: PlanCounts) -> JSONValue {
        .members([
            "open": .number(counts.open), "waiting": .number(counts.waiting), "delivered": .number(counts.delivered),
            "settled": .number(counts.settled), "failed": .number(counts.failed), "left": .number(counts.left),
        ])
    }

    static func json(_ item: PlanItem) -> JSONValue {
        let (step, key, version) = words(item.step)
        let (outcome, why) = words(item.outcome)
        return .members([
            "number": .number(item.number), "reference": .string(item.reference),
            "delivery": (item.delivery?.rawValue).map { .number(Int($0)) }, "route": .text(item.route),
            "was": .string(item.state), "cause": .text(item.cause), "step": .string(step), "key": .text(key),
            "mappingVersion": .text(version), "foreseen": item.foreseen.flatMap { JSONValue(text: $0) },
            "outcome": .string(outcome), "why": .text(why), "at": .text(item.at?.text),
        ])
    }

    private static func words(_ step: PlanItem.Step) -> (String, key: String?, version: String?) {
        switch step {
        case .again: ("again", nil, nil)
        case .new(let key, _): ("new", key, nil)
        case .read(let version, _): ("read", nil, version)
        case .giveUp: ("give-up", nil, nil)
        case .leave: ("leave", nil, nil)
        }
    }

    private static func words(_ outcome: PlanItem.Outcome) -> (String, why: String?) {
        switch outcome {
        case .open: ("open", nil)
        case .waiting(let cause): ("waiting", cause)
        case .delivered: ("delivered", nil)
        case .settled(let state): ("settled", state)
        case .failed(let cause): ("failed", cause)
        case .left(let why): ("left", why)
        }
    }
}
