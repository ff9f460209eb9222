import ArgumentParser
import Gateway
import Glibc
import Reporting

struct DeadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead", abstract: "Dead letters: what needs a person, by cause; try again or give up.",
        subcommands: [List.self, Show.self, Retry.self, Drop.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ls", abstract: "Dead letters by cause, the most frequent first.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Flag(help: "One JSON array.") var json = false

        func run() throws {
            let console = output.console
            let groups = try GatewayAccess(gateway, console).ask(.members(["ask": .string("dead")]))
            if json { return console.out(groups.text(pretty: true)) }
            guard !groups.items.isEmpty else { return console.out("nothing needs a person") }
            var table = TextTable()
            for group in groups.items {
                let place = group["route"]?.string.map { "on route \($0)" } ?? group["kind"]?.string ?? ""
                table.add([
                    "\(group["count"]?.integer ?? 0)", console.outStyle.bold(group["cause"]?.string ?? ""), place,
                    "oldest \(Duration.words(group["oldestSeconds"]?.integer ?? 0))",
                    group["about"]?.string ?? "", String((group["examples"]?.items.first?.string ?? "").prefix(18)),
                ])
            }
            console.out(table.text())
            console.say("next: linkway dead show CAUSE, then linkway dead retry --cause CAUSE")
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "What one cause means, and its dead letters.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Argument(help: "The cause, as `dead ls` names it.") var cause: String
        @Flag(help: "One JSON object.") var json = false

        func run() throws {
            let console = output.console
            let list = try GatewayAccess(gateway, console).ask(
                .members(["ask": .string("dead-list"), "cause": .string(cause)]))
            if json { return console.out(list.text(pretty: true)) }
            if let entry = FindingCatalogue.about(cause) { console.out("\(entry)\n") }
            var table = TextTable()
            for message in list["messages"]?.items ?? [] { table.add(MessageText.row(message, console.outStyle)) }
            for delivery in list["deliveries"]?.items ?? [] {
                table.add([
                    delivery["since"]?.string ?? "", String((delivery["reference"]?.string ?? "").prefix(18)),
                    "dead on \(delivery["route"]?.string ?? "")", "\(delivery["attempts"]?.integer ?? 0) tries",
                ])
            }
            console.out(table.text())
        }
    }

    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry", abstract: "Try dead letters again: prints the plan, and does it with --yes.",
            discussion: """
                A dead delivery goes out again, the same bytes under the same key. A held or refused message is read \
                again by the mappings it was read by, or with `--mapping current` by those in force now. The first one \
                goes alone; when it fails again, the rest is left. Exit code 0 when all went well, 2 when it stopped.
                """)

        enum Which: String, ExpressibleByArgument, CaseIterable { case tried, current }

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @OptionGroup var choice: DeadChoice
        @Option(help: "Read messages by these mappings: tried or current.") var mapping = Which.tried
        @Option(help: "How many a second, after the first.") var rate = 20
        @Flag(help: "Do it.") var yes = false

        func run() throws {
            let console = output.console
            try GatewayAccess(gateway, console).session { ask in
                let plan = RetryPlan(try ask(choice.question), mapping: mapping.rawValue, rate: max(1, rate))
                console.out(plan.words)
                guard !plan.isEmpty else { return }
                guard yes else { return console.say("nothing was done; add --yes to do it") }
                let done = try plan.carryOut(ask) { console.say($0) }
                if !done { throw ExitCode.partly }
            }
        }
    }

    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop", abstract: "Give dead letters up for good: prints the plan, and does it with --yes.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @OptionGroup var choice: DeadChoice
        @Option(help: "Why; it stands in the audit trail.") var reason: String
        @Flag(help: "Do it.") var yes = false

        func run() throws {
            let console = output.console
            try GatewayAccess(gateway, console).session { ask in
                let plan = RetryPlan(try ask(choice.question), mapping: "", rate: 1000)
                console.out("would give up \(plan.count) for good: \(reason)\n" + plan.list)
                guard !plan.isEmpty else { return }
                guard yes else { return console.say("nothing was done; add --yes to do it") }
                try plan.giveUp(ask, reason: reason)
                console.say("\(plan.count) given up")
            }
        }
    }
}

/// Which dead letters are meant.
struct DeadChoice: ParsableArguments {
    @Argument(help: "Messages, or the beginnings of their references; none for all of a cause.")
    var references: [String] = []
    @Option(help: "All of this cause.") var cause: String?
    @Option(help: "Only deliveries of this route.") var route: String?

    func validate() throws {
        if references.isEmpty, cause == nil, route == nil {
            throw ValidationError("name messages, a --cause or a --route; nothing is done to all at once")
        }
    }

    var question: JSONValue {
        .members([
            "ask": .string("dead-list"), "references": .array(references.map { .string($0) }), "cause": .text(cause),
            "route": .text(route),
        ])
    }
}
