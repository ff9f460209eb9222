extension Plan {
    static let columns =
        "id, kind, actor, reason, made, rate, canary, stop_after, state, runs, runner, began, ended, ending"

    /// A row of ``columns``: a plan without its items.
    init(_ row: Columns) {
        self.init(
            id: row.text(0), kind: Kind(rawValue: row.text(1)) ?? .cancel, actor: row.text(2), reason: row.text(3))
        madeAt = Instant(milliseconds: row.int(4))
        rate = Int(row.int(5))
        canary = Int(row.int(6))
        stopAfter = Int(row.int(7))
        state = State(rawValue: row.text(8)) ?? .done
        runs = Int(row.int(9))
        runner = row.optionalText(10)
        beganAt = row.optionalInt(11).map(Instant.init)
        endedAt = row.optionalInt(12).map(Instant.init)
        ending = row.optionalText(13)
    }

    /// A plan without its items.
    static func read(_ id: String, _ connection: Connection) throws -> Plan? {
        try connection.first("SELECT \(columns) FROM plan WHERE id = ?", .text(id), read: Plan.init)
    }
}

extension PlanItem {
    /// The items of a plan as they stand, or one of them.
    static func read(_ plan: String, number: Int? = nil, _ connection: Connection) throws -> [PlanItem] {
        let rows = try connection.all(
            """
            SELECT i.number, i.message, i.delivery, i.state, i.mark, i.cause, i.step, i.key, i.version, i.digest,
            i.foreseen, i.at, i.result, i.detail, i.sent, i.after, m.reference, d.route
            FROM plan_item i LEFT JOIN message m ON m.id = i.message LEFT JOIN delivery d ON d.id = i.delivery
            WHERE i.plan = ?1 AND (?2 IS NULL OR i.number = ?2) ORDER BY i.number
            """, .text(plan), .optional(number.map { Int64($0) })
        ) { (PlanItem($0), Kept($0)) }
        return try rows.map { item, kept in
            var item = item
            item.outcome = try kept.outcome(of: item, connection)
            return item
        }
    }

    private init(_ row: Columns) {
        number = Int(row.int(0))
        message = MessageID(rawValue: row.int(1))
        delivery = row.optionalInt(2).map(DeliveryID.init)
        state = row.text(3)
        mark = row.int(4)
        cause = row.optionalText(5)
        step =
            switch row.text(6) {
            case "again": .again
            case "new": .new(key: row.text(7), digest: row.blob(9))
            case "read": .read(version: row.optionalText(8), digest: row.blob(9))
            case "give-up": .giveUp
            default: .leave(why: row.text(13))
            }
        foreseen = row.optionalText(10)
        at = row.optionalInt(11).map(Instant.init)
        reference = row.text(16)
        route = row.optionalText(17)
    }
}

/// What was written down of an item when it was carried out. What became of what it sent out is read from the tries, so
/// that a delivery on its way costs nothing more for being of a plan.
private struct Kept {
    private let result: String?
    private let detail: String?
    private let sent: Int64?
    private let after: Int64

    init(_ row: Columns) {
        result = row.optionalText(12)
        detail = row.optionalText(13)
        sent = row.optionalInt(14)
        after = row.int(15)
    }

    func outcome(of item: PlanItem, _ connection: Connection) throws -> PlanItem.Outcome {
        switch result {
        case "left": .left(why: detail ?? "")
        case "failed": .failed(cause: detail ?? "")
        case "settled": .settled(detail ?? "")
        case "sent":
            try sent.map { try outcome(of: $0, after: after, connection) } ?? outcome(of: item.message, connection)
        default: .open
        }
    }

    /// The end of a delivery that was sent out after some tries: the first that ended it, or else how it stands.
    private func outcome(of delivery: Int64, after tries: Int64, _ connection: Connection) throws -> PlanItem.Outcome {
        let end = try connection.first(
            """
            SELECT outcome, coalesce(cause, 'unknown') FROM attempt
            WHERE delivery = ? AND number > ? AND outcome <> 'again' ORDER BY number LIMIT 1
            """, .int(delivery), .int(tries)
        ) { $0.text(0) == "delivered" ? PlanItem.Outcome.delivered : .failed(cause: $0.text(1)) }
        if let end { return end }
        let standing = try connection.first("SELECT state, cause FROM delivery WHERE id = ?", .int(delivery)) {
            (state: $0.text(0), cause: $0.optionalText(1))
        }
        guard let standing else { return .settled("not kept any more") }
        switch DeliveryState(rawValue: standing.state) {
        case .waiting: return .waiting(cause: standing.cause)
        case .delivered: return .delivered
        case .withheld: return .settled(standing.state)
        case .dead, .dropped, .replayed, nil: return .failed(cause: standing.cause ?? standing.state)
        }
    }

    /// What deliveries of a message that was decided anew came to, all together: the worst of them.
    private func outcome(of message: MessageID, _ connection: Connection) throws -> PlanItem.Outcome {
        let own = try connection.all(
            "SELECT id FROM delivery WHERE message = ? AND id > ? AND replays IS NULL AND state <> 'withheld'",
            .int(message.rawValue), .int(after)
        ) { $0.int(0) }
        guard !own.isEmpty else { return .settled("decided") }
        let outcomes = try own.map { try outcome(of: $0, after: 0, connection) }
        return outcomes.max { $0.gravity < $1.gravity } ?? .settled("decided")
    }
}

extension PlanItem.Outcome {
    fileprivate var gravity: Int {
        switch self {
        case .open, .left: 0
        case .settled: 1
        case .delivered: 2
        case .waiting: 3
        case .failed: 4
        }
    }
}

extension Ledger {
    /// Plans without their items, the newest first.
    package func plans(limit: Int) throws(CustodyError) -> [Plan] {
        try read {
            try $0.connection.all(
                "SELECT \(Plan.columns) FROM plan ORDER BY made DESC, id LIMIT ?", .int(Int64(limit)), read: Plan.init)
        }
    }

    /// A plan with all its items as they stand; `nil` when there is none of this id.
    package func plan(_ id: String) throws(CustodyError) -> Plan? {
        try read { reading in
            guard var plan = try Plan.read(id, reading.connection) else { return nil }
            plan.items = try PlanItem.read(id, reading.connection)
            return plan
        }
    }

    /// One item of a plan as it stands, and the plan without its items.
    package func planItem(_ id: String, number: Int) throws(CustodyError) -> (plan: Plan, item: PlanItem)? {
        try read { reading in
            guard let plan = try Plan.read(id, reading.connection),
                let item = try PlanItem.read(id, number: number, reading.connection).first
            else { return nil }
            return (plan, item)
        }
    }
}
