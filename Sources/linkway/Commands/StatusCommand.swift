import ArgumentParser
import Custody
import Gateway
import Reporting

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How the gateway stands: what waits, what is stuck, what needs a person.",
        discussion: "Exit code 0 when nothing needs a person, 1 when something does.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var gateway: GatewayOptions
    @Flag(help: "One JSON object.") var json = false

    func run() throws {
        let console = output.console
        let status = try GatewayAccess(gateway, console).ask(.members(["ask": .string("status")]))
        if json { console.out(status.text(pretty: true)) } else { show(status, console) }
        if needsPerson(status) { throw ExitCode.no }
    }

    private func needsPerson(_ status: JSONValue) -> Bool {
        hasDead(status) || hasStopped(status) || !(status["alerts"]?.items ?? []).isEmpty
    }

    private func hasDead(_ status: JSONValue) -> Bool {
        let counts = status["messages"]
        return [MessageState.held, .refused, .dead].contains { (counts?[$0.rawValue]?.integer ?? 0) > 0 }
    }

    private func hasStopped(_ status: JSONValue) -> Bool {
        (status["routes"]?.items ?? []).contains { $0["state"]?.string == "stopped" }
    }

    private func show(_ status: JSONValue, _ console: Console) {
        let style = console.outStyle
        let counts = status["messages"]
        let parts = MessageState.allCases.compactMap { state -> String? in
            guard let count = counts?[state.rawValue]?.integer, count > 0 else { return nil }
            let text = "\(count) \(state.rawValue)"
            return [.held, .refused, .dead].contains(state) ? style.yellow(text) : text
        }
        console.out(style.bold("messages  ") + (parts.isEmpty ? "none yet" : parts.joined(separator: " · ")))
        console.out(style.bold("routes"))
        var table = TextTable()
        for route in status["routes"]?.items ?? [] { table.add(RouteRow.cells(route, style)) }
        console.out(table.text(indent: "  "))
        let paused = (status["sources"]?.items ?? []).filter { $0["state"]?.string == "paused" }
        for source in paused { console.out(style.yellow("source \(source["name"]?.string ?? "") is paused")) }
        for source in status["sources"]?.items ?? [] where source["state"]?.string == "failing" {
            let why = source["failingWhy"]?.string ?? ""
            console.out(style.red("source \(source["name"]?.string ?? "") fails") + "  \(why)")
        }
        if status["isRunning"]?.flag == false {
            console.out(style.yellow("no gateway runs: nobody watches for alerts"))
        }
        showAlerts(status["alerts"]?.items ?? [], console)
        let next = (hasStopped(status) ? ["linkway doctor"] : []) + (hasDead(status) ? ["linkway dead ls"] : [])
        if !next.isEmpty { console.out("\nnext: " + next.joined(separator: ", ")) }
    }
}

extension StatusCommand {
    private func showAlerts(_ alerts: [JSONValue], _ console: Console) {
        guard !alerts.isEmpty else { return }
        let style = console.outStyle
        console.out(style.bold("alerts"))
        var table = TextTable()
        for alert in alerts {
            let name = alert["alert"]?.string ?? ""
            table.add([
                alert["severity"]?.string == "critical" ? style.red(name) : style.yellow(name),
                alert["subject"]?.string ?? "", "since \(alert["since"]?.string ?? "")",
                "→ \(alert["next"]?.string ?? "")",
            ])
        }
        console.out(table.text(indent: "  "))
    }
}

/// One route in a table.
enum RouteRow {
    static func cells(_ route: JSONValue, _ style: TextStyle) -> [String] {
        let state = route["state"]?.string ?? ""
        let coloured =
            switch state {
            case "stopped", "store-failing": style.red(state)
            case "backing-off", "paused": style.yellow(state)
            default: style.green(state)
            }
        let waiting = route["waiting"]?.integer ?? 0
        let dead = route["dead"]?.integer ?? 0
        return [
            route["name"]?.string ?? "", coloured,
            waiting == 0
                ? "nothing waits"
                : "\(waiting) wait\(waiting == 1 ? "s" : ""), the oldest for \(Duration.words(route["oldestSeconds"]?.integer ?? 0))",
            dead == 0 ? "" : style.red("\(dead) dead"), route["cause"]?.string ?? route["pausedWhy"]?.string ?? "",
        ]
    }
}

/// Lengths of time for people.
enum Duration {
    static func words(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}

/// Columns that are as wide as they must be.
struct TextTable {
    private var rows: [[String]] = []

    mutating func add(_ cells: [String]) { rows.append(cells) }

    func text(indent: String = "") -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { $0.indices.contains(column) ? Self.width($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = indent
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1, widths[(column + 1)...].contains(where: { $0 > 0 }) {
                    line += String(
                        repeating: " ", count: widths[column] - Self.width(cell) + (widths[column] > 0 ? 2 : 0))
                }
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// How many columns a text takes, colours left out.
    private static func width(_ text: String) -> Int {
        var width = 0
        var isInCode = false
        for scalar in text.unicodeScalars {
            if scalar == "\u{1B}" { isInCode = true }
            if !isInCode { width += 1 }
            if isInCode, scalar == "m" { isInCode = false }
        }
        return width
    }
}
