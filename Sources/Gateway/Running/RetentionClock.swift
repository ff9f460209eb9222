import Custody
import Synchronization

/// Says whether the clock may be believed by those who remove things for their age, and remembers it over restarts.
///
/// Safe to call from any thread.
package final class RetentionClock: Sendable {
    private struct State {
        var belief: ClockBelief
        var isBelieved = true
        var judged: Int64
        var written: Int64?
    }

    /// Milliseconds between two times it is written down.
    private static let interval: Int64 = 600_000
    private let custody: SQLiteCustody
    private let time: any TimeSource
    private let state: Mutex<State>

    /// - Throws: ``CustodyError`` when the store cannot be read.
    init(_ custody: SQLiteCustody, time: any TimeSource) throws(CustodyError) {
        self.custody = custody
        self.time = time
        let belief = try custody.clockBelief() ?? ClockBelief(believed: time.wall())
        state = Mutex(State(belief: belief, judged: time.steady().milliseconds))
    }

    /// Whether the clock was believed when it was judged last.
    package var isBelieved: Bool { state.withLock { $0.isBelieved } }

    /// Judges the clock now.
    /// - Returns: Whether it is believed, and that is on the disk.
    package func judge() -> Bool {
        let (wall, steady) = (time.wall(), time.steady().milliseconds)
        return state.withLock { state in
            let before = state.isBelieved
            state.isBelieved = state.belief.judge(wall, passed: max(0, steady - state.judged))
            state.judged = steady
            let isDue = state.written.map { steady - $0 >= Self.interval } ?? true
            guard isDue || state.isBelieved != before else { return state.isBelieved }
            do throws(CustodyError) { try custody.keep(state.belief) } catch { return false }
            state.written = steady
            return state.isBelieved
        }
    }
}
