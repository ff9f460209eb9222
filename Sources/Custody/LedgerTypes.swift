/// What is asked of the list of messages. Filters that are `nil` let everything through.
package struct MessageFilter: Sendable {
    package var states: Set<MessageState> = []
    package var source: String?
    package var route: String?
    package var cause: String?
    package var since: Instant?
    /// The beginning of a reference.
    package var reference: String?
    package var subject: Key?

    package init() {}
}

/// One message as a list shows it.
package struct MessageSummary: Sendable, Hashable {
    package var id: MessageID
    package var reference: String
    package var source: String
    package var receivedAt: Instant
    package var state: MessageState
    /// Why it is held, refused or noted.
    package var cause: String?
    package var format: String?
    package var mapping: String?
    package var mappingVersion: String?
    package var configuration: String?
    package var correlation: String?
    package var contentType: String?
    package var content: Key
    /// Bytes of the document.
    package var size: Int
    /// The message it repeats or stands against.
    package var original: MessageID?
    /// How often it came again, and when last.
    package var repeats: Int
    package var repeatedAt: Instant?
    /// When it got the state it has.
    package var changedAt: Instant
    /// When its content was removed.
    package var erasedAt: Instant?

    static let columns = """
        m.id, m.reference, m.source, m.received, m.state, coalesce(m.cause, m.kind), m.format, m.mapping,
        m.mapping_version, m.configuration, m.correlation, m.content_type, m.content, m.size, m.original, m.repeats,
        m.repeated, m.changed, m.erased
        """

    init(_ row: Columns) {
        id = MessageID(rawValue: row.int(0))
        reference = row.text(1)
        source = row.text(2)
        receivedAt = Instant(milliseconds: row.int(3))
        state = MessageState(rawValue: row.text(4)) ?? .held
        cause = row.optionalText(5)
        format = row.optionalText(6)
        mapping = row.optionalText(7)
        mappingVersion = row.optionalText(8)
        configuration = row.optionalText(9)
        correlation = row.optionalText(10)
        contentType = row.optionalText(11)
        content = Key(row.blob(12))
        size = Int(row.int(13))
        original = row.optionalInt(14).map(MessageID.init)
        repeats = Int(row.int(15))
        repeatedAt = row.optionalInt(16).map(Instant.init)
        changedAt = Instant(milliseconds: row.int(17))
        erasedAt = row.optionalInt(18).map(Instant.init)
    }
}

/// A referral of a message.
package struct ReferralSummary: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable { case current, updated, cancelled, held, duplicate }

    package var id: String
    package var kind: Decision.Referral.Kind
    package var status: Status
    package var subject: Key?
    /// Why it is held.
    package var cause: String?
    /// The message of the referral it changes, and of the one that changed it.
    package var earlier: MessageID?
    package var later: MessageID?

    init(_ row: Columns) {
        id = row.text(0)
        kind = Decision.Referral.Kind(rawValue: row.text(1)) ?? .new
        status = Status(rawValue: row.text(2)) ?? .held
        subject = row.optionalKey(3)
        earlier = row.optionalInt(4).map { MessageID(rawValue: $0 >> 20) }
        later = row.optionalInt(5).map { MessageID(rawValue: $0 >> 20) }
        cause = row.optionalText(6)
    }
}

/// A delivery as it stands.
package struct DeliverySummary: Sendable, Hashable {
    package var id: DeliveryID
    package var message: MessageID
    package var reference: String
    package var referral: String
    package var route: String
    package var key: String
    package var state: DeliveryState
    package var cause: String?
    /// When it was owed, or sent out again.
    package var since: Instant
    /// How often it was tried since then, and in all.
    package var attempts: Int
    package var attemptsInAll: Int
    /// When it may be tried, by this process's steady clock.
    package var notBefore: Monotonic
    package var endedAt: Instant?
    package var receipt: String?
    /// The delivery an operator replayed with this one.
    package var replays: DeliveryID?

    static func query(_ index: String = "") -> String {
        """
        SELECT d.id, d.message, m.reference, r.name, d.route, d.key, d.state, d.cause, d.since, d.attempts, d.tried,
        d.not_before, d.ended, d.receipt, d.replays
        FROM delivery d \(index) JOIN message m ON m.id = d.message JOIN referral r ON r.id = d.referral
        """
    }

    init(_ row: Columns) {
        id = DeliveryID(rawValue: row.int(0))
        message = MessageID(rawValue: row.int(1))
        reference = row.text(2)
        referral = row.text(3)
        route = row.text(4)
        key = row.text(5)
        state = DeliveryState(rawValue: row.text(6)) ?? .dead
        cause = row.optionalText(7)
        since = Instant(milliseconds: row.int(8))
        attempts = Int(row.int(9))
        attemptsInAll = Int(row.int(10))
        notBefore = Monotonic(milliseconds: row.int(11))
        endedAt = row.optionalInt(12).map(Instant.init)
        receipt = row.optionalText(13)
        replays = row.optionalInt(14).map(DeliveryID.init)
    }
}

/// One try, as it is kept.
package struct AttemptSummary: Sendable, Hashable {
    package var delivery: DeliveryID
    package var number: Int
    package var at: Instant
    package var durationMilliseconds: Int
    /// `delivered`, `again` or `dead`.
    package var outcome: String
    package var cause: String?
    /// What the receiver said; it may hold personal data.
    package var answer: [UInt8]

    init(_ row: Columns) {
        delivery = DeliveryID(rawValue: row.int(0))
        number = Int(row.int(1))
        at = Instant(milliseconds: row.int(2))
        durationMilliseconds = Int(row.int(3))
        outcome = row.text(4)
        cause = row.optionalText(5)
        answer = row.blob(6)
    }
}

/// Everything that is known of one message.
package struct MessageStory: Sendable {
    package var message: MessageSummary
    /// The findings as JSON; `nil` when they were removed.
    package var findings: [UInt8]?
    package var referrals: [ReferralSummary]
    package var deliveries: [DeliverySummary]
    package var attempts: [AttemptSummary]
    package var audit: [AuditLine]
}

/// What waits on a route.
package struct RouteBacklog: Sendable, Hashable {
    package var route: String
    package var waiting: Int
    package var oldest: Instant
    package var dead: Int
}

/// Dead letters of one cause.
package struct DeadLetterGroup: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable { case held, refused, delivery }

    package var kind: Kind
    package var cause: String
    /// The route of deliveries.
    package var route: String?
    package var count: Int
    package var oldest: Instant
    /// At most five references, the oldest first.
    package var examples: [String]
}

/// A route or source that an operator paused.
package struct Pause: Sendable, Hashable {
    package var kind: String
    package var name: String
    package var at: Instant
    package var actor: String
    package var reason: String
}

/// How much room the store takes, in bytes.
package struct StoreSize: Sendable, Hashable {
    package var store: Int
    /// Of that, what is free to be used again.
    package var free: Int
    /// Files beside it.
    package var files: Int
}
