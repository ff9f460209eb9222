internal import Digests

/// One batch of operations on its way to the disk: applies each to the store and writes its lines of the audit trail.
///
/// An operation that is not possible is refused before it has written anything. What throws ends the whole batch, or,
/// where the store goes operation by operation, that one operation.
final class Transaction {
    let connection: Connection
    let digest = Digest()
    /// When the batch began, for what brings no time of its own.
    let now: Instant
    /// Files that hold the bytes too large for the store, written and flushed before.
    var files: PreparedFiles
    var audit: AuditWriter
    /// Files whose rows were removed, to be unlinked after the commit.
    private(set) var freed: [String] = []

    init(
        _ connection: Connection, authentication: Authentication, now: Instant, files: PreparedFiles = PreparedFiles()
    ) throws {
        self.connection = connection
        self.now = now
        self.files = files
        audit = try AuditWriter(connection, authentication)
    }

    func perform(_ operation: Operation) throws -> OperationResult {
        switch operation {
        case .accept(let intake): try accept(intake)
        case .record(let attempt): try record(attempt)
        case .acknowledge(let answer): try acknowledge(answer, from: nil)
        case .reprocess(let message, let decision, let actor): try reprocess(message, decision, actor)
        case .retry(let delivery, let actor): try retry(delivery, actor)
        case .replay(let delivery, let key, let body, let actor, let reason):
            try replay(delivery, key, body, actor, reason)
        case .sendAgain(let delivery, let actor, let reason): try sendAgain(delivery, actor, reason)
        case .dropDelivery(let delivery, let actor, let reason): try drop(delivery, actor, reason)
        case .dropMessage(let message, let actor, let reason): try drop(message, actor, reason)
        case .suspect(let key): try suspect(key)
        case .cleared(let key): try clear(key)
        case .pause(let kind, let name, let isPaused, let actor, let reason):
            try pause(kind, name, isPaused, actor, reason)
        case .pin(let version, let files): try pin(version, files)
        case .makePlan(let plan): try makePlan(plan)
        case .beginPlan(let plan, let isContinuing, let actor): try beginPlan(plan, isContinuing, actor)
        case .step(let step): try take(step)
        case .endPlan(let plan, let run, let ending): try endPlan(plan, run: run, ending)
        case .note(let event, let detail, let actor):
            try note(event, detail, actor)
        }
    }

    /// Applies an operation, or leaves nothing of it behind.
    func performAlone(_ operation: Operation, savepoint: (() throws -> Void) throws -> Void) throws -> OperationResult {
        let before = (audit, files, freed)
        var result = OperationResult.done
        do {
            try savepoint { result = try perform(operation) }
            return result
        } catch {
            guard CustodyError.disk(error) == nil else { throw error }
            (audit, files, freed) = before
            return .refused("the store does not take it: \(Self.words(for: error))")
        }
    }

    private static func words(for error: any Error) -> String {
        (error as? StoreFailure)?.message ?? "\(type(of: error))"
    }

    // MARK: Bytes

    /// Keeps bytes as a part of a message.
    func store(_ bytes: [UInt8], digest known: [UInt8]? = nil, message: MessageID, part: inout Int64) throws -> Int64 {
        precondition(part < 1 << 20, "a message has too many parts")
        let id = message.rawValue << 20 | part
        part += 1
        let digest = known ?? sha256(bytes)
        let file = files.take(digest)
        try connection.run(
            "INSERT INTO content (id, digest, size, file, bytes) VALUES (?, ?, ?, ?, ?)", .int(id), .blob(digest),
            .int(Int64(bytes.count)), .optional(file), file == nil ? .blob(bytes) : .null)
        return id
    }

    /// Removes a message's bytes from a part on.
    func removeContent(of message: MessageID, from part: Int64) throws {
        let first = message.rawValue << 20 | part
        let last = message.rawValue << 20 | ((1 << 20) - 1)
        freed += try connection.all(
            "SELECT file FROM content WHERE id BETWEEN ? AND ? AND file IS NOT NULL", .int(first), .int(last)
        ) { $0.text(0) }
        try connection.run("DELETE FROM content WHERE id BETWEEN ? AND ?", .int(first), .int(last))
    }

    /// Removes one part.
    func removeContent(_ id: Int64) throws {
        freed += try connection.all("SELECT file FROM content WHERE id = ? AND file IS NOT NULL", .int(id)) {
            $0.text(0)
        }
        try connection.run("DELETE FROM content WHERE id = ?", .int(id))
    }

    func sha256(_ bytes: [UInt8]) -> [UInt8] {
        digest.begin()
        digest.add(bytes.span)
        return digest.end()
    }

    // MARK: The state of a message

    /// Sets a message's state from those of its deliveries, and says which it is.
    @discardableResult
    func refresh(_ message: MessageID, at: Instant) throws -> MessageState {
        if try isHeldInPart(message) { return .held }
        let deliveries = try connection.all("SELECT state FROM delivery WHERE message = ?", .int(message.rawValue)) {
            DeliveryState(rawValue: $0.text(0))
        }
        let state = MessageState(of: deliveries.compactMap { $0 })
        try set(message, state, at: at)
        return state
    }

    /// Whether one of its referrals still waits for a person, whatever becomes of the others.
    private func isHeldInPart(_ message: MessageID) throws -> Bool {
        try connection.number(
            """
            SELECT count(*) FROM message m JOIN referral r ON r.message = m.id
            WHERE m.id = ? AND m.state = 'held' AND r.status = 'held'
            """, .int(message.rawValue)) > 0
    }

    /// Sets a message's state; one that has it keeps the time it got it.
    func set(_ message: MessageID, _ state: MessageState, at: Instant) throws {
        try connection.run(
            "UPDATE message SET state = ?2, changed = ?3, settled = ?4 WHERE id = ?1 AND state <> ?2",
            .int(message.rawValue), .text(state.rawValue), .int(at.milliseconds),
            state.isSettled ? .int(at.milliseconds) : .null)
    }
}

/// What became of a delivery.
package enum DeliveryState: String, Sendable, Hashable, CaseIterable {
    case waiting, delivered, dead, withheld, dropped
    /// A dead one that an operator sent again as another delivery.
    case replayed
}

extension MessageState {
    /// The state of a message in order whose deliveries stand so.
    init(of deliveries: [DeliveryState]) {
        self =
            deliveries.contains(.waiting)
            ? .waiting
            : deliveries.contains(.dead)
                ? .dead
                : deliveries.contains(.dropped)
                    ? .dropped
                    : deliveries.contains(.delivered) || deliveries.contains(.replayed) ? .delivered : .withheld
    }

    /// Whether nothing more is to be done: from then on its content may be removed in time.
    var isSettled: Bool {
        switch self {
        case .delivered, .withheld, .dropped, .noted: true
        case .waiting, .held, .refused, .dead: false
        }
    }
}
