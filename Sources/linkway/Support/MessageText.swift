import Reporting
import Gateway

/// Messages in words, for people at a terminal. Nothing in it says anything about a person.
enum MessageText {
    static func state(_ state: String, _ style: TextStyle) -> String {
        switch state {
        case "delivered", "noted": style.green(state)
        case "waiting": style.cyan(state)
        case "held", "withheld", "dropped": style.yellow(state)
        default: style.red(state)
        }
    }

    static func row(_ message: JSONValue, _ style: TextStyle) -> [String] {
        [
            message["receivedAt"]?.string ?? "", String((message["reference"]?.string ?? "").prefix(18)),
            state(message["state"]?.string ?? "", style), message["source"]?.string ?? "",
            message["mapping"]?.string ?? message["format"]?.string ?? "–", message["cause"]?.string ?? "",
        ]
    }

    /// What it is, its referrals, and where each route stands.
    static func standing(_ story: JSONValue, _ style: TextStyle) -> String {
        guard let message = story["message"] else { return "" }
        var table = TextTable()
        table.add([style.bold("message"), message["reference"]?.string ?? ""])
        table.add([
            style.bold("state"),
            state(message["state"]?.string ?? "", style) + ((message["cause"]?.string).map { "  (\($0))" } ?? ""),
        ])
        table.add([
            style.bold("came"), "\(message["receivedAt"]?.string ?? "") from \(message["source"]?.string ?? "")",
        ])
        table.add([
            style.bold("document"),
            "\(message["bytes"]?.integer ?? 0) bytes, sha256 \(String((message["sha256"]?.string ?? "").prefix(16)))…",
        ])
        if let mapping = message["mapping"]?.string { table.add([style.bold("read by"), mapping]) }
        if let repeats = message["repeats"]?.integer, repeats > 0 {
            table.add([style.bold("came again"), "\(repeats) time\(repeats == 1 ? "" : "s"), delivered once"])
        }
        for referral in story["referrals"]?.items ?? [] {
            table.add([
                style.bold("referral"),
                "\(referral["id"]?.string ?? "")  \(referral["kind"]?.string ?? ""), \(referral["status"]?.string ?? "")"
                    + ((referral["cause"]?.string).map { "  (\($0))" } ?? ""),
            ])
        }
        for delivery in story["deliveries"]?.items ?? [] {
            let cause = (delivery["cause"]?.string).map { "  \($0)" } ?? ""
            table.add([
                style.bold("→ " + (delivery["route"]?.string ?? "")),
                state(delivery["state"]?.string ?? "", style) + cause
                    + ((delivery["attempts"]?.integer ?? 0) > 1
                        ? "  after \(delivery["attempts"]?.integer ?? 0) tries" : ""),
            ])
        }
        return table.text()
    }

    static func findings(_ story: JSONValue, _ style: TextStyle) -> String {
        let findings = story["findings"]?.items ?? []
        guard !findings.isEmpty else { return "" }
        var lines = ["", style.bold("what was found")]
        for finding in findings.prefix(20) {
            let place = finding["location"].map { location in
                [location["line"]?.integer.map { "line \($0)" }, location["path"]?.string].compactMap { $0 }.joined(
                    separator: ", ")
            }
            lines.append(
                "  \(finding["severity"]?.string ?? ""): \(finding["message"]?.string ?? "") [\(finding["code"]?.string ?? "")]"
            )
            if let place, !place.isEmpty { lines.append("    at \(place)") }
            if let help = finding["help"]?.string { lines.append("    help: \(help)") }
        }
        if findings.count > 20 { lines.append("  and \(findings.count - 20) more; --json has all") }
        return lines.joined(separator: "\n")
    }

    static func timeline(_ story: JSONValue, _ style: TextStyle) -> String {
        var events: [(at: String, order: Int, text: [String])] = []
        for (index, line) in (story["audit"]?.items ?? []).enumerated() {
            let who = (line["actor"]?.string).map { "by \($0)" } ?? ""
            events.append(
                (
                    line["at"]?.string ?? "", index,
                    [
                        line["at"]?.string ?? "", line["event"]?.string ?? "", line["route"]?.string ?? "",
                        [who, line["detail"]?.string ?? ""].filter { !$0.isEmpty }.joined(separator: "  "),
                    ]
                ))
        }
        var table = TextTable()
        for event in events.sorted(by: { ($0.at, $0.order) < ($1.at, $1.order) }) { table.add(event.text) }
        return "\n" + style.bold("what happened") + "\n" + table.text(indent: "  ")
    }

    static func origins(_ trace: String, _ style: TextStyle) -> String {
        var table = TextTable()
        for line in trace.split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
            guard parts.count == 5 else { continue }
            let place = parts[4] == "source" ? "bytes \(parts[1])–\(parts[2])" : parts[4]
            table.add([parts[0], place, parts[3] == "0" ? "" : "mapping line \(parts[3])"])
        }
        return "\n" + style.bold("where each field came from") + "\n" + table.text(indent: "  ")
    }
}
