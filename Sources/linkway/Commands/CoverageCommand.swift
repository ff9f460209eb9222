import ArgumentParser
import Gateway
import Mappings
import Reporting
import Workbench

struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Say which parts of documents are read, ignored for a reason, or read by nobody.",
        discussion: """
            linkway coverage letter.xml                  one document
            linkway coverage --mapping riverside-xml     the samples of a mapping's tests
            linkway coverage --html coverage.html        all mappings, as a page to look at

            Paths and counts only; values are never shown. Exit codes: 0 done, 1 below --fail-under, 2 some documents could \
            not be read, 65 none could, 66 not there, 78 mapping wrong.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @OptionGroup var choice: ChoiceOptions
    @Argument(help: ArgumentHelp("Documents; left out, the samples of the mappings' tests.", valueName: "doc"))
    var documents: [String] = []
    @Option(help: ArgumentHelp("Write a page that can be looked at in any browser.", valueName: "file")) var html:
        String?
    @Option(help: ArgumentHelp("End with 1 when less than this is accounted for, in percent.", valueName: "percent"))
    var failUnder: Int?
    @Flag(help: "As a JSON object.") var json = false

    func validate() throws {
        if let failUnder, !(0...100).contains(failUnder) {
            throw ValidationError("--fail-under takes a number from 0 to 100")
        }
    }

    func run() throws {
        let console = output.console
        let chosen = try choice.load(mappings, console)
        var options = Translator.Options(today: Today.day)
        options.isDetailed = true
        let reading = Reading(chosen, options, console)
        var report = CoverageReport(chosen.library.set)
        if documents.isEmpty {
            report = try samples(reading)
        } else {
            for document in documents {
                let translation = try reading.translate(document)
                if translation.mapping == nil { console.say(translation.findings) }
                report.add(translation)
            }
        }
        try print(report, console)
        try end(report, chosen)
    }

    private func samples(_ reading: Reading) throws -> CoverageReport {
        let report = Samples.coverage(of: reading.chosen.index, in: reading.chosen.library, with: reading.translator)
        guard report.sections.isEmpty else { return report }
        reading.console.say(
            "linkway: there is no document and no sample to look at; name documents, or add `tests:` to the mapping")
        throw ExitCode.notThere
    }

    private func print(_ report: CoverageReport, _ console: Console) throws {
        if let html { try OutputFile.write(CoverageHTML(report).page, to: html, console) }
        let text = CoverageText(report, style: console.outStyle)
        console.out(json ? text.json.text(pretty: true) : text.text)
        if let html, !output.quiet { console.say("written: \(html)") }
    }

    private func end(_ report: CoverageReport, _ chosen: ChosenMappings) throws {
        if report.sections.isEmpty { throw chosen.library.isUsable ? ExitCode.unreadable : ExitCode.badConfiguration }
        if let failUnder, report.percent < failUnder { throw ExitCode.no }
        if !report.unknown.isEmpty { throw ExitCode.partly }
    }
}
