internal import GRDB

extension Schema {
    /// How a referral is found by an outcome, and what outcomes tell of work, for measuring when their content is long gone.
    static let outcomes = """
        CREATE TABLE work_event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message INTEGER NOT NULL, -- that told it
            referral TEXT NOT NULL, -- it is about
            subject BLOB,
            outcome TEXT NOT NULL,
            corrects TEXT, -- the outcome that was wrong
            kind TEXT NOT NULL,
            day TEXT,
            code TEXT,
            hours INTEGER,
            paid INTEGER,
            below_minimum INTEGER,
            definition TEXT,
            weeks INTEGER,
            sustained TEXT,
            after_13 TEXT,
            after_26 TEXT
        ) STRICT;
        CREATE INDEX work_event_message ON work_event (message);
        CREATE INDEX work_event_subject ON work_event (subject) WHERE subject IS NOT NULL;
        CREATE INDEX referral_change ON referral (name) WHERE kind IN ('update', 'cancellation');
        """
}

/// What an outcome tells of work: codes, days and numbers, no words. Kept as long as what is known of its message.
package struct WorkEvent: Sendable, Hashable {
    package var kind: String
    package var day: String?
    package var code: String?
    package var hoursPerWeek: Int?
    package var isPaid: Bool?
    package var isBelowMinimum: Bool?
    package var definition: String?
    package var weeks: Int?
    package var sustainedTo: String?
    package var after13: String?
    package var after26: String?

    package init(kind: String) { self.kind = kind }
}

/// A work event as it is kept.
package struct WorkEventSummary: Sendable, Hashable {
    package var event: WorkEvent
    /// The outcome that told it, and the one that outcome corrects.
    package var outcome: String
    package var corrects: String?
    /// The referral it is about.
    package var referral: String

    init(_ row: Columns) {
        referral = row.text(0)
        outcome = row.text(1)
        corrects = row.optionalText(2)
        event = WorkEvent(kind: row.text(3))
        event.day = row.optionalText(4)
        event.code = row.optionalText(5)
        event.hoursPerWeek = row.optionalInt(6).map { Int($0) }
        event.isPaid = row.optionalInt(7).map { $0 != 0 }
        event.isBelowMinimum = row.optionalInt(8).map { $0 != 0 }
        event.definition = row.optionalText(9)
        event.weeks = row.optionalInt(10).map { Int($0) }
        event.sustainedTo = row.optionalText(11)
        event.after13 = row.optionalText(12)
        event.after26 = row.optionalText(13)
    }
}

extension Decision {
    /// What makes a referral of a decision an outcome: which referral it is about, and what it tells of work.
    package struct Answering: Sendable {
        /// The row of the referral, as ``KnownReferral`` gives it.
        package var referral: Int64
        package var corrects: String?
        package var events: [WorkEvent] = []

        package init(referral: Int64) { self.referral = referral }
    }
}

/// A referral that an outcome may be about.
package struct KnownReferral: Sendable {
    package var row: Int64
    package var id: String
    package var message: MessageID
    /// Our name of the message that brought it, and the sender's correlation.
    package var reference: String
    package var correlation: String?
    package var subject: Key?
    /// The canonical referral; `nil` when its content was removed.
    package var canonical: [UInt8]?
    /// The keys it was sent under.
    package var keys: [String]
}

extension Ledger {
    /// The latest referral of an id that was accepted; `nil` when there is none.
    package func referral(named id: String) throws(CustodyError) -> KnownReferral? {
        try read { reading in
            let connection = reading.connection
            let rows = try ["kind = 'new'", "kind IN ('update', 'cancellation')"].compactMap { kind in
                try connection.first(
                    "SELECT max(id) FROM referral WHERE name = ? AND status <> 'held' AND \(kind)", .text(id)
                ) { $0.optionalInt(0) } ?? nil
            }
            guard let row = rows.max() else { return nil }
            let found = try connection.first(
                """
                SELECT r.message, m.reference, m.correlation, r.subject, r.canonical FROM referral r
                JOIN message m ON m.id = r.message WHERE r.id = ?
                """, .int(row)
            ) { (row: $0.int(0), $0.text(1), $0.optionalText(2), $0.optionalKey(3), $0.optionalInt(4)) }
            guard let found else { return nil }
            return KnownReferral(
                row: row, id: id, message: MessageID(rawValue: found.0), reference: found.1, correlation: found.2,
                subject: found.3, canonical: try found.4.flatMap { try reading.sound($0) },
                keys: try connection.all("SELECT key FROM delivery WHERE referral = ?", .int(row)) { $0.text(0) })
        }
    }

    /// What outcomes told of work, in the order they came.
    /// - Parameter limit: 1…10,000.
    package func workEvents(after id: Int64 = 0, limit: Int = 1000) throws(CustodyError) -> [WorkEventSummary] {
        try read {
            try $0.connection.all(
                """
                SELECT referral, outcome, corrects, kind, day, code, hours, paid, below_minimum, definition, weeks,
                sustained, after_13, after_26 FROM work_event WHERE id > ? ORDER BY id LIMIT ?
                """, .int(id), .int(Int64(min(max(limit, 1), 10_000))), read: WorkEventSummary.init)
        }
    }
}

extension Transaction {
    /// Whether the referral that an outcome is about is still here.
    func isKnown(_ answering: Decision.Answering) throws -> Bool {
        try connection.number(
            "SELECT count(*) FROM referral WHERE id = ? AND status <> 'held'", .int(answering.referral)) == 1
    }

    /// Keeps what an outcome tells of work, and notes it in the story of the referral's message.
    func keepOutcome(
        _ outcome: Decision.Referral, _ answering: Decision.Answering, message: MessageID, at: Instant
    ) throws {
        for event in answering.events { try keep(event, outcome, answering, message: message) }
        try audit.add(
            "outcome", at: at, message: MessageID(rawValue: answering.referral >> 20),
            detail: "message=\(message.rawValue) outcome=\(outcome.id)")
    }

    private func keep(
        _ event: WorkEvent, _ outcome: Decision.Referral, _ answering: Decision.Answering, message: MessageID
    ) throws {
        try connection.run(
            """
            INSERT INTO work_event (message, referral, subject, outcome, corrects, kind, day, code, hours, paid,
            below_minimum, definition, weeks, sustained, after_13, after_26)
            VALUES (?, (SELECT name FROM referral WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .int(message.rawValue), .int(answering.referral), .optional(outcome.subject), .text(outcome.id),
            .optional(answering.corrects), .text(event.kind), .optional(event.day), .optional(event.code),
            .optional(event.hoursPerWeek.map { Int64($0) }), .optional(event.isPaid.map { $0 ? 1 : 0 }),
            .optional(event.isBelowMinimum.map { $0 ? 1 : 0 }), .optional(event.definition),
            .optional(event.weeks.map { Int64($0) }), .optional(event.sustainedTo), .optional(event.after13),
            .optional(event.after26))
    }

    /// Removes what outcomes told of work: with their message, or of a person on request.
    func removeWorkEvents(of message: MessageID, subject: Key? = nil) throws {
        try connection.run(
            "DELETE FROM work_event WHERE message = ?1 AND (?2 IS NULL OR subject = ?2)", .int(message.rawValue),
            .optional(subject))
    }
}
