import Gateway
import Reporting

/// A plan in words, before it is run and after. Nothing in it says anything about a person.
struct PlanText {
    private let plan: JSONValue
    private let style: TextStyle
    /// Items shown at most.
    private let limit: Int

    init(_ plan: JSONValue, _ style: TextStyle, limit: Int = 20) {
        self.plan = plan
        self.style = style
        self.limit = limit
    }

    private var items: [JSONValue] { plan["items"]?.items ?? [] }
    private var kind: String { plan["kind"]?.string ?? "" }
    private var isSending: Bool { ["retry", "replay"].contains(kind) }

    /// What it is, what it will do, how, and to which.
    var whole: String {
        var table = TextTable()
        for (step, words) in Self.steps {
            let count = items.count { $0["step"]?.string == step }
            if count > 0 { table.add(["\(count)", words + byWhich(step)]) }
        }
        var lines = [heading, table.text(indent: "  ")]
        let places = Self.places(items, style)
        if !places.isEmpty { lines.append("  would go  " + places) }
        if isSending, items.contains(where: { $0["outcome"]?.string == "open" }) { lines.append(pace) }
        lines.append(list)
        return lines.joined(separator: "\n")
    }

    /// One line: what it is and how it stands.
    var heading: String {
        let count = items.count
        let reason = plan["reason"]?.string ?? ""
        guard let id = plan["id"]?.string else {
            return style.bold("no plan") + "  \(kind)  \(count) item\(count == 1 ? "" : "s")"
        }
        return style.bold("plan \(id)") + "  \(kind)  \(count) item\(count == 1 ? "" : "s")"
            + "  by \(plan["madeBy"]?.string ?? "") at \(plan["madeAt"]?.string ?? "")"
            + (reason.isEmpty ? "" : "  \(reason)")
    }

    private static let steps = [
        ("again", "again, the same bytes under the same key: a repeat, where the receiver has it already"),
        ("new", "as another message, under a new key and the same correlation"),
        ("read", "read again"), ("give-up", ""), ("leave", "left as they are"),
    ]

    private func byWhich(_ step: String) -> String {
        if step == "give-up" { return kind == "cancel" ? "cancelled: not sent any more" : "given up for good" }
        guard step == "read" else { return "" }
        let versions = Set(items.compactMap { $0["mappingVersion"]?.string?.prefix(12) }).sorted()
        return versions.isEmpty ? "" : ", by mappings of version \(versions.joined(separator: ", "))"
    }

    /// `jobs 5, services 12 (7 withheld: consent-no)`.
    private static func places(_ items: [JSONValue], _ style: TextStyle) -> String {
        var sent: [String: Int] = [:]
        var withheld: [String: [String: Int]] = [:]
        for item in items where item["step"]?.string != "give-up" && item["step"]?.string != "leave" {
            if let route = item["route"]?.string { sent[route, default: 0] += 1 }
            for route in item["foreseen"]?["sent"]?.items.compactMap(\.string) ?? [] { sent[route, default: 0] += 1 }
            for one in item["foreseen"]?["withheld"]?.items ?? [] {
                withheld[one["route"]?.string ?? "", default: [:]][one["why"]?.string ?? "", default: 0] += 1
            }
        }
        return Set(sent.keys).union(withheld.keys).sorted().map { route in
            let whys = (withheld[route] ?? [:]).sorted { $0.key < $1.key }.map { "\($0.value) withheld: \($0.key)" }
            return "\(route) \(sent[route] ?? 0)" + (whys.isEmpty ? "" : " (\(whys.joined(separator: ", ")))")
        }.joined(separator: ", ")
    }

    private var pace: String {
        let canary = plan["canary"]?.integer ?? 1
        let stop = plan["stopAfter"]?.integer ?? 1
        let first =
            canary == 1
            ? "1 alone, and the rest only when it is delivered"
            : "\(canary) alone, and the rest only when they are delivered"
        return """
              first     \(first)
              then      \(plan["rate"]?.integer ?? 1) a second; stops when \(stop == 1 ? "one fails" : "\(stop) fail")
            """
    }

    private var list: String {
        var table = TextTable()
        for item in items.prefix(limit) {
            let outcome = item["outcome"]?.string ?? ""
            let cause = [item["was"]?.string, item["cause"]?.string].compactMap { $0 }.joined(separator: ", ")
            table.add([
                "\(item["number"]?.integer ?? 0)", String((item["reference"]?.string ?? "").prefix(18)),
                item["route"]?.string ?? "message", cause, outcome == "open" ? "" : result(item, outcome),
            ])
        }
        if items.count > limit { table.add(["", "and \(items.count - limit) more; --json has all"]) }
        return table.text(indent: "  ")
    }

    private func result(_ item: JSONValue, _ outcome: String) -> String {
        let why = item["why"]?.string
        switch outcome {
        case "delivered": return style.green(outcome)
        case "settled": return style.green(why ?? outcome)
        case "failed": return style.red("failed: \(why ?? "")")
        case "left": return style.yellow("left: \(why ?? "")")
        default: return style.cyan(outcome + (why.map { " (\($0))" } ?? ""))
        }
    }

    /// What became of it: `stopped: the first failed again (status-400)`, and the counts.
    var standing: String {
        let counts = plan["counts"]
        let words = [
            ("delivered", "delivered"), ("settled", PlanWords.settled(kind)), ("waiting", "still waiting"),
            ("failed", "failed"), ("left", "left"), ("open", "not tried"),
        ]
        let parts = words.compactMap { key, word in
            (counts?[key]?.integer).flatMap { $0 > 0 ? "\($0) \(word)" : nil }
        }
        let state = plan["state"]?.string ?? ""
        let ending = plan["ending"]?.string.map { ": \($0)" } ?? ""
        return state + ending + (parts.isEmpty || state == "made" ? "" : "  (\(parts.joined(separator: ", ")))")
    }
}
