extension Schema {
    /// What operators planned, and what came of it.
    static let plans = """
        CREATE TABLE plan (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            actor TEXT NOT NULL,
            reason TEXT NOT NULL,
            made INTEGER NOT NULL,
            rate INTEGER NOT NULL,
            canary INTEGER NOT NULL,
            stop_after INTEGER NOT NULL,
            state TEXT NOT NULL,
            runs INTEGER NOT NULL DEFAULT 0,
            runner TEXT,
            began INTEGER,
            ended INTEGER,
            ending TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX plan_made ON plan (made);
        CREATE TABLE plan_item (
            plan TEXT NOT NULL REFERENCES plan,
            number INTEGER NOT NULL,
            message INTEGER NOT NULL, -- no reference: it may be forgotten before its plan
            delivery INTEGER, -- NULL: the message itself
            state TEXT NOT NULL, -- as it stood when the plan was made
            mark INTEGER NOT NULL,
            cause TEXT,
            step TEXT NOT NULL,
            key TEXT,
            version TEXT,
            digest BLOB,
            foreseen TEXT,
            result TEXT, -- NULL: not tried
            detail TEXT,
            at INTEGER,
            sent INTEGER, -- the delivery that was sent out; NULL with `sent`: those of the message
            after INTEGER, -- and the try, or the delivery of the message, after which its own begin
            PRIMARY KEY (plan, number)
        ) STRICT, WITHOUT ROWID;
        """
}

/// Plans are made, begun, carried out item by item, and ended. Each of these is a line of the audit trail.
extension Transaction {
    func makePlan(_ plan: Plan) throws -> OperationResult {
        guard try connection.number("SELECT count(*) FROM plan WHERE id = ?", .text(plan.id)) == 0 else {
            return .refused("there is a plan \(plan.id) already")
        }
        try connection.run(
            """
            INSERT INTO plan (id, kind, actor, reason, made, rate, canary, stop_after, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'made')
            """,
            .text(plan.id), .text(plan.kind.rawValue), .text(plan.actor), .text(plan.reason), .int(now.milliseconds),
            .int(Int64(plan.rate)), .int(Int64(plan.canary)), .int(Int64(plan.stopAfter)))
        for (index, item) in plan.items.enumerated() { try keep(item, of: plan.id, as: index + 1) }
        try audit.add(
            "plan-made", at: now, actor: plan.actor,
            detail: "plan=\(plan.id) kind=\(plan.kind.rawValue) items=\(plan.items.count) reason=\(plan.reason)")
        return .done
    }

