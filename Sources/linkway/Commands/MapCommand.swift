import ArgumentParser
import Gateway
import Mappings
import Referrals
import Reporting

struct MapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map", abstract: "Turn a document into a canonical referral.",
        discussion: """
            linkway map letter.xml                        the referral, as JSON
            linkway map - < letter.xml | jq .needs        from standard input
            linkway map letter.xml --mapping draft.yaml   by a mapping file that may stand anywhere
            linkway map letter.xml --trace trace.json     and where every field came from

            The referral goes to standard output in clear: it is this command's job. Findings go to standard error. Exit \
            codes: 0 accepted, 1 refused, 2 held for a person, 65 not readable or of no known kind, 66 not there, 78 mapping \
            wrong.
            """)

    enum Form: String, ExpressibleByArgument { case canonical }

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @OptionGroup var choice: ChoiceOptions
    @OptionGroup var checking: CheckingOptions
    @Argument(help: ArgumentHelp("The document, or - for standard input.", valueName: "doc")) var document: String
    @Option(name: .customLong("as"), help: "The form of the result: canonical.") var form = Form.canonical
    @Option(name: .shortAndLong, help: ArgumentHelp("Write the result to a new file.", valueName: "file")) var out:
        String?
    @Option(help: ArgumentHelp("Write where every field came from, as JSON, to a new file.", valueName: "file"))
    var trace: String?
    @Flag(help: "One JSON object with referrals, findings, coverage and origins.") var json = false
    @Flag(help: "Count a held referral as refused: exit code 1 instead of 2.") var strict = false

    func run() throws {
        let console = output.console
        try Console.refuseTerminal(document, for: Self.self)
        var options = try checking.options(console)
        options.isDetailed = json || trace != nil
        let reading = Reading(try choice.load(mappings, console), options, console)
        let translation = try reading.translate(document)
        let report = TranslationReport(translation, reading.set, reading.translator.document)
        if let trace {
            try OutputFile.write(report.json(withReferrals: false).text(pretty: true) + "\n", to: trace, console)
        }
        try write(result(translation, report), console)
        if !output.quiet {
            console.sayGravestFirst(translation.findings)
            console.say(report.summary(console.errorStyle))
        }
        try end(translation, reading)
    }

    private func result(_ translation: Translation, _ report: TranslationReport) -> [UInt8] {
        if json { return Array((report.json(withReferrals: true).text(pretty: true) + "\n").utf8) }
        guard translation.outcome != .refused else { return [] }
        var bytes: [UInt8] = []
        for part in translation.parts {
            CanonicalJSON.write(part.referral, into: &bytes, pretty: translation.parts.count == 1)
            if bytes.last != 0x0A { bytes.append(0x0A) }
        }
        return bytes
    }

    private func write(_ bytes: [UInt8], _ console: Console) throws {
        if let out { try OutputFile.write(bytes, to: out, console) } else { console.out(bytes) }
    }

    private func end(_ translation: Translation, _ reading: Reading) throws {
        switch translation.outcome {
        case .accepted: return
        case .held: throw strict ? ExitCode.no : ExitCode.partly
        case .refused: throw translation.mapping == nil ? reading.exit(for: translation) : ExitCode.no
        }
    }
}
