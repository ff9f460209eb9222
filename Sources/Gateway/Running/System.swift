package import Custody
import Glibc

/// The clocks and chance of the machine.
package struct SystemTime: TimeSource {
    package init() {}

    package func wall() -> Instant { Instant(milliseconds: Self.read(CLOCK_REALTIME)) }
    package func steady() -> Monotonic { Monotonic(milliseconds: Self.read(CLOCK_MONOTONIC)) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}

package struct SystemRandomness: Randomness {
    package init() {}

    package func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
