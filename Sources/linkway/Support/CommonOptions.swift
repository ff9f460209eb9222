import DurableFiles
import ArgumentParser
import Gateway
import Glibc
import Mappings
import Referrals
import Reporting
import SourceDocuments
import Workbench

/// Options that every command has.
struct OutputOptions: ParsableArguments {
    @Option(help: "Colours: auto, always or never.")
    var color = ColorChoice.auto

    @Flag(name: .shortAndLong, help: "Say less: no findings, no summary.")
    var quiet = false

    var console: Console { Console(color: color) }
}

/// A document named on the command line, `-` for standard input.
enum InputDocument {
    static func read(_ path: String, _ console: Console, limit: Int = Limits.standard.bytes) throws -> [UInt8] {
        do throws(FileError) {
            if path != "-" { return try Files.read(path, limit: limit) }
            return try Files.readAll(STDIN_FILENO, 1 << 16, limit, "standard input")
        } catch {
            if Files.isFolder(path) {
                console.say("linkway: \(path) is a folder, and a document is wanted")
                console.say("  help: name the documents in it, such as \(Files.join(path, "*.xml"))")
                throw ExitCode.notThere
            }
            console.say("linkway: \(error)")
            if error.code == EFBIG {
                console.say("  help: the limit is \(limit >> 20) MB; send attachments apart")
                throw ExitCode.unreadable
            }
            if error.code == ENOENT {
                console.say("  help: look at the spelling of the name and at the folder you are in")
            }
            throw ExitCode.notThere
        }
    }
}

/// Whether values that say something of a person may be shown.
struct MaskingOptions: ParsableArguments {
    @Flag(help: "Show values in clear. Without it, values that say something of a person appear only as shapes.")
    var unmasked = false

    var masking: Masking { Masking(isUnmasked: unmasked) }
}

/// Writing a file that a command was asked for. Overwrites nothing.
enum OutputFile {
    static func write(_ text: String, to path: String, _ console: Console) throws {
        try write(Array(text.utf8), to: path, console)
    }

    static func write(_ bytes: [UInt8], to path: String, _ console: Console) throws {
        do throws(FileError) { try Files.create(path, bytes) } catch {
            console.say("linkway: \(error)")
            if error.code == EEXIST {
                console.say("  help: choose another name, or remove the file first; nothing is overwritten")
            }
            throw ExitCode.cannotCreate
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
