import Custody
import Delivery
import Glibc
import Synchronization

/// The conditions of all alerts, judged by what the store, the dispatchers and the sources say.
final class AlertConditions: Sendable {
    private let engine: Engine
    private let upkeep: Upkeep
    /// Milliseconds of the steady clock at which a route was first seen failing.
    private let failingSince = Mutex<[String: Int64]>([:])

    init(_ engine: Engine, upkeep: Upkeep) {
        self.engine = engine
        self.upkeep = upkeep
    }

    private static let hour: Int64 = 3_600_000

    func holding() -> Set<Alert> {
        var alerts: Set<Alert> = []
        addOwn(&alerts)
        addSources(&alerts)
        addRoutes(&alerts)
        addPauses(&alerts)
        addBacklog(&alerts)
        addUpkeep(&alerts)
        return alerts
    }

    // MARK: The gateway itself

    private func addOwn(_ alerts: inout Set<Alert>) {
        if engine.standings.isStoreFailing {
            alerts.insert(Alert(.storeFailing, "store", .critical, next: "linkway doctor"))
        }
        if engine.standings.isRejected {
            alerts.insert(Alert(.configRejected, "linkway.yaml", next: "linkway check"))
        }
        if !engine.retentionClock.isBelieved {
            alerts.insert(Alert(.clockOff, "clock", next: "linkway doctor"))
        }
        if let free = Disk.free(engine.processor.rules.configuration.state), free.share < 0.1 {
            alerts.insert(
                Alert(.diskLow, "state", free.share < 0.05 ? .critical : .warning, next: "linkway doctor"))
        }
    }

    // MARK: Sources and routes

    private func addSources(_ alerts: inout Set<Alert>) {
        let names = engine.processor.rules.configuration.sources.map(\.name)
        for name in names where engine.standings.trouble(of: name) != nil {
            alerts.insert(Alert(.sourceFailed, name, .critical, next: "linkway source ls"))
        }
        for name in upkeep.quietSources where names.contains(name) {
            alerts.insert(Alert(.quietSource, name, next: "linkway messages ls --source \(name)"))
        }
        for name in engine.consents.gaps(at: engine.time.wall()) {
            alerts.insert(Alert(.consentGap, name, next: "linkway messages ls --source \(name) --state withheld"))
        }
    }

    private func addRoutes(_ alerts: inout Set<Alert>) {
        let now = engine.time.steady().milliseconds
        for dispatcher in engine.dispatchers {
            switch dispatcher.status.state {
            case .stopped:
                alerts.insert(Alert(.routeStopped, dispatcher.route, .critical, next: "linkway route ls"))
            case .backingOff:
                let since = failingSince.withLock { since in
                    since[dispatcher.route, default: now] = since[dispatcher.route] ?? now
                    return since[dispatcher.route] ?? now
                }
                if now - since > 300_000 {
                    alerts.insert(Alert(.routeDown, dispatcher.route, next: "linkway route ls"))
                }
            default: failingSince.withLock { $0[dispatcher.route] = nil }
            }
        }
    }

    private func addPauses(_ alerts: inout Set<Alert>) {
        let now = engine.time.wall().milliseconds
        for pause in (try? engine.custody.ledger.pauses()) ?? [] where now - pause.at.milliseconds > 24 * Self.hour {
            alerts.insert(
                Alert(
                    .pausedLong, "\(pause.kind) \(pause.name)", next: "linkway \(pause.kind) resume \(pause.name)"))
        }
    }

    // MARK: What waits

    private func addBacklog(_ alerts: inout Set<Alert>) {
        let now = engine.time.wall().milliseconds
        for route in (try? engine.custody.ledger.waitingLongest()) ?? [] {
            let hours = (now - route.oldest.milliseconds) / Self.hour
            guard hours >= 4 else { continue }
            alerts.insert(
                Alert(
                    .referralWaiting, route.route, hours >= 48 ? .critical : .warning,
                    next: "linkway messages ls --state waiting --route \(route.route)"))
        }
        for group in (try? engine.custody.ledger.deadLetters()) ?? [] {
            let subject = group.route.map { "\(group.cause) on \($0)" } ?? group.cause
            alerts.insert(Alert(.needsPerson, subject, next: "linkway dead show \(group.cause)"))
        }
    }

    // MARK: What is due

    private func addUpkeep(_ alerts: inout Set<Alert>) {
        let now = engine.time.wall().milliseconds
        if let since = upkeep.withoutBackupSince, now - since.milliseconds > 48 * Self.hour {
            alerts.insert(Alert(.backupOld, "backup", next: "linkway backup FOLDER"))
        }
        for (name, end) in upkeep.certificates {
            let days = (end.milliseconds - now) / (24 * Self.hour)
            guard days < 30 else { continue }
            alerts.insert(
                Alert(.certificateExpiring, name, days < 7 ? .critical : .warning, next: "linkway doctor"))
        }
    }
}

/// Room on a disk.
package enum Disk {
    /// What is free where a path is: bytes, and the share of the whole.
    package static func free(_ path: String) -> (bytes: Int, share: Double)? {
        var status = statvfs()
        guard statvfs(path, &status) == 0, status.f_blocks > 0 else { return nil }
        return (
            Int(status.f_bavail) * Int(status.f_frsize), Double(status.f_bavail) / Double(status.f_blocks)
        )
    }
}
