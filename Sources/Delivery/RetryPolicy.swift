package import Custody

/// When a delivery is tried again, and when it is given up. Pure: clock and chance are parameters.
package struct RetryPolicy: Sendable, Hashable {
    /// Milliseconds: the most the first wait may be.
    package var base: Int64 = 1_000
    /// Milliseconds: the most any wait may be.
    package var cap: Int64 = 300_000
    /// Milliseconds: the longest that a receiver's `Retry-After` is heeded.
    package var retryAfterCap: Int64 = 3_600_000
    /// Milliseconds for which a delivery is tried that never succeeds; five days, as MESH does.
    package var ageLimit: Int64 = 5 * 86_400_000
    /// No delivery is given up for its age before it was tried so often …
    package var minimumAttempts = 10
    /// … and before so many milliseconds have passed on the steady clock since this process first saw it fail.
    package var minimumTrial: Int64 = 3_600_000

    package init() {}

    /// Full jitter: anything between nothing and `min(cap, base · 2ⁿ)`, in milliseconds.
    ///
    /// - Parameters:
    ///   - failures: How often it failed before this failure: n.
    ///   - random: Uniform over all 64 bits.
    package func delay(after failures: Int, random: UInt64) -> Int64 {
        let doublings = min(max(failures, 0), 40)
        let limit = base > cap >> Int64(doublings) ? cap : base << Int64(doublings)
        return Self.draw(upTo: limit, random: random)
    }

    /// How long a receiver's wish is heeded.
    package func heed(_ retryAfter: Int64) -> Int64 { min(max(retryAfter, 0), retryAfterCap) }

    /// Whether a failed delivery is given up for its age.
    ///
    /// The wall clock alone is not believed, for it may jump by years. `now` is to be the wall time at the start of the
    /// process plus what has passed on the steady clock since, so that a jump while we run does nothing; and where the
    /// clock was wrong from the start, nothing is given up before ``minimumTrial`` and ``minimumAttempts`` of real trying,
    /// time for the alarms to be heard. A destination that never answers expires nothing: see
    /// ``DeliveryCause/isOfDestination``.
    ///
    /// - Parameters:
    ///   - tried: Milliseconds of the steady clock since this process first saw it fail.
    package func isExpired(since: Instant, now: Instant, attempts: Int, tried: Int64) -> Bool {
        now.milliseconds - since.milliseconds >= ageLimit && attempts >= minimumAttempts && tried >= minimumTrial
    }

    /// A number from 0 to `limit`, both included.
    static func draw(upTo limit: Int64, random: UInt64) -> Int64 {
        Int64(UInt64(max(limit, 0) + 1).multipliedFullWidth(by: random).high)
    }
}
