import Gateway
import Glibc
import Reporting

/// What a retry is about, frozen when it was asked for: the first goes alone, the rest at a rate, and it stops when the
/// first fails again.
struct RetryPlan {
    private let deliveries: [JSONValue]
    private let messages: [JSONValue]
    private let mapping: String
    private let rate: Int

    init(_ list: JSONValue, mapping: String, rate: Int) {
        deliveries = list["deliveries"]?.items ?? []
        messages = list["messages"]?.items ?? []
        self.mapping = mapping
        self.rate = rate
    }

    var count: Int { deliveries.count + messages.count }
    var isEmpty: Bool { count == 0 }

    var words: String {
        if isEmpty { return "nothing is dead there" }
        return """
            plan: \(count) dead letter\(count == 1 ? "" : "s"), this list and no other
            \(list)
            first   one alone; if it fails again, the rest is left
            then    \(rate) a second\(messages.isEmpty ? "" : "; messages are read again by the \(mapping == "current" ? "mappings in force now" : "mappings they were read by")")
            """
    }

    var list: String {
        var table = TextTable()
        for item in (deliveries + messages).prefix(10) {
            table.add([
                String((item["reference"]?.string ?? "").prefix(18)), item["route"]?.string ?? "message",
                item["cause"]?.string ?? "",
            ])
        }
        if count > 10 { table.add(["and \(count - 10) more"]) }
        return table.text(indent: "  ")
    }

    /// - Returns: Whether all of it was done.
    func carryOut(_ ask: (JSONValue) throws -> JSONValue, say: (String) -> Void) throws -> Bool {
        var failed = 0
        for (index, item) in items.enumerated() {
            let isWell = try retry(item, ask)
            if index == 0 {
                let outcome = isWell ? try settle(item, ask) : "failed"
                say("first: \(outcome)")
                if outcome != "well", outcome != "still waiting" {
                    if count > 1 { say("stopped: \(count - 1) are left as they were") }
                    return false
                }
            } else if !isWell {
                failed += 1
            }
            usleep(UInt32(1_000_000 / rate))
        }
        say("\(count - failed) sent again" + (failed > 0 ? ", \(failed) could not be" : ""))
        return failed == 0
    }

    private var items: [JSONValue] { deliveries + messages }

    private func retry(_ item: JSONValue, _ ask: (JSONValue) throws -> JSONValue) throws -> Bool {
        let actor = JSONValue.string(GatewayAccess.actor)
        if item["route"] != nil {
            _ = try ask(.members(["ask": .string("retry"), "delivery": item["id"], "actor": actor]))
            return true
        }
        let result = try ask(
            .members([
                "ask": .string("retry"), "reference": item["reference"], "mapping": .string(mapping), "actor": actor,
            ]))
        return !["held", "refused"].contains(result["state"]?.string ?? "")
    }

    /// Waits for the first to come to its end, for half a minute at most.
    private func settle(_ item: JSONValue, _ ask: (JSONValue) throws -> JSONValue) throws -> String {
        for _ in 0..<60 {
            let story = try ask(.members(["ask": .string("message"), "reference": item["reference"]]))
            switch story["message"]?["state"]?.string {
            case "waiting": usleep(500_000)
            case "delivered", "withheld", "noted": return "well"
            case let state: return "failed again (\(story["message"]?["cause"]?.string ?? state ?? ""))"
            }
        }
        return "still waiting"
    }

    func giveUp(_ ask: (JSONValue) throws -> JSONValue, reason: String) throws {
        for item in items {
            let key = item["route"] != nil ? "delivery" : "reference"
            _ = try ask(
                .object([
                    .init(key: "ask", value: .string("drop")),
                    .init(key: key, value: item[key == "delivery" ? "id" : "reference"] ?? .null),
                    .init(key: "reason", value: .string(reason)),
                    .init(key: "actor", value: .string(GatewayAccess.actor)),
                ]))
        }
    }
}
