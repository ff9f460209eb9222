package import Custody
import Dispatch
import Glibc
import Synchronization

/// A thread of its own that does one thing over and over: at once, after a while, or when woken.
///
/// It beats every time it begins, so that a watchdog can tell one that is stuck from one that waits.
package final class Loop: Sendable {
    /// What one turn came to.
    package enum Next: Sendable {
        case now
        /// Not before so many milliseconds, unless woken.
        case after(Int64)
    }

    package let name: String
    private let time: any TimeSource
    private let bell = Bell()
    private let isStopping = Atomic(false)
    private let beat: Atomic<Int64>
    private let isResting = Atomic(false)
    private let ended = Bell()

    package init(_ name: String, time: any TimeSource) {
        self.name = name
        self.time = time
        beat = Atomic(time.steady().milliseconds)
    }

    /// Begins. Call once.
    package func start(_ turn: @escaping @Sendable () -> Next) {
        DispatchQueue(label: "linkway.\(name)").async { [self] in
            while !isStopping.load(ordering: .acquiring) {
                beat.store(time.steady().milliseconds, ordering: .releasing)
                if case .after(let milliseconds) = turn() { rest(milliseconds) }
            }
            ended.ring()
        }
    }

    private func rest(_ milliseconds: Int64) {
        isResting.store(true, ordering: .releasing)
        // Never for ever: a loop that nobody wakes looks up now and then.
        bell.wait(milliseconds: min(max(milliseconds, 1), 60_000))
        isResting.store(false, ordering: .releasing)
    }

    /// Ends its rest, if it rests; otherwise the next rest is none.
    package func wake() { bell.ring() }

    /// Lets the turn in hand end, and no other begin.
    package func stop() {
        isStopping.store(true, ordering: .releasing)
        wake()
    }

    /// Waits for the end.
    /// - Returns: Whether it came in time.
    package func join(milliseconds: Int64) -> Bool { ended.wait(milliseconds: milliseconds) }

    /// Whether it has been at one turn for longer than this.
    package func isStuck(forMoreThan milliseconds: Int64) -> Bool {
        if isResting.load(ordering: .acquiring) || isStopping.load(ordering: .acquiring) { return false }
        return time.steady().milliseconds - beat.load(ordering: .acquiring) > milliseconds
    }

}
