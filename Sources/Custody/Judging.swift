/// What the store makes of one referral of a document.
enum Fate: Equatable {
    case accepted
    /// For a person; the others of its document go on without it.
    case held(cause: String)
    /// The very same referral is in custody already, of another message.
    case duplicate
    /// It went on when its message was decided before.
    case kept

    var isHeld: Bool { if case .held = self { true } else { false } }
}

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
    /// Of each referral what becomes of it, and the row of the earlier one it changes.
    var fates: [Fate] = []
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

    /// How many referrals wait for a person while others of the document go on; 0 when all share one fate.
    var heldBeside: Int {
        let held = fates.count { $0.isHeld }
        return held == fates.count ? 0 : held
    }

    func state(for decision: Decision) -> MessageState {
        switch ending {
        case .held: .held
        case .refused: .refused
        case .noted: .noted
        case .accepted
        where zip(decision.referrals, fates).contains { $1 == .accepted && $0.deliveries.contains { $0.isOwed } }:
            .waiting
        // An outcome that nobody is to be told of is kept for what it says.
        case .accepted:
            decision.referrals.allSatisfy { $0.kind == .outcome && $0.deliveries.isEmpty } ? .noted : .withheld
        }
    }

    func detail(_ decision: Decision) -> String {
        var words: [String] = []
        if let cause { words.append("cause=\(cause)") }
        if heldBeside > 0 { words.append("held=\(heldBeside) of=\(fates.count)") }
        if let noted { words.append("kind=\(noted)") }
        if let mapping = decision.mapping { words.append("mapping=\(mapping)") }
        if let version = decision.mappingVersion { words.append("version=\(version)") }
        if let configuration = decision.configuration { words.append("configuration=\(configuration)") }
        return words.joined(separator: " ")
    }

    /// How many parts keeping the decision makes; deliveries are kept of accepted referrals alone.
    func partCount(_ decision: Decision) -> Int64 {
        var count: Int64 = decision.findings.isEmpty ? 0 : 1
        for (referral, fate) in zip(decision.referrals, fates) where fate != .kept {
            count += referral.trace.isEmpty ? 1 : 2
            guard fate == .accepted else { continue }
            for delivery in referral.deliveries where delivery.needsPart(beside: referral.canonical) { count += 1 }
        }
        return count
    }
}

extension Decision {
    /// Whether it only changes referrals that are known.
    var isChange: Bool { !referrals.isEmpty && referrals.allSatisfy { $0.kind != .new && $0.kind != .outcome } }
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
    ///   - kept: The places of its referrals that went on before.
    func judge(
        _ decision: Decision, rival: MessageID?, of message: MessageID?, kept: Set<Int> = []
    ) throws -> Verdict {
        let whole: Verdict
        switch decision.outcome {
        case .held(let cause): whole = Verdict(ending: .held, cause: cause)
        case .refused(let cause): whole = Verdict(ending: .refused, cause: cause)
        case .noted(let kind): whole = Verdict(ending: .noted, noted: kind)
        case .accepted:
            let verdict = try judgeReferrals(decision.referrals, of: message, kept)
            guard let rival, !decision.isChange, verdict.ending != .noted else { return verdict }
            whole = Verdict(ending: .held, cause: Self.reused, kind: .conflict, original: rival)
        }
        return whole.forAll(of: decision, kept)
    }

    static var reused: String { "id-reused" }
    static var unknown: String { "referral-unknown" }
    static var unmatched: String { "outcome-unmatched" }

    /// Each referral by itself: one that cannot go on keeps no other back.
    private func judgeReferrals(
        _ referrals: [Decision.Referral], of message: MessageID?, _ kept: Set<Int>
    ) throws -> Verdict {
        var verdict = Verdict(ending: .accepted)
        var siblings = Siblings()
        var original: MessageID?
        for (place, referral) in referrals.enumerated() {
            var judged = Judged(fate: .kept)
            if !kept.contains(place) { judged = try judge(referral, beside: siblings, of: message) }
            verdict.fates.append(judged.fate)
            verdict.earlier.append(judged.earlier)
            if judged.fate == .accepted || judged.fate == .kept { siblings.add(referral) }
            original = original ?? judged.original
            if judged.kind == .conflict || verdict.kind == nil, judged.kind != nil { verdict.kind = judged.kind }
        }
        verdict.conclude(original)
        return verdict
    }

    private struct Judged {
        var fate: Fate
        var kind: Receipt.Kind?
        var original: MessageID?
        var earlier: Int64?
    }

    /// What the referrals of the same document go by.
    private struct Siblings {
        var ids: Set<String> = []
        var names: Set<Key> = []
        var claims: Set<Key> = []

