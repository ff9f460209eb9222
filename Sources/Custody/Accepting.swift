/// A message that is in custody already.
struct Known {
    var id: MessageID
    var reference: String
    var source: String
    var state: MessageState
    var content: Key

    fileprivate init(_ row: Columns) {
        id = MessageID(rawValue: row.int(0))
        reference = row.text(1)
        source = row.text(2)
        state = MessageState(rawValue: row.text(3)) ?? .held
        content = Key(row.blob(4))
    }
}

/// The names a message is known by.
enum IdentityKind: Int64 {
    case sender = 1
    case transport = 2
    case content = 3
}

/// How an arriving document stands to what is in custody: the four cases of reliable messaging.
enum Standing {
    /// Not seen before. `rival` has the sender's or transport's id already, with other content.
    case fresh(rival: MessageID?)
    /// The same content as one that is in order.
    case seen(Known, Receipt.Kind)
    /// The same content as one that is held or refused.
    case again(Known, rival: MessageID?)

    /// - Parameters:
    ///   - owner: The message that has the sender's id, or else the transport's.
    ///   - twin: The message that has the content.
    init(_ intake: Intake, owner: Known?, twin: Known?) {
        guard let twin else {
            self = .fresh(rival: owner?.id)
            return
        }
        let rival = owner.flatMap { $0.id == twin.id ? nil : $0.id }
        if twin.state == .held || twin.state == .refused {
            self = .again(twin, rival: rival)
            return
        }
        let isSameName = owner != nil || intake.senderKey == nil
        self = .seen(twin, owner?.id == twin.id || isSameName && twin.source == intake.source ? .repeated : .duplicate)
    }
}

extension Transaction {
    func accept(_ intake: Intake) throws -> OperationResult {
        let owner = try known(.sender, intake.senderKey) ?? known(.transport, intake.transportKey)
        let twin = try known(.content, intake.content)
        switch Standing(intake, owner: owner, twin: twin) {
        case .fresh(let rival): return .accepted(try takeIn(intake, rival: rival))
        case .seen(let original, let kind):
            try count(intake, on: original, as: kind)
            return .accepted(
                Receipt(kind: kind, reference: original.reference, message: original.id, state: original.state))
        case .again(let original, let rival):
            try count(intake, on: original, as: .retried)
            let anew = try decideAnew(
                original.id, intake.decision, rival: rival, at: intake.receivedAt, actor: nil)
            let receipt = Receipt(
                kind: anew?.0.kind ?? .retried, reference: original.reference, message: original.id,
                state: anew?.1 ?? original.state)
            return .accepted(anew.map { receipt.beside($0.0) } ?? receipt)
        }
    }

    private func known(_ kind: IdentityKind, _ key: Key?) throws -> Known? {
        guard let key else { return nil }
        return try connection.first(
            """
            SELECT m.id, m.reference, m.source, m.state, m.content FROM identity i JOIN message m ON m.id = i.message
            WHERE i.kind = ? AND i.key = ?
            """, .int(kind.rawValue), .blob(key.bytes), read: Known.init)
    }

    private func remember(_ intake: Intake, as message: MessageID) throws {
        try remember(.sender, intake.senderKey, as: message)
        try remember(.transport, intake.transportKey, as: message)
        try remember(.content, intake.content, as: message)
    }

    private func remember(_ kind: IdentityKind, _ key: Key?, as message: MessageID) throws {
        guard let key else { return }
        try connection.run(
            "INSERT OR IGNORE INTO identity (kind, key, message) VALUES (?, ?, ?)", .int(kind.rawValue),
            .blob(key.bytes), .int(message.rawValue))
    }

    /// Counts a repeat on the first one, and remembers the names it came under.
    private func count(_ intake: Intake, on original: Known, as kind: Receipt.Kind) throws {
        try connection.run(
            "UPDATE message SET repeats = repeats + 1, repeated = ? WHERE id = ?", .int(intake.receivedAt.milliseconds),
            .int(original.id.rawValue))
        try remember(intake, as: original.id)
        let event = kind == .repeated ? "repeat" : kind == .duplicate ? "duplicate" : "sent-again"
        try audit.add(
            event, at: intake.receivedAt, message: original.id,
            detail: "source=\(intake.source) reference=\(intake.reference)")
    }

    /// Takes a document in that was not here before.
    private func takeIn(_ intake: Intake, rival: MessageID?) throws -> Receipt {
        let verdict = try judge(intake.decision, rival: rival, of: nil)
        let state = verdict.state(for: intake.decision)
        let message = try insert(intake, verdict, state, rival: rival)
        try remember(intake, as: message)
        var part: Int64 = 0
        _ = try store(intake.payload, digest: intake.content.bytes, message: message, part: &part)
        part = try keep(intake.decision, verdict, message: message, from: part, at: intake.receivedAt)
        precondition(
            part == 1 + verdict.partCount(intake.decision),
            "a message has other parts than were counted")
        try audit.add(
            verdict.event, at: intake.receivedAt, message: message,
            detail: "reference=\(intake.reference) source=\(intake.source) \(verdict.detail(intake.decision))")
        return Receipt(
            kind: verdict.kind ?? .new, reference: intake.reference, message: message, state: state
        ).beside(verdict)
    }

    private func insert(
        _ intake: Intake, _ verdict: Verdict, _ state: MessageState, rival: MessageID?
    ) throws -> MessageID {
        let decision = intake.decision
        let at = Cell.int(intake.receivedAt.milliseconds)
        try connection.run(
            """
            INSERT INTO message (reference, source, received, content, content_type, correlation, size, state, cause,
            kind, format, mapping, mapping_version, configuration, original, findings, parts, changed, settled)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .text(intake.reference), .text(intake.source), at, .blob(intake.content.bytes),
            .optional(intake.contentType), .optional(intake.correlation), .int(Int64(intake.payload.count)),
            .text(state.rawValue), .optional(verdict.cause), .optional(verdict.noted), .optional(decision.format),
            .optional(decision.mapping), .optional(decision.mappingVersion), .optional(decision.configuration),
            .optional((verdict.original ?? rival)?.rawValue), decision.findings.isEmpty ? .null : .int(1),
            .int(1 + verdict.partCount(decision)), at, state.isSettled ? at : .null)
        return MessageID(rawValue: connection.lastRow)
    }
}

extension Receipt {
    /// The receipt of a document whose referrals may go different ways.
    func beside(_ verdict: Verdict) -> Receipt {
        var receipt = self
        receipt.heldReferrals = verdict.heldBeside
        receipt.referrals = verdict.fates.count
        return receipt
    }
}
