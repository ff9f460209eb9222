internal import Digests

/// A line of the audit trail: what happened to which message, by whom. No personal data, ever.
package struct AuditLine: Sendable, Hashable {
    /// 1, 2, 3 …: a gap is evidence.
    package var number: Int64
    package var at: Instant
    package var event: String
    package var message: MessageID?
    package var delivery: DeliveryID?
    package var route: String?
    /// Who did it; `nil` for the gateway itself.
    package var actor: String?
    package var detail: String?
    /// The hash of the line before; 32 zeros before the first.
    package var previous: [UInt8]
    /// HMAC-SHA-256 of all the above under the key of the state folder.
    package var hash: [UInt8]

    /// What the hash is made from: every field with its length before it, so that no two lines read alike.
    func canonical() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        for number in [number, at.milliseconds, message?.rawValue ?? -1, delivery?.rawValue ?? -1] {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        for text in [event, route, actor, detail] {
            let length = text.map { UInt32($0.utf8.count) } ?? .max
            withUnsafeBytes(of: length.bigEndian) { bytes.append(contentsOf: $0) }
            if let text { bytes.append(contentsOf: text.utf8) }
        }
        bytes.append(contentsOf: previous)
        return bytes
    }

    static let columns = "seq, at, event, message, delivery, route, actor, detail, previous, hash"

    init(
        number: Int64, at: Instant, event: String, message: MessageID? = nil, delivery: DeliveryID? = nil,
        route: String? = nil, actor: String? = nil, detail: String? = nil, previous: [UInt8], hash: [UInt8] = []
    ) {
        self.number = number
        self.at = at
        self.event = event
        self.message = message
        self.delivery = delivery
        self.route = route
        self.actor = actor
        self.detail = detail
        self.previous = previous
        self.hash = hash
    }

    /// A row of ``columns``.
    init(_ row: Columns) {
        self.init(
            number: row.int(0), at: Instant(milliseconds: row.int(1)), event: row.text(2),
            message: row.optionalInt(3).map(MessageID.init), delivery: row.optionalInt(4).map(DeliveryID.init),
            route: row.optionalText(5), actor: row.optionalText(6), detail: row.optionalText(7), previous: row.blob(8),
            hash: row.blob(9))
    }
}

/// Where the trail ends: what is anchored outside the store so that a cut tail shows.
package struct AuditHead: Sendable, Hashable {
    package var number: Int64
    package var hash: [UInt8]

    static let start = AuditHead(number: 0, hash: [UInt8](repeating: 0, count: 32))

    static func read(_ connection: Connection) throws -> AuditHead {
        let last = try connection.first("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1") {
            AuditHead(number: $0.int(0), hash: $0.blob(1))
        }
        return last ?? start
    }
}

/// Adds lines to the trail within one transaction.
struct AuditWriter {
    private let connection: Connection
    private let authentication: Authentication
    private(set) var head: AuditHead
    /// The plan that is being carried out: what operators do then names it.
    var plan: String?

    private static let insertion = "INSERT INTO audit (\(AuditLine.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    init(_ connection: Connection, _ authentication: Authentication) throws {
        self.connection = connection
        self.authentication = authentication
        head = try AuditHead.read(connection)
    }

    mutating func add(
        _ event: String, at: Instant, message: MessageID? = nil, delivery: DeliveryID? = nil, route: String? = nil,
        actor: String? = nil, detail: String? = nil
    ) throws {
        let planned = actor == nil ? nil : plan.map { "plan=\($0)" }
        let words = [detail, planned].compactMap { $0 }
        let detail = words.isEmpty ? nil : words.joined(separator: " ")
        let line = AuditLine(
            number: head.number + 1, at: at, event: event, message: message, delivery: delivery, route: route,
            actor: actor, detail: detail, previous: head.hash)
        let hash = authentication.code(for: line.canonical())
        try connection.run(
            Self.insertion, .int(line.number), .int(at.milliseconds), .text(event), .optional(message?.rawValue),
            .optional(delivery?.rawValue), .optional(route), .optional(actor), .optional(detail), .blob(line.previous),
            .blob(hash))
        head = AuditHead(number: line.number, hash: hash)
    }
}

/// Bytes as lower-case hexadecimal digits.
func hexadecimal(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.flatMap { [hexDigit($0 >> 4), hexDigit($0 & 15)] }, as: UTF8.self)
}
