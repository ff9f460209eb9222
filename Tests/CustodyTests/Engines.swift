import Custody
import Digests
import Foundation
import Synchronization
import Testing

/// A clock that stands still until it is told.
final class TestClock: TimeSource {
    private let state = Mutex((wall: Int64(1_800_000_000_000), steady: Int64(1_000)))

    func wall() -> Instant { Instant(milliseconds: state.withLock { $0.wall }) }
    func steady() -> Monotonic { Monotonic(milliseconds: state.withLock { $0.steady }) }

    func advance(days: Int64 = 0, milliseconds: Int64 = 0) {
        state.withLock {
            $0.wall += days * 86_400_000 + milliseconds
            $0.steady += days * 86_400_000 + milliseconds
        }
    }
}

/// The stores the conformance suite runs on.
enum Engine: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case memory, file

    var testDescription: String { rawValue }
}

/// A store with its clock and, where it has one, its folder, which goes when this goes.
final class TestStore {
    let clock = TestClock()
    let folder: String?
    private(set) var custody: SQLiteCustody

    init(_ engine: Engine, inlineLimit: Int = 1 << 20) throws {
        switch engine {
        case .memory:
            folder = nil
            custody = try SQLiteCustody(inMemory: clock)
        case .file:
            let folder = temporaryFolder()
            self.folder = folder
            custody = try SQLiteCustody(folder: folder, time: clock, allowUnsafePlace: true, inlineLimit: inlineLimit)
        }
    }

    deinit {
        try? custody.close()
        if let folder { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Closes the store and opens it again, as a restart does.
    func reopen(inlineLimit: Int = 1 << 20) throws {
        guard let folder else { return try custody.restart() }
        try custody.close()
        custody = try SQLiteCustody(folder: folder, time: clock, allowUnsafePlace: true, inlineLimit: inlineLimit)
    }

    /// Opens the store again after it was closed.
    func reopenAfterClose(inlineLimit: Int = 1 << 20) throws {
        guard let folder else { return }
        custody = try SQLiteCustody(folder: folder, time: clock, allowUnsafePlace: true, inlineLimit: inlineLimit)
    }

    // MARK: Short words for what tests do

    @discardableResult
    func commit(_ operations: Change...) throws -> [OperationResult] { try custody.commit(operations) }

    func accept(_ intake: Intake) throws -> Receipt {
        guard case .accepted(let receipt)? = try custody.commit([.accept(intake)]).first else {
            throw TestFailure("not accepted")
        }
        return receipt
    }

    func due(
        _ route: String = "queue", order: RouteOrder = .none, limit: Int = 100, leavingOut: Set<DeliveryID> = []
    ) throws -> [DueDelivery] {
        try custody.due(route, order: order, at: clock.steady(), limit: limit, leavingOut: leavingOut)
    }

    func attempt(_ delivery: DeliveryID, _ outcome: Attempt.Outcome, cause: String? = nil) -> Change {
        var attempt = Attempt(delivery: delivery, at: clock.wall(), durationMilliseconds: 12, outcome: outcome)
        attempt.cause = cause
        return .record(attempt)
    }

    func intake(_ text: String, sender: String? = nil, source: String = "inbox", decision: Decision) -> Intake {
        let payload = Array(text.utf8)
        var intake = Intake(
            reference: UUID().uuidString.lowercased(), source: source, receivedAt: clock.wall(), content: key(text),
            payload: payload, decision: decision)
        intake.senderKey = sender.map { key("\(source)/\($0)") }
        return intake
    }

    /// A document with one new referral for some routes.
    func document(
        _ text: String, sender: String? = nil, source: String = "inbox", referral: String? = nil,
        subject: String? = nil, routes: [String] = ["queue"]
    ) -> Intake {
        var decision = Decision(.accepted)
        decision.findings = Array(#"[{"code":"a-finding"}]"#.utf8)
        decision.referrals = [self.referral(referral ?? "referral of \(text)", text, subject: subject, routes: routes)]
        return intake(text, sender: sender, source: source, decision: decision)
    }

    func referral(
        _ id: String, _ text: String, kind: Decision.Referral.Kind = .new, names: [String] = [], subject: String? = nil,
        routes: [String] = ["queue"]
    ) -> Decision.Referral {
        var referral = Decision.Referral(
            id: id, kind: kind, names: (names.isEmpty ? [id] : names).map(key), subject: subject.map(key),
            canonical: Array("canonical of \(text)".utf8), trace: Array("{}".utf8))
        referral.deliveries = routes.map {
            Decision.Delivery(
                route: $0, key: "key of \(text) to \($0)",
                standing: .send(body: Array("body of \(text) to \($0)".utf8), contentType: "application/json"))
        }
        return referral
    }
}

struct TestFailure: Error {
    var words: String
    init(_ words: String) { self.words = words }
}

/// The SHA-256 of a text.
func key(_ text: String) -> Key { key(Array(text.utf8)) }

func key(_ bytes: [UInt8]) -> Key {
    let digest = Digest()
    digest.begin()
    digest.add(bytes.span)
    return Key(digest.end())
}

func temporaryFolder() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("linkway-\(UUID().uuidString)").path
}
