package import Custody
package import Delivery
package import DurableFiles
package import Intake
import Referrals
import Reporting

/// The gateway put together: a store, the rules, a source for each place documents come from, a dispatcher for each route.
///
/// It has no threads of its own but the committer's: ``Daemon`` turns its wheels, and so does ``Engine/workOff(report:)``.
package final class Engine: Sendable {
    package let custody: SQLiteCustody
    package let committer: GroupCommitter
    package let processor: Processor
    package let sources: [DocumentSource]
    package let dispatchers: [Dispatcher]
    /// What the running gateway knows of itself.
    package let standings = Standings()
    let metrics: GatewayMetrics
    let consents: ConsentWatch
    /// Whether the clock is believed where things are removed for their age.
    package let retentionClock: RetentionClock
    let files: any FileSystem
    let time: any TimeSource

    init(
        custody: SQLiteCustody, committer: GroupCommitter, processor: Processor, sources: [DocumentSource],
        dispatchers: [Dispatcher], parts: EngineParts, consents: ConsentWatch
    ) throws(CustodyError) {
        self.custody = custody
        self.committer = committer
        self.processor = processor
        self.sources = sources
        self.dispatchers = dispatchers
        self.consents = consents
        retentionClock = try RetentionClock(custody, time: parts.time)
        metrics = parts.metrics
        files = parts.files
        time = parts.time
        standings.reloaded(.ok, at: time.wall())
    }

    /// Notes what became of reading the configuration again.
    package func noteReload(_ result: Standings.ReloadResult) {
        standings.reloaded(result, at: time.wall())
        metrics.reloaded(result)
    }

    /// Commits what waits and lets go of the store. Nothing may be done with it after.
    package func close() throws(CustodyError) {
        committer.close()
        try custody.close()
    }
}

/// What an engine is made of that comes from outside.
package struct EngineParts: Sendable {
    package var time: any TimeSource = SystemTime()
    package var randomness: any Randomness = SystemRandomness()
    package var files: any FileSystem = DiskFileSystem()
    /// Makes what speaks HTTP to an endpoint; `nil` in a build without it.
    package var exchange: (@Sendable (Configuration.Route.Endpoint) throws -> any Exchange)?
    package var log: Log
    package var metrics = GatewayMetrics()
    /// Called when something was taken that dispatchers may send.
    package var wake: @Sendable () -> Void = {}
    /// Called from any thread when a dispatcher has something to do.
    package var wakeRoute: @Sendable (String) -> Void = { _ in }

    package init(log: Log) { self.log = log }
}

extension Engine {
    /// Opens the store of these rules and puts everything together. Folders are made ready.
    ///
    /// - Parameter isForWork: Whether it is to take and deliver. Without, it has a store and rules only: for operators.
    package static func open(_ rules: Ruleset, _ parts: EngineParts, isForWork: Bool = true) throws -> Engine {
        let state = rules.configuration.state
        let custody = try SQLiteCustody(folder: state, time: parts.time)
        let committer = GroupCommitter(custody)
        let isNew = try custody.ledger.messages(limit: 1).isEmpty
        let keys = PersonKeys(secret: try IdentityKey.readOrMake(in: state, isNew: isNew, parts.randomness))
        let consents = ConsentWatch()
        let voice = EngineVoice(log: parts.log, metrics: parts.metrics, consents: consents, time: parts.time)
        let wake = parts.wake
        let processor = Processor(
            rules, committer: committer, time: parts.time,
            decider: Decider(keys: keys, randomness: parts.randomness)
        ) { arrival, disposition, decision, seconds in
            voice.taken(arrival, disposition, decision, seconds, profile: rules.configuration.profile.name)
            voice.answered(disposition, decision)
            if disposition.receipt.isOwed { wake() }
        }
        _ = try committer.commitAndWait([.pin(version: rules.version, files: rules.snapshot.json)])
        let journal = MeshJournal(committer: committer, time: parts.time, log: parts.log)
        var sources: [DocumentSource] = []
        for source in isForWork ? rules.configuration.sources : [] {
            if let folder = source.folder { try parts.files.makeFolder(folder) }
            if let made = self.source(source, rules, processor, journal, parts) { sources.append(made) }
        }
        let paused = try custody.ledger.pauses()
        let dispatchers = try (isForWork ? rules.routes : []).map { route in
            let dispatcher = try dispatcher(route, custody, committer, voice, parts)
            if paused.contains(where: { $0.kind == "route" && $0.name == route.name }) { dispatcher.setPaused(true) }
            return dispatcher
        }
        return try Engine(
            custody: custody, committer: committer, processor: processor, sources: sources, dispatchers: dispatchers,
            parts: parts, consents: consents)
    }