    private func keep(_ item: PlanItem, of plan: String, as number: Int) throws {
        let step = StepColumns(item.step)
        let isLeft = step.left != nil
        try connection.run(
            """
            INSERT INTO plan_item (plan, number, message, delivery, state, mark, cause, step, key, version, digest,
            foreseen, result, detail, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .text(plan), .int(Int64(number)), .int(item.message.rawValue), .optional(item.delivery?.rawValue),
            .text(item.state), .int(item.mark), .optional(item.cause), .text(step.word), .optional(step.key),
            .optional(step.version), step.digest.map { .blob($0) } ?? .null, .optional(item.foreseen),
            isLeft ? .text("left") : .null, .optional(step.left), isLeft ? .int(now.milliseconds) : .null)
    }

    // MARK: Beginning and ending

    /// Begins a plan, or goes on with one that stopped. Whoever began it before can do nothing more with it.
    func beginPlan(_ id: String, _ isContinuing: Bool, _ actor: String) throws -> OperationResult {
        guard let plan = try Plan.read(id, connection) else { return .refused("there is no plan \(id)") }
        let hours = (now.milliseconds - plan.madeAt.milliseconds) / 3_600_000
        guard hours < Plan.hours else {
            return .refused("plan \(id) is \(hours) h old, and what it was made of may have changed: make a new one")
        }
        switch plan.state {
        case .made: break
        case .done: return .refused("plan \(id) was carried out before, and a plan is run once: make a new one")
        case .running where !isContinuing:
            return .refused("plan \(id) is being run; when nobody does so any more, go on with --continue")
        case .stopped where !isContinuing:
            return .refused("plan \(id) was run before and stopped; go on with what is left of it with --continue")
        case .running, .stopped: break
        }
        let run = plan.runs + 1
        try connection.run(
            "UPDATE plan SET state = 'running', runs = ?, runner = ?, began = ?, ended = NULL, ending = NULL WHERE id = ?",
            .int(Int64(run)), .text(actor), .int(now.milliseconds), .text(id))
        try audit.add("plan-begun", at: now, actor: actor, detail: "plan=\(id) run=\(run)")
        return .planBegun(run: run)
    }

    /// - Parameter ending: Why it stopped; `nil` when it came to its end.
    func endPlan(_ id: String, run: Int, _ ending: String?) throws -> OperationResult {
        guard let plan = try Plan.read(id, connection) else { return .refused("there is no plan \(id)") }
        guard plan.state == .running, plan.runs == run else { return .refused(Self.takenOver(id)) }
        let counts = PlanCounts(try PlanItem.read(id, connection))
        let state = ending == nil && counts.open == 0 ? Plan.State.done : .stopped
        try connection.run(
            "UPDATE plan SET state = ?, ended = ?, ending = ? WHERE id = ?", .text(state.rawValue),
            .int(now.milliseconds), .optional(ending), .text(id))
        try audit.add(
            "plan-ended", at: now, actor: plan.runner,
            detail: "plan=\(id) run=\(run) state=\(state.rawValue) \(counts.detail)")
        return .done
    }

    private static func takenOver(_ id: String) -> String { "plan \(id) has ended, or another run goes on with it" }

    // MARK: Carrying out

    /// Carries out one item, unless it was tried before or does not stand as it did when the plan was made.
    func take(_ step: PlanStep) throws -> OperationResult {
        guard let plan = try Plan.read(step.plan, connection), plan.state == .running, plan.runs == step.run else {
            return .refused(Self.takenOver(step.plan))
        }
        guard let item = try PlanItem.read(step.plan, number: step.number, connection).first else {
            return .refused("plan \(step.plan) has no item \(step.number)")
        }
        guard item.outcome == .open else { return .refused("item \(step.number) was tried before") }
        switch step.act {
        case .leave(let why): try note(step, "left", why)
        case .perform(let operation):
            if let change = try change(since: item, isCancelling: plan.kind == .cancel) {
                try note(step, "left", change)
            } else {
                try perform(operation, for: item, step)
            }
        }
        return .done
    }

    private func perform(_ operation: Operation, for item: PlanItem, _ step: PlanStep) throws {
        let before = try after(item)
        audit.plan = step.plan
        defer { audit.plan = nil }
        switch try perform(operation) {
        case .refused(let why): try note(step, "left", why)
        case .accepted(let receipt):
            switch receipt.state {
            case .held, .refused:
                // Of a document with several referrals some may go on; it is about those then.
                if try after(item) > before {
                    try note(step, "sent", nil, after: before)
                } else {
                    try note(step, "failed", try cause(of: item.message))
                }
            case .waiting, .delivered, .dead: try note(step, "sent", nil, after: before)
            case .withheld, .noted, .dropped: try note(step, "settled", receipt.state.rawValue)
            }
        default:
            switch item.step {
            case .again: try note(step, "sent", nil, delivery: item.delivery, after: before)
            case .new: try note(step, "sent", nil, delivery: try newest(of: item.message), after: 0)
            case .giveUp, .read, .leave: try note(step, "settled", "dropped")
            }
        }
    }

    private func note(
        _ step: PlanStep, _ result: String, _ detail: String?, delivery: DeliveryID? = nil, after: Int64? = nil
    ) throws {
        try connection.run(
            "UPDATE plan_item SET result = ?, detail = ?, at = ?, sent = ?, after = ? WHERE plan = ? AND number = ?",
            .text(result), .optional(detail), .int(now.milliseconds), .optional(delivery?.rawValue), .optional(after),
            .text(step.plan), .int(Int64(step.number)))
    }

    /// The try, or for a message the delivery, after which those of the plan begin.
    private func after(_ item: PlanItem) throws -> Int64 {
        if let delivery = item.delivery {
            return try connection.number("SELECT tried FROM delivery WHERE id = ?", .int(delivery.rawValue))
        }
        return try newest(of: item.message)?.rawValue ?? 0
    }

    private func newest(of message: MessageID) throws -> DeliveryID? {
        try connection.first("SELECT max(id) FROM delivery WHERE message = ?", .int(message.rawValue)) {
            $0.optionalInt(0).map(DeliveryID.init)
        } ?? nil
    }

    private func cause(of message: MessageID) throws -> String {
        try connection.first(
            "SELECT coalesce(cause, state) FROM message WHERE id = ?", .int(message.rawValue)
        ) { $0.text(0) } ?? ""
    }

    /// How an item stands by now, in plain words, when that is not how it stood.
    ///
    /// What waits may be tried meanwhile and still be cancelled; of all else another try is another matter.
    private func change(since item: PlanItem, isCancelling: Bool) throws -> String? {
        let sql =
            item.delivery == nil
            ? "SELECT state, changed FROM message WHERE id = ?" : "SELECT state, tried FROM delivery WHERE id = ?"
        let now = try connection.first(sql, .int(item.delivery?.rawValue ?? item.message.rawValue)) {
            (state: $0.text(0), mark: $0.int(1))
        }
        guard let now else { return "it is not kept any more" }
        if now.state != item.state { return "it is \(now.state) by now" }
        if now.mark == item.mark || isCancelling { return nil }
        return item.delivery == nil ? "it was decided anew meanwhile" : "it was tried meanwhile"
    }
}

/// A step as columns of its row.
struct StepColumns {
    var word: String
    var key: String?
    var version: String?
    var digest: [UInt8]?
    /// Why nothing can be done.
    var left: String?

    init(_ step: PlanItem.Step) {
        switch step {
        case .again: word = "again"
        case .new(let key, let digest): (word, self.key, self.digest) = ("new", key, digest)
        case .read(let version, let digest): (word, self.version, self.digest) = ("read", version, digest)
        case .giveUp: word = "give-up"
        case .leave(let why): (word, left) = ("leave", why)
        }
    }
}
