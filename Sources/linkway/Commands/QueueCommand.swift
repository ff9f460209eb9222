import ArgumentParser
import DurableFiles
import Reporting

struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Queue folders, as their readers find them.", subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Whether a queue folder is sound: shape, names, permissions, content.",
            discussion: """
                Reads every file in `ready/` and changes nothing. Shows names, never what files hold. Exit code 0 when \
                nothing failed, 1 otherwise.
                """)

        @OptionGroup var output: OutputOptions
        @Argument(help: "The folder, as `queue:` of a route names it.") var folder: String
        @Flag(help: "One JSON object.") var json = false

        func run() throws {
            let console = output.console
            guard Files.isFolder(folder) else {
                console.say("linkway: there is no folder \(folder.printable())")
                throw ExitCode.notThere
            }
            let found = QueueExamination.examine(folder)
            if json {
                console.out(found.json("linkway.queue-check/1").text(pretty: true))
            } else {
                let text = found.text(console.outStyle, isQuiet: output.quiet)
                if !text.isEmpty { console.out(text) }
                if !output.quiet { console.out("\n" + found.verdict) }
            }
            if !found.isWell { throw ExitCode.no }
        }
    }
}
