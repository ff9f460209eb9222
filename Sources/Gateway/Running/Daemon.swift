package import Custody
import Delivery
package import DurableFiles
import Glibc
import Intake
import Metrics
import Reporting
import Synchronization

/// Turns the wheels of an engine until it is told to stop: a thread for each source and each route, one for operators'
/// questions, one that tells the service manager we are alive.
package final class Daemon: Sendable {
    private let engine: Engine
    private let log: Log
    private let time: any TimeSource
    private let manager: ServiceManager
    private let control: ControlSocket
    private let operators: Operator
    private let sourceLoops: [Loop]
    private let routeLoops: [Loop]
    private let keeper: Loop
    private let watcher: Loop
    private let watch: FolderWatch
    private let upkeep: Upkeep
    private let conditions: AlertConditions
    private let retirement: Retirement
    private let routeWords = Mutex<[String: String]>([:])
    #if HTTP
        private let front = Mutex<HTTPFront?>(nil)
    #endif

    package init(
        _ engine: Engine, bells: Bells, operators: Operator, log: Log, time: any TimeSource,
        manager: ServiceManager
    ) throws(FileError) {
        self.engine = engine
        upkeep = Upkeep(engine)
        conditions = AlertConditions(engine, upkeep: upkeep)
        retirement = Retirement(engine, log: log)
        self.log = log
        self.time = time
        self.manager = manager
        self.operators = operators
        control = try ControlSocket(in: engine.processor.rules.configuration.state)
        sourceLoops = engine.sources.map { Loop("source.\($0.name)", time: time) }
        routeLoops = engine.dispatchers.map { Loop("route.\($0.route)", time: time) }
        keeper = Loop("keeper", time: time)
        watcher = Loop("watcher", time: time)
        watch = FolderWatch(engine.sources.map(\.folder))
        for (loop, dispatcher) in zip(routeLoops, engine.dispatchers) { bells.hang(loop, for: dispatcher.route) }
    }

    /// Begins to work. Returns at once.
    package func start(version: String) throws {
        let health = Health(engine, operators: operators, upkeep: upkeep) { [weak self] in
            self.map { $0.stuck.isEmpty } ?? false
        }
        engine.standings.beginWatching()
        engine.metrics.registry.set(.buildInfo, [version, ""], to: 1)
        #if HTTP
            let opened = try HTTPFront(engine, operators: operators, health: health, version: version, log: log)
            front.withLock { $0 = opened }
        #else
            if engine.processor.rules.configuration.http != nil { throw EngineError.withoutHTTP("http") }
        #endif
        let rules = engine.processor.rules
        _ = try engine.committer.commitAndWait([
            .note(event: "started", detail: "mappings=\(rules.version.prefix(12))", actor: "gateway")
        ])
        for (loop, dispatcher) in zip(routeLoops, engine.dispatchers) {
            loop.start { [self] in
                let next = dispatcher.pump()
                noteState(of: dispatcher)
                guard let next else { return .after(60_000) }
                return .after(next.milliseconds - time.steady().milliseconds)
            }
        }
        for (loop, source) in zip(sourceLoops, engine.sources) {
            loop.start { [self] in
                guard !operators.isPaused(source: source.name) else { return .after(source.pollMilliseconds) }
                return look(at: source)
            }
        }
        keeper.start { [self] in keep() }
        // A hint and no more: a source is looked at as often without.
        watcher.start { [watch, sourceLoops] in
            if watch.wait(milliseconds: 1000) { for loop in sourceLoops { loop.wake() } }
            return .after(20)
        }
        Loop("control", time: time).start { [self] in
            control.serve { operators.answer($0) }
            return .after(60_000)
        }
        manager.ready("\(engine.sources.count) sources, \(engine.dispatchers.count) routes")
        log.say(
            .started, "taking documents",
            ["sources": .number(engine.sources.count), "routes": .number(engine.dispatchers.count)])
    }

    // MARK: Turns

    private func look(at source: DocumentSource) -> Loop.Next {
        let round: RoundSummary
        do throws(FileError) { round = try source.round() } catch {
            noteTrouble(of: source.name, error)
            return .after(max(source.pollMilliseconds, 5000))
        }
        engine.standings.sourceIsWell(source.name)
        for finding in round.findings {
            log.say(
                .warning, .sourceFailed, finding.message,
                ["source": .string(source.name), "code": .string(finding.code.rawValue), "why": .text(finding.why)])
        }
        for end in round.ends where end.disposition == nil {
            log.say(
                .warning, .refused, "a document was set aside unread; the reason lies beside it",
                ["source": .string(source.name), "causes": .array([.string("document-too-large")])])
        }
        engine.metrics.looked(at: source.name, round)
        // A round with nothing to commit tells nothing of the store.
        if round.storeFailure != nil || !round.ends.isEmpty { noteStore(round.storeFailure) }
        if round.storeFailure != nil { return .after(1000) }
        if round.isMore { return .now }
        return .after(round.waiting > 0 ? min(250, source.pollMilliseconds) : source.pollMilliseconds)
    }

    /// Says once that a source cannot be worked on, and again when the reason is another.
    private func noteTrouble(of source: String, _ error: FileError) {
        guard engine.standings.sourceFailed(source, error.withoutPath, at: time.wall()) else { return }
        log.say(
            .warning, .sourceFailed, "a source cannot be worked on; it is tried again",
            ["source": .string(source), "action": .string(error.action), "error": .string(error.reason)])
    }

    /// Says how a route stands when that has changed.
    private func noteState(of dispatcher: Dispatcher) {
        let (word, cause) = RouteWord.of(dispatcher.status.state)
        let before = routeWords.withLock { $0.updateValue(word, forKey: dispatcher.route) }
        // A route that is well when it is first looked at is no news.
        guard word != before ?? RouteWord.well else { return }
        log.say(
            [RouteWord.well, "draining"].contains(word) ? .info : .warning, .routeState,
            "how a route stands has changed",
            ["route": .string(dispatcher.route), "state": .string(word), "cause": .text(cause)])
    }

    /// Says once that the store fails and once that it is well again.
    private func noteStore(_ error: CustodyError?) {
        guard engine.standings.storeFails(error != nil) else { return }
        if let error {
            log.say(
                .error, .storeFailed, "the store cannot commit; nothing is acknowledged until it can",
                ["error": .string("\(error)")])
        } else {
            log.say(.storeWell, "the store commits again")
        }
    }

    /// Loops that have been in one turn for too long.
    private var stuck: [Loop] { (sourceLoops + routeLoops).filter { $0.isStuck(forMoreThan: 30_000) } }

    private func judgeAlerts() {
        upkeep.look()
        let change = engine.standings.alerts.update(conditions.holding(), at: time.wall())
        for alert in (change.opened + change.changed).map(\.alert) {
            log.say(
                alert.severity == .critical ? .error : .warning, .alertOpen,
                "somebody should look: \(alert.name.rawValue)",
                ["alert": .string(alert.name.rawValue), "subject": .string(alert.subject), "next": .string(alert.next)])
        }
        for alert in change.closed.map(\.alert) {
            log.say(
                .alertResolved, "well again: \(alert.name.rawValue)",
                ["alert": .string(alert.name.rawValue), "subject": .string(alert.subject)])
        }
    }

    /// Judges the alerts, tells the service manager we are alive, if we are, and removes what was kept long enough.
    private func keep() -> Loop.Next {
        judgeAlerts()
        let stuck = self.stuck
        if stuck.isEmpty {
            manager.alive()
        } else {
            log.say(
                .error, .sourceFailed, "a part of the gateway is stuck",
                ["component": .array(stuck.map { .string($0.name) })])
        }
        retirement.step()
        return .after(min((manager.watchdogMilliseconds ?? 60_000) / 3, 10_000))
    }

    // MARK: Ending

    /// Takes nothing new, lets what is in the air come to its end, and closes the store.
    /// - Returns: Whether everything ended in time. What did not is done again under the same keys.
    package func stop(reason: String) -> Bool {
        manager.stopping()
        log.say(.stopping, "stopping: \(reason)")
        let end = time.steady().milliseconds + Int64(engine.processor.rules.configuration.graceSeconds) * 1000
        #if HTTP
            front.withLock { $0 }?.drain()
        #endif
        for loop in sourceLoops { loop.stop() }
        for dispatcher in engine.dispatchers { dispatcher.drain() }
        var isClean = true
        for loop in sourceLoops { isClean = loop.join(milliseconds: end - time.steady().milliseconds) && isClean }
        while time.steady().milliseconds < end, !engine.dispatchers.allSatisfy(\.isQuiet) { usleep(10_000) }
        isClean = isClean && engine.dispatchers.allSatisfy(\.isQuiet)
        watch.ring()
        for loop in routeLoops + [keeper, watcher] { loop.stop() }
        for loop in routeLoops + [keeper, watcher] {
            isClean = loop.join(milliseconds: max(1000, end - time.steady().milliseconds)) && isClean
        }
        #if HTTP
            front.withLock { $0 }?.stop()
        #endif
        control.close()
        do throws(CustodyError) {
            _ = try engine.committer.commitAndWait([.note(event: "stopped", detail: reason, actor: "gateway")])
            try engine.close()
        } catch { isClean = false }
        log.say(.stopped, isClean ? "stopped" : "stopped with work in hand; it is done again at the next start")
        return isClean
    }
}

/// The bells of the route loops, for those who are made before them.
package final class Bells: Sendable {
    private let loops = Mutex<[String: Loop]>([:])

    package init() {}

    func hang(_ loop: Loop, for route: String) { loops.withLock { $0[route] = loop } }
    package func ring(_ route: String) { loops.withLock { $0[route] }?.wake() }
    package func ringAll() { for loop in loops.withLock({ Array($0.values) }) { loop.wake() } }
}
