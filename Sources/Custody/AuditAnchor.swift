internal import Digests
internal import DurableFiles
internal import GRDB
internal import Synchronization

/// Keeps the end of the audit trail outside the store, so that a tail cut off shows.
///
/// Written durably at least every 1,000 lines or 60 seconds of commits, and at the close: what follows the last anchor
/// can be cut unseen.
final class AuditAnchor: Sendable {
    private struct State {
        var latest: AuditHead?
        var anchored: AuditHead?
        var at: Monotonic?
    }

    private let file: String?
    private let key: [UInt8]
    private let state = Mutex(State())

    /// - Parameter file: Where it is written; `nil` keeps it in memory alone.
    init(file: String?, key: [UInt8]) {
        self.file = file
        self.key = key
    }

    /// Takes note of the trail's end after a commit.
    /// - Returns: Whether it is time to write it down.
    func note(_ head: AuditHead, at now: Monotonic) -> Bool {
        state.withLock { state in
            state.latest = head
            let rows = head.number - (state.anchored?.number ?? 0)
            guard rows > 0 else { return false }
            guard let at = state.at else {
                state.at = now
                return rows >= 1000
            }
            return rows >= 1000 || now.milliseconds - at.milliseconds >= 60_000
        }
    }

    /// Writes the end of the trail down, where it moved.
    func write(_ head: AuditHead, at now: Monotonic) throws {
        try state.withLock { state in
            guard state.anchored != head else { return }
            if let file { try replace(file, with: head) }
            state.anchored = head
            state.at = now
        }
    }

    /// What was written down last; `nil` when nothing was.
    /// - Throws: ``CustodyError/damaged(_:)`` when the file does not vouch for itself.
    func read() throws -> AuditHead? {
        guard let file else { return state.withLock { $0.anchored } }
        guard Files.isThere(file) else { return nil }
        let bytes = try Files.read(file, limit: 1024)
        guard bytes.count == 72, Authentication(key: key).code(for: Array(bytes[..<40])) == Array(bytes[40...]) else {
            throw CustodyError.damaged("audit.head is not what was written")
        }
        return AuditHead(number: bytes[..<8].reduce(0) { $0 << 8 | Int64($1) }, hash: Array(bytes[8..<40]))
    }

    private func replace(_ file: String, with head: AuditHead) throws {
        var bytes = withUnsafeBytes(of: head.number.bigEndian) { Array($0) } + head.hash
        bytes += Authentication(key: key).code(for: bytes)
        try Files.remove(file + ".new")
        try Files.create(file + ".new", bytes)
        try Files.replace(file, with: file + ".new")
    }
}

extension SQLiteCustody {
    /// Writes the end of the audit trail down now. The gateway calls it when it has been quiet for a minute.
    package func anchorAudit() throws(CustodyError) {
        try CustodyError.translating { () throws in
            let head = try store.read { try AuditHead.read(Connection($0)) }
            if head.number > 0 { try anchor.write(head, at: time.steady()) }
        }
    }
}
