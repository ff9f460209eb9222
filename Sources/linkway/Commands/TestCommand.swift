import ArgumentParser
import Gateway
import Reporting
import Workbench

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the tests that stand in the mapping files.",
        discussion: "A changed referral is written beside its golden file as NAME.received, for review; never when CI is set.",
        subcommands: [Run.self, Accept.self, Reject.self, Review.self], defaultSubcommand: Run.self)

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "run", abstract: "Run the tests (the default).")

        @OptionGroup var output: OutputOptions
        @OptionGroup var mappings: MappingOptions
        @Option(help: ArgumentHelp("Only tests whose mapping or sample holds this text.", valueName: "text")) var filter: String?
        @Option(help: ArgumentHelp("Write a JUnit report to this file.", valueName: "file")) var junit: String?
        @Flag(help: "As a JSON object.") var json = false

        func run() throws {
            let console = output.console
            let library = try mappings.usableLibrary(console)
            let cases = GoldenTests(library, today: Today.day).run(filter: filter)
            if !Console.isContinuousIntegration { try GoldenFiles.writeReceived(cases) }
            let report = TestReport(cases, style: console.outStyle)
            if let junit { try? Files.remove(junit); try Files.create(junit, Array(report.junit.utf8)) }
            console.out(json ? report.json.text(pretty: true) : report.text)
            if cases.contains(where: { $0.status != .passed }) { throw ExitCode.no }
            if cases.isEmpty {
                console.say("linkway: no test was run; a mapping's tests stand under `tests:`")
                throw ExitCode.no
            }
        }
    }

    struct Accept: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept", abstract: "Make what was received the golden files.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var mappings: MappingOptions
        @Option(help: ArgumentHelp("Only those whose mapping or sample holds this text.", valueName: "text")) var filter: String?

        func run() throws {
            let console = output.console
            let cases = GoldenTests(try mappings.usableLibrary(console), today: Today.day).run(filter: filter)
            for file in try GoldenFiles.accept(cases) { console.out("accepted \(file)") }
        }
    }

    struct Reject: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reject", abstract: "Keep the golden files, and remove what was received.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var mappings: MappingOptions

        func run() throws {
            for file in try GoldenFiles.reject(in: try mappings.library(output.console)) { output.console.out("removed \(file)") }
        }
    }

    struct Review: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "review", abstract: "Show each golden file that would change, value by value.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var mappings: MappingOptions
        @Option(help: ArgumentHelp("Only those whose mapping or sample holds this text.", valueName: "text")) var filter: String?

        func run() throws {
            let console = output.console
            let cases = GoldenTests(try mappings.usableLibrary(console), today: Today.day).run(filter: filter)
            let open = cases.filter { $0.status == .changed || $0.status == .pending }
            console.out(TestReport(open, style: console.outStyle).text)
            console.out(open.isEmpty ? "nothing to review" : "next: linkway test accept   ·   linkway test reject")
            if !open.isEmpty { throw ExitCode.no }
        }
    }
}
