internal import GRDB

extension Schema {
    /// Answers to what was sent, and how a delivery is found by its key.
    static let answers = """
        CREATE TABLE answer (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            verdict TEXT NOT NULL,
            code TEXT,
            key TEXT,
            delivery INTEGER, -- NULL: it answers nothing that is known here
            message INTEGER, -- that brought it, where it is a message of its own
            digest BLOB
        ) STRICT;
        CREATE INDEX answer_delivery ON answer (delivery) WHERE delivery IS NOT NULL;
        CREATE INDEX answer_message ON answer (message) WHERE message IS NOT NULL;
        CREATE INDEX answer_unmatched ON answer (at) WHERE delivery IS NULL;
        CREATE UNIQUE INDEX answer_digest ON answer (digest) WHERE digest IS NOT NULL;
        CREATE INDEX delivery_key ON delivery (key);
        """
}

extension Transaction {
    /// The delivery an answer is about.
    private struct Answered {
        var id: DeliveryID
        var message: MessageID
        var state: DeliveryState
        var route: String
    }

    /// Keeps an answer beside the delivery it is about. A negative one makes a dead letter of it.
    ///
    /// One that is about nothing known here is kept too, and changes nothing: it may be an answer to a system that shares
    /// the mailbox, or to what was removed long ago.
    /// - Parameter message: The message that brought it.
    func acknowledge(_ answer: Acknowledgement, from message: MessageID?) throws -> OperationResult {
        if let digest = answer.digest,
            try connection.number("SELECT count(*) FROM answer WHERE digest = ?", .blob(digest.bytes)) > 0
        {
            return .acknowledged(nil, isNew: false)
        }
        let about = try answered(answer.key)
        try connection.run(
            "INSERT INTO answer (at, kind, verdict, code, key, delivery, message, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            .int(answer.at.milliseconds), .text(answer.kind), .text(answer.verdict.rawValue), .optional(answer.code),
            .optional(answer.key), .optional(about?.id.rawValue), .optional(message?.rawValue),
            .optional(answer.digest))
        let words = "kind=\(answer.kind) verdict=\(answer.verdict.rawValue)" + (answer.code.map { " code=\($0)" } ?? "")
        guard let about else {
            try markUnmatched(message)
            try audit.add("answer-unmatched", at: answer.at, message: message, detail: words)
            return .acknowledged(nil, isNew: true)
        }
        try audit.add(
            "answered", at: answer.at, message: about.message, delivery: about.id, route: about.route, detail: words)
        if answer.verdict.isNegative { try giveUp(about, answer) }
        return .acknowledged(about.id, isNew: true)
    }

    /// What a decision has to say of deliveries, after its message is in the store.
    func acknowledge(_ decision: Decision, from message: MessageID) throws {
        for answer in decision.answers { _ = try acknowledge(answer, from: message) }
    }

    private func answered(_ key: String?) throws -> Answered? {
        guard let key else { return nil }
        return try connection.first(
            "SELECT id, message, state, route FROM delivery WHERE key = ? ORDER BY id DESC LIMIT 1", .text(key)
        ) {
            Answered(
                id: DeliveryID(rawValue: $0.int(0)), message: MessageID(rawValue: $0.int(1)),
                state: DeliveryState(rawValue: $0.text(2)) ?? .dead, route: $0.text(3))
        }
    }

    /// So that a list of messages shows which answers belong to nothing.
    private func markUnmatched(_ message: MessageID?) throws {
        guard let message else { return }
        try connection.run(
            "UPDATE message SET kind = 'unmatched: ' || kind WHERE id = ? AND state = 'noted' AND kind IS NOT NULL",
            .int(message.rawValue))
    }

    /// What a person gave up, withheld or sent in another way stays as it is.
    private func giveUp(_ about: Answered, _ answer: Acknowledgement) throws {
        guard about.state == .delivered || about.state == .waiting else { return }
        try connection.run(
            "UPDATE delivery SET state = 'dead', cause = ?, ended = ? WHERE id = ?", .text(answer.cause),
            .int(answer.at.milliseconds), .int(about.id.rawValue))
        try audit.add(
            "dead-lettered", at: answer.at, message: about.message, delivery: about.id, route: about.route,
            detail: "cause=\(answer.cause)")
        try refresh(about.message, at: answer.at)
    }

    /// Whether the receiver said no to a delivery after it was last sent out: then a late note that it was handed over
    /// takes nothing back.
    func isRefusedByAnswer(_ delivery: DeliveryID) throws -> Bool {
        let verdict = try connection.first(
            """
            SELECT a.verdict FROM answer a JOIN delivery d ON d.id = a.delivery
            WHERE a.delivery = ? AND d.state = 'dead' AND a.at >= d.since ORDER BY a.id DESC LIMIT 1
            """, .int(delivery.rawValue)
        ) { Acknowledgement.Verdict(rawValue: $0.text(0)) }
        return (verdict ?? nil)?.isNegative ?? false
    }
}

extension Ledger {
    /// Answers to what was sent, the newest first.
    /// - Parameters:
    ///   - isUnmatched: Only those that answer nothing known here.
    ///   - limit: 1…1,000.
    package func answers(isUnmatched: Bool, limit: Int) throws(CustodyError) -> [AnswerSummary] {
        let condition = isUnmatched ? "WHERE a.delivery IS NULL" : ""
        return try read {
            try $0.connection.all(
                AnswerSummary.query + " \(condition) ORDER BY a.id DESC LIMIT ?", .int(Int64(min(max(limit, 1), 1000))),
                read: AnswerSummary.init)
        }
    }

    /// Answers to what was sent of a message, and those it brought, in the order they came.
    static func answers(of message: MessageID, _ connection: Connection) throws -> [AnswerSummary] {
        try connection.all(
            AnswerSummary.query + """
                 WHERE a.id IN (
                    SELECT n.id FROM delivery o JOIN answer n ON n.delivery = o.id WHERE o.message = ?1
                    UNION SELECT n.id FROM answer n WHERE n.message = ?1)
                ORDER BY a.id
                """, .int(message.rawValue), read: AnswerSummary.init)
    }
}