    private static func source(
        _ source: Configuration.Source, _ rules: Ruleset, _ receiver: Processor, _ reports: MeshJournal,
        _ parts: EngineParts
    ) -> DocumentSource? {
        var settings = SourceSettings()
        settings.mapping = source.mapping
        settings.settle = Int64(rules.configuration.settleSeconds) * 1000
        settings.largest = rules.configuration.largestDocument
        switch source.kind {
        case .folder(let folder):
            settings.marker = folder.marker
            let own = Files.join(rules.configuration.state, "inboxes/" + source.name)
            switch folder.claim {
            case .rename: settings.claim = .rename
            case .copy: settings.claim = .copy(into: own)
            case .readOnly: settings.claim = .readOnly(into: own)
            }
            return DocumentSource(
                FolderSource(
                    source.name, folder: folder.path, settings: settings, files: parts.files, time: parts.time,
                    receiver: receiver), folder: folder.path, pollMilliseconds: Int64(folder.pollSeconds) * 1000)
        case .meshFolder(let folder):
            return DocumentSource(
                MeshFolderSource(
                    source.name, folder: folder.path, workflows: folder.workflows, settings: settings,
                    files: parts.files, time: parts.time, receiver: receiver, reports: reports),
                folder: folder.path, pollMilliseconds: Int64(folder.pollSeconds) * 1000)
        case .http: return nil
        }
    }

    private static func dispatcher(
        _ route: CompiledRoute, _ custody: SQLiteCustody, _ committer: GroupCommitter, _ voice: EngineVoice,
        _ parts: EngineParts
    ) throws -> Dispatcher {
        var settings = RouteSettings(route.name, order: route.route.order.asked)
        settings.policy.ageLimit = Int64(route.route.giveUpDays) * 86_400_000
        let name = route.name
        let wakeRoute = parts.wakeRoute
        return Dispatcher(
            settings, destination: try destination(route.route, parts), custody: custody, time: parts.time,
            randomness: parts.randomness,
            submit: { operations, completion in
                committer.submit(operations) { result in
                    if case .success = result { voice.tried(operations, on: name) }
                    completion(result)
                }
            },
            wake: { wakeRoute(name) })
    }

    private static func destination(
        _ route: Configuration.Route, _ parts: EngineParts
    ) throws -> any Destination {
        switch route.destination {
        case .queue(let folder):
            let destination = FolderDestination(folder, files: parts.files)
            try destination.prepare()
            return destination
        case .http(let endpoint):
            guard let exchange = parts.exchange else { throw EngineError.withoutHTTP(route.name) }
            var destination = HTTPDestination(
                endpoint.url, concurrency: endpoint.concurrency, exchange: try exchange(endpoint), time: parts.time,
                authorization: Secrets.authorization(endpoint.token))
            destination.isBARS = route.form == "fhir-message"
            destination.timeout = endpoint.timeoutSeconds * 1000
            return destination
        case .meshFolder(let outbox):
            let destination = MeshFolderDestination(
                outbox.path,
                .init(
                    from: outbox.from, to: outbox.to, workflow: outbox.workflow,
                    subject: route.subject == .outcomes ? "Outcome of a referral" : "Referral"), files: parts.files)
            try destination.prepare()
            return destination
        }
    }
}

extension Configuration.Route.Order {
    /// What it asks of the store.
    fileprivate var asked: RouteOrder {
        switch self {
        case .person: .perSubject
        case .personHolding: .perSubjectHolding
        case .none: .none
        }
    }
}

/// Why an engine cannot be put together.
package enum EngineError: Error, CustomStringConvertible {
    case withoutHTTP(String)

    package var description: String {
        switch self {
        case .withoutHTTP(let name):
            "`\(name)` needs HTTP, and this build is without it (package trait HTTP)"
        }
    }
}
