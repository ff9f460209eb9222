import ArgumentParser
import Custody
import DurableFiles
import Gateway
import Glibc
import Reporting
import Synchronization

/// `linkway run`: the gateway in the foreground, until it is told to stop.
struct RunningGateway {
    let options: GatewayOptions
    let console: Console

    /// Runs; ends with 0 after a clean stop, and with 75 when work was left that the next start does again.
    func run() throws {
        umask(0o077)
        blockSignals()
        let configuration = try options.configuration(console)
        let rules = try options.rules(configuration, console)
        let time = SystemTime()
        let log = Log(form: isatty(STDERR_FILENO) == 1 ? .text : .json, time: time)
        let bells = Bells()
        var parts = EngineParts(log: log)
        parts.wake = { bells.ringAll() }
        parts.wakeRoute = { bells.ring($0) }
        #if HTTP
            parts.exchange = { try HTTPFront.exchange($0) }
        #endif
        let manager = ServiceManager(environment: Console.environment)
        let engine = try EngineOpening.open(rules, parts, isForWork: true, console)
        let reload = Reload(options: options, engine: engine, log: log)
        let operators = try Operator(engine, log: log, reload: reload.callAsFunction)
        let daemon = try Daemon(
            engine, bells: bells, operators: operators, log: log, time: time, manager: manager)
        do { try daemon.start(version: Version.text) } catch {
            console.say("linkway: \(error)")
            throw ExitCode.badConfiguration
        }
        StartUpMemory.giveBack()
        let isClean = daemon.stop(reason: waitForSignal(reload, manager, log, time))
        if !isClean { throw ExitCode(75) }
    }

    // MARK: Signals

    /// Signals are waited for by one thread; all others must not see them.
    private func blockSignals() {
        var set = Self.signals
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    private static var signals: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP, SIGUSR2] { sigaddset(&set, number) }
        return set
    }

    /// - Returns: The name of the signal that ends it.
    private func waitForSignal(
        _ reload: Reload, _ manager: ServiceManager, _ log: Log, _ time: SystemTime
    ) -> String {
        var set = Self.signals
        while true {
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            switch number {
            case SIGHUP:
                manager.reloading(at: time.steady().milliseconds)
                _ = reload()
                manager.ready("running")
            case SIGUSR2: log.setDebugging(true)
            case SIGINT:
                // Whoever asks twice means it; what is in hand is done again at the next start.
                signal(SIGINT, SIG_DFL)
                var again = sigset_t()
                sigemptyset(&again)
                sigaddset(&again, SIGINT)
                pthread_sigmask(SIG_UNBLOCK, &again, nil)
                return "SIGINT"
            default: return "SIGTERM"
            }
        }
    }
}

/// Reads configuration and mappings again and puts them in force, or keeps the old and says why.
///
/// Sources, routes and listeners are made when the gateway starts: a reload that changes them is refused, so that nothing
/// is believed to be in force that is not.
struct Reload: Sendable {
    private let file: String
    private let engine: Engine
    private let log: Log

    init(options: GatewayOptions, engine: Engine, log: Log) {
        file = options.file
        self.engine = engine
        self.log = log
    }

    func callAsFunction() -> [Finding] {
        var findings: [Finding] = []
        do throws(FileError) {
            guard let configuration = try Configuration.read(file, reporting: &findings),
                let rules = try Ruleset.make(
                    configuration, try MappingLibrary.load(configuration.mappings), reporting: &findings)
            else { return reject(findings) }
            if let change = engine.processor.rules.needsRestart(for: rules) {
                return reject([
                    Finding(
                        "configuration-invalid", .error, "\(change) cannot change while the gateway runs",
                        at: .init(document: file), help: "restart it")
                ])
            }
            try use(rules)
        } catch {
            return reject([Finding("file-failed", .error, "cannot \(error.action)", why: error.reason)])
        }
        return findings
    }

    private func use(_ rules: Ruleset) throws(FileError) {
        do throws(CustodyError) {
            _ = try engine.committer.commitAndWait([
                .pin(version: rules.version, files: rules.snapshot.json),
                .note(event: "reloaded", detail: "mappings=\(rules.version.prefix(12))", actor: "gateway"),
            ])
        } catch { throw FileError("commit", "the new mappings", reason: "\(error)") }
        engine.processor.use(rules)
        engine.noteReload(.ok)
        log.say(.reloaded, "new rules are in force", ["mappings": .string(String(rules.version.prefix(12)))])
    }

    private func reject(_ findings: [Finding]) -> [Finding] {
        engine.noteReload(.rejected)
        log.say(
            .error, .rejected, "the new configuration is not used; the last good one stays in force",
            ["findings": .array(findings.filter { $0.severity == .error }.map(\.json))])
        return findings
    }
}
