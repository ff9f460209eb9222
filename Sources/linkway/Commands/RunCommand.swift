import DurableFiles
import ArgumentParser
import Gateway
import Mappings
import Referrals
import Reporting

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Take documents from all sources through to all routes.",
        discussion: """
            Runs in the foreground until it is told to stop (SIGTERM, SIGINT); SIGHUP reads mappings and configuration \
            again. With `--once` it works off what lies in the inboxes and stops. Each document ends in `done/`, or in \
            `failed/` with the reason in plain words beside it.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("The configuration file.", valueName: "file")) var config: String?
    @Option(help: ArgumentHelp("An inbox folder, instead of a configuration.", valueName: "folder")) var inbox: String?
    @Option(help: ArgumentHelp("The queue folder that goes with --inbox.", valueName: "folder")) var queue: String?
    @Flag(help: "Work off what is there, then stop.") var once = false
    @Flag(help: "Map and check, but move and deliver nothing.") var dryRun = false
    @Flag(name: .shortAndLong, help: "Say every finding of every document, warnings and notes too.") var verbose = false
    @Flag(help: "One JSON object a line, one for each document.") var json = false

    func validate() throws {
        guard once || inbox == nil else { throw ValidationError("--inbox and --queue are for --once") }
        guard once || !dryRun else { throw ValidationError("--dry-run is for --once") }
        guard (inbox == nil) == (queue == nil) else { throw ValidationError("--inbox and --queue go together") }
    }

    func run() throws {
        let console = output.console
        guard once else {
            var options = GatewayOptions()
            options.config = config
            return try RunningGateway(options: options, console: console).run()
        }
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
            configuration.settleSeconds = 0
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
            let shown = step.findings.filter { isShown($0, step.end) }
            if !output.quiet { console.say(shown) }
        }
    }

    /// What stopped a document is said always, the rest where it was asked for: it lies beside the document too.
    private func isShown(_ finding: Finding, _ end: RunOnce.Step.End) -> Bool {
        switch end {
        case .delivered, .withheld, .unsettled: verbose
        case .held, .refused, .postponed: verbose || finding.severity >= .quarantine
        }
    }

    /// `✓ letter-01.xml  delivered  riverside-xml@1  41 fields …`.
    private func line(_ step: RunOnce.Step, _ style: TextStyle) -> String {
        var parts = ["\(mark(step.end, style)) \(step.file.printableName)", words(step)]
        if let mapping = step.mapping { parts.append(mapping) }
        let warnings = step.findings.count { $0.severity == .warning }
        if warnings > 0 { parts.append("\(warnings) warning\(warnings == 1 ? "" : "s")") }
        let isMoved = !dryRun && ![.postponed, .unsettled].contains(step.end)
        if isMoved { parts.append("→ \(step.place.printable())" + (step.hasFindingsFile ? " (+ .findings.txt)" : "")) }
        return parts.joined(separator: "   ")
    }

    private func mark(_ end: RunOnce.Step.End, _ style: TextStyle) -> String {
        switch end {
        case .delivered: style.green("✓")
        case .withheld, .held: style.yellow("!")
        case .refused, .postponed: style.red("✗")
        case .unsettled: style.dim("·")
        }
    }

    private func words(_ step: RunOnce.Step) -> String {
        switch step.end {
        case .delivered where !step.withheld.isEmpty: "delivered, withheld from " + step.withheldFrom
        case .withheld: "withheld from " + step.withheldFrom
        case .unsettled: "left for the next run: it was written to just now"
        case .postponed where step.place.contains("/.work/"): "left for the next run, in .work"
        default: step.end.rawValue
        }
    }

    private func json(_ step: RunOnce.Step) -> JSONValue {
        .members([
            "schema": .string("linkway.run/1"), "source": .string(step.source),
            "file": .string(step.file.printableName),
            "sha256": .text(step.sha256), "end": .string(step.end.rawValue), "place": .string(step.place),
            "mapping": .text(step.mapping), "referrals": .array(step.referrals.map { .string($0) }),
            "withheld": .array(
                step.withheld.map {
                    .members([
                        "referral": .string($0.referral), "queue": .string($0.route),
                        "reason": .string($0.decision.word),
                    ])
                }),
            "findings": .array(step.findings.map(\.json)),
        ])
    }

    private func finish(_ counts: [RunOnce.Step.End: Int], _ console: Console) throws {
        let words: [(end: RunOnce.Step.End, words: String, isAlways: Bool)] = [
            (.delivered, "delivered", true), (.withheld, "withheld", false), (.held, "held", true),
            (.refused, "refused", true), (.postponed, "left where they are", false),
            (.unsettled, "written to just now and left for the next run", false),
        ]
        if !json, !output.quiet {
            let parts = words.filter { $0.isAlways || counts[$0.end] != nil }.map {
                "\(counts[$0.end] ?? 0) \($0.words)"
            }
            console.say("\(counts.values.reduce(0, +)) documents: " + parts.joined(separator: ", "))
        }
        let isWaiting = [RunOnce.Step.End.held, .refused, .postponed].contains { counts[$0] != nil }
        if isWaiting { throw ExitCode.partly }
    }
}

extension RunOnce.Step {
    /// The queues that did not get everything.
    fileprivate var withheldFrom: String {
        var names: [String] = []
        for item in withheld where !names.contains(item.route) { names.append(item.route) }
        return names.map { $0.printableName }.joined(separator: ", ")
    }
}
