import ArgumentParser
import Reporting

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say what a finding's code means.")

    @OptionGroup var output: OutputOptions
    @Argument(help: "The code of a finding, such as nhs-number-check-digit.") var code: String

    func run() throws {
        let console = output.console
        guard let entry = FindingCatalogue.entries.first(where: { $0.code == code }) else {
            console.say("linkway: there is no code `\(code)`")
            throw ExitCode.no
        }
        console.out("\(entry.code) (\(entry.severity.word))\n  \(entry.title)\n  why: \(entry.why)\n  help: \(entry.help)")
    }
}
