import DurableFiles
import ArgumentParser
import Gateway
import Mappings
import Reporting
import Workbench

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the tests that stand in the mapping files.",
        discussion:
            "A changed referral is written beside its golden file as NAME.received, for review; never when CI is set.",
        subcommands: [Run.self, Accept.self, Reject.self, Review.self], defaultSubcommand: Run.self)

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "run", abstract: "Run the tests (the default).")

        @OptionGroup var output: OutputOptions
        @OptionGroup var mappings: MappingOptions
        @Option(help: ArgumentHelp("Only tests whose mapping or sample holds this text.", valueName: "text"))
        var filter: String?
        @Option(help: ArgumentHelp("Write a JUnit report to this file.", valueName: "file")) var junit: String?
        @Flag(help: "Say how much of the samples is accounted for.") var coverage = false
        @Flag(help: "As a JSON object.") var json = false

        func run() throws {
            let console = output.console
            let library = try mappings.library(console)
            let cases = GoldenTests(library, today: Today.day).run(filter: filter)
            let report = TestReport(cases, style: console.outStyle)
            try Writing.attempt(console) { () throws(FileError) in
                if !Console.isContinuousIntegration { try GoldenFiles.writeReceived(cases) }
                if let junit {
                    try Files.remove(junit)
                    try Files.create(junit, Array(report.junit.utf8))
                }
            }
            console.out(json ? report.json.text(pretty: true) : report.text)
            if coverage { sayCoverage(of: library, console) }
            if !library.isUsable {
                console.say(library.findings.filter { $0.severity == .error })
                ChosenMappings(library: library).sayBroken(console)
                throw ExitCode.badConfiguration
            }
            if cases.contains(where: { $0.status != .passed }) {
                if cases.contains(where: { $0.received != nil }), !output.quiet {
                    console.say("next: linkway test review   ·   linkway test accept")
                }
                throw ExitCode.no
            }
            if cases.isEmpty {
                console.say("linkway: no test was run; a mapping's tests stand under `tests:`")
                throw ExitCode.no
            }
        }

        private func sayCoverage(of library: MappingLibrary, _ console: Console) {
            var options = Translator.Options(today: Today.day)
            options.isDetailed = true
            let report = Samples.coverage(in: library, with: Translator(library.set, options: options))
            let text = CoverageText(report, style: console.outStyle).summary
            if json { console.say(text) } else { console.out("\n" + text) }
        }
    }

    struct Accept: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept", abstract: "Make what was received the golden files.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var mappings: MappingOptions
        @Option(help: ArgumentHelp("Only those whose mapping or sample holds this text.", valueName: "text"))
        var filter: String?

        func run() throws {
            let console = output.console
            if Console.isContinuousIntegration {
                console.say("linkway: CI is set, and golden files are accepted by a person, not by a machine")
                throw ExitCode.no
            }
            let cases = GoldenTests(try mappings.usableLibrary(console), today: Today.day).run(filter: filter)
            let files = try Writing.attempt(console) { () throws(FileError) in try GoldenFiles.accept(cases) }
            for file in files { console.out("accepted \(file)") }
            if files.isEmpty { console.say("nothing to accept") }
        }
    }

    struct Reject: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reject", abstract: "Keep the golden files, and remove what was received.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var mappings: MappingOptions

        func run() throws {
            let console = output.console
            let library = try mappings.library(console)
            let files = try Writing.attempt(console) { () throws(FileError) in try GoldenFiles.reject(in: library) }
            for file in files { console.out("removed \(file)") }
            if files.isEmpty { console.say("nothing to reject") }
        }
    }

    struct Review: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "review", abstract: "Show each golden file that would change or be new, value by value.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var mappings: MappingOptions
        @Option(help: ArgumentHelp("Only those whose mapping or sample holds this text.", valueName: "text"))
        var filter: String?

        func run() throws {
            let console = output.console
            let cases = GoldenTests(try mappings.usableLibrary(console), today: Today.day).run(filter: filter)
            let open = cases.filter { $0.status == .changed || $0.status == .pending }
            console.out(TestReport(open, style: console.outStyle, isWhole: true).text)
            console.out(open.isEmpty ? "nothing to review" : "next: linkway test accept   ·   linkway test reject")
            if !open.isEmpty { throw ExitCode.no }
        }
    }
}

/// Actions on files of the project; one that fails ends the command in plain words.
enum Writing {
    static func attempt<Result>(_ console: Console, _ action: () throws(FileError) -> Result) throws -> Result {
        do throws(FileError) { return try action() } catch {
            console.say("linkway: \(error)")
            throw ExitCode.cannotCreate
        }
    }
}
