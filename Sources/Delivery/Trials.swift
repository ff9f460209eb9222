internal import Custody

/// What this process remembers of deliveries that failed: how often they did so by themselves, and since when.
///
/// A delivery is to blame only for failures while its destination was in order; those during an outage are the
/// destination's, so that nothing waits minutes once it is well again. All of it may be forgotten at any time; the store
/// counts the tries.
struct Trials {
    struct Trial {
        /// Failures while the destination was in order.
        var failures = 0
        /// Failures of a cause that is given few tries.
        var limitedFailures = 0
        let first: Monotonic
    }

    private var trials: [DeliveryID: Trial] = [:]
    /// Past this many all are forgotten, so that memory has a bound.
    private let limit = 10_000

    /// Notes a failure.
    /// - Returns: The trial with it.
    mutating func fail(_ id: DeliveryID, at now: Monotonic, isToBlame: Bool, isLimited: Bool) -> Trial {
        if trials.count >= limit, trials[id] == nil { trials.removeAll() }
        var trial = trials[id] ?? Trial(first: now)
        if isToBlame { trial.failures += 1 }
        if isLimited { trial.limitedFailures += 1 }
        trials[id] = trial
        return trial
    }

    mutating func end(_ id: DeliveryID) { trials[id] = nil }
}
