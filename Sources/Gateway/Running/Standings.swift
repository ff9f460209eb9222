package import Custody
package import DurableFiles
import Synchronization

/// What a running gateway knows of itself and keeps nowhere else: sources in trouble, the last reload, open alerts.
///
/// Safe to call from any thread.
package final class Standings: Sendable {
    /// Why a source cannot be worked on.
    package struct Trouble: Sendable, Hashable {
        package var since: Instant
        /// What was tried and why it failed; no name of a file of a sender.
        package var why: String
    }

    /// What a reload came to.
    package enum ReloadResult: String, Sendable { case ok, rejected }

    private struct State {
        var troubles: [String: Trouble] = [:]
        var isStoreFailing = false
        var isRejected = false
        var lastGood: Instant?
        var isWatched = false
    }

    package let alerts = AlertBook()
    private let state = Mutex(State())

    // MARK: Sources

    /// Notes that a source could not be worked on.
    /// - Returns: Whether that is new: it was well, or failed for another reason.
    package func sourceFailed(_ name: String, _ why: String, at now: Instant) -> Bool {
        state.withLock { state in
            let before = state.troubles[name]
            state.troubles[name] = Trouble(since: before?.since ?? now, why: why)
            return before?.why != why
        }
    }

    /// Notes that a source was worked on.
    package func sourceIsWell(_ name: String) { state.withLock { $0.troubles[name] = nil } }

    package func trouble(of source: String) -> Trouble? { state.withLock { $0.troubles[source] } }

    // MARK: Store and configuration

    /// - Returns: Whether that is a change.
    package func storeFails(_ isFailing: Bool) -> Bool {
        state.withLock { state in
            defer { state.isStoreFailing = isFailing }
            return state.isStoreFailing != isFailing
        }
    }

    package var isStoreFailing: Bool { state.withLock { $0.isStoreFailing } }

    /// Notes what became of reading the configuration.
    package func reloaded(_ result: ReloadResult, at now: Instant) {
        state.withLock { state in
            state.isRejected = result == .rejected
            if result == .ok { state.lastGood = now }
        }
    }

    /// Whether the configuration that was read last is not in force.
    package var isRejected: Bool { state.withLock { $0.isRejected } }

    /// When the configuration in force was read.
    package var lastGood: Instant? { state.withLock { $0.lastGood } }

    // MARK: Whether somebody watches

    /// Whether a gateway runs here that judges its alerts; an operator's command that opened the store has none.
    package var isWatched: Bool { state.withLock { $0.isWatched } }

    package func beginWatching() { state.withLock { $0.isWatched = true } }
}

extension FileError {
    /// What was tried and why it failed, without the path.
    package var withoutPath: String { "cannot \(action): \(reason)" }
}
