import Custody
import Synchronization

/// The next failure of a store's disk.
final class Fault: Sendable {
    private let next = Mutex<CommitFault?>(nil)

    func set(_ fault: CommitFault) { next.withLock { $0 = fault } }
    func take() -> CommitFault? {
        next.withLock { fault in
            defer { fault = nil }
            return fault
        }
    }
}
