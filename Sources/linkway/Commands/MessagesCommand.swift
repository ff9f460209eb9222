import ArgumentParser
import Custody
import Gateway
import Reporting

struct MessagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "messages", abstract: "Look at messages: what came, what became of it, and why.",
        subcommands: [List.self, Show.self, Trace.self, Answers.self, Get.self, Cancel.self],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ls", abstract: "Messages, the newest first.", aliases: ["list"])

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Option(
            name: .long, parsing: .upToNextOption,
            help: ArgumentHelp(
                "Only those in these states: \(MessageState.allCases.map(\.rawValue).joined(separator: ", ")).",
                valueName: "state")) var state: [String] = []
        @Option(help: "Only those of this source.") var source: String?
        @Option(help: "Only those owed to this route.") var route: String?
        @Option(help: "Only those held or refused for this cause.") var cause: String?
        @Option(help: ArgumentHelp("Only those of the last so many minutes.", valueName: "minutes")) var since: Int?
        @Option(help: ArgumentHelp("Only those before this number, for the next page.", valueName: "number"))
        var before: Int?
        @Option(help: "How many at most, 1 to 1000.") var limit = 50
        @Flag(help: "One JSON object.") var json = false

        func validate() throws {
            for state in state where MessageState(rawValue: state) == nil {
                let known = MessageState.allCases.map(\.rawValue)
                let near = Suggestion.nearest(to: state, among: known).map { "; did you mean `\($0)`?" }
                throw ValidationError("there is no state `\(state)`\(near ?? "")")
            }
        }

        func run() throws {
            let console = output.console
            let page = try GatewayAccess(gateway, console).ask(
                .members([
                    "ask": .string("messages"), "states": .array(state.map { .string($0) }), "source": .text(source),
                    "route": .text(route), "cause": .text(cause), "sinceMinutes": since.map { .number($0) },
                    "before": before.map { .number($0) }, "limit": .number(limit),
                ]))
            if json { return console.out(page.text(pretty: true)) }
            var table = TextTable()
            for message in page["messages"]?.items ?? [] {
                table.add(MessageText.row(message, console.outStyle))
            }
            let text = table.text()
            console.out(text.isEmpty ? "no messages" : text)
            if (page["messages"]?.items.count ?? 0) == limit, let next = page["next"]?.integer {
                console.say("more: add --before \(next)")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "How one message stands.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Argument(help: "The message, or the beginning of its reference.") var reference: String
        @Flag(help: "One JSON object.") var json = false

        func run() throws {
            let console = output.console
            let story = try GatewayAccess(gateway, console).ask(
                .members(["ask": .string("message"), "reference": .string(reference)]))
            console.out(json ? story.text(pretty: true) : MessageText.standing(story, console.outStyle))
        }
    }

    struct Trace: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "trace", abstract: "The whole story of one message on one page, from arrival to receipt.",
            discussion:
                "With --origins also where each field came from: its bytes in the document and its line of the mapping."
        )

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Argument(help: "The message, or the beginning of its reference.") var reference: String
        @Flag(help: "List the origin of every field.") var origins = false
        @Flag(help: "One JSON object.") var json = false

        func run() throws {
            let console = output.console
            try GatewayAccess(gateway, console).session { ask in
                let story = try ask(.members(["ask": .string("message"), "reference": .string(reference)]))
                if json { return console.out(story.text(pretty: true)) }
                console.out(MessageText.standing(story, console.outStyle))
                console.out(MessageText.findings(story, console.outStyle))
                let answers = MessageText.answersOf(story, console.outStyle)
                if !answers.isEmpty { console.out(answers) }
                console.out(MessageText.timeline(story, console.outStyle))
                guard origins else { return }
                let traces = try ask(
                    .members([
                        "ask": .string("content"), "reference": .string(reference), "part": .string("trace"),
                        "actor": .string(GatewayAccess.actor),
                    ]))
                for trace in traces.items {
                    console.out(MessageText.origins(trace["text"]?.string ?? "", console.outStyle))
                }
            }
        }
    }

    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "get", abstract: "The bytes of one message, in clear. Asking for them is audited.")

        enum Part: String, ExpressibleByArgument, CaseIterable { case source, canonical, sent }

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Argument(help: "The message, or the beginning of its reference.") var reference: String
        @Option(help: "What of it: source, canonical or sent.") var part = Part.source
        @Option(help: "With `sent`: on this route.") var route: String?

        func run() throws {
            let console = output.console
            let contents = try GatewayAccess(gateway, console).ask(
                .members([
                    "ask": .string("content"), "reference": .string(reference), "part": .string(part.rawValue),
                    "route": .text(route), "actor": .string(GatewayAccess.actor),
                ]))
            for content in contents.items {
                if let text = content["text"]?.string {
                    console.out(Array(text.utf8))
                    if !text.hasSuffix("\n") { console.out() }
                } else if let hex = content["hex"]?.string {
                    console.out(Self.bytes(hex))
                }
            }
        }

        private static func bytes(_ hex: String) -> [UInt8] {
            let digits = Array(hex.utf8).map { $0 > 0x39 ? $0 - 0x57 : $0 - 0x30 }
            return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        }
    }
}
