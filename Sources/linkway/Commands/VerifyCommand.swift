import ArgumentParser
import DurableFiles
import Gateway
import Glibc
import Reporting

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Prove what is promised, on this machine.", subcommands: [Crash.self])

    struct Crash: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "crash", abstract: "Kill a gateway of its own again and again; nothing may be lost.",
            discussion: """
                Runs in a folder of its own with invented people: feeds numbered documents, kills the gateway without \
                warning at random moments, and counts what comes out. Exit code 0 when nothing was lost, stuck or \
                changed, and nothing came twice but what was in hand when a kill came: then once more, the same bytes \
                under the same key.
                """)

        @OptionGroup var output: OutputOptions
        @Option(help: "How many kills.") var kills = 100
        @Option(help: "Repeat this run of chance.") var seed: UInt64?
        @Option(help: ArgumentHelp("A new folder on the disk to prove; kept afterwards.", valueName: "folder"))
        var folder: String?
        @Flag(help: "One JSON object.") var json = false

        func validate() throws { guard kills > 0 else { throw ValidationError("--kills is at least 1") } }

        func run() throws {
            let console = output.console
            let place = folder ?? "/tmp/linkway-proof-\(getpid())"
            guard !Files.exists(place) else {
                console.say("linkway: \(place.printable()) is there already; name a new folder")
                throw ExitCode.cannotCreate
            }
            let seed = seed ?? SystemRandomness().next() % 1_000_000
            var proof = CrashProof(folder: place, program: try Self.ownPath(console), kills: kills, seed: seed)
            let result: CrashProof.Result
            do throws(FileError) {
                result = try proof.run { if !output.quiet, !json { console.say($0) } }
            } catch {
                console.say("linkway: \(error)")
                throw ExitCode.diskFailure
            }
            console.out(json ? Self.json(result, seed).text(pretty: true) : Self.words(result, seed, console.outStyle))
            if folder == nil, result.isProof { Self.remove(place) }
            if !result.isProof {
                console.say("everything is kept in \(place.printable())")
                throw ExitCode.no
            }
        }

        private static func ownPath(_ console: Console) throws -> String {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink("/proc/self/exe", &buffer, buffer.count)
            guard count > 0 else {
                console.say("linkway: cannot find the own program")
                throw ExitCode(71)
            }
            return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        private static func words(_ result: CrashProof.Result, _ seed: UInt64, _ style: TextStyle) -> String {
            func count(_ number: Int) -> String { number == 0 ? style.green("0") : style.red("\(number)") }
            return """
                \(result.isProof ? style.green("proved") : style.red("NOT proved")): \(result.documents) documents, \
                \(result.kills) kills, seed \(seed)
                  lost             \(count(result.lost))
                  stuck            \(count(result.stuck))
                  corrupt          \(count(result.corrupt))
                  set aside        \(result.setAside), met by kills while alone in hand: in failed/ with the reason
                  repeated         \(result.repeats), in hand when a kill came: the same bytes under the same key
                  without a kill   \(count(result.unprovoked))
                  repeats changed  \(count(result.differing))
                  audit trail      \(result.isAuditWhole ? style.green("whole") : style.red("not whole"))
                  slowest start    \(result.slowestStart) ms
                """
        }

        private static func json(_ result: CrashProof.Result, _ seed: UInt64) -> JSONValue {
            .members([
                "schema": .string("linkway.proof/1"), "isProof": .bool(result.isProof), "seed": .number(Int(seed)),
                "documents": .number(result.documents), "kills": .number(result.kills), "lost": .number(result.lost),
                "stuck": .number(result.stuck), "corrupt": .number(result.corrupt),
                "setAside": .number(result.setAside),
                "repeats": .number(result.repeats), "unprovoked": .number(result.unprovoked),
                "differing": .number(result.differing),
                "isAuditWhole": .bool(result.isAuditWhole), "slowestStartMs": .number(Int(result.slowestStart)),
            ])
        }

        private static func remove(_ folder: String) {
            let files = DiskFileSystem()
            func clear(_ path: String) {
                for name in (try? files.list(path, limit: .max)) ?? [] {
                    let inner = Files.join(path, name)
                    if Files.isFolder(inner) { clear(inner) } else { try? Files.remove(inner) }
                }
                rmdir(path)
            }
            clear(folder)
        }
    }
}
