package import Reporting

/// Runs a plan: the first of it alone, the rest at its rate once the first is delivered, and no further than its rule to
/// stop says. It asks whoever has the store for each step; when it dies, each item is known to be tried or not.
package struct PlanRun {
    package enum Ending: Sendable, Hashable {
        /// Every item came to what was planned, or was left because it changed meanwhile.
        case done
        /// It stopped, or something failed or still waits.
        case partly
    }

    private let ask: (JSONValue) throws -> JSONValue
    private let wait: (_ milliseconds: Int) -> Void
    private let say: (String) -> Void
    private let actor: JSONValue
    /// How long deliveries are waited for, in milliseconds.
    private let patience: Int
    private static let glance = 200

    /// - Parameters:
    ///   - ask: Asks the gateway a question and gives its result.
    ///   - wait: Sleeps.
    ///   - say: Told what happens, line by line.
    package init(
        actor: String, patienceSeconds: Int = 30, ask: @escaping (JSONValue) throws -> JSONValue,
        wait: @escaping (_ milliseconds: Int) -> Void, say: @escaping (String) -> Void
    ) {
        self.actor = .string(actor)
        patience = patienceSeconds * 1000
        self.ask = ask
        self.wait = wait
        self.say = say
    }

    package func run(_ plan: String, isContinuing: Bool = false) throws -> Ending {
        let begun = try ask(
            .members([
                "ask": .string("plan-begin"), "plan": .string(plan), "isContinuing": .bool(isContinuing),
                "actor": actor,
            ]))
        guard let run = Run(begun) else { return .partly }
        let ending = run.isSending ? try send(run) : try finish(run.open[...], of: run)
        let ended = try ask(
            .members([
                "ask": .string("plan-end"), "plan": .string(run.id), "run": .number(run.number),
                "ending": .text(ending),
            ]))
        let counts = Counts(ended["counts"])
        say((ending.map { "stopped: \($0)\n" } ?? "") + counts.words(run))
        if counts.open > 0 { say("next: linkway plan run \(run.id) --continue") }
        // What was to be given up and is left may have been sent: that is not what was wanted.
        let isShort = counts.open + counts.failed + counts.waiting + (run.isSending ? 0 : counts.left) > 0
        return isShort ? .partly : .done
    }

    /// What was begun.
    private struct Run {
        let id: String
        let number: Int
        let kind: String
        let rate: Int
        let canary: Int
        let stopAfter: Int
        let counts: Counts
        let open: [Int]

        var isSending: Bool { ["retry", "replay"].contains(kind) }

        init?(_ begun: JSONValue) {
            guard let id = begun["id"]?.string, let number = begun["run"]?.integer else { return nil }
            self.id = id
            self.number = number
            kind = begun["kind"]?.string ?? ""
            rate = max(1, begun["rate"]?.integer ?? 1)
            canary = begun["canary"]?.integer ?? 1
            stopAfter = begun["stopAfter"]?.integer ?? 1
            counts = Counts(begun["counts"])
            open = (begun["items"]?.items ?? []).filter { $0["outcome"]?.string == "open" }
                .compactMap { $0["number"]?.integer }
        }
    }

    // MARK: Sending

    /// - Returns: Why it stopped; `nil` when nothing is left to be tried.
    private func send(_ run: Run) throws -> String? {
        var rest = run.open[...]
        var first = 0
        // What an earlier run sent and what still waits is the first of this one.
        while run.counts.waiting == 0, first < run.canary, let number = rest.popFirst() {
            if try step(number, of: run)["outcome"]?.string != "left" { first += 1 }
        }
        let (counts, causes) = try settle(run)
        let gone = max(first, run.counts.waiting)
        let words = gone == 1 ? "the first is" : "the first \(gone) are"
        if counts.failed > run.counts.failed {
            return "\(gone == 1 ? "the first" : "one of the first") failed again" + causes
        }
        guard counts.waiting == 0 || rest.isEmpty else {
            return "\(words) still waiting after \(patience / 1000) s" + causes
        }
        if gone > 0, !rest.isEmpty { say("\(words) there") }
        for number in rest {
            wait(1000 / run.rate)
            _ = try step(number, of: run)
            if let ending = try stops(run) { return ending }
        }
        if !rest.isEmpty { _ = try settle(run) }
        return nil
    }

    /// Whether as many failed as the plan allows, and something is left to be spared.
    private func stops(_ run: Run) throws -> String? {
        let (counts, causes) = try look(run)
        let failed = counts.failed - run.counts.failed
        return failed >= run.stopAfter && counts.open > 0 ? "\(failed) failed" + causes : nil
    }

    private func step(_ number: Int, of run: Run, isLast: Bool = false) throws -> JSONValue {
        let answer = try ask(
            .members([
                "ask": .string("plan-step"), "plan": .string(run.id), "run": .number(run.number),
                "number": .number(number),
                "isLast": .bool(isLast), "actor": actor,
            ]))
        let item = answer["item"] ?? answer
        if item["outcome"]?.string == "left" {
            let place = item["route"]?.string.map { " on route \($0)" } ?? ""
            say("left \((item["reference"]?.string ?? "").prefix(18))\(place): \(item["why"]?.string ?? "")")
        }
        return item
    }

    private func look(_ run: Run) throws -> (Counts, causes: String) {
        let answer = try ask(.members(["ask": .string("plan-look"), "plan": .string(run.id)]))
        let causes = (answer["causes"]?.items ?? []).compactMap(\.string)
        return (Counts(answer["counts"]), causes.isEmpty ? "" : " (\(causes.joined(separator: ", ")))")
    }

    /// Waits until nothing that was sent is on its way, for as long as there is patience.
    private func settle(_ run: Run) throws -> (Counts, causes: String) {
        var waited = 0
        while true {
            let (counts, causes) = try look(run)
            if counts.waiting == 0 || waited >= patience { return (counts, causes) }
            wait(Self.glance)
            waited += Self.glance
        }
    }

    // MARK: Giving up

    /// Gives items up, one after another. What is just being handed over is waited for.
    private func finish(_ numbers: ArraySlice<Int>, of run: Run) throws -> String? {
        for number in numbers {
            var waited = 0
            while try step(number, of: run, isLast: waited >= patience)["isInHand"]?.flag ?? false {
                if waited == 0 { say("item \(number) is just being handed over; waiting for what comes of it") }
                wait(Self.glance)
                waited += Self.glance
            }
        }
        return nil
    }

    // MARK: Counting

    private struct Counts {
        let open, waiting, delivered, settled, failed, left: Int

        init(_ counts: JSONValue?) {
            func number(_ key: String) -> Int { counts?[key]?.integer ?? 0 }
            open = number("open")
            waiting = number("waiting")
            delivered = number("delivered")
            settled = number("settled")
            failed = number("failed")
            left = number("left")
        }

        /// `plan 7f3a: 11 delivered, 1 left out`.
        func words(_ run: Run) -> String {
            let parts = [
                (delivered, "delivered"), (settled, PlanWords.settled(run.kind)),
                (waiting, "still waiting"), (failed, "failed"), (left, "left as they were"), (open, "not tried"),
            ]
            let words = parts.filter { $0.0 > 0 }.map { "\($0) \($1)" }
            return "plan \(run.id): " + (words.isEmpty ? "nothing to do" : words.joined(separator: ", "))
        }
    }
}

/// Words for plans that are said in more than one place.
package enum PlanWords {
    /// What came of items that are at their end with nothing to deliver.
    package static func settled(_ kind: String) -> String {
        switch kind {
        case "cancel": "cancelled"
        case "drop": "given up"
        default: "decided, with nothing to send"
        }
    }
}
