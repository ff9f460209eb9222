internal import Custody

/// Turns what came of handing a delivery over into what is written down about it: the one place where it is decided
/// whether a delivery is made, tried again or given up. Told the time, it does nothing by itself.
struct Judge {
    private let policy: RetryPolicy
    private let start: (wall: Instant, steady: Monotonic)
    private(set) var gate: Gate
    private var trials = Trials()

    init(_ settings: RouteSettings, wall: Instant, steady: Monotonic) {
        policy = settings.policy
        start = (wall, steady)
        gate = Gate(settings.gate)
    }

    mutating func began(at now: Monotonic, isProbe: Bool) { gate.began(at: now, isProbe: isProbe) }

    /// - Parameters:
    ///   - now: When the answer was there.
    ///   - random: Two draws.
    mutating func judge(
        _ handover: Handover, of flight: Flight, at now: Monotonic, isProbe: Bool, random: (UInt64, UInt64)
    ) -> (outcome: Attempt.Outcome, cause: String?, answer: [UInt8]) {
        switch handover {
        case .delivered(let receipt):
            gate.succeeded()
            trials.end(flight.id)
            return (.delivered(receipt: receipt), nil, [])
        case .messageRefused(let cause, let answer):
            gate.answered()
            trials.end(flight.id)
            return (.dead, cause, answer)
        case .again(let cause, let retryAfter, let answer):
            return fail(flight, Failure(cause, retryAfter, answer), at: now, isProbe: isProbe, random: random)
        case .destinationWrong(let cause, let answer):
            let isToBlame = gate.condition == .closed
            gate.wasWrong(cause, at: now, isProbe: isProbe, random: random.0)
            let trial = trials.fail(flight.id, at: now, isToBlame: isToBlame, isLimited: false)
            // One that alone stops a destination others are served by must not stop it every few seconds.
            let own = isToBlame ? ownDelay(trial, at: now, random: random.1) : now
            return (.again(at: max(own, gate.nextTry)), cause, answer)
        }
    }

    mutating func ended(isProbe: Bool) { gate.ended(isProbe: isProbe) }

    private struct Failure {
        let cause: String
        let retryAfter: Int64?
        let answer: [UInt8]

        init(_ cause: String, _ retryAfter: Int64?, _ answer: [UInt8]) {
            self.cause = cause
            self.retryAfter = retryAfter
            self.answer = answer
        }
    }

    private mutating func fail(
        _ flight: Flight, _ failure: Failure, at now: Monotonic, isProbe: Bool, random: (UInt64, UInt64)
    ) -> (outcome: Attempt.Outcome, cause: String?, answer: [UInt8]) {
        let isToBlame = gate.condition == .closed
        let tries = HTTPOutcome.tries(failure.cause)
        let wait = failure.retryAfter.map(policy.heed) ?? 0
        if tries == nil {
            gate.failed(failure.cause, at: now, isProbe: isProbe, random: random.0)
        } else {
            gate.answered()
        }
        if wait > 0 { gate.hold(until: now + wait) }
        let trial = trials.fail(flight.id, at: now, isToBlame: isToBlame, isLimited: tries != nil)
        if let tries, trial.limitedFailures >= tries {
            trials.end(flight.id)
            return (.dead, failure.cause, failure.answer)
        }
        if isExpired(flight, failure.cause, trial, at: now) {
            trials.end(flight.id)
            return (.dead, DeliveryCause.expired.rawValue, failure.answer)
        }
        let at = gate.condition == .closed ? ownDelay(trial, at: now, random: random.1) : gate.nextTry
        return (.again(at: max(at, now + wait)), failure.cause, failure.answer)
    }

    /// While the destination is in order a delivery waits by its own failures; else the gate says when.
    private func ownDelay(_ trial: Trials.Trial, at now: Monotonic, random: UInt64) -> Monotonic {
        now + policy.delay(after: trial.failures - 1, random: random)
    }

    private func isExpired(_ flight: Flight, _ cause: String, _ trial: Trials.Trial, at now: Monotonic) -> Bool {
        guard !DeliveryCause.isOfDestination(cause) else { return false }
        let passed = now.milliseconds - start.steady.milliseconds
        return policy.isExpired(
            since: flight.since, now: Instant(milliseconds: start.wall.milliseconds &+ passed),
            attempts: flight.attempts + 1, tried: now.milliseconds - trial.first.milliseconds)
    }
}

/// A delivery in hand, without its bytes.
struct Flight: Sendable {
    let id: DeliveryID
    let attempts: Int
    let since: Instant

    init(_ delivery: DueDelivery) {
        id = delivery.id
        attempts = delivery.attempts
        since = delivery.since
    }
}
