internal import GRDB

/// The store as those who look see it. Reads do not hold up commits, and each is of one moment.
package struct Ledger: Sendable {
    private let store: any DatabaseReader
    private let folder: StateFolder?

    init(_ store: any DatabaseReader, _ folder: StateFolder?) {
        self.store = store
        self.folder = folder
    }

    func read<Value>(_ body: (Reading) throws -> Value) throws(CustodyError) -> Value {
        try CustodyError.translating { () throws in
            try store.read { try body(Reading(Connection($0), folder)) }
        }
    }

    // MARK: Figures

    /// How many messages are in each state. Reads every message.
    package func counts() throws(CustodyError) -> [MessageState: Int] {
        try read { reading in
            let counts = try reading.connection.all("SELECT state, count(*) FROM message GROUP BY state") {
                (MessageState(rawValue: $0.text(0)) ?? .held, Int($0.int(1)))
            }
            return Dictionary(counts, uniquingKeysWith: +)
        }
    }

    /// What waits and what is dead on each route that has either.
    package func backlog() throws(CustodyError) -> [RouteBacklog] {
        try read { reading in
            try reading.connection.all(
                """
                SELECT route, sum(state = 'waiting'), min(since), sum(state = 'dead') FROM (
                    SELECT route, state, since FROM delivery WHERE state = 'waiting'
                    UNION ALL SELECT route, state, since FROM delivery WHERE state = 'dead')
                GROUP BY route ORDER BY route
                """
            ) {
                RouteBacklog(
                    route: $0.text(0), waiting: Int($0.int(1)), oldest: Instant(milliseconds: $0.int(2)),
                    dead: Int($0.int(3)))
            }
        }
    }

    /// The room it takes.
    package func size() throws(CustodyError) -> StoreSize {
        try read { reading in
            let page = try reading.connection.number("PRAGMA page_size")
            return StoreSize(
                store: Int(page * (try reading.connection.number("PRAGMA page_count"))),
                free: Int(page * (try reading.connection.number("PRAGMA freelist_count"))),
                files: Int(
                    try reading.connection.number("SELECT sum(size) FROM content WHERE file IS NOT NULL")))
        }
    }

    // MARK: Messages

    /// A page of messages, the newest first.
    ///
    /// - Parameters:
    ///   - before: Those older than this one; `nil` for the first page.
    ///   - limit: 1…1,000.
    package func messages(
        _ filter: MessageFilter = MessageFilter(), before: MessageID? = nil, limit: Int
    ) throws(CustodyError) -> [MessageSummary] {
        let (conditions, cells) = Self.conditions(filter, before: before)
        let wanted = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try read { reading in
            try reading.connection.all(
                "SELECT \(MessageSummary.columns) FROM message m \(wanted) ORDER BY m.id DESC LIMIT ?",
                cells + [.int(Int64(min(max(limit, 1), 1000)))], read: MessageSummary.init)
        }
    }

    private static func conditions(_ filter: MessageFilter, before: MessageID?) -> ([String], [Cell]) {
        var conditions: [String] = []
        var cells: [Cell] = []
        func add(_ condition: String, _ cell: Cell?) {
            guard let cell else { return }
            conditions.append(condition)
            cells.append(cell)
        }
        add("m.id < ?", before.map { .int($0.rawValue) })
        if !filter.states.isEmpty {
            // The words are ours. The partial index on states is used only where its condition stands in the statement.
            let words = filter.states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
            conditions.append("m.state IN (\(words))")
            if filter.states.isSubset(of: MessageState.open) { conditions.append(MessageState.isOpen) }
        }
        add("m.source = ?", filter.source.map { .text($0) })
        add("m.cause = ?", filter.cause.map { .text($0) })
        add("m.received >= ?", filter.since.map { .int($0.milliseconds) })
        if let prefix = filter.reference {
            add("m.reference >= ?", .text(prefix))
            add("m.reference < ?", .text(prefix + "\u{10FFFF}"))
        }
        add(
            "EXISTS (SELECT 1 FROM delivery d WHERE d.message = m.id AND d.route = ?)", filter.route.map { .text($0) })
        add(
            "m.id IN (SELECT r.message FROM referral r WHERE r.subject = ?)", filter.subject.map { .blob($0.bytes) })
        return (conditions, cells)
    }

    /// The message a reference names.
    package func message(_ reference: String) throws(CustodyError) -> MessageSummary? {
        try read { try $0.message(reference) }
    }

    /// What the sender may be told of a message: the receipt as it stands now.
    package func receipt(_ reference: String) throws(CustodyError) -> Receipt? {
        try message(reference).map {
            Receipt(kind: .repeated, reference: $0.reference, message: $0.id, state: $0.state)
        }
    }

    /// Everything that is known of a message.
    package func story(_ reference: String) throws(CustodyError) -> MessageStory? {
        try read { reading in
            guard let message = try reading.message(reference) else { return nil }
            let id = Cell.int(message.id.rawValue)
            let connection = reading.connection
            return MessageStory(
                message: message, findings: try reading.findings(of: message.id),
                referrals: try connection.all(
                    """
                    SELECT name, kind, status, subject, earlier, later, cause FROM referral WHERE message = ?
                    ORDER BY place, id
                    """,
                    id, read: ReferralSummary.init),
                deliveries: try connection.all(
                    DeliverySummary.query() + " WHERE d.message = ? ORDER BY d.id", id, read: DeliverySummary.init),
                attempts: try connection.all(
                    """
                    SELECT a.delivery, a.number, a.at, a.duration, a.outcome, a.cause, a.answer FROM delivery d
                    JOIN attempt a ON a.delivery = d.id WHERE d.message = ? ORDER BY a.at, a.delivery, a.number
                    """, id, read: AttemptSummary.init),
                audit: try connection.all(
                    "SELECT \(AuditLine.columns) FROM audit WHERE message = ? ORDER BY seq", id, read: AuditLine.init))
        }
    }

    // MARK: Dead letters and pauses

    /// Messages held or refused and deliveries that are dead, by cause, the most frequent first.
    package func deadLetters() throws(CustodyError) -> [DeadLetterGroup] {
        try read { reading in
            let messages = try reading.groups(
                """
                SELECT m.state, coalesce(m.cause, ''), NULL, count(*), min(m.changed), min(m.id) FROM message m
                WHERE m.state IN ('held', 'refused') AND \(MessageState.isOpen) GROUP BY 1, 2
                """,
                examples: """
                    SELECT m.reference FROM message m WHERE m.state = ?1 AND \(MessageState.isOpen)
                    AND coalesce(m.cause, '') = ?2 AND ?3 IS NULL ORDER BY m.id LIMIT 5
                    """)
            let deliveries = try reading.groups(
                """
                SELECT 'delivery', d.cause, d.route, count(*), min(d.ended), min(d.id) FROM delivery d
                WHERE d.state = 'dead' GROUP BY 2, 3
                """,
                examples: """
                    SELECT m.reference FROM delivery d INDEXED BY delivery_dead JOIN message m ON m.id = d.message
                    WHERE d.state = 'dead' AND ?1 = 'delivery' AND d.cause = ?2 AND d.route = ?3 ORDER BY d.id LIMIT 5
                    """)
            return (messages + deliveries).sorted { ($1.count, $0.cause) < ($0.count, $1.cause) }
        }
    }

    /// Deliveries that are dead, the oldest first.
    package func deadDeliveries(
        cause: String? = nil, route: String? = nil, after: DeliveryID? = nil, limit: Int
    ) throws(CustodyError) -> [DeliverySummary] {
        try read { reading in
            try reading.connection.all(
                DeliverySummary.query("INDEXED BY delivery_dead") + """
                     WHERE d.state = 'dead' AND d.id > ?1 AND (?2 IS NULL OR d.cause = ?2)
                    AND (?3 IS NULL OR d.route = ?3) ORDER BY d.id LIMIT ?4
                    """, .int(after?.rawValue ?? 0), .optional(cause), .optional(route), .int(Int64(limit)),
                read: DeliverySummary.init)
        }
    }

    /// A delivery as it stands.
    package func delivery(_ id: DeliveryID) throws(CustodyError) -> DeliverySummary? {
        try read {
            try $0.connection.first(
                DeliverySummary.query() + " WHERE d.id = ?", .int(id.rawValue), read: DeliverySummary.init)
        }
    }

    /// What is paused, by whom and why.
    package func pauses() throws(CustodyError) -> [Pause] {
        try read { reading in
            try reading.connection.all("SELECT kind, name, at, actor, reason FROM pause ORDER BY kind, name") {
                Pause(
                    kind: $0.text(0), name: $0.text(1), at: Instant(milliseconds: $0.int(2)), actor: $0.text(3),
                    reason: $0.text(4))
            }
        }
    }

    // MARK: Bytes

    /// The document as it was received; `nil` when there is no such message or its content was removed.
    /// - Throws: ``CustodyError/damaged(_:)`` when the bytes are not those that were stored.
    package func payload(_ reference: String) throws(CustodyError) -> [UInt8]? {
        try read { reading in
            guard let message = try reading.message(reference) else { return nil }
            return try reading.sound(message.id.rawValue << 20)
        }
    }

    /// The canonical referrals of a message with their ids, and their traces; empty when they were removed.
    package func canonicals(
        _ reference: String
    ) throws(CustodyError) -> [(id: String, canonical: [UInt8], trace: [UInt8])] {
        try read { reading in
            guard let message = try reading.message(reference) else { return [] }
            let rows = try reading.connection.all(
                "SELECT name, canonical, trace FROM referral WHERE message = ? ORDER BY place, id",
                .int(message.id.rawValue)
            ) { ($0.text(0), $0.optionalInt(1), $0.optionalInt(2)) }
            return try rows.compactMap { name, canonical, trace in
                guard let canonical, let bytes = try reading.sound(canonical) else { return nil }
                return (name, bytes, try trace.flatMap { try reading.sound($0) } ?? [])
            }
        }
    }

    /// What is or was sent with a delivery; `nil` when it was removed.
    package func body(_ delivery: DeliveryID) throws(CustodyError) -> [UInt8]? {
        try read { reading in
            let id = try reading.connection.first("SELECT body FROM delivery WHERE id = ?", .int(delivery.rawValue)) {
                $0.optionalInt(0)
            }
            return try (id ?? nil).flatMap { try reading.sound($0) }
        }
    }

    /// The files of a mapping version that was pinned.
    package func mappingFiles(_ version: String) throws(CustodyError) -> [UInt8]? {
        try read { reading in
            let row = try reading.connection.first(
                "SELECT files, digest FROM mapping_version WHERE version = ?", .text(version)
            ) { ($0.blob(0), $0.blob(1)) }
            guard let (files, digest) = row else { return nil }
            guard reading.sha256(files) == digest else { throw CustodyError.damaged("the pinned mapping is damaged") }
            return files
        }
    }

    // MARK: The audit trail

    /// Lines of the audit trail from a number on.
    package func audit(from number: Int64, limit: Int) throws(CustodyError) -> [AuditLine] {
        try read {
            try $0.connection.all(
                "SELECT \(AuditLine.columns) FROM audit WHERE seq >= ? ORDER BY seq LIMIT ?", .int(number),
                .int(Int64(limit)), read: AuditLine.init)
        }
    }
}

