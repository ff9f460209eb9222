import Custody
import Delivery
import Dispatch
import DurableFiles
import Foundation
import Intake
public import Reporting
import Simulation
import Synchronization
import Testing

@testable import Gateway

/// A gateway put together in a temporary folder, with clocks and chance of its own; a test turns its wheels.
final class EngineBench {
    let folder: Folder
    let clock = SimulatedClock()
    let spoken = Spoken()
    private let bell = DispatchSemaphore(value: 0)
    /// How often those who deliver were told that something is owed.
    let wakes = Counted()
    private(set) var engine: Engine
    private(set) var operators: Operator
    private(set) var retirement: Retirement

    /// - Parameter shape: Changes the configuration, which has the source `north` and the route `out`.
    init(library: MappingLibrary = GatewayBench.library, _ shape: (inout Configuration) -> Void = { _ in }) throws {
        folder = try Folder()
        let rules = try Self.rules(Self.configuration(in: folder, shape), library)
        let log = Log(form: .json, time: clock, sink: spoken.hear)
        var parts = EngineParts(log: log)
        parts.time = clock
        parts.randomness = SimulatedRandomness(seed: 7)
        parts.wake = { [wakes] in wakes.add() }
        parts.wakeRoute = { [bell] _ in bell.signal() }
        engine = try Engine.open(rules, parts)
        operators = try Operator(engine, log: log)
        retirement = Retirement(engine, log: log)
    }

    /// Closes the gateway and opens it again, as a restart does.
    func restart() throws {
        let rules = engine.processor.rules
        try engine.close()
        let log = Log(form: .json, time: clock, sink: spoken.hear)
        var parts = EngineParts(log: log)
        parts.time = clock
        engine = try Engine.open(rules, parts)
        operators = try Operator(engine, log: log)
        retirement = Retirement(engine, log: log)
    }

    deinit { try? engine.close() }

    static func configuration(in folder: Folder, _ shape: (inout Configuration) -> Void = { _ in }) -> Configuration {
        var configuration = Configuration()
        configuration.state = folder["state"]
        configuration.settleSeconds = 0
        configuration.sources = [Configuration.Source(name: "north", folder: folder["in"])]
        configuration.routes = [Configuration.Route(name: "out", queue: folder["queue"])]
        shape(&configuration)
        return configuration
    }

    static func rules(_ configuration: Configuration, _ library: MappingLibrary = GatewayBench.library) throws
        -> Ruleset
    {
        var findings: [Finding] = []
        let rules = try Ruleset.make(configuration, library, reporting: &findings)
        return try #require(rules, "\(FindingPrinter().text(findings))")
    }

    // MARK: Turning the wheels

    @discardableResult
    func take(_ texts: String...) throws -> [Disposition] {
        try engine.processor.take(texts.map { Arrival(source: "north", name: "letter.xml", bytes: Array($0.utf8)) })
    }

    /// Delivers all that is due, and waits until it is written down.
    func deliver() {
        for _ in 0..<1000 {
            for dispatcher in engine.dispatchers { dispatcher.pump() }
            if engine.dispatchers.allSatisfy(\.isQuiet) { return }
            _ = bell.wait(timeout: .now() + .seconds(5))
        }
    }

    /// Notes that a delivery failed for good.
    func giveUp(_ delivery: Int) throws {
        var attempt = Attempt(
            delivery: DeliveryID(rawValue: Int64(delivery)), at: clock.wall(), durationMilliseconds: 3, outcome: .dead)
        attempt.cause = "status-400"
        _ = try engine.committer.commitAndWait([.record(attempt)])
    }

    // MARK: Asking

    func ask(_ members: KeyValuePairs<String, JSONValue?>) throws -> JSONValue {
        try #require(JSONValue(text: operators.answer(JSONValue.members(members).text())))
    }

    /// The result of a question that must have one.
    func result(_ members: KeyValuePairs<String, JSONValue?>) throws -> JSONValue {
        let answer = try ask(members)
        return try #require(answer["result"], "\(answer.text())")
    }

    /// The delivery of a message on a route.
    func delivery(of reference: String, on route: String = "out") throws -> JSONValue {
        let deliveries = try result(["ask": "message", "reference": .string(reference)])["deliveries"]?.items ?? []
        return try #require(deliveries.last { $0["route"]?.string == route })
    }

    func audit() throws -> [AuditLine] { try engine.custody.ledger.audit(from: 0, limit: 1000) }
}

/// What a log said, line by line.
final class Spoken: Sendable {
    private let text = Mutex<[UInt8]>([])

    var hear: @Sendable ([UInt8]) -> Void { { [self] bytes in text.withLock { $0 += bytes } } }
    var whole: String { String(decoding: text.withLock { $0 }, as: UTF8.self) }
    var lines: [String] { whole.split(separator: "\n", omittingEmptySubsequences: true).map(String.init) }
}

extension JSONValue: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .string(value) }
}

/// A number that threads share.
final class Counted: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}
