internal import GRDB

/// What checking the audit trail came to.
package struct AuditVerification: Sendable {
    /// The first thing that is not as it was written.
    package enum Problem: Sendable, Hashable {
        /// The line is not what was written, or does not follow from the one before.
        case changed(line: Int64)
        /// Lines are missing between this one and the next.
        case gap(after: Int64)
        /// Lines are missing at the end: the anchored one is not there.
        case cutShort(last: Int64, anchored: Int64)
        /// The beginning is missing, and no recorded cut accounts for it.
        case beginningMissing(first: Int64)
        /// The note of where the trail ends is gone or is not what was written.
        case anchorLost
    }

    /// `nil` when all is as it was written.
    package var problem: Problem?
    /// How many lines are there, and the first and last of them.
    package var lines: Int64
    package var first: Int64
    package var last: Int64
    /// Lines in which the store itself noted a loss when it was opened: a new key, a missing tail.
    package var losses: [AuditLine]
}

extension SQLiteCustody {
    /// Checks the trail from its beginning or its last recorded cut to the anchored end. Reads every line.
    package func auditVerify() throws(CustodyError) -> AuditVerification {
        try CustodyError.translating { () throws in
            try store.read { database in
                var verifier = try AuditVerifier(Connection(database), Authentication(key: auditKey), anchor)
                return try verifier.verify()
            }
        }
    }

    /// Removes lines older than a time, at most `limit` of them, for which the retention of audit records is over.
    ///
    /// The hash of the last line removed goes into the store and into a line of the trail itself, so that what stays
    /// verifies. The newest line is never removed.
    /// - Returns: How many were removed.
    package func cutAudit(before time: Instant, limit: Int, actor: String) throws(CustodyError) -> Int {
        try CustodyError.translating { () throws in
            try transact { transaction, _ in try transaction.cutAudit(before: time, limit: limit, actor: actor) }
        }
    }
}

/// What accounts for the missing beginning of a trail.
private struct AuditCut: Equatable {
    var through: Int64
    var hash: [UInt8]

    var detail: String { "through=\(through) hash=\(hexadecimal(hash))" }

    static func read(_ connection: Connection) throws -> AuditCut? {
        let through = try connection.first("SELECT value FROM meta WHERE key = 'audit-cut'") { $0.int(0) }
        let hash = try connection.first("SELECT value FROM meta WHERE key = 'audit-cut-hash'") { $0.blob(0) }
        guard let through, let hash else { return nil }
        return AuditCut(through: through, hash: hash)
    }
}

extension Transaction {
    fileprivate func cutAudit(before time: Instant, limit: Int, actor: String) throws -> Int {
        let first = try connection.number("SELECT min(seq) FROM audit")
        let kept = try connection.first("SELECT min(seq) FROM audit WHERE at >= ?", .int(time.milliseconds)) {
            $0.optionalInt(0)
        }
        let last = min((kept ?? nil) ?? .max, audit.head.number, first + Int64(limit)) - 1
        guard first > 0, last >= first else { return 0 }
        let hash = try connection.first("SELECT hash FROM audit WHERE seq = ?", .int(last)) { $0.blob(0) }
        guard let hash else { throw CustodyError.damaged("line \(last) of the audit trail is missing") }
        try connection.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('audit-cut', ?)", .int(last))
        try connection.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('audit-cut-hash', ?)", .blob(hash))
        try audit.add("audit-cut", at: now, actor: actor, detail: AuditCut(through: last, hash: hash).detail)
        try connection.run("DELETE FROM audit WHERE seq <= ?", .int(last))
        return Int(last - first + 1)
    }
}

private struct AuditVerifier {
    private let connection: Connection
    private let authentication: Authentication
    private let anchor: AuditAnchor
    private let cut: AuditCut?
    private var result = AuditVerification(problem: nil, lines: 0, first: 0, last: 0, losses: [])
    private var previous: AuditHead
    private var latestCut: String?
    private var anchored: AuditHead?

    init(_ connection: Connection, _ authentication: Authentication, _ anchor: AuditAnchor) throws {
        self.connection = connection
        self.authentication = authentication
        self.anchor = anchor
        cut = try AuditCut.read(connection)
        previous = cut.map { AuditHead(number: $0.through, hash: $0.hash) } ?? .start
    }

    mutating func verify() throws -> AuditVerification {
        do {
            anchored = try anchor.read()
        } catch {
            result.problem = .anchorLost
        }
        if anchored == nil { result.problem = .anchorLost }
        while result.problem == nil || result.problem == .anchorLost {
            let lines = try connection.all(
                "SELECT \(AuditLine.columns) FROM audit WHERE seq > ? ORDER BY seq LIMIT 1000", .int(previous.number),
                read: AuditLine.init)
            if lines.isEmpty { break }
            for line in lines where !follows(line) { return result }
        }
        checkEnds()
        return result
    }

    /// Whether a line is what was written after the one before; notes the problem where it is not.
    private mutating func follows(_ line: AuditLine) -> Bool {
        if line.number != previous.number + 1 {
            result.problem =
                result.lines == 0 ? .beginningMissing(first: line.number) : .gap(after: previous.number)
            return false
        }
        let isAnchored = anchored.map { $0.number != line.number || $0.hash == line.hash } ?? true
        guard line.previous == previous.hash, authentication.code(for: line.canonical()) == line.hash, isAnchored else {
            result.problem = .changed(line: line.number)
            return false
        }
        if result.lines == 0 { result.first = line.number }
        result.lines += 1
        result.last = line.number
        if line.event == "audit-cut" { latestCut = line.detail }
        if ["tail-missing", "anchor-missing", "key-replaced"].contains(line.event) { result.losses.append(line) }
        previous = AuditHead(number: line.number, hash: line.hash)
        return true
    }

    private mutating func checkEnds() {
        if cut?.detail != latestCut {
            result.problem = .beginningMissing(first: result.first)
        } else if let anchored, anchored.number > previous.number {
            result.problem = .cutShort(last: previous.number, anchored: anchored.number)
        }
    }
}