        mutating func add(_ referral: Decision.Referral) {
            names.formUnion(referral.names)
            guard referral.kind == .new else { return }
            ids.insert(referral.id)
            claims.formUnion(referral.claims)
        }
    }

    private func judge(
        _ referral: Decision.Referral, beside siblings: Siblings, of message: MessageID?
    ) throws -> Judged {
        if let cause = referral.held { return Judged(fate: .held(cause: cause)) }
        if referral.kind == .outcome {
            guard let answering = referral.answering, try isKnown(answering) else {
                return Judged(fate: .held(cause: Self.unmatched), kind: .unknownReferral)
            }
            return Judged(fate: .accepted, earlier: answering.referral)
        }
        guard referral.kind == .new else {
            let earlier = try earlier(than: referral, of: message)
            guard earlier != nil || !siblings.names.isDisjoint(with: referral.names) else {
                return Judged(fate: .held(cause: Self.unknown), kind: .unknownReferral)
            }
            return Judged(fate: .accepted, earlier: earlier)
        }
        if siblings.ids.contains(referral.id) || !siblings.claims.isDisjoint(with: referral.claims) {
            return Judged(fate: .held(cause: Self.reused))
        }
        guard let owner = try owner(of: referral, besides: message) else { return Judged(fate: .accepted) }
        if owner.isSame { return Judged(fate: .duplicate, original: owner.message) }
        return Judged(fate: .held(cause: Self.reused), kind: .conflict, original: owner.message)
    }

    /// Another message's referral with this one's id, or the one its sender gave the same number.
    private func owner(
        of referral: Decision.Referral, besides message: MessageID?
    ) throws -> (message: MessageID, isSame: Bool)? {
        let digest = sha256(referral.canonical)
        func read(_ row: Columns) -> (message: MessageID, isSame: Bool) {
            let isSame = row.blob(1) == digest || !referral.facts.isEmpty && row.optionalBlob(2) == referral.facts
            return (MessageID(rawValue: row.int(0)), isSame)
        }
        let named = try connection.first(
            """
            SELECT message, digest, facts FROM referral
            WHERE name = ? AND kind = 'new' AND status NOT IN ('held', 'duplicate')
            """, .text(referral.id), read: read)
        if let named, named.message != message { return named }
        for claim in referral.claims {
            let claimed = try connection.first(
                """
                SELECT r.message, r.digest, r.facts FROM referral_name n JOIN referral r ON r.id = n.referral
                WHERE n.key = ? AND r.message <> ? ORDER BY r.id LIMIT 1
                """, .blob(claim.bytes), .int(message?.rawValue ?? 0), read: read)
            if let claimed { return claimed }
        }
        return nil
    }

    /// The latest referral that goes by one of the names and is not known to be another person's: two senders may count
    /// their referrals alike.
    private func earlier(than referral: Decision.Referral, of message: MessageID?) throws -> Int64? {
        var latest: Int64?
        for name in referral.names {
            let found = try connection.first(
                """
                SELECT max(n.referral) FROM referral_name n JOIN referral r ON r.id = n.referral
                WHERE n.key = ?1 AND r.message <> ?2 AND (?3 IS NULL OR r.subject IS NULL OR r.subject = ?3)
                """, .blob(name.bytes), .int(message?.rawValue ?? 0), .optional(referral.subject)
            ) { $0.optionalInt(0) }
            if let found = found ?? nil { latest = max(latest ?? found, found) }
        }
        return latest
    }
}

extension Verdict {
    /// The same for all referrals, save those that went on before.
    fileprivate func forAll(of decision: Decision, _ kept: Set<Int>) -> Verdict {
        var result = self
        result.fates = decision.referrals.indices.map { kept.contains($0) ? .kept : .held(cause: cause ?? "") }
        result.earlier = decision.referrals.map { _ in nil }
        return result
    }

    /// From what becomes of its referrals, what becomes of the message. What only the store could know comes first.
    fileprivate mutating func conclude(_ other: MessageID?) {
        let causes = fates.compactMap { if case .held(let cause) = $0 { cause } else { nil } }
        if let first = causes.first {
            ending = .held
            let told = causes.first { [Transaction.unknown, Transaction.unmatched].contains($0) } ?? first
            cause = kind == .conflict ? Transaction.reused : kind == .unknownReferral ? told : first
            if kind == .conflict { original = other }
        } else if !fates.isEmpty, fates.allSatisfy({ $0 == .duplicate }) {
            // Other bytes that come to the very same referrals: nothing is new, and nothing is owed twice.
            (ending, noted, kind, original) = (.noted, "duplicate", .duplicate, other)
        }
    }
}
