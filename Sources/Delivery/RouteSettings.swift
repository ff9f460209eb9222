package import Custody

/// What a route asks of its dispatcher.
package struct RouteSettings: Sendable {
    /// The route's name, under which deliveries are owed.
    package var name: String
    package var order: RouteOrder
    package var policy: RetryPolicy
    package var gate: GatePolicy
    /// Milliseconds after which a handover is given up that was never answered: the destination's own limit for a whole
    /// exchange, with a margin, so that it is reached only where the destination's code is at fault.
    package var handoverLimit: Int64

    package init(
        _ name: String, order: RouteOrder = .none, policy: RetryPolicy = RetryPolicy(),
        gate: GatePolicy = GatePolicy(), handoverLimit: Int64 = 90_000
    ) {
        self.name = name
        self.order = order
        self.policy = policy
        self.gate = gate
        self.handoverLimit = handoverLimit
    }
}
