import ArgumentParser
import Gateway
import Reporting

struct RouteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route", abstract: "Look at routes; pause and resume them.",
        subcommands: [List.self, PauseRoute.self, ResumeRoute.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "ls", abstract: "All routes and how they stand.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Flag(help: "One JSON array.") var json = false

        func run() throws {
            let console = output.console
            let routes = try GatewayAccess(gateway, console).ask(.members(["ask": .string("routes")]))
            if json { return console.out(routes.text(pretty: true)) }
            var table = TextTable()
            for route in routes.items { table.add(RouteRow.cells(route, console.outStyle)) }
            console.out(table.text())
        }
    }

    struct PauseRoute: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause", abstract: "Hand nothing over on a route until it is resumed; referrals wait.")

        @OptionGroup var pausing: PausingOptions
        @Option(help: "Why; it stands in the audit trail.") var reason = ""

        func run() throws { try pausing.set("route", isPaused: true, reason) }
    }

    struct ResumeRoute: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "resume", abstract: "Go on with a paused route.")

        @OptionGroup var pausing: PausingOptions

        func run() throws { try pausing.set("route", isPaused: false, "") }
    }
}

struct SourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source", abstract: "Look at sources; pause and resume them.",
        subcommands: [List.self, PauseSource.self, ResumeSource.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "ls", abstract: "All sources and how they stand.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Flag(help: "One JSON array.") var json = false

        func run() throws {
            let console = output.console
            let sources = try GatewayAccess(gateway, console).ask(.members(["ask": .string("sources")]))
            if json { return console.out(sources.text(pretty: true)) }
            var table = TextTable()
            for source in sources.items {
                table.add([
                    source["name"]?.string ?? "", source["state"]?.string ?? "",
                    source["pausedWhy"]?.string ?? source["failingWhy"]?.string ?? "",
                ])
            }
            console.out(table.text())
        }
    }

    struct PauseSource: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause", abstract: "Take nothing more from a source until it is resumed.")

        @OptionGroup var pausing: PausingOptions
        @Option(help: "Why; it stands in the audit trail.") var reason = ""

        func run() throws { try pausing.set("source", isPaused: true, reason) }
    }

    struct ResumeSource: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "resume", abstract: "Go on with a paused source.")

        @OptionGroup var pausing: PausingOptions

        func run() throws { try pausing.set("source", isPaused: false, "") }
    }
}

/// What is paused or resumed.
struct PausingOptions: ParsableArguments {
    @OptionGroup var output: OutputOptions
    @OptionGroup var gateway: GatewayOptions
    @Argument(help: "Its name in the configuration.") var name: String

    func set(_ kind: String, isPaused: Bool, _ reason: String) throws {
        let console = output.console
        _ = try GatewayAccess(gateway, console).ask(
            .members([
                "ask": .string("pause"), "kind": .string(kind), "name": .string(name), "isPaused": .bool(isPaused),
                "reason": .string(reason), "actor": .string(GatewayAccess.actor),
            ]))
        if !output.quiet { console.say("\(kind) \(name) is \(isPaused ? "paused" : "going on")") }
    }
}
