import ArgumentParser
import Gateway
import Mappings
import Reporting

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Take the documents of the inbox folders through to the queues.",
        discussion: """
            Works off what lies in the inboxes and stops (`--once`). Each document ends in `done/` with its referral in \
            every queue, or in `failed/` with the reason in plain words beside it.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("The configuration file.", valueName: "file")) var config: String?
    @Option(help: ArgumentHelp("An inbox folder, instead of a configuration.", valueName: "folder")) var inbox: String?
    @Option(help: ArgumentHelp("The queue folder that goes with --inbox.", valueName: "folder")) var queue: String?
    @Flag(help: "Work off what is there, then stop.") var once = false
    @Flag(help: "Map and check, but move and deliver nothing.") var dryRun = false
    @Flag(help: "One JSON object a line, one for each document.") var json = false

    func validate() throws {
        guard once else { throw ValidationError("this version works off what is there and stops: add --once") }
        guard (inbox == nil) == (queue == nil) else { throw ValidationError("--inbox and --queue go together") }
    }

    func run() throws {
        let console = output.console
        let configuration = try self.configuration(console)
        var options = mappings
        if options.mappings == nil, config != nil || inbox == nil { options.mappings = configuration.mappings }
        let library = try options.usableLibrary(console)
        let findings = configuration.findings(beside: library)
        guard findings.isEmpty else {
            console.say(findings)
            throw ExitCode.badConfiguration
        }
        let runner = RunOnce(configuration, library, today: Today.day, isDryRun: dryRun)
        var counts: [RunOnce.Step.End: Int] = [:]
        do throws(FileError) {
            try runner.run { step in
                counts[step.end, default: 0] += 1
                report(step, console)
            }
        } catch {
            console.say("linkway: \(error)")
            throw ExitCode.diskFailure
        }
        try finish(counts, console)
    }

    private func configuration(_ console: Console) throws -> Configuration {
        var configuration = Configuration()
        if let inbox, let queue {
            configuration.sources = [Configuration.Source(name: Files.name(of: inbox), folder: inbox)]
            configuration.routes = [Configuration.Route(name: Files.name(of: queue), queue: queue)]
            return configuration
        }
        let path = config ?? "linkway.yaml"
        var findings: [Finding] = []
        do throws(FileError) {
            if let read = try Configuration.read(path, reporting: &findings) { return read }
        } catch {
            console.say("linkway: \(error)")
            console.say("  help: name a configuration with `--config FILE`, or folders with `--inbox` and `--queue`")
            throw ExitCode.notThere
        }
        console.say(findings)
        throw ExitCode.badConfiguration
    }

    private func report(_ step: RunOnce.Step, _ console: Console) {
        if json {
            console.out(json(step).text())
        } else {
            console.out(line(step, console.outStyle))
            if !output.quiet, step.end != .delivered {
                console.say(step.findings.filter { $0.severity >= .quarantine })
            }
        }
    }

    /// `✓ letter-01.xml  delivered  riverside-xml@1  41 fields …`.
    private func line(_ step: RunOnce.Step, _ style: TextStyle) -> String {
        let mark = step.end == .delivered ? style.green("✓") : step.end == .held ? style.yellow("!") : style.red("✗")
        var parts = ["\(mark) \(step.file)", step.end.rawValue]
        if let mapping = step.mapping { parts.append(mapping) }
        let warnings = step.findings.count { $0.severity == .warning }
        if warnings > 0 { parts.append("\(warnings) warning\(warnings == 1 ? "" : "s")") }
        if let movedTo = step.movedTo { parts.append("→ \(movedTo)") }
        return parts.joined(separator: "   ")
    }

    private func json(_ step: RunOnce.Step) -> JSONValue {
        .members([
            "schema": .string("linkway.run/1"), "source": .string(step.source), "end": .string(step.end.rawValue),
            "mapping": .text(step.mapping), "referrals": .array(step.referrals.map { .string($0) }),
            "findings": .array(step.findings.map(\.json)),
        ])
    }

    private func finish(_ counts: [RunOnce.Step.End: Int], _ console: Console) throws {
        let total = counts.values.reduce(0, +)
        let delivered = counts[.delivered] ?? 0
        if !json, !output.quiet {
            console.say(
                "\(total) documents: \(delivered) delivered, \(counts[.held] ?? 0) held, \(counts[.refused] ?? 0) refused"
                    + (counts[.postponed].map { ", \($0) left where they are" } ?? ""))
        }
        if delivered < total { throw ExitCode.partly }
    }
}
