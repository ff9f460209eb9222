@testable import Custody
import Delivery
import DurableFiles
import Gateway
import Simulation
import Synchronization

/// The one way to the store: commits in the order of submission, each of which can fail before and after, and be cut off by
/// a crash before and after.
final class StoreDoor: Committing {
    private struct State {
        var isTroubled = false
        var fault: CommitFault?
        var waiting: [(operations: [Change], completion: @Sendable (Result<[OperationResult], CustodyError>) -> Void)] =
            []
        /// Acknowledged and not committed, by the defect of that name.
        var promised: [Change] = []
    }

    let custody: SQLiteCustody
    private let disk: SimulatedFileSystem
    private let chance: SimulatedRandomness
    private let chronicle: Chronicle
    private let defect: Defect?
    private let state: Shared

    /// So that the store can ask for its faults before there is a door.
    private final class Shared: Sendable {
        let mutex = Mutex(State())
    }

    init(
        _ time: SimulatedTime, _ disk: SimulatedFileSystem, chance: SimulatedRandomness, chronicle: Chronicle,
        defect: Defect?
    ) throws {
        let state = Shared()
        self.state = state
        custody = try SQLiteCustody(inMemory: time) { state.mutex.withLock { $0.fault } }
        self.disk = disk
        self.chance = chance
        self.chronicle = chronicle
        self.defect = defect
    }

    func setTroubled(_ isTroubled: Bool) { state.mutex.withLock { $0.isTroubled = isTroubled } }
    var isIdle: Bool { state.mutex.withLock { $0.waiting.isEmpty } }

    /// What waits dies with its process.
    func restart() throws {
        state.mutex.withLock {
            $0.waiting = []
            $0.promised = []
        }
        try custody.restart()
    }

    var submit: Submit {
        { [self] operations, completion in state.mutex.withLock { $0.waiting.append((operations, completion)) } }
    }

    func commitAndWait(_ operations: [Change]) throws(CustodyError) -> [OperationResult] {
        turn()
        if defect == .acknowledgesBeforeCommit {
            let promised = state.mutex.withLock { state in
                defer { state.promised = operations }
                return state.promised
            }
            if !promised.isEmpty { _ = try perform(promised) }
            return operations.map(Self.promise)
        }
        return try perform(operations)
    }

    func commit(_ operations: [Change]) async throws(CustodyError) -> [OperationResult] {
        try commitAndWait(operations)
    }

    private static func promise(_ operation: Change) -> OperationResult {
        guard case .accept(let intake) = operation else { return .done }
        let state: MessageState =
            switch intake.decision.outcome {
            case .accepted: .waiting
            case .held: .held
            case .refused: .refused
            case .noted: .noted
            }
        return .accepted(
            Receipt(kind: .new, reference: intake.reference, message: MessageID(rawValue: 1), state: state))
    }

    /// The committer's thread has its turn.
    func turn() {
        let waiting = state.mutex.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        guard !waiting.isEmpty else { return }
        do throws(CustodyError) {
            let results = try perform(waiting.flatMap(\.operations))
            var first = 0
            for (operations, completion) in waiting {
                completion(.success(Array(results[first..<first + operations.count])))
                first += operations.count
            }
        } catch {
            for (_, completion) in waiting { completion(.failure(error)) }
        }
    }

    private func perform(_ operations: [Change]) throws(CustodyError) -> [OperationResult] {
        try touch()
        let fault = draw()
        state.mutex.withLock { $0.fault = fault }
        let forgotten = defect == .forgetsOutcomes ? operations.map(Self.withoutOutcome) : operations
        let result: Result<[OperationResult], CustodyError>
        do throws(CustodyError) { result = .success(try custody.commit(forgotten)) } catch { result = .failure(error) }
        if case .before = fault {
            chronicle.note("  !! commit of \(operations.count) fails before")
            return try result.get()
        }
        remember(operations)
        if fault != nil { chronicle.note("  !! commit of \(operations.count) fails after") }
        try touch()
        return try result.get()
    }

    private static func withoutOutcome(_ operation: Change) -> Change {
        guard case .record = operation else { return operation }
        return .note(event: "started", detail: "", actor: "")
    }

    /// A place where the machine can crash.
    private func touch() throws(CustodyError) {
        do throws(FileError) { try disk.touch("commit") {} } catch { throw .input(error.reason) }
    }

    private func draw() -> CommitFault? {
        guard state.mutex.withLock({ $0.isTroubled }) else { return nil }
        let error: CustodyError = chance.below(2) == 0 ? .full : .input("EIO")
        return [.before(error), .before(error), .after(error), nil][chance.below(4)]
    }

    /// What is in the store now.
    private func remember(_ operations: [Change]) {
        for operation in operations {
            switch operation {
            case .accept(let intake):
                let isRead = intake.decision.outcome != .refused(cause: "process-ended")
                chronicle.with { state in
                    guard let letter = state.letters[intake.content] else { return }
                    state.expectation.commit(letter, intake.content, isRead: isRead)
                }
                chronicle.note("  committed a letter")
            case .record(let attempt):
                guard let delivery = try? custody.ledger.delivery(attempt.delivery) else { continue }
                chronicle.note("  committed \(delivery.route) \(delivery.key.prefix(8)) \(delivery.state)")
                if delivery.state == .delivered {
                    _ = chronicle.with { $0.delivered.insert("\(delivery.route)/\(delivery.key)") }
                }
            default: break
            }
        }
    }
}
