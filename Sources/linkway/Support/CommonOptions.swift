import ArgumentParser
import Gateway
import Glibc
import Mappings
import Referrals
import Reporting
import SourceDocuments

/// Options that every command has.
struct OutputOptions: ParsableArguments {
    @Option(help: "Colours: auto, always or never.")
    var color = ColorChoice.auto

    @Flag(name: .shortAndLong, help: "Say less: no findings, no summary.")
    var quiet = false

    var console: Console { Console(color: color) }
}

/// Where the mappings are.
struct MappingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder with mapping files.", valueName: "folder"))
    var mappings: String?

    var folder: String { mappings ?? Console.environment("LINKWAY_MAPPINGS") ?? "mappings" }

    /// All mappings of the folder; ends the command when the folder is not there.
    func library(_ console: Console) throws -> MappingLibrary {
        do throws(FileError) {
            return try MappingLibrary.load(folder)
        } catch {
            console.say("linkway: \(error)")
            console.say("  help: name the folder with `--mappings FOLDER`, or run where there is a folder `mappings`")
            throw ExitCode.notThere
        }
    }

    /// The mappings, if all of them can be used; ends the command otherwise.
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

/// How documents are checked.
struct CheckingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The mapping to use, by name or file; left out, the document's content decides.", valueName: "name"))
    var mapping: String?

    @Option(help: ArgumentHelp("How strict the rules are: minimum or prsb-sp-1.1.", valueName: "name"))
    var profile = "minimum"

    func options(_ console: Console) throws -> Translator.Options {
        guard let profile = Profile.all.first(where: { $0.name == self.profile }) else {
            console.say("linkway: there is no profile `\(self.profile)`; known: \(Profile.all.map(\.name).joined(separator: ", "))")
            throw ExitCode(64)
        }
        var options = Translator.Options(today: Today.day)
        options.profile = profile
        return options
    }

    /// The number of the mapping asked for, or `nil` when none was.
    func index(in library: MappingLibrary, _ console: Console) throws -> Int? {
        guard let mapping else { return nil }
        let byFile = library.set.mappings.firstIndex { $0.mapping.file == mapping }
        if let index = library.set.index(named: mapping) ?? byFile { return index }
        console.say("linkway: there is no mapping `\(mapping)`")
        let names = library.set.mappings.map(\.name)
        console.say("  help: \(Suggestion.nearest(to: mapping, among: names).map { "did you mean `\($0)`?" } ?? "known: \(names.joined(separator: ", "))")")
        throw ExitCode.notThere
    }
}

/// A document named on the command line, `-` for standard input.
enum InputDocument {
    static func read(_ path: String, _ console: Console, limit: Int = Limits.standard.bytes) throws -> [UInt8] {
        do throws(FileError) {
            if path != "-" { return try Files.read(path, limit: limit) }
            return try Files.readAll(STDIN_FILENO, 1 << 16, limit, "standard input")
        } catch {
            console.say("linkway: \(error)")
            if error.code == EFBIG {
                console.say("  help: the limit is \(limit >> 20) MB; send attachments apart")
                throw ExitCode.unreadable
            }
            throw ExitCode.notThere
        }
    }
}

/// The date on which a command runs.
enum Today {
    static var day: CalendarDay {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        let day = CalendarDay(year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
        guard let day else { preconditionFailure("the clock shows a day that does not exist") }
        return day
    }
}
