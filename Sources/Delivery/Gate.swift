package import Custody

/// How a destination that fails is treated. All times are milliseconds.
package struct GatePolicy: Sendable, Hashable {
    /// Failures one after another, of any deliveries, that open the breaker.
    package var failuresToOpen = 5
    /// An open breaker lets one probe through: first after this …
    package var firstProbe: Int64 = 1_000
    /// … then after twice as long each time, but never longer than this: a destination that is well again is used again
    /// within 10 s. A probe that has not been answered for so long makes way for another, for one that hangs may hang
    /// for the whole time an exchange is given.
    package var longestProbe: Int64 = 8_000
    /// How many unanswered probes there may be.
    package var hangingProbes = 4
    /// A stopped destination is probed after a quarter of the time it has been stopped for, but not sooner than this …
    package var firstStoppedProbe: Int64 = 5_000
    /// … nor later than this.
    package var longestStoppedProbe: Int64 = 300_000
    /// While nothing succeeds, so many handovers are made as fast as may be …
    package var freeHandovers = 25
    /// … and each further one this long after the one before: five a second.
    package var handoverSpacing: Int64 = 200

    package init() {}
}

/// Decides how much may be handed over to one destination now: breaker, stop, `Retry-After` and storm limit in one value.
///
/// Pure: it is told what happened and when. One success opens everything again, but for the time a receiver asked for.
package struct Gate: Sendable {
    package enum Condition: Sendable, Hashable {
        case closed
        /// The breaker is open: failures one after another.
        case failing(cause: String)
        /// The destination or our configuration is wrong.
        case stopped(cause: String)
    }

    /// How many handovers may begin now.
    package enum Allowance: Sendable, Hashable {
        case handovers(Int)
        /// One, of one delivery, to see whether the destination is well again.
        case probe
        /// None before this time; `nil` when not before a probe is answered.
        case none(until: Monotonic?)
    }

    package private(set) var condition = Condition.closed
    /// The receiver asked for quiet until then.
    package private(set) var heldUntil: Monotonic?

    private let policy: GatePolicy
    private var failures = 0
    private var handoversSinceSuccess = 0
    private var lastHandover: Monotonic?
    private var probing = 0
    private var lastProbe = Monotonic(milliseconds: 0)
    private var probes = 0
    private var stoppedAt = Monotonic(milliseconds: 0)
    private var nextProbe = Monotonic(milliseconds: 0)

    package init(_ policy: GatePolicy = GatePolicy()) { self.policy = policy }

    package func allowance(at now: Monotonic) -> Allowance {
        if let heldUntil, now < heldUntil { return .none(until: heldUntil) }
        if condition != .closed {
            if probing > 0 {
                let patience = lastProbe + policy.longestProbe
                guard probing < policy.hangingProbes else { return .none(until: nil) }
                if now < patience { return .none(until: patience) }
            } else if now < nextProbe {
                return .none(until: nextProbe)
            }
        }
        let free = policy.freeHandovers - handoversSinceSuccess
        if free <= 0, let lastHandover, now < lastHandover + policy.handoverSpacing {
            return .none(until: lastHandover + policy.handoverSpacing)
        }
        return condition == .closed ? .handovers(max(free, 1)) : .probe
    }

    /// A delivery that has just failed while this is not closed is tried again no sooner than then.
    package var nextTry: Monotonic { max(nextProbe, heldUntil ?? nextProbe) }

    package mutating func began(at now: Monotonic, isProbe: Bool) {
        handoversSinceSuccess += 1
        lastHandover = now
        guard isProbe else { return }
        probing += 1
        lastProbe = now
    }

    /// Every handover that began ends, after its results were told.
    package mutating func ended(isProbe: Bool) {
        if isProbe { probing -= 1 }
    }

    /// A delivery was made.
    package mutating func succeeded() {
        handoversSinceSuccess = 0
        close()
    }

    /// A delivery was refused, or contradicts another: the destination is well. The storm limit stays, so that one that
    /// refuses everything does not empty the queue into the dead letters in a moment.
    package mutating func answered() { close() }

    private mutating func close() {
        failures = 0
        probes = 0
        condition = .closed
    }

    /// The destination could not take a delivery.
    package mutating func failed(_ cause: String, at now: Monotonic, isProbe: Bool, random: UInt64) {
        failures += 1
        if condition == .closed {
            guard failures >= policy.failuresToOpen else { return }
        } else {
            guard isProbe else { return }
            probes += 1
        }
        condition = .failing(cause: cause)
        let limit = min(policy.firstProbe << Int64(min(probes, 20)), policy.longestProbe)
        nextProbe = now + Self.jitter(limit, random)
    }

    /// The destination will take nothing as things stand.
    package mutating func wasWrong(_ cause: String, at now: Monotonic, isProbe: Bool, random: UInt64) {
        if case .stopped = condition {
            guard isProbe else { return }
        } else {
            stoppedAt = now
        }
        condition = .stopped(cause: cause)
        let quarter = (now.milliseconds - stoppedAt.milliseconds) / 4
        let limit = min(max(quarter, policy.firstStoppedProbe), policy.longestStoppedProbe)
        nextProbe = now + Self.jitter(limit, random)
    }

    /// The receiver asked for quiet.
    package mutating func hold(until time: Monotonic) { heldUntil = max(time, heldUntil ?? time) }

    /// Between half of a time and the whole.
    private static func jitter(_ limit: Int64, _ random: UInt64) -> Int64 {
        limit / 2 + RetryPolicy.draw(upTo: limit - limit / 2, random: random)
    }
}

extension Monotonic {
    package static func + (time: Self, milliseconds: Int64) -> Self {
        Self(milliseconds: time.milliseconds &+ milliseconds)
    }
}
