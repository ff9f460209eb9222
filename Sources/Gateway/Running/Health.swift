import Custody
import Delivery
import HTTPService
import Reporting

/// How the gateway stands, for those who watch it: alive, ready, its figures.
package final class Health: Sendable {
    private let upkeep: Upkeep
    private let engine: Engine
    private let operators: Operator
    private let isAlive: @Sendable () -> Bool

    init(
        _ engine: Engine, operators: Operator, upkeep: Upkeep,
        isAlive: @escaping @Sendable () -> Bool
    ) {
        self.engine = engine
        self.operators = operators
        self.upkeep = upkeep
        self.isAlive = isAlive
    }

    func sources(version: String, feed: EventFeed) -> AdminService.Sources {
        var sources = AdminService.Sources(
            isAlive: isAlive, checks: { [self] in checks() },
            metrics: { [self] in engine.metrics.text(engine, upkeep: upkeep, isOpenMetrics: $0) },
            version: JSONValue.members(["version": .string(version), "schema": .string("referral/1")]).text(),
            call: { [self] call in self.call(call) })
        sources.events = { id in EventStream(next: feed.reader(after: id)) }
        return sources
    }

    /// Store, disk and sources decide whether documents can be taken; a route that is down delays, and is told.
    func checks() -> [HealthCheck] { ownChecks() + sourceChecks() + routeChecks() }

    private func ownChecks() -> [HealthCheck] {
        var checks: [HealthCheck] = []
        checks.append(HealthCheck(name: "store", state: engine.standings.isStoreFailing ? .failed : .ok))
        let free = Disk.free(engine.processor.rules.configuration.state)
        checks.append(
            HealthCheck(
                name: "disk", state: (free?.share ?? 1) < 0.01 ? .failed : .ok,
                detail: free.map { "\($0.bytes >> 20) MB free" } ?? ""))
        checks.append(HealthCheck(name: "config", state: engine.standings.isRejected ? .degraded : .ok))
        return checks
    }

    /// One source that fails is told; the gateway is not ready only when no document can come in by any of them.
    private func sourceChecks() -> [HealthCheck] {
        let names = engine.processor.rules.configuration.sources.map(\.name)
        let isShut = names.allSatisfy { engine.standings.trouble(of: $0) != nil }
        return names.map { name in
            guard let trouble = engine.standings.trouble(of: name) else {
                return HealthCheck(name: "source \(name)", state: .ok)
            }
            return HealthCheck(name: "source \(name)", state: isShut ? .failed : .degraded, detail: trouble.why)
        }
    }

    private func routeChecks() -> [HealthCheck] {
        var checks: [HealthCheck] = []
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
        if call.path == "alerts" {
            return AdminAnswer(json: JSONValue.array(engine.standings.alerts.entries.map(\.json)).text())
        }
        return AdminAnswer(json: operators.answer("{\"ask\":\"\(call.path)\"}"))
    }
}
