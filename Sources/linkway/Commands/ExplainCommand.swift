import DurableFiles
import ArgumentParser
import Gateway
import Mappings
import Referrals
import Reporting
import Workbench

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say why a field has its value or is empty, or what a finding's code means.",
        discussion: """
            linkway explain letter.xml work.goal          where the value came from, by which rule, in which steps
            linkway explain letter.xml needs[1].code      one item of a list; without [1], all of them
            linkway explain letter.xml --all              every field, one line each
            linkway explain nhs-number-check-digit        what a finding means and what to do

            Values that say something of a person are shown as shapes (`99/99/9999`) unless --unmasked is given.
            Exit codes: 0 explained, 1 no such field or code, 65 document not readable, 66 not there, 78 mapping wrong.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @OptionGroup var choice: ChoiceOptions
    @OptionGroup var checking: CheckingOptions
    @OptionGroup var masking: MaskingOptions
    @Argument(help: ArgumentHelp("A document (- for standard input), or the code of a finding.", valueName: "doc|code"))
    var subject: String
    @Argument(help: "A canonical field, such as person.birthDate or needs[1].code.") var field: String?
    @Flag(help: "Every field, one line each.") var all = false
    @Flag(help: "As a JSON object.") var json = false

    func validate() throws {
        if field != nil, all { throw ValidationError("give a field or --all, not both") }
    }

    func run() throws {
        let console = output.console
        if field == nil, !all { return try explainCode(console) }
        try Console.refuseTerminal(subject, for: Self.self)
        if let field, Schema.referral.field(at: field) == nil { throw unknown(field, console) }
        let reading = Reading(try choice.load(mappings, console), try checking.options(console), console)
        let translation = try reading.translate(subject)
        guard var explainer = Explainer(translation, reading.set, reading.translator.document) else {
            console.say(translation.findings)
            throw reading.exit(for: translation)
        }
        let fields = field.map { [$0] } ?? explainer.allFields()
        let reports = fields.map { ExplanationReport(explainer.explain($0), masking: masking.masking) }
        print(reports, translation, console)
    }

    private func print(_ reports: [ExplanationReport], _ translation: Translation, _ console: Console) {
        if json {
            let value = JSONValue.members([
                "schema": .string("linkway.explain/1"), "document": .string(translation.document),
                "mapping": .text(translation.mapping), "fields": .array(reports.map(\.json)),
            ])
            return console.out(value.text(pretty: true))
        }
        if all {
            for report in reports { console.out(report.line(console.outStyle)) }
        } else {
            for report in reports { console.out(report.text(console.outStyle)) }
        }
        if !masking.unmasked, !output.quiet {
            console.say("\nvalues of a person are shown as shapes; --unmasked shows them")
        }
    }

    private func unknown(_ field: String, _ console: Console) -> ExitCode {
        console.say("linkway: there is no field `\(field)` in \(Schema.referral.name)")
        let near = Schema.referral.suggestions(for: field).map { "`\($0)`" }
        console.say(
            "  help: \(near.isEmpty ? "`linkway schema --fields` lists them" : "did you mean \(near.joined(separator: ", "))?")"
        )
        return .no
    }

    private func explainCode(_ console: Console) throws {
        if let entry = FindingCatalogue.entries.first(where: { $0.code == subject }) {
            if json { return console.out(Self.json(entry).text(pretty: true)) }
            return console.out(
                "\(entry.code) (\(entry.severity.word))\n  \(entry.title)\n  why: \(entry.why)\n  help: \(entry.help)")
        }
        if Files.exists(subject) || subject == "-" {
            console.say("linkway: say which field of \(subject) to explain, or --all")
            throw ExitCode(64)
        }
        console.say("linkway: there is no code `\(subject)`, and no document of that name")
        if let near = Suggestion.nearest(to: subject, among: FindingCatalogue.entries.map(\.code)) {
            console.say("  help: did you mean `\(near)`?")
        }
        throw ExitCode.no
    }

    private static func json(_ entry: FindingCatalogue.Entry) -> JSONValue {
        .members([
            "schema": .string("linkway.explain-code/1"), "code": .string(entry.code),
            "severity": .string(entry.severity.word), "title": .string(entry.title), "why": .string(entry.why),
            "help": .string(entry.help),
        ])
    }
}
