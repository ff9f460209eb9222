import ArgumentParser
import Custody
import DurableFiles
import Gateway
import Glibc
import Reporting

/// Which gateway a command is about: the one of a configuration file.
struct GatewayOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String?

    var file: String { config ?? Console.environment("LINKWAY_CONFIG") ?? "linkway.yaml" }

    /// The configuration; ends the command when it cannot be had.
    func configuration(_ console: Console) throws -> Configuration {
        var findings: [Finding] = []
        do throws(FileError) {
            if let read = try Configuration.read(file, reporting: &findings) { return read }
        } catch {
            console.say("linkway: \(error)")
            console.say("  help: name a configuration with `--config FILE`, or set LINKWAY_CONFIG")
            throw ExitCode.notThere
        }
        console.say(findings)
        throw ExitCode.badConfiguration
    }

    /// Everything that decides about documents; ends the command with what stands in the way.
    func rules(_ configuration: Configuration, _ console: Console) throws -> Ruleset {
        var findings: [Finding] = []
        let rules: Ruleset?
        do throws(FileError) {
            rules = try Ruleset.make(
                configuration, try MappingLibrary.load(configuration.mappings), reporting: &findings)
        } catch {
            console.say("linkway: \(error)")
            throw ExitCode.notThere
        }
        if let rules { return rules }
        console.say(findings)
        throw ExitCode.badConfiguration
    }
}

/// Asks the gateway that has the store; where none runs, opens the store for the question.
struct GatewayAccess {
    let configuration: Configuration
    private let options: GatewayOptions
    private let console: Console

    init(_ options: GatewayOptions, _ console: Console) throws {
        self.options = options
        self.console = console
        configuration = try options.configuration(console)
    }

    /// Whether a gateway works on the state folder now.
    var isRunning: Bool { ControlSocket.ask(Self.hello, in: configuration.state) != nil }

    private static let hello = JSONValue.members(["ask": .string("hello")]).text()

    /// Asks several questions in a row, of one gateway.
    func session<Result>(
        _ body: (@escaping (JSONValue) throws -> JSONValue) throws -> Result
    ) throws -> Result {
        if isRunning {
            return try body { question in
                guard let text = ControlSocket.ask(question.text(), in: configuration.state) else {
                    console.say("linkway: the gateway does not answer")
                    throw ExitCode(69)
                }
                return try unwrap(text)
            }
        }
        let engine = try EngineOpening.open(
            try options.rules(configuration, console), EngineParts(log: .silent), isForWork: false, console)
        let operators = try Operator(engine, log: .silent)
        defer { try? engine.close() }
        return try body { try unwrap(operators.answer($0.text())) }
    }

    func ask(_ question: JSONValue) throws -> JSONValue { try session { try $0(question) } }

    private func unwrap(_ text: String) throws -> JSONValue {
        guard let answer = JSONValue(text: text) else {
            console.say("linkway: the gateway's answer cannot be read")
            throw ExitCode(70)
        }
        if let result = answer["result"] { return result }
        console.say("linkway: \(answer["error"]?.string ?? "no answer")")
        throw ExitCode(Int32(answer["exit"]?.integer ?? 70))
    }

    /// Who is at the keyboard, for the audit trail.
    static var actor: String {
        let user = getpwuid(getuid()).flatMap { $0.pointee.pw_name }.map { String(cString: $0) }
        return Console.environment("SUDO_USER") ?? user ?? "uid-\(getuid())"
    }
}

/// Opens an engine, or ends the command saying why it cannot be.
enum EngineOpening {
    static func open(
        _ rules: Ruleset, _ parts: EngineParts, isForWork: Bool, _ console: Console
    ) throws -> Engine {
        do {
            return try Engine.open(rules, parts, isForWork: isForWork)
        } catch let error as CustodyError {
            let (words, help, code) = explain(error, rules.configuration.state)
            console.say("linkway: \(words)")
            console.say("  help: \(help)")
            throw ExitCode(code)
        } catch let error as FileError {
            console.say("linkway: \(error)")
            throw ExitCode.diskFailure
        } catch let error as EngineError {
            console.say("linkway: \(error)")
            throw ExitCode.badConfiguration
        }
    }

    /// Why a store cannot be opened, what to do, and the exit code.
    static func explain(_ error: CustodyError, _ state: String) -> (String, String, Int32) {
        let place = state.printable()
        switch error {
        case .held(let process):
            let who = process.map { "process \($0)" } ?? "another process"
            return (
                "\(who) has the state folder \(place)",
                "one gateway works on one state folder; stop that one, or name another folder with `state:`", 69
            )
        case .unsafePlace(let kind):
            return (
                "the state folder \(place) is on \(kind), which cannot promise that what is written stays",
                "put it on a disk of this machine", 78
            )
        case .damaged(let what):
            return (
                "the store in \(place) is damaged: \(what)", "restore it from a backup; docs/runbook.md says how", 74
            )
        case .full: return ("there is no room for the store in \(place)", "make room on its disk", 74)
        case .input(let what): return ("the store in \(place) cannot be used: \(what)", "look at the disk", 74)
        }
    }
}

extension Log {
    /// Says nothing: for commands that answer by themselves.
    static let silent = Log(form: .text, time: SystemTime()) { _ in }
}
