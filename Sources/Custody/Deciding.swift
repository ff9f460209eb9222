/// What the store makes of a decision, with all it knows of other messages.
struct Verdict {
    enum Ending { case accepted, held, refused, noted }

    var ending: Ending
    var cause: String?
    /// The kind of a message that is no referral.
    var noted: String?
    /// What the receipt says where it is neither new nor retried.
    var kind: Receipt.Kind?
    /// The message it stands against or repeats.
    var original: MessageID?
    /// For each referral the row of the earlier one it changes.
    var earlier: [Int64?] = []

    /// Its line in the audit trail.
    var event: String {
        switch (ending, kind) {
        case (_, .conflict): "conflict"
        case (.accepted, _): "accepted"
        case (.held, _): "held"
        case (.refused, _): "refused"
        case (.noted, _): "noted"
        }
    }

    func state(for decision: Decision) -> MessageState {
        switch ending {
        case .held: .held
        case .refused: .refused
        case .noted: .noted
        case .accepted where decision.referrals.contains { $0.deliveries.contains { $0.isOwed } }: .waiting
        // An outcome that nobody is to be told of is kept for what it says.
        case .accepted:
            decision.referrals.allSatisfy { $0.kind == .outcome && $0.deliveries.isEmpty } ? .noted : .withheld
        }
    }

    func detail(_ decision: Decision) -> String {
        var words: [String] = []
        if let cause { words.append("cause=\(cause)") }
        if let noted { words.append("kind=\(noted)") }
        if let mapping = decision.mapping { words.append("mapping=\(mapping)") }
        if let version = decision.mappingVersion { words.append("version=\(version)") }
        if let configuration = decision.configuration { words.append("configuration=\(configuration)") }
        return words.joined(separator: " ")
    }
}

extension Decision {
    /// Whether it only changes referrals that are known.
    var isChange: Bool { !referrals.isEmpty && referrals.allSatisfy { $0.kind != .new && $0.kind != .outcome } }
}

extension Decision {
    /// How many parts keeping it makes; deliveries are kept of an accepted one alone.
    func partCount(isAccepted: Bool) -> Int64 {
        var count: Int64 = findings.isEmpty ? 0 : 1
        for referral in referrals {
            count += referral.trace.isEmpty ? 1 : 2
            guard isAccepted else { continue }
            for delivery in referral.deliveries where delivery.needsPart(beside: referral.canonical) { count += 1 }
        }
        return count
    }
}

extension Decision.Delivery {
    /// Whether its body is kept by itself, being other than the canonical referral.
    func needsPart(beside canonical: [UInt8]) -> Bool {
        switch standing {
        case .send(let body, _): body != canonical
        case .withheld: false
        }
    }

    var isOwed: Bool {
        switch standing {
        case .send: true
        case .withheld: false
        }
    }
}

extension Transaction {
    /// Judges a decision by what is known of other messages. Writes nothing.
    ///
    /// - Parameters:
    ///   - rival: Another message that has the sender's id with other content.
    ///   - message: The message it is about, where that is in custody already.
    func judge(_ decision: Decision, rival: MessageID?, of message: MessageID?) throws -> Verdict {
        switch decision.outcome {
        case .held(let cause): return Verdict(ending: .held, cause: cause)
        case .refused(let cause): return Verdict(ending: .refused, cause: cause)
        case .noted(let kind): return Verdict(ending: .noted, noted: kind)
        case .accepted: break
        }
        if let rival, !decision.isChange {
            return Verdict(ending: .held, cause: "id-reused", kind: .conflict, original: rival)
        }
        return try judgeReferrals(decision.referrals, of: message)
    }

    private func judgeReferrals(_ referrals: [Decision.Referral], of message: MessageID?) throws -> Verdict {
        var verdict = Verdict(ending: .accepted)
        var ids: Set<String> = []
        var names: Set<Key> = []
        var repeats = 0
        for referral in referrals {
            if referral.kind == .outcome {
                guard let answering = referral.answering, try isKnown(answering) else {
                    return Verdict(ending: .held, cause: "outcome-unmatched", kind: .unknownReferral)
                }
                verdict.earlier.append(answering.referral)
            } else if referral.kind == .new {
                if !ids.insert(referral.id).inserted { return Verdict(ending: .held, cause: "id-reused") }
                if let owner = try owner(of: referral), owner.message != message {
                    guard owner.isSame else {
                        return Verdict(ending: .held, cause: "id-reused", kind: .conflict, original: owner.message)
                    }
                    repeats += 1
                    verdict.original = owner.message
                }
                verdict.earlier.append(nil)
            } else {
                let earlier = try earlier(than: referral, of: message)
                guard earlier != nil || !names.isDisjoint(with: referral.names) else {
                    return Verdict(ending: .held, cause: "referral-unknown", kind: .unknownReferral)
                }
                verdict.earlier.append(earlier)
            }
            names.formUnion(referral.names)
        }
        guard repeats > 0 else { return verdict }
        // Other bytes that come to the very same referral: nothing of it is new, and nothing is owed twice.
        if repeats == referrals.count {
            return Verdict(ending: .noted, noted: "duplicate", kind: .duplicate, original: verdict.original)
        }
        return Verdict(ending: .held, cause: "id-reused", kind: .conflict, original: verdict.original)
    }

