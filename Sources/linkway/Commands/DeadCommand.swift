import ArgumentParser
import Gateway
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
            commandName: "retry", abstract: "Try dead letters again: makes a plan, and runs it with --yes.",
            discussion: """
                A dead delivery goes out again, the same bytes under the same key. A held or refused message is read \
                again by the mappings it was read by, or with `--mapping current` by those in force now, and the plan \
                says what it comes to. Run the plan as it was printed with `linkway plan run`. Exit code 0 when all went \
                well, 1 when nothing can be done, 2 when it stopped, or something failed or still waits.
                """)

        enum Which: String, ExpressibleByArgument, CaseIterable { case tried, current }

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @OptionGroup var choice: DeadChoice
        @OptionGroup var pace: PaceOptions
        @Option(help: "Read messages by these mappings: tried or current.") var mapping = Which.tried
        @Option(help: "Why; it stands in the plan and the audit trail.") var reason: String?
        @Flag(help: "Run the plan at once.") var yes = false
        @Flag(help: "The plan as one JSON object.") var json = false

        func run() throws {
            let console = output.console
            let question = choice.question("plan").with([
                "kind": .string("retry"), "mapping": .string(mapping.rawValue), "reason": .text(reason),
                "actor": .string(GatewayAccess.actor),
            ])
            try Planning(access: try GatewayAccess(gateway, console), console: console, isJSON: json).plan(
                question.with(pace), isYes: yes, nothing: "nothing is dead there")
        }
    }

    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop", abstract: "Give dead letters up for good: makes a plan, and runs it with --yes.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @OptionGroup var choice: DeadChoice
        @Option(help: "Why; it stands in the plan and the audit trail.") var reason: String
        @Flag(help: "Run the plan at once.") var yes = false
        @Flag(help: "The plan as one JSON object.") var json = false

        func run() throws {
            let console = output.console
            let question = choice.question("plan").with([
                "kind": .string("drop"), "reason": .string(reason), "actor": .string(GatewayAccess.actor),
            ])
            try Planning(access: try GatewayAccess(gateway, console), console: console, isJSON: json).plan(
                question, isYes: yes, nothing: "nothing is dead there")
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

    func question(_ ask: String) -> JSONValue {
        .members([
            "ask": .string(ask), "references": .array(references.map { .string($0) }), "cause": .text(cause),
            "route": .text(route),
        ])
    }
}
