import Custody
import DurableFiles

/// Remembers how waiting files looked, poll by poll, to tell which have come to rest.
///
/// Some fifty bytes a file, whatever its name; past a million files the others are seen when there is room again.
struct SettleWatch {
    /// What is known of a file.
    struct Seen {
        /// What a write would change, in 64 bits.
        fileprivate var state: UInt64
        fileprivate var sweep: UInt32
        /// When it was first seen to look so, in steady milliseconds.
        var since: Int64
        /// In how many sweeps it looked so.
        var polls: UInt8 = 1
        /// Whether its long wait was told.
        var isReported = false
        /// Whether it was taken, and stands where it was because nothing may be changed there.
        var isTaken = false
    }

    private static let capacity = 1_000_000

    private var seen: [UInt64: Seen] = [:]
    private var sweep: UInt32 = 0

    var count: Int { seen.count }

    mutating func beginSweep() { sweep &+= 1 }

    /// Forgets the files that were not seen in this sweep.
    mutating func endSweep() {
        let sweep = sweep
        seen = seen.filter { $0.value.sweep == sweep }
    }

    /// Notes how a file looks now. Looking twice in one sweep counts once.
    mutating func look(_ name: String, _ status: FileStatus, at now: Monotonic) -> Seen {
        let key = InboxName.hash(name)
        let state = Self.state(status)
        if var known = seen[key], known.state == state {
            if known.sweep != sweep, known.polls < .max { known.polls += 1 }
            known.sweep = sweep
            seen[key] = known
            return known
        }
        let new = Seen(state: state, sweep: sweep, since: now.milliseconds)
        if seen.count < Self.capacity || seen[key] != nil { seen[key] = new }
        return new
    }

    mutating func forget(_ name: String) { seen[InboxName.hash(name)] = nil }

    mutating func noteTaken(_ name: String) { seen[InboxName.hash(name)]?.isTaken = true }

    /// Whether the wait of a file is to be told now: it has lasted, and was not told before.
    mutating func isDue(_ name: String, at now: Monotonic, after patience: Int64) -> Bool {
        let key = InboxName.hash(name)
        guard let known = seen[key], !known.isReported, now.milliseconds - known.since >= patience else { return false }
        seen[key]?.isReported = true
        return true
    }

    private static func state(_ status: FileStatus) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(status.device)
        hasher.combine(status.inode)
        hasher.combine(status.size)
        hasher.combine(status.modified)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}

/// Files that failed: each is left alone for a while, and told once.
struct Troubles {
    private var until: [UInt64: Int64] = [:]

    var isEmpty: Bool { until.isEmpty }

    /// Whether a file is to be left alone now.
    func holds(_ name: String, at now: Monotonic) -> Bool {
        guard !until.isEmpty, let end = until[InboxName.hash(name)] else { return false }
        return now.milliseconds < end
    }

    /// Notes a failure.
    /// - Returns: Whether it is the first since the file was last well.
    mutating func add(_ name: String, at now: Monotonic, for duration: Int64) -> Bool {
        until.updateValue(now.milliseconds + duration, forKey: InboxName.hash(name)) == nil
    }

    mutating func remove(_ name: String) {
        if !until.isEmpty { until[InboxName.hash(name)] = nil }
    }

    /// Forgets files that have not been tried for an hour: they are gone.
    mutating func prune(at now: Monotonic) {
        if !until.isEmpty { until = until.filter { now.milliseconds - $0.value < 3_600_000 } }
    }
}
