import DurableFiles
import ArgumentParser
import Gateway
import Mappings
import Reporting
import Workbench

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check mappings, code tables and the configuration.",
        discussion:
            "Reports every mistake at once, each with its line and column. Nothing is run and nothing is changed.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("Check this configuration too.", valueName: "file")) var config:
        String?
    @Flag(help: "Count warnings as mistakes.") var strict = false
    @Flag(help: "As a JSON object.") var json = false

    func run() throws {
        let console = output.console
        let library = try mappings.library(console)
        var findings = library.findings + PathsNeverMet.findings(in: library)
        if let config {
            do throws(FileError) { _ = try Configuration.read(config, reporting: &findings) } catch {
                console.say("linkway: \(error)")
                throw ExitCode.notThere
            }
        }
        if json { console.out(report(library, findings).text(pretty: true)) } else { print(library, findings, console) }
        let errors = findings.count { $0.severity == .error }
        let warnings = findings.count { $0.severity == .warning || $0.severity == .quarantine }
        if errors > 0 || (strict && warnings > 0) { throw ExitCode.badConfiguration }
    }

    private func print(_ library: MappingLibrary, _ findings: [Finding], _ console: Console) {
        let names = library.set.mappings.map(\.identity)
        console.out("Checking \(library.folder)")
        console.out("  mappings   \(names.isEmpty ? "none" : names.joined(separator: "  "))")
        for file in library.brokenFiles { console.out("  left out   \(file)") }
        let tables = Set(library.set.mappings.flatMap { $0.tables.map(\.name) })
        console.out("  tables     \(tables.count)")
        let notes = findings.count { $0.severity == .note }
        let shown = findings.filter { $0.severity > .note }
        if !shown.isEmpty { console.out("\n" + FindingPrinter(style: console.outStyle).text(shown)) }
        if notes > 0 {
            console.out("  \(notes) paths are met by no sample; `linkway coverage` lists the rules that gave no value")
        }
        let errors = findings.count { $0.severity == .error }
        console.out(Self.verdict(errors, shown.count - errors))
    }

    private static func verdict(_ errors: Int, _ warnings: Int) -> String {
        if errors == 0, warnings == 0 { return "No mistakes." }
        let parts = [(errors, "mistake"), (warnings, "warning")].filter { $0.0 > 0 }
        return parts.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: ", ") + "."
    }

    private func report(_ library: MappingLibrary, _ findings: [Finding]) -> JSONValue {
        .members([
            "schema": .string("linkway.check/1"),
            "mappings": .array(library.set.mappings.map { .string($0.identity) }),
            "findings": .array(findings.map(\.json)),
        ])
    }
}
