import Custody
import Delivery
import HTTPService
import Reporting

/// How the gateway stands, for those who watch it: alive, ready, its figures.
package final class Health: Sendable {
    package let metrics: GatewayMetrics
    let alerts = AlertBook()
    private let engine: Engine
    private let operators: Operator
    private let isAlive: @Sendable () -> Bool

    package init(
        _ engine: Engine, operators: Operator, metrics: GatewayMetrics, isAlive: @escaping @Sendable () -> Bool
    ) {
        self.engine = engine
        self.operators = operators
        self.metrics = metrics
        self.isAlive = isAlive
    }

    func sources(version: String) -> AdminService.Sources {
        AdminService.Sources(
            isAlive: isAlive, checks: { [self] in checks() },
            metrics: { [self] in metrics.text(engine, alerts: alerts.all) },
            version: JSONValue.members(["version": .string(version), "schema": .string("referral/1")]).text(),
            call: { [self] call in self.call(call) })
    }

    /// The store and the disk decide whether documents can be taken; a route that is down delays, and is told.
    private func checks() -> [HealthCheck] {
        var checks: [HealthCheck] = []
        let isStoreWell = !alerts.all.contains { $0.name == .storeFailing }
        checks.append(HealthCheck(name: "store", state: isStoreWell ? .ok : .failed))
        let free = Disk.free(engine.processor.rules.configuration.state)
        checks.append(
            HealthCheck(
                name: "disk", state: (free?.share ?? 1) < 0.01 ? .failed : .ok,
                detail: free.map { "\($0.bytes >> 20) MB free" } ?? ""))
        let isRejected = alerts.all.contains { $0.name == .configRejected }
        checks.append(HealthCheck(name: "config", state: isRejected ? .degraded : .ok))
        for dispatcher in engine.dispatchers {
            switch dispatcher.status.state {
            case .stopped(let cause), .backingOff(_, let cause):
                checks.append(HealthCheck(name: "route \(dispatcher.route)", state: .degraded, detail: cause))
            default: checks.append(HealthCheck(name: "route \(dispatcher.route)", state: .ok))
            }
        }
        return checks
    }

    /// What may be asked over HTTP: how things stand. Whatever changes something goes through the control socket, which
    /// is its owner's alone.
    private func call(_ call: AdminCall) -> AdminAnswer {
        guard call.method == "GET", ["status", "dead", "alerts"].contains(call.path) else {
            return AdminAnswer(status: 404, json: "{\"error\":\"there is nothing here; use the command linkway\"}")
        }
        if call.path == "alerts" { return AdminAnswer(json: JSONValue.array(alerts.all.map(\.json)).text()) }
        return AdminAnswer(json: operators.answer("{\"ask\":\"\(call.path)\"}"))
    }
}

extension Alert {
    var json: JSONValue {
        .members([
            "alert": .string(name.rawValue), "severity": .string(severity.rawValue), "subject": .string(subject),
            "next": .string(next),
        ])
    }
}
