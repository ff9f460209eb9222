import DurableFiles
import ArgumentParser
import Gateway
import Mappings
import Referrals
import Reporting

/// Where the mappings are.
struct MappingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder with mapping files.", valueName: "folder"))
    var mappings: String?

    var folder: String { mappings ?? Console.environment("LINKWAY_MAPPINGS") ?? "mappings" }

    /// All mappings of the folder; ends the command when the folder is not there.
    /// - Parameter file: A mapping file, perhaps elsewhere, that comes first.
    func library(_ console: Console, and file: String? = nil) throws -> MappingLibrary {
        do throws(FileError) {
            return try MappingLibrary.load(folder, and: file)
        } catch {
            console.say("linkway: \(error)")
            if file == nil {
                console.say(
                    "  help: name the folder with `--mappings FOLDER`, or run where there is a folder `mappings`")
            }
            throw ExitCode.notThere
        }
    }

    /// The mappings, if all of them can be used; ends the command otherwise. For what runs unattended.
    func usableLibrary(_ console: Console) throws -> MappingLibrary {
        let library = try library(console)
        guard library.isUsable else {
            console.say(library.findings.filter { $0.severity == .error })
            console.say("The mappings in \(folder) cannot be used as they are.")
            throw ExitCode.badConfiguration
        }
        return library
    }
}

/// Mappings with the one that was asked for.
struct ChosenMappings {
    var library: MappingLibrary
    /// The number of the mapping asked for; `nil` to have it found by content.
    var index: Int?

    /// One line about mappings that were left out, so that nobody wonders why one is not used.
    func sayBroken(_ console: Console) {
        let files = library.brokenFiles
        guard !files.isEmpty else { return }
        let names = files.prefix(3).joined(separator: ", ") + (files.count > 3 ? ", …" : "")
        console.say(
            "note: \(files.count) mapping file\(files.count == 1 ? "" : "s") left out as wrong: \(names)   (linkway check)"
        )
    }
}

/// Which mapping to use.
struct ChoiceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The mapping to use, by name or file; left out, the document's content decides.", valueName: "name"))
    var mapping: String?

    /// Loads the mappings. One that is wrong does not stand in the way of another: only when the one asked for, or all
    /// of them, cannot be used does the command end.
    func load(_ options: MappingOptions, _ console: Console) throws -> ChosenMappings {
        guard let mapping else {
            let library = try options.library(console)
            guard library.set.mappings.isEmpty, !library.isUsable else { return ChosenMappings(library: library) }
            return try broken(
                library, "None of the mappings in \(options.folder) can be used as it is.", library.findings, console)
        }
        return mapping.hasSuffix(".yaml") || mapping.hasSuffix(".yml")
            ? try load(file: mapping, options, console) : try load(name: mapping, options, console)
    }

    /// The same, where one mapping is wanted and the content of a document cannot decide.
    func loadOne(_ options: MappingOptions, _ console: Console) throws -> (library: MappingLibrary, index: Int) {
        let chosen = try load(options, console)
        if let index = chosen.index { return (chosen.library, index) }
        if chosen.library.set.mappings.count == 1 { return (chosen.library, 0) }
        console.say(
            "linkway: say which mapping; known: \(chosen.library.set.mappings.map(\.name).joined(separator: ", "))")
        throw ExitCode(64)
    }

    private func load(name: String, _ options: MappingOptions, _ console: Console) throws -> ChosenMappings {
        let library = try options.library(console)
        if let index = library.set.index(named: name) { return ChosenMappings(library: library, index: index) }
        if let written = library.mappings[name] {
            if written.isAbstract { throw notUsable(written, console) }
            return try broken(
                library, "The mapping `\(name)` cannot be used as it is.", library.errors(of: written), console)
        }
        console.say("linkway: there is no mapping `\(name)` in \(options.folder)")
        let names = library.set.mappings.map(\.name)
        let near = Suggestion.nearest(to: name, among: library.mappings.keys.sorted()).map { "did you mean `\($0)`?" }
        console.say("  help: \(near ?? "known: \(names.joined(separator: ", "))")")
        ChosenMappings(library: library).sayBroken(console)
        throw library.isUsable ? ExitCode.notThere : ExitCode.badConfiguration
    }

    private func load(file: String, _ options: MappingOptions, _ console: Console) throws -> ChosenMappings {
        guard Files.exists(file) else {
            console.say("linkway: there is no mapping file \(file)")
            throw ExitCode.notThere
        }
        let library = try options.library(console, and: file)
        if let index = library.set.mappings.firstIndex(where: { $0.mapping.file == file }) {
            return ChosenMappings(library: library, index: index)
        }
        guard let written = library.mappings.values.first(where: { $0.file == file }) else {
            let own = library.findings.filter { $0.location?.document == file }
            return try broken(library, "The mapping \(file) cannot be used as it is.", own, console)
        }
        if written.isAbstract { throw notUsable(written, console) }
        return try broken(library, "The mapping \(file) cannot be used as it is.", library.errors(of: written), console)
    }

    private func notUsable(_ written: Mapping, _ console: Console) -> ExitCode {
        console.say("linkway: `\(written.name.text)` is a base for other mappings and reads nothing by itself")
        return ExitCode(64)
    }

    private func broken(
        _ library: MappingLibrary, _ words: String, _ findings: [Finding], _ console: Console
    ) throws -> ChosenMappings {
        console.say(findings.filter { $0.severity == .error })
        console.say(words)
        throw ExitCode.badConfiguration
    }
}

/// How documents are checked.
struct CheckingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How strict the rules are: minimum or prsb-sp-1.1.", valueName: "name"))
    var profile = "minimum"

    func options(_ console: Console) throws -> Translator.Options {
        guard let profile = Profile.all.first(where: { $0.name == self.profile }) else {
            console.say(
                "linkway: there is no profile `\(self.profile)`; known: \(Profile.all.map(\.name).joined(separator: ", "))"
            )
            throw ExitCode(64)
        }
        var options = Translator.Options(today: Today.day)
        options.profile = profile
        return options
    }
}

extension MappingLibrary {
    /// Mapping files that cannot be used, by name.
    var brokenFiles: [String] {
        let used = Set(set.mappings.map(\.mapping.file))
        let named = findings.filter { $0.severity == .error }.flatMap { [$0.location?.document, $0.rule?.document] }
        let abstract = Set(mappings.values.filter(\.isAbstract).map(\.file))
        let written = Set(mappings.values.map(\.file)).subtracting(used).subtracting(abstract)
        let unread = Set(
            named.compactMap { $0 }.filter { $0.hasSuffix(".yaml") && !used.contains($0) && !abstract.contains($0) })
        return written.union(unread).sorted()
    }

    /// The errors of a mapping and of those it extends.
    func errors(of mapping: Mapping) -> [Finding] {
        var files: Set<String> = [mapping.file]
        var base = mapping.extends
        while let name = base, let next = mappings[name.text], files.insert(next.file).inserted { base = next.extends }
        return findings.filter { finding in
            guard finding.severity == .error else { return false }
            return finding.location.map { files.contains($0.document) } ?? false
                || finding.rule.map { files.contains($0.document) } ?? false
        }
    }
}
