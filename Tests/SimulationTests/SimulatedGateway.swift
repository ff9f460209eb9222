import Custody
import Delivery
import DurableFiles
import Foundation
@testable import Gateway
import Intake
import Referrals
import Reporting
import Simulation

/// One life of the gateway: the product's own source, core and dispatchers over a disk and a store that outlive it.
struct SimulatedGateway {
    static let largestDocument = 16_384
    static let inbox = "/inbox"
    /// Where claimed documents are when they are copied out of the inbox.
    static let own = "/own"
    static let linkWorkers = "link-workers"
    static let services = "services"
    static let employment = "employment"

    let source: FolderSource
    let dispatchers: [Dispatcher]

    /// What a life is made of.
    struct World: Sendable {
        var rules: Ruleset
        var files: WatchedFileSystem
        var store: StoreDoor
        var endpoint: Endpoint
        var time: SimulatedTime
        var chance: SimulatedRandomness
        var isCopying: Bool
        var defect: Defect?
    }

    init(_ world: World) throws {
        let processor = Processor(
            world.rules, committer: world.store, time: world.time,
            decider: Decider(
                keys: PersonKeys(secret: Array(1...32)), randomness: SimulatedRandomness(seed: world.chance.next())))
        var settings = SourceSettings()
        settings.settle = world.defect == .takesGrowingFiles ? 0 : 1_000
        settings.largest = Self.largestDocument
        if world.isCopying { settings.claim = .copy(into: Self.own) }
        source = FolderSource(
            "riverside", folder: Self.inbox, settings: settings, files: world.files, time: world.time,
            receiver: processor)
        dispatchers = try world.rules.routes.map { try Self.dispatcher($0.name, $0.route.destination, world) }
    }

    private static func dispatcher(
        _ name: String, _ place: Configuration.Route.Destination, _ world: World
    ) throws -> Dispatcher {
        let destination: any Destination
        if case .queue(let folder) = place {
            let queue = FolderDestination(folder, files: world.files, batch: 4, writers: 0)
            try queue.prepare()
            destination = queue
        } else {
            destination = HTTPDestination(
                "https://services.example.org/referrals", concurrency: 3, exchange: world.endpoint, time: world.time)
        }
        return Dispatcher(
            RouteSettings(name, order: world.defect == .ignoresOrder ? .none : .perSubject),
            destination: world.defect == .changesBytesOnRetry ? Forger(inner: destination) : destination,
            custody: world.store.custody, time: world.defect == .ignoresRetryAfter ? Hasty(world.time) : world.time,
            randomness: world.chance, submit: world.store.submit)
    }

    // MARK: What is the same for all

    /// The route and key of a path in the `ready/` of a queue.
    static func queued(_ path: String) -> (route: String, key: String)? {
        let parts = path.split(separator: "/")
        guard parts.count == 4, parts[0] == "queues", parts[2] == "ready" else { return nil }
        return (String(parts[1]), String(parts[3].prefix { $0 != "." }))
    }

    /// The shipped `riverside` mappings and three routes.
    static let rules: Result<Ruleset, any Error> = Result {
        var configuration = Configuration()
        configuration.largestDocument = largestDocument
        configuration.routes = [
            Configuration.Route(name: linkWorkers, queue: "/queues/\(linkWorkers)", consent: .noneNeeded),
            Configuration.Route(
                name: services, destination: .http(.init(url: "https://services.example.org/referrals")),
                consent: .noneNeeded),
            Configuration.Route(
                name: employment, queue: "/queues/\(employment)", consent: .scope(.shareWithEmploymentSupport)),
        ]
        let folder = try mappings()
        defer { try? FileManager.default.removeItem(at: folder) }
        var findings: [Finding] = []
        let rules = try Ruleset.make(configuration, try MappingLibrary.load(folder.path), reporting: &findings)
        guard let rules else { throw Unusable(findings: findings.map(\.message)) }
        return rules
    }

    struct Unusable: Error { var findings: [String] }

    /// A copy of the mappings that are needed; all of them take long to compile.
    private static func mappings() throws -> URL {
        var package = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { package.deleteLastPathComponent() }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("linkway-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["riverside-base", "riverside-json", "riverside-xml", "tables"] {
            try FileManager.default.copyItem(
                at: package.appendingPathComponent("mappings/\(name)"), to: folder.appendingPathComponent(name))
        }
        return folder
    }
}

/// A destination that sends other bytes when it tries again: a defect.
private struct Forger: Destination {
    let inner: any Destination
    var concurrency: Int { inner.concurrency }
    var batch: Int { inner.batch }

    func send(_ deliveries: [DueDelivery], completion: @escaping @Sendable ([Handover]) -> Void) {
        inner.send(
            deliveries.map { delivery in
                var delivery = delivery
                if delivery.attempts > 0 { delivery.body.append(0x20) }
                return delivery
            }, completion: completion)
    }
}

/// A clock that runs ten times as fast: to a dispatcher every wait is over too soon. A defect.
private struct Hasty: TimeSource {
    let time: SimulatedTime
    init(_ time: SimulatedTime) { self.time = time }
    func wall() -> Instant { time.wall() }
    func steady() -> Monotonic { Monotonic(milliseconds: time.steady().milliseconds * 10) }
}
