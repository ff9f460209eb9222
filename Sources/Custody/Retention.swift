internal import GRDB
internal import Synchronization

/// How long what is kept. Nothing that waits, is held, refused or dead is ever removed: it must be resolved first.
package struct RetentionPolicy: Sendable {
    /// Content of delivered, withheld and noted messages, in days from then.
    package var deliveredContentDays = 30
    /// Content of messages that were given up, in days from then.
    package var resolvedDays = 90
    /// What is known of a message, with the ids it is recognised by, in days from its arrival; at least 90, since no
    /// repeat may come so late that it is taken for new.
    package var metadataDays = 400
    /// Messages in one call at most.
    package var rows = 100

    package init() {}
}

/// What one call removed.
package struct Retired: Sendable, Hashable {
    /// Messages that lost their content, and messages of which nothing is left.
    package var contents = 0
    package var messages = 0
    package var mappings = 0

    package init() {}

    /// Whether there may be more to remove at once.
    package var isMore: Bool { contents > 0 || messages > 0 }
}

extension SQLiteCustody {
    /// Removes what its time is over for, a few rows a call: call again while there is more. Audited.
    package func retire(_ policy: RetentionPolicy, now: Instant) throws(CustodyError) -> Retired {
        try CustodyError.translating { () throws in
            try maintenance.withLock { _ in
                let retired = try transact { transaction, _ in try transaction.retire(policy, now: now) }
                if retired.isMore {
                    try store.writeWithoutTransaction { try Connection($0).run("PRAGMA incremental_vacuum(256)") }
                }
                return retired
            }
        }
    }

    /// Erases a person's content, or a message's, on request. Tombstones and lines of the audit trail stay.
    ///
    /// What still waits for the person is dropped. A document of several persons loses its payload, and the others'
    /// referrals stay. Erased bytes are overwritten in the store, and the log they went through is emptied.
    /// - Returns: How many messages it was.
    package func purge(_ target: PurgeTarget, actor: String, reason: String) throws(CustodyError) -> Int {
        try CustodyError.translating { () throws in
            try maintenance.withLock { _ in
                let count = try transact { transaction, _ in
                    try transaction.purge(target, actor: actor, reason: reason)
                }
                if count > 0, folder != nil {
                    try store.writeWithoutTransaction { try Connection($0).run("PRAGMA wal_checkpoint(TRUNCATE)") }
                }
                return count
            }
        }
    }
}

/// Whose content is to be erased.
package enum PurgeTarget: Sendable {
    /// A person, by the key of their identifier.
    case subject(Key)
    /// One message.
    case reference(String)
}

extension Transaction {
    fileprivate func retire(_ policy: RetentionPolicy, now: Instant) throws -> Retired {
        var retired = Retired()
        let delivered = now.milliseconds - Int64(policy.deliveredContentDays) * day
        let resolved = now.milliseconds - Int64(policy.resolvedDays) * day
        let known = now.milliseconds - Int64(max(policy.metadataDays, 90)) * day
        let settled = try ids(
            """
            SELECT id FROM message WHERE settled < ?1 AND state IN ('delivered', 'withheld', 'noted')
            UNION ALL SELECT id FROM message WHERE settled < ?2 AND state = 'dropped' LIMIT ?3
            """, .int(delivered), .int(resolved), .int(Int64(policy.rows)))
        for message in settled { try erase(message, at: now) }
        retired.contents = settled.count
        let old = try ids(
            """
            SELECT id FROM message WHERE erased IS NOT NULL AND received < ? AND settled IS NULL
            AND state IN ('delivered', 'withheld', 'noted', 'dropped') ORDER BY received LIMIT ?
            """, .int(known), .int(Int64(policy.rows)))
        for message in old { try forget(message) }
        retired.messages = old.count
        try connection.run("DELETE FROM answer WHERE delivery IS NULL AND at < ?", .int(known))
        try connection.run("DELETE FROM plan_item WHERE plan IN (SELECT id FROM plan WHERE made < ?)", .int(known))
        try connection.run("DELETE FROM plan WHERE made < ?", .int(known))
        try connection.run(
            """
            DELETE FROM mapping_version WHERE pinned < ? AND NOT EXISTS (
                SELECT 1 FROM message m WHERE m.mapping_version = mapping_version.version)
            """, .int(known))
        retired.mappings = connection.changes
        if retired != Retired() {
            try audit.add(
                "retired", at: now,
                detail: "contents=\(retired.contents) messages=\(retired.messages) mappings=\(retired.mappings)")
        }
        return retired
    }

    private var day: Int64 { 86_400_000 }

    private func ids(_ sql: String, _ cells: Cell...) throws -> [MessageID] {
        try connection.all(sql, cells) { MessageID(rawValue: $0.int(0)) }
    }

    /// Removes the bytes of a message, and keeps what is known of it.
    private func erase(_ message: MessageID, at: Instant) throws {
        let id = Cell.int(message.rawValue)
        try removeContent(of: message, from: 0)
        try connection.run("UPDATE referral SET canonical = NULL, trace = NULL WHERE message = ?", id)
        try connection.run("UPDATE delivery SET body = NULL WHERE message = ?", id)
        try connection.run(
            """
            UPDATE attempt SET answer = NULL WHERE answer IS NOT NULL
            AND delivery IN (SELECT id FROM delivery WHERE message = ?)
            """, id)
        try connection.run(
            "UPDATE message SET findings = NULL, settled = NULL, erased = ? WHERE id = ?", .int(at.milliseconds), id)
    }

