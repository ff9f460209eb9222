import ArgumentParser
import Mappings
import Referrals
import Reporting
import Workbench

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Say whether a canonical referral, or what a document is mapped to, is acceptable.",
        discussion: """
            linkway validate referral.json --profile prsb-sp-1.1     a canonical referral
            linkway map letter.xml -q | linkway validate -           the same, from standard input
            linkway validate letter.xml                              a document: mapped first

            Exit codes: 0 acceptable, 1 not, 2 it would be held for a person, 65 not readable, 66 not there, 78 mapping wrong. \
            (`linkway check` is for mappings and configuration.)
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @OptionGroup var choice: ChoiceOptions
    @OptionGroup var checking: CheckingOptions
    @Argument(help: ArgumentHelp("The document, or - for standard input.", valueName: "doc")) var document: String
    @Flag(help: "As a JSON object.") var json = false

    func run() throws {
        let console = output.console
        try Console.refuseTerminal(document, for: Self.self)
        let options = try checking.options(console)
        let bytes = try InputDocument.read(document, console)
        if CanonicalDocument.isCanonical(bytes) {
            let result = CanonicalCheck.check(
                bytes, named: Reading.name(document), profile: options.profile, today: options.today)
            return try end(result, mapping: nil, console)
        }
        let reading = Reading(try choice.load(mappings, console), options, console)
        let translation = reading.translator.translate(bytes, named: Reading.name(document), with: reading.chosen.index)
        if translation.mapping == nil, !json { try reading.requireMapping(translation) }
        try end(translation.findings, mapping: translation.mapping, console)
    }

    private func end(_ findings: [Finding], mapping: String?, _ console: Console) throws {
        let worst = findings.worst ?? .note
        if json {
            console.out(report(findings, mapping).text(pretty: true))
        } else {
            let sorted = findings.enumerated().sorted {
                ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
            }
            if !findings.isEmpty { console.out(FindingPrinter(style: console.outStyle).text(sorted.map(\.element))) }
            console.out(verdict(worst, findings, mapping, console.outStyle))
        }
        if worst == .error { throw ExitCode.no }
        if worst == .quarantine { throw ExitCode.partly }
    }

    private func verdict(_ worst: Finding.Severity, _ findings: [Finding], _ mapping: String?, _ style: TextStyle)
        -> String
    {
        let by = "by \(checking.profile)" + (mapping.map { ", as mapped by \($0)" } ?? "")
        switch worst {
        case .error: return style.red("not acceptable") + " \(by)"
        case .quarantine: return style.yellow("would be held for a person") + " \(by)"
        case .warning, .note:
            let warnings = findings.count { $0.severity == .warning }
            return style.green("acceptable") + " \(by)"
                + (warnings > 0 ? ", with \(warnings) warning\(warnings == 1 ? "" : "s")" : "")
        }
    }

    private func report(_ findings: [Finding], _ mapping: String?) -> JSONValue {
        let worst = findings.worst ?? .note
        let answer = worst == .error ? "no" : worst == .quarantine ? "held" : "yes"
        return .members([
            "schema": .string("linkway.validate/1"), "document": .string(Reading.name(document)),
            "profile": .string(checking.profile), "mapping": .text(mapping), "acceptable": .string(answer),
            "findings": .array(findings.map(\.json)),
        ])
    }
}
