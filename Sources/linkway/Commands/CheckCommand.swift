import DurableFiles
import ArgumentParser
import Gateway
import Mappings
import Reporting
import Workbench

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check mappings, code tables and the configuration.",
        discussion: """
            Reports every mistake at once, each with its line and column. With --config the mappings are those the \
            configuration names, and every folder in it is tried out with a hidden file that is removed again.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("Check this configuration too.", valueName: "file")) var config:
        String?
    @Flag(help: "Count warnings as mistakes.") var strict = false
    @Flag(help: "As a JSON object.") var json = false

    func run() throws {
        let console = output.console
        var findings: [Finding] = []
        let configuration = try config.flatMap { try read($0, &findings, console) }
        guard config == nil || configuration != nil || mappings.mappings != nil else {
            // Where its mappings are cannot be known either.
            if json { console.out(report(nil, findings).text(pretty: true)) } else { show(findings, console) }
            throw ExitCode.badConfiguration
        }
        var options = mappings
        options.mappings = mappings.mappings ?? configuration?.mappings
        let library = try options.library(console)
        findings += library.findings + PathsNeverMet.findings(in: library)
        findings += NamesNeverMet.findings(in: library) + TestsNeverRun.findings(in: library)
        if let configuration { try add(configuration, library, &findings) }
        if json { console.out(report(library, findings).text(pretty: true)) } else { print(library, findings, console) }
        let errors = findings.count { $0.severity == .error }
        let warnings = findings.count { $0.severity == .warning || $0.severity == .quarantine }
        if errors > 0 || (strict && warnings > 0) { throw ExitCode.badConfiguration }
    }

    private func read(_ file: String, _ findings: inout [Finding], _ console: Console) throws -> Configuration? {
        do throws(FileError) { return try Configuration.read(file, reporting: &findings) } catch {
            console.say("linkway: \(error)")
            throw ExitCode.notThere
        }
    }

    /// What a start would stumble over: mappings, conditions, fields and forms that are not there, folders.
    private func add(_ configuration: Configuration, _ library: MappingLibrary, _ findings: inout [Finding]) throws {
        var own: [Finding] = []
        do throws(FileError) { _ = try Ruleset.make(configuration, library, reporting: &own) } catch {
            own.append(Finding("file-failed", .error, "the mappings cannot be read", why: "\(error)"))
        }
        findings += own.filter { !findings.contains($0) }
        for folder in configuration.folders where folder.isWritten {
            guard let failure = FolderProof.failureToUseOrMake(folder.path) else { continue }
            findings.append(
                Finding(
                    "file-failed", .error, "the folder of \(folder.what) cannot be used",
                    at: .init(document: configuration.file), why: "\(failure)",
                    help: "make it writable for the user that runs the gateway, or name another"))
        }
    }

    private func print(_ library: MappingLibrary, _ findings: [Finding], _ console: Console) {
        let names = library.set.mappings.map(\.identity)
        let tables = Set(library.set.mappings.flatMap { $0.tables.map(\.name) })
        if !output.quiet {
            console.out("Checking \([library.folder, config].compactMap(\.self).joined(separator: " and "))")
            console.out("  mappings   \(names.isEmpty ? "none" : names.joined(separator: "  "))")
            for file in library.brokenFiles { console.out("  left out   \(file)") }
            console.out("  tables     \(tables.count)")
        }
        show(findings, console)
    }

    private func show(_ findings: [Finding], _ console: Console) {
        let notes = findings.count { $0.severity == .note }
        let shown = findings.filter { $0.severity > .note }
        if !shown.isEmpty { console.out("\n" + FindingPrinter(style: console.outStyle).text(shown)) }
        guard !output.quiet else { return }
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

    private func report(_ library: MappingLibrary?, _ findings: [Finding]) -> JSONValue {
        .members([
            "schema": .string("linkway.check/1"),
            "mappings": .array((library?.set.mappings ?? []).map { .string($0.identity) }),
            "findings": .array(findings.map(\.json)),
        ])
    }
}
