import ArgumentParser
import Gateway
import Reporting

extension MessagesCommand {
    struct Answers: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "answers", abstract: "What receivers said of what they were sent, the newest first.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Flag(help: "Only those that answer nothing known here.") var unmatched = false
        @Option(help: "How many at most, 1 to 1000.") var limit = 50
        @Flag(help: "One JSON list.") var json = false

        func run() throws {
            let console = output.console
            let answers = try GatewayAccess(gateway, console).ask(
                .members(["ask": .string("answers"), "isUnmatched": .bool(unmatched), "limit": .number(limit)]))
            if json { return console.out(answers.text(pretty: true)) }
            let text = MessageText.answers(answers.items, console.outStyle)
            console.out(text.isEmpty ? "no answers" : text)
        }
    }
}

extension MessageText {
    /// One line for each answer: when, in which form, what it says, and of which message.
    static func answers(_ answers: [JSONValue], _ style: TextStyle, indent: String = "") -> String {
        var table = TextTable()
        for answer in answers {
            table.add([
                answer["at"]?.string ?? "", answer["kind"]?.string ?? "", verdict(answer, style),
                answer["route"]?.string.map { "→ " + $0 } ?? style.yellow("unmatched"),
                String((answer["sent"]?.string ?? answer["broughtBy"]?.string ?? "").prefix(18)),
            ])
        }
        return table.text(indent: indent)
    }

    private static func verdict(_ answer: JSONValue, _ style: TextStyle) -> String {
        let word = answer["verdict"]?.string ?? ""
        let words = word + (answer["code"]?.string.map { " (\($0))" } ?? "")
        switch word {
        case "received", "duplicate": return style.green(words)
        case "unclear": return style.yellow(words)
        default: return style.red(words)
        }
    }

    /// What receivers said, as a part of a message's story; empty when nobody said anything.
    static func answersOf(_ story: JSONValue, _ style: TextStyle) -> String {
        let answers = story["answers"]?.items ?? []
        return answers.isEmpty
            ? "" : "\n" + style.bold("what receivers said") + "\n" + self.answers(answers, style, indent: "  ")
    }
}
