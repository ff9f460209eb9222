import ArgumentParser
import Gateway
import Reporting

extension MessagesCommand {
    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel",
            abstract: "Send no more of one message what still waits: makes a plan, and runs it with --yes.",
            discussion: """
                What was delivered is not called back. A delivery that is being handed over at that moment is waited for: \
                it is delivered, or it is cancelled, and never both.
                """)

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Argument(help: "The message, or the beginning of its reference.") var reference: String
        @Option(help: "Only on this route.") var route: String?
        @Option(help: "Why; it stands in the plan and the audit trail.") var reason: String
        @Flag(help: "Run the plan at once.") var yes = false
        @Flag(help: "The plan as one JSON object.") var json = false

        func run() throws {
            let console = output.console
            try Planning(access: try GatewayAccess(gateway, console), console: console, isJSON: json).plan(
                .members([
                    "ask": .string("plan"), "kind": .string("cancel"), "reference": .string(reference),
                    "route": .text(route),
                    "reason": .string(reason), "actor": .string(GatewayAccess.actor),
                ]), isYes: yes, nothing: "nothing of this message waits there")
        }
    }
}
