import Reporting

/// What a look at something came to: one line each, with what to do where all is not well.
struct Examination {
    enum State: String { case ok, warn, fail }

    struct Check {
        var state: State
        var name: String
        var detail: String
        var help: String?
    }

    private(set) var checks: [Check] = []

    /// Whether nothing failed; warnings are no failures.
    var isWell: Bool { !checks.contains { $0.state == .fail } }

    mutating func ok(_ name: String, _ detail: String) { add(.ok, name, detail, nil) }
    mutating func warn(_ name: String, _ detail: String, _ help: String) { add(.warn, name, detail, help) }
    mutating func fail(_ name: String, _ detail: String, _ help: String) { add(.fail, name, detail, help) }

    private mutating func add(_ state: State, _ name: String, _ detail: String, _ help: String?) {
        checks.append(Check(state: state, name: name, detail: detail, help: help))
    }

    func text(_ style: TextStyle, isQuiet: Bool) -> String {
        let width = checks.map(\.name.count).max() ?? 0
        var lines: [String] = []
        for check in checks where !isQuiet || check.state != .ok {
            let pad = String(repeating: " ", count: width - check.name.count + 2)
            lines.append("\(Self.mark(check.state, style))  \(check.name.printable())\(pad)\(check.detail.printable())")
            if let help = check.help { lines.append("      → " + help.printable()) }
        }
        return lines.joined(separator: "\n")
    }

    private static func mark(_ state: State, _ style: TextStyle) -> String {
        switch state {
        case .ok: style.green("ok  ")
        case .warn: style.yellow("warn")
        case .fail: style.red("FAIL")
        }
    }

    /// How it ended, in a line.
    var verdict: String {
        let failures = checks.count { $0.state == .fail }
        let warnings = checks.count { $0.state == .warn }
        if failures == 0, warnings == 0 { return "All is well." }
        let parts = [(failures, "failure"), (warnings, "warning")].filter { $0.0 > 0 }
        return parts.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: ", ") + "."
    }

    func json(_ schema: String) -> JSONValue {
        .members([
            "schema": .string(schema), "isWell": .bool(isWell),
            "checks": .array(
                checks.map {
                    .members([
                        "state": .string($0.state.rawValue), "name": .string($0.name), "detail": .string($0.detail),
                        "help": .text($0.help),
                    ])
                }),
        ])
    }
}
