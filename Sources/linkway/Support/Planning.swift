import ArgumentParser
import Gateway
import Glibc
import Reporting

/// Makes a plan, shows it, and runs it where `--yes` says so.
struct Planning {
    let access: GatewayAccess
    let console: Console
    let isJSON: Bool

    /// - Parameter nothing: What is said when there is nothing to plan.
    func plan(_ question: JSONValue, isYes: Bool, nothing: String) throws {
        try access.session { ask in
            let plan = try ask(question)
            if !isJSON, !(plan["items"]?.items ?? []).isEmpty { console.out(PlanText(plan, console.outStyle).whole) }
            if isJSON, !isYes || plan["id"] == nil { console.out(plan.text(pretty: true)) }
            guard let id = plan["id"]?.string else {
                console.say((plan["items"]?.items ?? []).isEmpty ? nothing : "nothing can be done for any of them")
                throw ExitCode.no
            }
            if plan["isCut"]?.flag ?? false {
                console.say("a plan holds 1000 items; make another when this one is done")
            }
            if isYes { return try run(id, isContinuing: false, patience: 30, ask) }
            console.say("nothing was done yet; do it with: linkway plan run \(id)")
        }
    }

    func run(
        _ plan: String, isContinuing: Bool, patience: Int, _ ask: @escaping (JSONValue) throws -> JSONValue
    ) throws {
        let question = JSONValue.members(["ask": .string("plan-show"), "plan": .string(plan)])
        let kind = try ask(question)["kind"]?.string ?? ""
        if ["retry", "replay"].contains(kind), !access.isRunning {
            console.say("linkway: no gateway runs here, and nobody would send anything")
            console.say("  help: start it, then `linkway plan run \(plan)`")
            throw ExitCode(69)
        }
        let run = PlanRun(
            actor: GatewayAccess.actor, patienceSeconds: patience, ask: ask, wait: { usleep(UInt32($0) * 1000) },
            say: { console.say($0) })
        let ending = try run.run(plan, isContinuing: isContinuing)
        if isJSON { console.out(try ask(question).text(pretty: true)) }
        if ending == .partly { throw ExitCode.partly }
    }
}

/// How fast a plan sends, and when it stops.
struct PaceOptions: ParsableArguments {
    @Option(help: "How many go alone at first; the rest only when they are delivered.") var canary = 1
    @Option(help: "How many a second after that, 1 to 1000.") var rate = 2
    @Option(help: ArgumentHelp("How many may fail before it stops.", valueName: "count")) var stopAfter = 1

    func validate() throws {
        guard 1...1000 ~= canary, 1...1000 ~= rate, 1...1000 ~= stopAfter else {
            throw ValidationError("--canary, --rate and --stop-after are numbers from 1 to 1000")
        }
    }
}

extension JSONValue {
    /// The object with further members.
    func with(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        guard case .object(let own) = self, case .object(let more) = JSONValue.members(members) else { return self }
        return .object(own + more)
    }

    func with(_ pace: PaceOptions) -> JSONValue {
        with(["rate": .number(pace.rate), "canary": .number(pace.canary), "stopAfter": .number(pace.stopAfter)])
    }
}