extension MessageState {
    /// The states in which something is still to be done.
    fileprivate static let open = Set(allCases.filter { !$0.isSettled })
    /// The condition of the partial index `message_open`, to the letter.
    fileprivate static let isOpen = "m.state IN ('waiting', 'held', 'refused', 'dead')"
}

extension SQLiteCustody {
    /// The reading side.
    package var ledger: Ledger { Ledger(store, folder) }
}

extension Reading {
    func message(_ reference: String) throws -> MessageSummary? {
        try connection.first(
            "SELECT \(MessageSummary.columns) FROM message m WHERE m.reference = ?", .text(reference),
            read: MessageSummary.init)
    }

    /// Bytes that must be those that were stored; `nil` when they were removed.
    func sound(_ id: Int64) throws -> [UInt8]? {
        guard try connection.number("SELECT count(*) FROM content WHERE id = ?", .int(id)) == 1 else { return nil }
        guard let bytes = try bytes(id) else {
            throw CustodyError.damaged("part \(id & 0xfffff) of message \(id >> 20) is not what was stored")
        }
        return bytes
    }

    fileprivate func findings(of message: MessageID) throws -> [UInt8]? {
        let part = try connection.first("SELECT findings FROM message WHERE id = ?", .int(message.rawValue)) {
            $0.optionalInt(0)
        }
        return try (part ?? nil).flatMap { try sound(message.rawValue << 20 | $0) }
    }

    fileprivate func groups(_ sql: String, examples: String) throws -> [DeadLetterGroup] {
        let groups = try connection.all(sql) {
            DeadLetterGroup(
                kind: DeadLetterGroup.Kind(rawValue: $0.text(0)) ?? .delivery, cause: $0.text(1),
                route: $0.optionalText(2), count: Int($0.int(3)), oldest: Instant(milliseconds: $0.int(4)), examples: []
            )
        }
        return try groups.map { group in
            var group = group
            group.examples = try connection.all(
                examples, .text(group.kind.rawValue), .text(group.cause), .optional(group.route)
            ) { $0.text(0) }
            return group
        }
    }
}
