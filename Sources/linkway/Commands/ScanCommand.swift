import DurableFiles
import ArgumentParser
import Gateway
import Mappings
import Reporting
import SourceDocuments
import Workbench

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "List what documents hold: every path, how often, and what its values look like.",
        discussion: """
            linkway scan letters/*.xml                                     what is in them
            linkway scan letters/*.xml --scaffold mappings/ours/ours.yaml   write a first mapping
            linkway scan new/*.xml --against riverside-xml                 what a mapping does not read yet

            Shapes are shown, never values: letters as A and a, digits as 9. Exit codes: 0 done, 1 with --against when paths \
            are new, 2 some documents could not be read, 65 none could, 66 not there, 73 cannot write.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @Argument(help: ArgumentHelp("Documents of one kind.", valueName: "doc")) var documents: [String]
    @Option(help: ArgumentHelp("A mapping, by name or file, to compare with.", valueName: "mapping")) var against:
        String?
    @Option(help: ArgumentHelp("Write a first mapping to this new file.", valueName: "file")) var scaffold: String?
    @Flag(help: "As a JSON object.") var json = false

    func run() throws {
        let console = output.console
        if let against { return try compare(with: against, console) }
        var inventory = Inventory()
        let unread = try read(into: &inventory, console)
        guard !inventory.documents.isEmpty else { throw ExitCode.unreadable }
        if let scaffold { try write(inventory, to: scaffold, console) }
        if scaffold == nil || json {
            let report = InventoryReport(inventory, style: console.outStyle)
            console.out(json ? report.json.text(pretty: true) : report.text)
        }
        if scaffold == nil, !json, !output.quiet {
            console.say(
                "\nnext: linkway scan \(documents.count == 1 ? documents[0] : "…") --scaffold mappings/NAME/NAME.yaml")
        }
        if unread > 0 { throw ExitCode.partly }
    }

    /// - Returns: How many documents could not be read.
    private func read(into inventory: inout Inventory, _ console: Console) throws -> Int {
        let reader = DocumentReader()
        var document = SourceDocument()
        var unread = 0
        for path in documents {
            let bytes = try InputDocument.read(path, console)
            var findings: [Finding] = []
            guard reader.read(bytes, named: Reading.name(path), into: &document, reporting: &findings) else {
                console.say(findings)
                unread += 1
                continue
            }
            guard inventory.takes(document) else {
                console.say(
                    "linkway: \(path) is \(document.format.rawValue), and those before it are \(inventory.format?.rawValue ?? ""); scan one kind at a time"
                )
                unread += 1
                continue
            }
            inventory.add(document)
        }
        return unread
    }

    // MARK: Scaffold

    private func write(_ inventory: Inventory, to file: String, _ console: Console) throws {
        guard inventory.roots.count == 1 else {
            console.say(
                "linkway: these documents have different roots, so one mapping cannot read them all; scan one kind at a time"
            )
            throw ExitCode(64)
        }
        let folder = Files.parent(of: file)
        let name = Files.name(of: file).split(separator: ".").first.map { String($0) } ?? "mapping"
        let samples = documents.filter { $0 != "-" }.map { RelativePath.path(to: $0, from: folder) }
        let text = Scaffold(inventory, name: name, samples: samples).text
        do throws(FileError) { try Files.makeFolder(folder) } catch {
            console.say("linkway: \(error)")
            throw ExitCode.cannotCreate
        }
        try OutputFile.write(text, to: file, console)
        if !output.quiet {
            let place = file.hasPrefix(mappings.folder + "/") ? "" : " --mappings \(folder)"
            console.say(
                "written: \(file)\nnext: read it, then\n  linkway check\(place)\n  linkway coverage\(place) --mapping \(name)\n  linkway explain \(documents[0]) person.birthDate\(place) --mapping \(name)"
            )
        }
    }

    // MARK: Against a mapping

    private func compare(with name: String, _ console: Console) throws {
        var choice = ChoiceOptions()
        choice.mapping = name
        var options = Translator.Options(today: Today.day)
        options.isDetailed = true
        let reading = Reading(try choice.load(mappings, console), options, console)
        var report = CoverageReport(reading.set)
        for document in documents {
            let translation = try reading.translate(document)
            if translation.mapping == nil { console.say(translation.findings) }
            report.add(translation)
        }
        guard let section = report.sections.first else { throw ExitCode.unreadable }
        let new = section.shapes.filter { $0.state == .unread }
        if json {
            console.out(ScanComparison(section).json.text(pretty: true))
        } else {
            console.out(ScanComparison(section).text(console.outStyle))
        }
        if !new.isEmpty { throw ExitCode.no }
        if !report.unknown.isEmpty { throw ExitCode.partly }
    }
}

/// What documents hold that a mapping does not read, and what it reads that they do not hold.
private struct ScanComparison {
    let section: CoverageReport.Section

    init(_ section: CoverageReport.Section) { self.section = section }

    func text(_ style: TextStyle) -> String {
        let new = section.shapes.filter { $0.state == .unread }
        var lines = [
            style.bold(
                "\(section.mapping) against \(section.documents.count) document\(section.documents.count == 1 ? "" : "s")"
            )
        ]
        lines.append(
            new.isEmpty ? "  nothing new: every path is read or ignored for a reason" : "  new: no rule reads these")
        lines += new.map {
            "    \($0.path)   \($0.count) in \($0.documents)   first at \($0.first)"
                + ($0.mattersLikely ? style.yellow("   ← likely matters") : "")
        }
        if !section.unusedRules.isEmpty { lines.append("  not met: these rules found nothing") }
        lines += section.unusedRules.map {
            "    \($0.field)   \($0.paths.joined(separator: ", "))   \($0.place.description)"
        }
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        .members([
            "schema": .string("linkway.scan-against/1"), "mapping": .string(section.mapping),
            "documents": .array(section.documents.map { .string($0.name) }),
            "new": .array(
                section.shapes.filter { $0.state == .unread }.map {
                    .members([
                        "path": .string($0.path), "count": .number($0.count), "documents": .number($0.documents),
                        "first": .string($0.first),
                    ])
                }),
            "notMet": .array(
                section.unusedRules.map {
                    .members([
                        "field": .string($0.field), "paths": .array($0.paths.map { .string($0) }),
                        "place": $0.place.location.json,
                    ])
                }),
        ])
    }
}

/// One path as seen from a folder, by the words of both.
enum RelativePath {
    static func path(to file: String, from folder: String) -> String {
        if file.hasPrefix("/") != folder.hasPrefix("/") { return file }
        let target = parts(file)
        let base = parts(folder)
        if base.contains("..") { return file }
        var common = 0
        while common < min(target.count - 1, base.count), target[common] == base[common] { common += 1 }
        return (Array(repeating: "..", count: base.count - common) + target[common...]).joined(separator: "/")
    }

    private static func parts(_ path: String) -> [String] {
        path.split(separator: "/").map { String($0) }.filter { $0 != "." }
    }
}
