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
                under the same key. Documents go in through a folder or by posts of its own, of which only what was \
                answered counts as taken, and out to a folder or to an HTTP receiver of its own.
                """)

        enum Way: String, ExpressibleByArgument, CaseIterable { case folder, http }

        @OptionGroup var output: OutputOptions
        @Option(help: "How documents go in.") var from = Way.folder
        @Option(help: "Where they go.") var to = Way.folder
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
            let result = try prove(in: place, seed, console)
            console.out(
                json ? facts(result, seed).text(pretty: true) : words(result, seed, console.outStyle))
            if folder == nil, result.isProof { Self.remove(place) }
            if !result.isProof {
                console.say("everything is kept in \(place.printable())")
                throw ExitCode.no
            }
        }

        private func prove(in place: String, _ seed: UInt64, _ console: Console) throws -> CrashProof.Result {
            let program = try Self.ownPath(console)
            let ends: ProofEnds
            do { ends = try ProofEnds(posts: from == .http, receives: to == .http, folder: place) } catch {
                console.say("linkway: no HTTP for the proof: \(error)")
                throw ExitCode(69)
            }
            defer { ends.stop() }
            var proof = CrashProof(folder: place, program: program, ways: ends.ways, kills: kills, seed: seed)
            do throws(FileError) {
                return try proof.run { if !output.quiet, !json { console.say($0) } }
            } catch {
                console.say("linkway: \(error)")
                throw ExitCode.diskFailure
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

        private func words(_ result: CrashProof.Result, _ seed: UInt64, _ style: TextStyle) -> String {
            func count(_ number: Int) -> String { number == 0 ? style.green("0") : style.red("\(number)") }
            return """
                \(result.isProof ? style.green("proved") : style.red("NOT proved")), \(from.rawValue) to \(to.rawValue): \
                \(result.documents) documents, \(result.kills) kills, seed \(seed)
                  lost             \(count(result.lost))
                  stuck            \(count(result.stuck))
                  corrupt          \(count(result.corrupt))
                  set aside        \(result.setAside), met by kills while alone in hand: in failed/ with the reason
                  repeated         \(result.repeats), in hand when a kill came: the same bytes under the same key
                  posted again     \(result.postedAgain), since no answer came: the same document under the same id
                  without a kill   \(count(result.unprovoked))
                  repeats changed  \(count(result.differing))
                  audit trail      \(result.isAuditWhole ? style.green("whole") : style.red("not whole"))
                  slowest start    \(result.slowestStart) ms
                """
        }

        private func facts(_ result: CrashProof.Result, _ seed: UInt64) -> JSONValue {
            .members([
                "schema": .string("linkway.proof/1"), "isProof": .bool(result.isProof), "seed": .number(Int(seed)),
                "from": .string(from.rawValue), "to": .string(to.rawValue),
                "documents": .number(result.documents), "kills": .number(result.kills), "lost": .number(result.lost),
                "stuck": .number(result.stuck), "corrupt": .number(result.corrupt),
                "setAside": .number(result.setAside),
                "repeats": .number(result.repeats), "postedAgain": .number(result.postedAgain),
                "unprovoked": .number(result.unprovoked),
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
