/// Milliseconds since 1970-01-01 UTC: when something happened. Never used to wait.
package struct Instant: Sendable, Hashable, Comparable {
    package var milliseconds: Int64
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}

/// Milliseconds of a clock that no one sets. Means nothing to another process: when the store is opened, all that waits
/// is due at once.
package struct Monotonic: Sendable, Hashable, Comparable {
    package var milliseconds: Int64
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}

/// What time it is. The gateway asks no other clock, so that a test can be one.
package protocol TimeSource: Sendable {
    /// May jump, by years.
    func wall() -> Instant
    /// Never goes back.
    func steady() -> Monotonic
}

/// Chance, so that a test can repeat it.
package protocol Randomness: Sendable {
    func next() -> UInt64
}
