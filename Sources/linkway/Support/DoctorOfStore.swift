import Custody
import DurableFiles
import Gateway
import Reporting

/// Looks at the store: through the gateway that has it, or by opening it where none runs.
struct DoctorOfStore {
    let rules: Ruleset
    private var state: String { rules.configuration.state }

    func look(_ examination: inout Examination) {
        guard Files.isThere(Files.join(state, "linkway.sqlite")) else {
            return examination.ok("store", "not there yet; it is made at the first start")
        }
        if ControlSocket.ask(Self.question("hello"), in: state) != nil {
            examination.ok("gateway", "runs")
            return look({ ControlSocket.ask($0, in: state) }, &examination)
        }
        do {
            let engine = try Engine.open(rules, EngineParts(log: .silent), isForWork: false)
            defer { try? engine.close() }
            examination.ok("gateway", "does not run, and no other process has the store")
            let operators = try Operator(engine, log: .silent)
            look({ operators.answer($0) }, &examination)
        } catch let error as CustodyError {
            let (words, help, _) = EngineOpening.explain(error, state)
            examination.fail("store", words, help)
        } catch {
            examination.fail("store", "\(error)", "look at the disk and at who owns the folder")
        }
    }

    private static func question(_ ask: String) -> String { JSONValue.members(["ask": .string(ask)]).text() }

    private func look(_ ask: (String) -> String?, _ examination: inout Examination) {
        func result(_ what: String) -> JSONValue? {
            ask(Self.question(what)).flatMap { JSONValue(text: $0) }?["result"]
        }
        guard let audit = result("audit"), let status = result("status") else {
            return examination.fail("store", "it does not answer", "restart the gateway, and look at its log")
        }
        if audit["isWhole"]?.flag == true {
            examination.ok("audit trail", "whole, \(audit["lines"]?.integer ?? 0) lines")
        } else {
            examination.fail(
                "audit trail", "not whole: \(audit["problem"]?.string ?? "")",
                "keep a copy of the state folder, and find out who changed it: docs/runbook.md")
        }
        for route in status["routes"]?.items ?? [] { look(at: route, &examination) }
        let counts = status["messages"]
        let waiting = [MessageState.held, .refused, .dead].map { counts?[$0.rawValue]?.integer ?? 0 }.reduce(0, +)
        if waiting > 0 {
            examination.warn("people", "\(waiting) messages wait for a person", "linkway dead ls")
        } else {
            examination.ok("people", "nothing waits for a person")
        }
    }

    private func look(at route: JSONValue, _ examination: inout Examination) {
        let name = "route " + (route["name"]?.string ?? "")
        let count = route["waiting"]?.integer ?? 0
        let age = route["oldestSeconds"]?.integer ?? 0
        let words = count == 0 ? "nothing waits" : "\(count) waiting, the oldest for \(Duration.words(age))"
        switch route["state"]?.string {
        case "stopped":
            examination.fail(
                name, "stopped: \(route["cause"]?.string ?? "")", "docs/runbook.md, “A destination is stopped”")
        case "paused": examination.warn(name, "paused; \(words)", "linkway route resume \(route["name"]?.string ?? "")")
        default:
            if age >= 4 * 3600 {
                examination.warn(
                    name, words, "linkway messages ls --state waiting --route \(route["name"]?.string ?? "")")
            } else {
                examination.ok(name, words)
            }
        }
    }
}
