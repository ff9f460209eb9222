extension Transaction {
    // MARK: Keeping what was decided

    /// Keeps findings, which come first, referrals and deliveries of a decision.
    /// - Returns: The number of the message's next part.
    func keep(
        _ decision: Decision, _ verdict: Verdict, message: MessageID, from first: Int64, at: Instant
    ) throws -> Int64 {
        var part = first
        if !decision.findings.isEmpty { _ = try store(decision.findings, message: message, part: &part) }
        for (place, referral) in decision.referrals.enumerated() where verdict.fates[place] != .kept {
            let seat = Seat(message: message, place: place, fate: verdict.fates[place], earlier: verdict.earlier[place])
            try keep(referral, in: seat, part: &part, at: at)
        }
        return part
    }

    /// A referral's place among those of its message, and what becomes of it there.
    private struct Seat {
        var message: MessageID
        var place: Int
        var fate: Fate
        var earlier: Int64?

        var status: String {
            switch fate {
            case .accepted, .kept: "current"
            case .held: "held"
            case .duplicate: "duplicate"
            }
        }

        var cause: String? { if case .held(let cause) = fate { cause } else { nil } }
    }

    private func keep(_ referral: Decision.Referral, in seat: Seat, part: inout Int64, at: Instant) throws {
        let (message, earlier) = (seat.message, seat.earlier)
        let digest = sha256(referral.canonical)
        let row = message.rawValue << 20 | part
        let canonical = try store(referral.canonical, digest: digest, message: message, part: &part)
        let trace = referral.trace.isEmpty ? nil : try store(referral.trace, message: message, part: &part)
        try connection.run(
            """
            INSERT INTO referral (id, message, name, kind, status, subject, canonical, digest, trace, earlier, place,
            cause, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .int(row), .int(message.rawValue), .text(referral.id), .text(referral.kind.rawValue),
            .text(seat.status), .optional(referral.subject), .int(canonical), .blob(digest), .optional(trace),
            .optional(earlier), .int(Int64(seat.place)), .optional(seat.cause),
            referral.facts.isEmpty ? .null : .blob(referral.facts))
        guard seat.fate == .accepted else { return }
        try register(referral, row: row, earlier: earlier)
        for delivery in referral.deliveries {
            try owe(
                delivery, of: referral, row: row, earlier: earlier, canonical: canonical, message: message, part: &part,
                at: at)
        }
    }

    private func register(_ referral: Decision.Referral, row: Int64, earlier: Int64?) throws {
        for name in referral.names + referral.claims {
            try connection.run(
                "INSERT OR IGNORE INTO referral_name (key, referral) VALUES (?, ?)", .blob(name.bytes), .int(row))
        }
        guard let earlier else { return }
        try connection.run(
            "UPDATE referral SET status = ?, later = ? WHERE id = ?",
            .text(referral.kind == .cancellation ? "cancelled" : "updated"), .int(row), .int(earlier))
    }

    private func owe(
        _ delivery: Decision.Delivery, of referral: Decision.Referral, row: Int64, earlier: Int64?, canonical: Int64,
        message: MessageID, part: inout Int64, at: Instant
    ) throws {
        var state = DeliveryState.waiting
        var cause: String?
        var body: Int64?
        var type: String?
        switch delivery.standing {
        case .withheld(let reason): (state, cause) = (.withheld, reason)
        case .send(let bytes, let contentType):
            type = contentType
            body =
                delivery.needsPart(beside: referral.canonical)
                ? try store(bytes, message: message, part: &part) : canonical
        }
        let follows = try earlier.flatMap { try waiting(on: delivery.route, referral: $0) }
        try connection.run(
            """
            INSERT INTO delivery (message, referral, route, key, state, cause, subject, body, content_type, since, ended,
            follows) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .int(message.rawValue), .int(row), .text(delivery.route), .text(delivery.key), .text(state.rawValue),
            .optional(cause), .optional(referral.subject), .optional(body), .optional(type), .int(at.milliseconds),
            state == .waiting ? .null : .int(at.milliseconds), .optional(follows))
    }

    /// The delivery of an earlier referral that one of its change may not overtake.
    private func waiting(on route: String, referral: Int64) throws -> Int64? {
        try connection.first(
            "SELECT max(id) FROM delivery WHERE referral = ? AND route = ? AND state = 'waiting'", .int(referral),
            .text(route)
        ) { $0.optionalInt(0) } ?? nil
    }

    // MARK: Deciding anew

    func reprocess(_ message: MessageID, _ decision: Decision, _ actor: String) throws -> OperationResult {
        let found = try connection.first(
            "SELECT reference, state, cause, original, erased FROM message WHERE id = ?", .int(message.rawValue)
        ) {
            (
                reference: $0.text(0), state: $0.text(1), cause: $0.optionalText(2), original: $0.optionalInt(3),
                isErased: !$0.isNull(4)
            )
        }
        guard let found else { return .refused("there is no such message") }
        guard found.state == "held" || found.state == "refused" else {
            return .refused("the message is \(found.state), and only one that is held or refused is decided anew")
        }
        guard !found.isErased else { return .refused("its content was erased") }
        // Who decides anew about a message held for its id has looked at both.
        let rival = found.cause == Self.reused ? nil : found.original.map(MessageID.init)
        guard let (verdict, state) = try decideAnew(message, decision, rival: rival, at: now, actor: actor) else {
            return .refused(
                "referrals of the document went on before, and it comes to \(decision.referrals.count) now, which are not those"
            )
        }
        return .accepted(
            Receipt(kind: verdict.kind ?? .retried, reference: found.reference, message: message, state: state)
                .beside(verdict))
    }

    /// Decides anew about those referrals of a message that did not go on before.
    /// - Returns: `nil`, and nothing is changed, when the document does not come to the referrals it came to.
    func decideAnew(
        _ message: MessageID, _ decision: Decision, rival: MessageID?, at: Instant, actor: String?
    ) throws -> (Verdict, MessageState)? {
        let all = try connection.all(
            "SELECT place, status, name FROM referral WHERE message = ?", .int(message.rawValue)
        ) { (place: Int($0.int(0)), isOpen: ["held", "duplicate"].contains($0.text(1)), id: $0.text(2)) }
        let kept = Set(all.filter { !$0.isOpen }.map(\.place))
        if !kept.isEmpty, decision.referrals.count != all.count { return nil }
        let verdict = try judge(decision, rival: kept.isEmpty ? rival : nil, of: message, kept: kept)
        return (verdict, try decideAnew(message, decision, verdict, at: at, actor: actor))
    }

    /// Puts a new decision in the place of the one a held or refused message had.
    private func decideAnew(
        _ message: MessageID, _ decision: Decision, _ verdict: Verdict, at: Instant, actor: String?
    ) throws -> MessageState {
        var state = verdict.state(for: decision)
        let part = try connection.number("SELECT parts FROM message WHERE id = ?", .int(message.rawValue))
        try clear(message)
        try connection.run(
            """
            UPDATE message SET findings = ?, parts = ?, state = ?, cause = ?, kind = ?, format = ?, mapping = ?,
            mapping_version = ?, configuration = ?, original = coalesce(?, original), changed = ?, settled = ?
            WHERE id = ?
            """,
            decision.findings.isEmpty ? .null : .int(part),
            .int(part + verdict.partCount(decision)), .text(state.rawValue),
            .optional(verdict.cause), .optional(verdict.noted), .optional(decision.format),
            .optional(decision.mapping), .optional(decision.mappingVersion), .optional(decision.configuration),
            .optional(verdict.original?.rawValue), .int(at.milliseconds),
            state.isSettled ? .int(at.milliseconds) : .null, .int(message.rawValue))
        _ = try keep(decision, verdict, message: message, from: part, at: at)
        if verdict.fates.contains(.kept) { state = try refresh(message, at: at) }
        try audit.add(
            "decided-anew", at: at, message: message, actor: actor,
            detail: "state=\(state.rawValue) \(verdict.detail(decision))")
        return state
    }

    /// Removes what the last decision left: findings, and the referrals that did not go on.
    private func clear(_ message: MessageID) throws {
        let id = Cell.int(message.rawValue)
        let open = try connection.all(
            "SELECT canonical, trace FROM referral WHERE message = ? AND status IN ('held', 'duplicate')", id
        ) { [$0.optionalInt(0), $0.optionalInt(1)] }
        let findings = try connection.first("SELECT findings FROM message WHERE id = ?", id) { $0.optionalInt(0) }
        for content in open.joined().compactMap({ $0 }) { try removeContent(content) }
        if let findings = findings ?? nil { try removeContent(message.rawValue << 20 | findings) }
        try connection.run("DELETE FROM referral WHERE message = ? AND status IN ('held', 'duplicate')", id)
    }
}
