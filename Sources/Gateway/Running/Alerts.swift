import Custody
import Delivery
import Glibc
import Reporting
import Synchronization

/// Something that somebody should look at.
package struct Alert: Sendable, Hashable {
    package enum Name: String, Sendable, CaseIterable {
        case referralWaiting = "referral-waiting"
        case needsPerson = "needs-a-person"
        case routeDown = "route-down"
        case routeStopped = "route-auth"
        case storeFailing = "store-failing"
        case diskLow = "disk-low"
        case configRejected = "config-rejected"
    }

    package enum Severity: String, Sendable { case warning, critical }

    package var name: Name
    package var severity: Severity
    /// The route, cause or place it is about.
    package var subject: String
    /// What to look at next.
    package var next: String
}

/// The alerts that are open. Each opens once and closes once.
package final class AlertBook: Sendable {
    private let open = Mutex<Set<Alert>>([])

    package init() {}

    package var all: [Alert] {
        open.withLock { $0.sorted { ($0.name.rawValue, $0.subject) < ($1.name.rawValue, $1.subject) } }
    }

    /// Puts the conditions that hold now in the place of those that held before.
    /// - Returns: What is new, and what is over.
    package func update(_ now: Set<Alert>) -> (opened: [Alert], closed: [Alert]) {
        open.withLock { open in
            let change = (Array(now.subtracting(open)), Array(open.subtracting(now)))
            open = now
            return change
        }
    }
}

/// The conditions of all alerts, judged by what the store and the dispatchers say.
final class AlertConditions: Sendable {
    let engine: Engine
    /// Milliseconds of the steady clock at which a route was first seen failing.
    private let failingSince = Mutex<[String: Int64]>([:])

    init(_ engine: Engine) { self.engine = engine }

    func holding(isStoreFailing: Bool, isConfigurationRejected: Bool) -> Set<Alert> {
        var alerts: Set<Alert> = []
        if isStoreFailing {
            alerts.insert(Alert(name: .storeFailing, severity: .critical, subject: "store", next: "linkway doctor"))
        }
        if isConfigurationRejected {
            alerts.insert(
                Alert(name: .configRejected, severity: .warning, subject: "linkway.yaml", next: "linkway check"))
        }
        addRoutes(&alerts)
        addBacklog(&alerts)
        if let free = Disk.free(engine.processor.rules.configuration.state), free.share < 0.1 {
            alerts.insert(
                Alert(
                    name: .diskLow, severity: free.share < 0.05 ? .critical : .warning, subject: "state",
                    next: "linkway doctor"))
        }
        return alerts
    }

    private func addRoutes(_ alerts: inout Set<Alert>) {
        let now = engine.time.steady().milliseconds
        for dispatcher in engine.dispatchers {
            switch dispatcher.status.state {
            case .stopped:
                alerts.insert(
                    Alert(name: .routeStopped, severity: .critical, subject: dispatcher.route, next: "linkway route ls")
                )
            case .backingOff:
                let since = failingSince.withLock { since in
                    since[dispatcher.route, default: now] = since[dispatcher.route] ?? now
                    return since[dispatcher.route] ?? now
                }
                if now - since > 300_000 {
                    alerts.insert(
                        Alert(name: .routeDown, severity: .warning, subject: dispatcher.route, next: "linkway route ls")
                    )
                }
            default: failingSince.withLock { $0[dispatcher.route] = nil }
            }
        }
    }

    private func addBacklog(_ alerts: inout Set<Alert>) {
        let now = engine.time.wall().milliseconds
        for route in (try? engine.custody.ledger.backlog()) ?? [] where route.waiting > 0 {
            let hours = (now - route.oldest.milliseconds) / 3_600_000
            guard hours >= 4 else { continue }
            alerts.insert(
                Alert(
                    name: .referralWaiting, severity: hours >= 48 ? .critical : .warning, subject: route.route,
                    next: "linkway messages ls --state waiting --route \(route.route)"))
        }
        for group in (try? engine.custody.ledger.deadLetters()) ?? [] {
            alerts.insert(
                Alert(
                    name: .needsPerson, severity: .warning, subject: group.route ?? group.cause,
                    next: "linkway dead show \(group.cause)"))
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
