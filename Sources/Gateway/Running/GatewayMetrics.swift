import Custody
import Delivery
import HTTPService
import Intake
package import Metrics
import Reporting

/// The gateway's figures: counters as things happen, gauges when somebody looks.
package struct GatewayMetrics: Sendable {
    package let registry = MetricsRegistry()

    package init() {}

    func taken(_ arrival: Arrival, _ disposition: Disposition, _ decision: Decision, seconds: Double) {
        let receipt = disposition.receipt
        switch receipt.kind {
        case .repeated, .duplicate: registry.add(to: .messagesDuplicate, [arrival.source])
        case .new, .retried, .conflict, .unknownReferral:
            registry.add(to: .messagesReceived, [arrival.source, decision.format ?? "unknown"])
        }
        if case .refused(let cause) = decision.outcome { registry.add(to: .messagesRejected, [arrival.source, cause]) }
        if let mapping = decision.mapping { registry.observe(seconds, in: .mappingDuration, [mapping]) }
        for referral in decision.referrals {
            for delivery in referral.deliveries {
                if case .withheld(let reason) = delivery.standing {
                    registry.add(to: .deliveryWithheld, [delivery.route, reason])
                }
            }
        }
    }

    func looked(at source: String, _ round: RoundSummary, at now: Instant) {
        registry.set(.inboxFiles, [source], to: Double(round.waiting))
        guard !round.ends.isEmpty else { return }
        registry.set(.sourceLastReceived, [source], to: Double(now.milliseconds / 1000))
    }

    func tried(_ attempt: Attempt, on route: String) {
        let outcome: String
        switch attempt.outcome {
        case .delivered: outcome = "ok"
        case .again: outcome = "retry"
        case .dead: outcome = "dead"
        }
        registry.add(to: .deliveryAttempts, [route, outcome])
        registry.observe(Double(attempt.durationMilliseconds) / 1000, in: .deliveryDuration, [route])
    }

    func answered(_ request: ServedRequest) {
        registry.observe(
            request.seconds, in: .httpRequestDuration, [request.template, request.method, String(request.status)])
    }

    /// All of it as Prometheus text, the gauges as of now.
    func text(_ engine: Engine, alerts: [Alert]) -> String {
        let now = engine.time.wall().milliseconds
        if let backlog = try? engine.custody.ledger.backlog() {
            registry.reset(.queueMessages)
            registry.reset(.queueOldest)
            for route in engine.processor.rules.routes {
                let waiting = backlog.first { $0.route == route.name }
                registry.set(.queueMessages, [route.name], to: Double(waiting?.waiting ?? 0))
                let age = (waiting?.waiting ?? 0) > 0 ? now - (waiting?.oldest.milliseconds ?? now) : 0
                registry.set(.queueOldest, [route.name], to: Double(age) / 1000)
            }
        }
        if let groups = try? engine.custody.ledger.deadLetters() {
            registry.reset(.deadLetters)
            registry.reset(.deadLetterOldest)
            for (cause, group) in Dictionary(grouping: groups, by: \.cause) {
                registry.set(.deadLetters, [cause], to: Double(group.reduce(0) { $0 + $1.count }))
                let oldest = group.map(\.oldest.milliseconds).min() ?? now
                registry.set(.deadLetterOldest, [cause], to: Double(now - oldest) / 1000)
            }
        }
        if let size = try? engine.custody.ledger.size() {
            registry.set(.storeBytes, ["state"], to: Double(size.store))
            registry.set(.spoolBytes, ["state"], to: Double(size.files))
        }
        if let free = Disk.free(engine.processor.rules.configuration.state) {
            registry.set(.diskFreeBytes, ["state"], to: Double(free.bytes))
        }
        registry.reset(.alertsOpen)
        for alert in Set(alerts.map { [$0.name.rawValue, $0.severity.rawValue] }) {
            registry.set(
                .alertsOpen, alert, to: Double(alerts.count { [$0.name.rawValue, $0.severity.rawValue] == alert }))
        }
        return registry.text()
    }
}
