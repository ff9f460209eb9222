internal import Digests
internal import DurableFiles
internal import GRDB

extension SQLiteCustody {
    package func due(
        _ route: String, order: RouteOrder, at now: Monotonic, limit: Int, leavingOut inFlight: Set<DeliveryID>
    ) throws(CustodyError) -> [DueDelivery] {
        guard limit > 0 else { return [] }
        return try CustodyError.translating { () throws in
            let (deliveries, damaged) = try store.read { database in
                let reading = Reading(Connection(database), folder)
                let ids = try reading.due(route, order: order, at: now, limit: limit + inFlight.count)
                return try reading.deliveries(ids.filter { !inFlight.contains($0) }.prefix(limit))
            }
            if !damaged.isEmpty { try transact { transaction, _ in try transaction.setAside(damaged) } }
            return deliveries
        }
    }

    package func nextDue(_ route: String, after now: Monotonic) throws(CustodyError) -> Monotonic? {
        try CustodyError.translating { () throws in
            try store.read { database in
                let connection = Connection(database)
                guard try !connection.isPaused("route", route) else { return nil }
                return try connection.first(
                    "SELECT min(not_before) FROM delivery WHERE route = ? AND state = 'waiting' AND not_before > ?",
                    .text(route), .int(now.milliseconds)
                ) { $0.optionalInt(0) }?.map { Monotonic(milliseconds: $0) }
            }
        }
    }
}

extension Connection {
    func isPaused(_ kind: String, _ name: String) throws -> Bool {
        try number("SELECT count(*) FROM pause WHERE kind = ? AND name = ?", .text(kind), .text(name)) > 0
    }
}

/// Reads of one moment of the store.
struct Reading {
    let connection: Connection
    private let folder: StateFolder?
    private let digest = Digest()

    init(_ connection: Connection, _ folder: StateFolder?) {
        self.connection = connection
        self.folder = folder
    }

    /// The deliveries with their bytes, and those whose bytes are not what was stored.
    func deliveries(_ ids: some Sequence<DeliveryID>) throws -> (sound: [DueDelivery], damaged: [DeliveryID]) {
        var sound: [DueDelivery] = []
        var damaged: [DeliveryID] = []
        for id in ids {
            guard let (owed, body) = try delivery(id) else { continue }
            var delivery = owed
            guard let body, body >> 20 == delivery.message.rawValue, let bytes = try bytes(body) else {
                damaged.append(id)
                continue
            }
            delivery.body = bytes
            sound.append(delivery)
        }
        return (sound, damaged)
    }

    private func delivery(_ id: DeliveryID) throws -> (DueDelivery, body: Int64?)? {
        try connection.first(
            """
            SELECT d.message, m.reference, r.name, m.correlation, d.route, d.subject, d.key, d.content_type, d.attempts,
            d.since, d.body FROM delivery d JOIN message m ON m.id = d.message JOIN referral r ON r.id = d.referral
            WHERE d.id = ?
            """, .int(id.rawValue)
        ) { row in
            (
                DueDelivery(
                    id: id, message: MessageID(rawValue: row.int(0)), reference: row.text(1), referral: row.text(2),
                    correlation: row.optionalText(3), route: row.text(4), subject: row.optionalKey(5), key: row.text(6),
                    body: [], contentType: row.text(7), attempts: Int(row.int(8)),
                    since: Instant(milliseconds: row.int(9))), row.optionalInt(10)
            )
        }
    }

    // MARK: Bytes

    /// The bytes of a row of `content`, from the store or the file beside it.
    /// - Returns: `nil` when they are not there or not those that were stored.
    func bytes(_ id: Int64) throws -> [UInt8]? {
        let row = try connection.first("SELECT digest, file, bytes FROM content WHERE id = ?", .int(id)) {
            (digest: $0.blob(0), file: $0.optionalText(1), bytes: $0.blob(2))
        }
        guard let row else { return nil }
        let bytes: [UInt8]?
        if let file = row.file {
            bytes = folder.flatMap { try? Files.read($0.payload(file)) }
        } else {
            bytes = row.bytes
        }
        guard let bytes, sha256(bytes) == row.digest else { return nil }
        return bytes
    }

    func sha256(_ bytes: [UInt8]) -> [UInt8] {
        digest.begin()
        digest.add(bytes.span)
        return digest.end()
    }
}
