import DurableFiles
import ArgumentParser
import Gateway
import Mappings
import Referrals
import Reporting
import SourceDocuments
import Workbench

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Compare two documents, or two versions of a mapping over many documents.",
        discussion: """
            linkway diff old.json new.json                              two canonical referrals, value by value
            linkway diff letter-1.xml letter-2.xml                      two documents, as they are mapped
            linkway diff --corpus letters/ old.yaml new.yaml            what a changed mapping does: losses first
            linkway diff --corpus letters/ mappings-old mappings        two folders of mappings

            Values that say something of a person are shown as shapes unless --unmasked is given. Exit codes: 0 no \
            difference, 1 they differ, 65 not readable, 66 not there, 78 mapping wrong.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @OptionGroup var choice: ChoiceOptions
    @OptionGroup var masking: MaskingOptions
    @Argument(help: "Before: a document, or with --corpus a mapping file or folder.") var old: String
    @Argument(help: "After: likewise.") var new: String
    @Option(help: ArgumentHelp("A folder of documents to translate both ways.", valueName: "folder")) var corpus:
        String?
    @Flag(help: "Only what is lost; exit code 1 only for that.") var onlyLost = false
    @Flag(help: "As a JSON object.") var json = false

    func run() throws {
        let console = output.console
        let report = DifferenceReport(style: console.outStyle, masking: masking.masking)
        if let corpus { return try compare(over: corpus, report, console) }
        let chosen = try needsMappings(console) ? choice.load(mappings, console) : nil
        let before = try canonical(old, chosen, console)
        let after = try canonical(new, chosen, console)
        let isMapped = before.isMapped || after.isMapped
        var changes = ReferralDifference.between(
            before.json, after.json, ignoring: isMapped ? DocumentDifference.incidental : []
        ).changes
        if onlyLost { changes = changes.filter { $0.kind == .lost } }
        console.out(json ? report.json(changes).text(pretty: true) : report.text(changes))
        if !changes.isEmpty { throw ExitCode.no }
    }

    // MARK: Two documents

    private func needsMappings(_ console: Console) throws -> Bool {
        for path in [old, new] {
            let bytes = try InputDocument.read(path, console)
            if !CanonicalDocument.isCanonical(bytes) { return true }
        }
        return false
    }

    private func canonical(
        _ path: String, _ chosen: ChosenMappings?, _ console: Console
    ) throws -> (json: [UInt8], isMapped: Bool) {
        let bytes = try InputDocument.read(path, console)
        guard !CanonicalDocument.isCanonical(bytes), let chosen else { return (bytes, false) }
        let reading = Reading(chosen, Translator.Options(today: Today.day), console)
        let translation = reading.translator.translate(bytes, named: path, with: chosen.index)
        try reading.requireMapping(translation)
        guard translation.parts.count == 1 else {
            console.say("linkway: \(path) holds \(translation.parts.count) referrals; compare them one at a time")
            throw ExitCode.unreadable
        }
        return (DocumentDifference.canonical(translation), true)
    }

    // MARK: Many documents

    private func compare(over folder: String, _ report: DifferenceReport, _ console: Console) throws {
        let before = try version(old, console)
        let after = try version(new, console)
        guard Files.isFolder(folder) else {
            console.say("linkway: there is no folder \(folder)")
            throw ExitCode.notThere
        }
        var difference = CorpusDifference()
        for path in try documents(in: folder, console) {
            guard let bytes = try? Files.read(path, limit: Limits.standard.bytes) else { continue }
            let first = before.translator.translate(bytes, named: path, with: before.chosen.index)
            let second = after.translator.translate(bytes, named: path, with: after.chosen.index)
            difference.add(path, first, second)
        }
        guard difference.documents > 0 else {
            console.say("linkway: there are no documents in \(folder)")
            throw ExitCode.notThere
        }
        console.out(json ? report.json(difference).text(pretty: true) : report.text(difference, onlyLost: onlyLost))
        if onlyLost ? !difference.groups(.lost).isEmpty : !difference.isSame { throw ExitCode.no }
    }

    private func version(_ path: String, _ console: Console) throws -> Reading {
        var options = mappings
        var choice = self.choice
        if path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
            choice.mapping = path
        } else {
            options.mappings = path
        }
        return Reading(try choice.load(options, console), Translator.Options(today: Today.day), console)
    }

    /// Everything in the folder that could be a document; golden files and reports are none.
    private func documents(in folder: String, _ console: Console) throws -> [String] {
        do throws(FileError) {
            let files = try MappingLibrary.files(in: folder, ending: "")
            let others = [".yaml", ".csv", ".md", ".why.txt", ".received", ".referral.json"]
            return files.filter { file in !others.contains { file.hasSuffix($0) } }
        } catch {
            console.say("linkway: \(error)")
            throw ExitCode.notThere
        }
    }
}
