import DurableFiles
import ArgumentParser
import Gateway
import Glibc
import Mappings
import Referrals
import Reporting
import SourceDocuments

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Show what Linkway does, with invented people.",
        discussion:
            "Puts a few sample documents into an inbox in a temporary folder, runs the gateway once, and shows what happened."
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @Option(
        help: ArgumentHelp(
            "Where to work; kept afterwards. Left out, a new folder under the temporary folder.", valueName: "folder"))
    var keep: String?

    /// A sample to drop, and what it shows.
    private static let drops: [(sample: String, says: String)] = [
        (
            "riverside-xml/rich-letter.xml",
            "a letter in the XML of a practice system, with a work goal in the person's own words"
        ),
        ("riverside-json/rich-letter.json", "the same facts from another module of that system, in JSON"),
        ("fhir-bars/new-referral.json", "a BaRS-shaped FHIR message"),
        ("itk-cda-soap/soap-default-ns.xml", "an HL7 v3 document in an ITK envelope"),
        ("riverside-xml/two-nhs-numbers.xml", "one person with two NHS numbers"),
        ("riverside-xml/bad-date.xml", "a date of birth that does not exist"),
        ("riverside-xml/cut-off.xml", "a file that was cut off on its way"),
        ("riverside-xml/consent-refused.xml", "a person who does not want job support to know"),
    ]

    func run() throws {
        let console = output.console
        let library = try mappings.usableLibrary(console)
        let samples = Files.join(Files.parent(of: mappings.folder), "samples")
        let folder = try workFolder(console)
        let inbox = Files.join(folder, "inbox")
        let queue = Files.join(folder, "queue")
        try drop(from: samples, into: inbox, console)
        var configuration = Configuration()
        configuration.sources = [Configuration.Source(name: "inbox", folder: inbox)]
        configuration.routes = [
            Configuration.Route(name: "queue", queue: queue, consent: .noneNeeded),
            Configuration.Route(
                name: "job-support", queue: Files.join(folder, "job-support"),
                consent: .scope(.shareWithEmploymentSupport)),
        ]
        configuration.settleSeconds = 0
        console.out(console.outStyle.bold("linkway demo") + " · invented people only · nothing leaves this machine")
        console.out("  folder  \(folder)\n")
        try work(configuration, library, console)
        try show(queue, console)
        next(samples, folder, console)
    }

    private func workFolder(_ console: Console) throws -> String {
        if let keep { return keep }
        var template = Array("\(Console.environment("TMPDIR") ?? "/tmp")/linkway-demo-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            console.say("linkway: cannot make a temporary folder")
            throw ExitCode.cannotCreate
        }
        return String(cString: made)
    }

    private func drop(from samples: String, into inbox: String, _ console: Console) throws {
        do throws(FileError) {
            try Files.makeFolder(inbox)
            for (number, drop) in Self.drops.enumerated() {
                let bytes = try Files.read(Files.join(samples, drop.sample))
                try Files.create(Files.join(inbox, "\(number + 1)-\(Files.name(of: drop.sample))"), bytes)
            }
        } catch {
            console.say("linkway: \(error)")
            console.say("  help: run the demo where the project's `samples` and `mappings` are")
            throw ExitCode.notThere
        }
    }

    private func work(_ configuration: Configuration, _ library: MappingLibrary, _ console: Console) throws {
        let runner = RunOnce(configuration, library, today: Today.day, isDryRun: false)
        var number = 0
        try runner.run { step in
            tell(step, Self.drops[min(number, Self.drops.count - 1)].says, console)
            number += 1
        }
    }

    private func tell(_ step: RunOnce.Step, _ says: String, _ console: Console) {
        let style = console.outStyle
        console.out(" \(style.bold("dropped"))   inbox/\(step.file.printableName)\n           \(style.dim(says))")
        if let mapping = step.mapping {
            console.out(
                "   mapped  by \(mapping): \(step.coverage.summary)"
            )
        }
        switch step.end {
        case .delivered:
            console.out("       to  \(style.green(step.withheld.isEmpty ? "queue ✓  job-support ✓" : "queue ✓"))")
            if let item = step.withheld.first {
                console.out(
                    " withheld  \(style.yellow("from \(item.route), which asks for consent: \(item.decision.word)"))")
            }
        case .held: console.out("     held  \(style.yellow("for a person, with the reason beside it in inbox/failed"))")
        case .refused: console.out("  refused  \(style.red("with the reason beside it in inbox/failed"))")
        case .withheld: console.out(" withheld  \(style.yellow("from every queue"))")
        case .postponed, .unsettled: console.out("   stayed  in the inbox")
        }
        for finding in step.findings.filter({ $0.severity >= .quarantine || $0.code == "referral-repeated" }).prefix(2)
        {
            let text = FindingPrinter(style: style).text(finding)
            console.out(text.split(separator: "\n").map { "           " + $0 }.joined(separator: "\n"))
        }
        console.out()
    }

    private func show(_ queue: String, _ console: Console) throws {
        let ready = Files.join(queue, "ready")
        console.out(console.outStyle.bold(" the queue"))
        for name in try Files.list(ready) {
            let bytes = try Files.read(Files.join(ready, name))
            console.out("   ready/\(name)   \(bytes.count) bytes")
            if let words = Self.ownWords(in: bytes) {
                console.out("     work.statement  \(console.outStyle.cyan(words))")
            }
        }
    }

    /// What the person said about work; shown because demo samples are invented.
    private static func ownWords(in json: [UInt8]) -> String? {
        var document = SourceDocument()
        var findings: [Finding] = []
        guard DocumentReader().read(json, as: .json, into: &document, reporting: &findings) else { return nil }
        for node in 1..<NodeID(document.nodes.count) where document.path(of: node) == "$.work.statement" {
            return document.ownValue(node).map { "“\(document.text($0))”" }
        }
        return nil
    }

    private func next(_ samples: String, _ folder: String, _ console: Console) {
        let command = CommandLine.arguments.first ?? "linkway"
        console.out(
            """

             try next
               \(command) map \(samples)/riverside-xml/rich-letter.xml
               \(command) explain \(samples)/riverside-xml/rich-letter.xml work.statement
               \(command) scan \(samples)/fhir-bars/new-referral.json
            """)
    }
}