    private func owner(of referral: Decision.Referral) throws -> (message: MessageID, isSame: Bool)? {
        let owner = try connection.first(
            "SELECT message, digest FROM referral WHERE name = ? AND kind = 'new' AND status <> 'held'",
            .text(referral.id)
        ) { (MessageID(rawValue: $0.int(0)), $0.blob(1)) }
        return owner.map { ($0.0, $0.1 == sha256(referral.canonical)) }
    }

    /// The latest referral that goes by one of the names.
    private func earlier(than referral: Decision.Referral, of message: MessageID?) throws -> Int64? {
        var latest: Int64?
        for name in referral.names {
            let found = try connection.first(
                """
                SELECT max(n.referral) FROM referral_name n JOIN referral r ON r.id = n.referral
                WHERE n.key = ? AND r.message <> ?
                """, .blob(name.bytes), .int(message?.rawValue ?? 0)
            ) { $0.optionalInt(0) }
            if let found = found ?? nil { latest = max(latest ?? found, found) }
        }
        return latest
    }

    // MARK: Keeping what was decided

    /// Keeps findings, which come first, referrals and deliveries of a decision.
    /// - Returns: The number of the message's next part.
    func keep(
        _ decision: Decision, _ verdict: Verdict, message: MessageID, from first: Int64, at: Instant
    ) throws -> Int64 {
        var part = first
        if !decision.findings.isEmpty { _ = try store(decision.findings, message: message, part: &part) }
        for (index, referral) in decision.referrals.enumerated() {
            let earlier = index < verdict.earlier.count ? verdict.earlier[index] : nil
            try keep(referral, verdict, earlier: earlier, message: message, part: &part, at: at)
        }
        return part
    }

    private func keep(
        _ referral: Decision.Referral, _ verdict: Verdict, earlier: Int64?, message: MessageID, part: inout Int64,
        at: Instant
    ) throws {
        let digest = sha256(referral.canonical)
        let row = message.rawValue << 20 | part
        let canonical = try store(referral.canonical, digest: digest, message: message, part: &part)
        let trace = referral.trace.isEmpty ? nil : try store(referral.trace, message: message, part: &part)
        let isAccepted = verdict.ending == .accepted
        try connection.run(
            """
            INSERT INTO referral (id, message, name, kind, status, subject, canonical, digest, trace, earlier)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .int(row), .int(message.rawValue), .text(referral.id), .text(referral.kind.rawValue),
            .text(isAccepted ? "current" : "held"), .optional(referral.subject), .int(canonical), .blob(digest),
            .optional(trace), .optional(earlier))
        guard isAccepted else { return }
        if let answering = referral.answering {
            try keepOutcome(referral, answering, message: message, at: at)
        } else {
            try register(referral, row: row, earlier: earlier)
        }
        for delivery in referral.deliveries {
            try owe(
                delivery, of: referral, row: row, earlier: earlier, canonical: canonical, message: message, part: &part,
                at: at)
        }
    }

    private func register(_ referral: Decision.Referral, row: Int64, earlier: Int64?) throws {
        for name in referral.names {
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
        let rival = found.cause == "id-reused" ? nil : found.original.map(MessageID.init)
        let verdict = try judge(decision, rival: rival, of: message)
        let state = try decideAnew(message, decision, verdict, at: now, actor: actor)
        try acknowledge(decision, from: message)
        return .accepted(
            Receipt(kind: verdict.kind ?? .retried, reference: found.reference, message: message, state: state))
    }

    /// Puts a new decision in the place of the one a held or refused message had.
    func decideAnew(
        _ message: MessageID, _ decision: Decision, _ verdict: Verdict, at: Instant, actor: String?
    ) throws -> MessageState {
        let state = verdict.state(for: decision)
        let part = try connection.number("SELECT parts FROM message WHERE id = ?", .int(message.rawValue))
        try connection.run(
            """
            UPDATE message SET findings = ?, parts = ?, state = ?, cause = ?, kind = ?, format = ?, mapping = ?,
            mapping_version = ?, configuration = ?, original = coalesce(?, original), changed = ?, settled = ?
            WHERE id = ?
            """,
            decision.findings.isEmpty ? .null : .int(part),
            .int(part + decision.partCount(isAccepted: verdict.ending == .accepted)), .text(state.rawValue),
            .optional(verdict.cause), .optional(verdict.noted), .optional(decision.format),
            .optional(decision.mapping), .optional(decision.mappingVersion), .optional(decision.configuration),
            .optional(verdict.original?.rawValue), .int(at.milliseconds),
            state.isSettled ? .int(at.milliseconds) : .null, .int(message.rawValue))
        try connection.run("DELETE FROM referral WHERE message = ?", .int(message.rawValue))
        try removeContent(of: message, from: 1)
        _ = try keep(decision, verdict, message: message, from: part, at: at)
        try audit.add(
            "decided-anew", at: at, message: message, actor: actor,
            detail: "state=\(state.rawValue) \(verdict.detail(decision))")
        return state
    }
}