    /// Removes all that is known of a message whose bytes are gone.
    private func forget(_ message: MessageID) throws {
        let id = Cell.int(message.rawValue)
        try connection.run("DELETE FROM answer WHERE delivery IN (SELECT id FROM delivery WHERE message = ?)", id)
        try connection.run("UPDATE answer SET message = NULL WHERE message = ?", id)
        try removeWorkEvents(of: message)
        try connection.run("DELETE FROM attempt WHERE delivery IN (SELECT id FROM delivery WHERE message = ?)", id)
        try connection.run("DELETE FROM delivery WHERE message = ?", id)
        try connection.run(
            "DELETE FROM referral_name WHERE referral IN (SELECT id FROM referral WHERE message = ?)", id)
        try connection.run("DELETE FROM referral WHERE message = ?", id)
        try connection.run("DELETE FROM identity WHERE message = ?", id)
        try connection.run("DELETE FROM message WHERE id = ?", id)
    }

    // MARK: Erasure on request

    fileprivate func purge(_ target: PurgeTarget, actor: String, reason: String) throws -> Int {
        switch target {
        case .reference(let reference):
            let messages = try ids("SELECT id FROM message WHERE reference = ?", .text(reference))
            for message in messages { try purge(message, subject: nil, actor, reason) }
            return messages.count
        case .subject(let key):
            let messages = try ids("SELECT DISTINCT message FROM referral WHERE subject = ?", .blob(key.bytes))
            for message in messages { try purge(message, subject: key, actor, reason) }
            return messages.count
        }
    }

    private func purge(_ message: MessageID, subject: Key?, _ actor: String, _ reason: String) throws {
        let id = Cell.int(message.rawValue)
        let others = try subject.map {
            try connection.number(
                "SELECT count(*) FROM referral WHERE message = ? AND subject IS NOT ?", id, .blob($0.bytes))
        }
        try drop(of: message, subject: subject)
        try removeWorkEvents(of: message, subject: subject)
        if let subject, let others, others > 0 {
            try erasePart(of: message, subject: subject)
        } else {
            try erase(message, at: now)
            try connection.run("UPDATE referral SET subject = NULL WHERE message = ?", id)
            try connection.run("UPDATE delivery SET subject = NULL WHERE message = ?", id)
            try settle(message)
        }
        try connection.run("UPDATE message SET correlation = NULL, erased = ? WHERE id = ?", .int(now.milliseconds), id)
        try connection.run(
            """
            INSERT OR REPLACE INTO tombstone (message, reference, at, actor, reason)
            SELECT id, reference, ?, ?, ? FROM message WHERE id = ?
            """, .int(now.milliseconds), .text(actor), .text(reason), id)
        try audit.add("purged", at: now, message: message, actor: actor, detail: "reason=\(reason)")
    }

    /// Gives up what is still owed of a person.
    private func drop(of message: MessageID, subject: Key?) throws {
        try connection.run(
            """
            UPDATE delivery SET state = 'dropped', cause = 'purged', ended = ?1 WHERE message = ?2
            AND state IN ('waiting', 'dead') AND (?3 IS NULL OR subject = ?3)
            """, .int(now.milliseconds), .int(message.rawValue), .optional(subject))
    }

    /// A message of which nothing is left waits for nobody.
    private func settle(_ message: MessageID) throws {
        let state = try connection.first("SELECT state FROM message WHERE id = ?", .int(message.rawValue)) {
            MessageState(rawValue: $0.text(0))
        }
        if let state = state ?? nil, !state.isSettled { try set(message, .dropped, at: now) }
        try connection.run("UPDATE message SET settled = NULL WHERE id = ?", .int(message.rawValue))
    }

    /// Removes the document and one person's referrals of it.
    private func erasePart(of message: MessageID, subject: Key) throws {
        let id = Cell.int(message.rawValue)
        let key = Cell.blob(subject.bytes)
        var parts = [message.rawValue << 20]
        for sql in [
            "SELECT canonical FROM referral WHERE message = ? AND subject = ? AND canonical IS NOT NULL",
            "SELECT trace FROM referral WHERE message = ? AND subject = ? AND trace IS NOT NULL",
            "SELECT body FROM delivery WHERE message = ? AND subject = ? AND body IS NOT NULL",
        ] {
            parts += try connection.all(sql, id, key) { $0.int(0) }
        }
        for part in parts { try removeContent(part) }
        try connection.run(
            "UPDATE attempt SET answer = NULL WHERE delivery IN (SELECT id FROM delivery WHERE message = ? AND subject = ?)",
            id, key)
        try connection.run(
            "UPDATE delivery SET body = NULL, subject = NULL WHERE message = ? AND subject = ?", id, key)
        try connection.run(
            "UPDATE referral SET canonical = NULL, trace = NULL, subject = NULL WHERE message = ? AND subject = ?", id,
            key)
        let state = try connection.first("SELECT state FROM message WHERE id = ?", id) { $0.text(0) }
        if state == "waiting" || state == "dead" { try refresh(message, at: now) }
    }
}
