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

    func taken(
        _ arrival: Arrival, _ disposition: Disposition, _ decision: Decision, seconds: Double, profile: String,
        at now: Instant
    ) {
        let receipt = disposition.receipt
        registry.set(.sourceLastReceived, [arrival.source], to: Self.seconds(now))
        count(disposition.findings, mapping: decision.mapping, profile: profile)
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

    private func count(_ findings: [Finding], mapping: String?, profile: String) {
        for finding in findings {
            if finding.severity >= .quarantine {
                registry.add(to: .validationFailures, [profile, finding.code.rawValue])
            } else if finding.severity == .warning {
                registry.add(to: .mappingWarnings, [mapping ?? "none", finding.code.rawValue])
            }
        }
    }

    func looked(at source: String, _ round: RoundSummary) {
        registry.set(.inboxFiles, [source], to: Double(round.waiting))
    }

    package func reloaded(_ result: Standings.ReloadResult) {
        registry.add(to: .configReloads, [result.rawValue])
    }

    func removed(_ kind: String, _ count: Int) {
        if count > 0 { registry.add(Double(count), to: .retentionRemoved, [kind]) }
    }

    func revealed() { registry.add(to: .reveals) }

    private static func seconds(_ time: Instant) -> Double { Double(time.milliseconds) / 1000 }

    func tried(_ attempt: Attempt, on route: String) {
        let outcome: String
        switch attempt.outcome {
        case .delivered: outcome = "ok"
        case .again: outcome = "retry"
        case .dead: outcome = "dead"
        }
        registry.add(to: .deliveryAttempts, [route, outcome])
        registry.observe(Double(attempt.durationMilliseconds) / 1000, in: .deliveryDuration, [route])
        guard case .delivered = attempt.outcome, let since = attempt.owedSince else { return }
        // A clock that was set back makes no time negative.
        let end = attempt.at.milliseconds + Int64(attempt.durationMilliseconds)
        registry.observe(Double(max(0, end - since.milliseconds)) / 1000, in: .endToEnd, [route])
    }

    func answered(_ request: ServedRequest) {
        registry.observe(
            request.seconds, in: .httpRequestDuration, [request.template, request.method, String(request.status)])
    }

    /// All of it as Prometheus text, the gauges as of now.
    func text(_ engine: Engine, upkeep: Upkeep, isOpenMetrics: Bool = false) -> String {
        setBacklog(engine)
        setDeadLetters(engine)
        setPlaces(engine)
        setSources(engine, upkeep)
        setUpkeep(engine, upkeep)
        setAlerts(engine.standings.alerts.all)
        return registry.text(isOpenMetrics: isOpenMetrics)
    }

    private func setBacklog(_ engine: Engine) {
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
    }

    private func setDeadLetters(_ engine: Engine) {
        let now = engine.time.wall().milliseconds
        if let groups = try? engine.custody.ledger.deadLetters() {
            registry.reset(.deadLetters)
            registry.reset(.deadLetterOldest)
            for (cause, group) in Dictionary(grouping: groups, by: \.cause) {
                registry.set(.deadLetters, [cause], to: Double(group.reduce(0) { $0 + $1.count }))
                let oldest = group.map(\.oldest.milliseconds).min() ?? now
                registry.set(.deadLetterOldest, [cause], to: Double(now - oldest) / 1000)
            }
        }
    }

    private func setPlaces(_ engine: Engine) {
        if let size = try? engine.custody.ledger.size() {
            registry.set(.storeBytes, ["state"], to: Double(size.store))
            registry.set(.spoolBytes, ["state"], to: Double(size.files))
        }
        if let free = Disk.free(engine.processor.rules.configuration.state) {
            registry.set(.diskFreeBytes, ["state"], to: Double(free.bytes))
        }
    }

    private func setSources(_ engine: Engine, _ upkeep: Upkeep) {
        let quiet = upkeep.quietSources
        for source in engine.processor.rules.configuration.sources {
            registry.set(.sourceQuiet, [source.name], to: quiet.contains(source.name) ? 1 : 0)
            let isFailing = engine.standings.trouble(of: source.name) != nil
            registry.set(.sourceFailing, [source.name], to: isFailing ? 1 : 0)
        }
    }

    private func setUpkeep(_ engine: Engine, _ upkeep: Upkeep) {
        if let good = engine.standings.lastGood { registry.set(.configLastGood, to: Self.seconds(good)) }
        if let backup = upkeep.backup { registry.set(.backupLastSuccess, to: Self.seconds(backup)) }
        registry.reset(.certificateExpiry)
        for (name, end) in upkeep.certificates { registry.set(.certificateExpiry, [name], to: Self.seconds(end)) }
    }

    private func setAlerts(_ alerts: [Alert]) {
        registry.reset(.alertsOpen)
        for alert in Set(alerts.map { [$0.name.rawValue, $0.severity.rawValue] }) {
            registry.set(
                .alertsOpen, alert, to: Double(alerts.count { [$0.name.rawValue, $0.severity.rawValue] == alert }))
        }
    }
}
