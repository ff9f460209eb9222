package import Custody
import Synchronization

/// Clocks that stand still until a test moves them.
package final class SimulatedClock: TimeSource {
    private let now = Mutex((wall: Int64(1_772_442_840_000), steady: Int64(1_000)))

    package init() {}

    package func wall() -> Instant { Instant(milliseconds: now.withLock { $0.wall }) }
    package func steady() -> Monotonic { Monotonic(milliseconds: now.withLock { $0.steady }) }

    /// Lets time pass on both clocks.
    package func advance(milliseconds: Int64) {
        now.withLock { $0 = ($0.wall + milliseconds, $0.steady + milliseconds) }
    }

    /// Sets the wall clock alone, as an operator or NTP does.
    package func jump(milliseconds: Int64) { now.withLock { $0.wall += milliseconds } }
}

/// Chance that a seed decides: SplitMix64.
package final class SimulatedRandomness: Randomness {
    private let state: Mutex<UInt64>

    package init(seed: UInt64) { state = Mutex(seed) }

    package func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// One of the first numbers.
    package func below(_ count: Int) -> Int { Int(truncatingIfNeeded: next() % UInt64(max(count, 1))) }
}
