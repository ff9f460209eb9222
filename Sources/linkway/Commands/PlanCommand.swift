import ArgumentParser
import Gateway
import Reporting

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Plans that `dead`, `replay` and `messages cancel` made: look at them, run them.",
        subcommands: [List.self, Show.self, Run.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ls", abstract: "Plans, the newest first, and what became of them.", aliases: ["list"])

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Option(help: "How many at most, 1 to 1000.") var limit = 20
        @Flag(help: "One JSON list.") var json = false

        func run() throws {
            let console = output.console
            let plans = try GatewayAccess(gateway, console).ask(
                .members(["ask": .string("plans"), "limit": .number(limit)]))
            if json { return console.out(plans.text(pretty: true)) }
            guard !plans.items.isEmpty else { return console.out("no plans") }
            var table = TextTable()
            for plan in plans.items {
                table.add([
                    console.outStyle.bold(plan["id"]?.string ?? ""), plan["kind"]?.string ?? "",
                    plan["madeAt"]?.string ?? "", plan["madeBy"]?.string ?? "",
                    "\(plan["items"]?.items.count ?? 0)", PlanText(plan, console.outStyle).standing,
                    plan["reason"]?.string ?? "",
                ])
            }
            console.out(table.text())
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "One plan: its list, and what came of each item.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Argument(help: "The plan, as it was printed.") var plan: String
        @Flag(help: "One JSON object.") var json = false

        func run() throws {
            let console = output.console
            let plan = try GatewayAccess(gateway, console).ask(
                .members(["ask": .string("plan-show"), "plan": .string(plan)]))
            if json { return console.out(plan.text(pretty: true)) }
            let text = PlanText(plan, console.outStyle, limit: 1000)
            console.out(text.whole + "\n" + text.standing)
        }
    }

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run", abstract: "Do what a plan says: its list and nothing else, once, within a day.",
            discussion: """
                What changed since the plan was made is left out, and said. The first goes alone; the rest follow only \
                when it is delivered. Exit code 0 when all of it is done, 2 when it stopped, or something failed or \
                still waits.
                """)

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Argument(help: "The plan, as it was printed.") var plan: String
        @Flag(name: .customLong("continue"), help: "Go on with what is left of a plan that stopped.") var isContinuing =
            false
        @Option(help: ArgumentHelp("How long deliveries are waited for.", valueName: "seconds")) var patience = 30
        @Flag(help: "The plan as it stands afterwards, as one JSON object.") var json = false

        func validate() throws {
            guard 0...3600 ~= patience else { throw ValidationError("--patience is a number from 0 to 3600") }
        }

        func run() throws {
            let console = output.console
            let access = try GatewayAccess(gateway, console)
            try access.session { ask in
                try Planning(access: access, console: console, isJSON: json).run(
                    plan, isContinuing: isContinuing, patience: patience, ask)
            }
        }
    }
}
