import ArgumentParser
import Gateway
import Reporting

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send referrals again as their routes would now: makes a plan, and runs it with --yes.",
        discussion: """
            For what was delivered, or is dead, and must go out as it would be made today: the referral that is kept, by \
            the routes, fields and forms in force, after consent is asked again. When its bytes are those sent before, it \
            goes under the same key and is a repeat to its receiver; when they are others, it is another message with a \
            new key and the same correlation. For a delivery that failed and is to go as it was, use `linkway dead retry`.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var pace: PaceOptions
    @Argument(help: "Messages, or the beginnings of their references.") var references: [String] = []
    @Option(help: ArgumentHelp("Instead: all that came in the last so many minutes.", valueName: "minutes"))
    var since: Int?
    @Option(help: "With --since: only from this source.") var source: String?
    @Option(help: "Only on this route.") var route: String?
    @Flag(
        help:
            "New keys for all, also where the bytes are the same: for a receiver that remembers keys and lost the rest."
    )
    var newKey = false
    @Option(help: "Why; it stands in the plan and the audit trail.") var reason: String
    @Flag(help: "Run the plan at once.") var yes = false
    @Flag(help: "The plan as one JSON object.") var json = false

    func validate() throws {
        guard references.isEmpty != (since == nil) else {
            throw ValidationError("name messages, or a time with --since; nothing is done to all at once")
        }
    }

    func run() throws {
        let console = output.console
        let question = JSONValue.members([
            "ask": .string("plan"), "kind": .string("replay"), "references": .array(references.map { .string($0) }),
            "sinceMinutes": since.map { .number($0) }, "source": .text(source), "route": .text(route),
            "isAlwaysNew": .bool(newKey), "reason": .string(reason), "actor": .string(GatewayAccess.actor),
        ])
        try Planning(access: try GatewayAccess(gateway, console), console: console, isJSON: json).plan(
            question.with(pace), isYes: yes, nothing: "nothing of that was delivered or is dead there")
    }
}
