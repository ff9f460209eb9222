package import Custody

/// What a dispatcher is doing, for the operator.
package enum DispatcherState: Sendable, Hashable {
    /// Nothing is due.
    case idle
    case working
    /// The destination fails or asked for quiet; the next handover is no sooner than then.
    case backingOff(until: Monotonic?, cause: String)
    /// The destination or our configuration is wrong: someone must look. It is probed meanwhile.
    case stopped(cause: String)
    /// By an operator.
    case paused
    /// What came of deliveries cannot be written down, so nothing more is handed over.
    case storeFailing
    /// The process is ending.
    case draining
}

/// State and figures of a dispatcher. The figures count from the start of the process.
package struct DispatcherStatus: Sendable, Hashable {
    package var state = DispatcherState.idle
    /// Deliveries in hand: being sent, or sent and not yet written down.
    package var inFlight = 0
    package var delivered = 0
    /// Tries that will be made again.
    package var failed = 0
    package var dead = 0
    /// Handovers that were given up because the destination's code never called back.
    package var unanswered = 0
}
