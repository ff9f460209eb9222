import Custody
import Dispatch
import Synchronization
import Testing

/// A store that notes its batches, can be held up, and fails as it is told.
private final class Recorder: Custody {
    private struct State {
        var batches: [[String]] = []
        var error: CustodyError?
        var poison: String?
    }

    private let state = Mutex(State())
    let gate = DispatchSemaphore(value: 0)
    /// Signalled when a batch has come in.
    let arrived = DispatchSemaphore(value: 0)
    let isGated: Bool

    init(isGated: Bool = false, error: CustodyError? = nil, poison: String? = nil) {
        self.isGated = isGated
        state.withLock {
            $0.error = error
            $0.poison = poison
        }
    }

    var batches: [[String]] { state.withLock { $0.batches } }

    func commit(_ operations: [Change]) throws(CustodyError) -> [OperationResult] {
        let names = operations.map { operation -> String in
            if case .note(let event, _, _) = operation { event } else { "" }
        }
        let (error, poison) = state.withLock { ($0.error, $0.poison) }
        arrived.signal()
        if isGated { gate.wait() }
        if let poison { if names.contains(poison) { throw .damaged(poison) } } else if let error { throw error }
        state.withLock { $0.batches.append(names) }
        return names.map { .refused($0) }
    }

    func due(
        _ route: String, order: RouteOrder, at now: Monotonic, limit: Int, leavingOut inFlight: Set<DeliveryID>
    ) throws(CustodyError) -> [DueDelivery] { [] }

    func nextDue(_ route: String, after now: Monotonic) throws(CustodyError) -> Monotonic? { nil }
}

@Suite("group commit")
struct GroupCommitterTests {
    private func note(_ name: String) -> Change { .note(event: name, detail: "", actor: "amy") }

    @Test("what waits while the disk is busy is committed together and in order, each with its own results")
    func together() throws {
        let recorder = Recorder(isGated: true)
        let committer = GroupCommitter(recorder)
        let answers = Mutex<[String: [OperationResult]]>([:])
        func submit(_ names: String...) {
            committer.submit(names.map(note)) { answer in
                answers.withLock { $0[names[0]] = try? answer.get() }
            }
        }
        submit("a")
        recorder.arrived.wait()
        submit("b1", "b2")
        submit("c")
        submit("d")
        recorder.gate.signal()
        recorder.gate.signal()
        committer.close()
        #expect(recorder.batches == [["a"], ["b1", "b2", "c", "d"]])
        #expect(
            answers.withLock { $0 } == [
                "a": [.refused("a")], "b1": [.refused("b1"), .refused("b2")], "c": [.refused("c")],
                "d": [.refused("d")],
            ])
    }

    @Test("a batch has its limits, and a submission stays whole")
    func limits() {
        let recorder = Recorder(isGated: true)
        var limits = GroupCommitter.Limits()
        limits.operations = 3
        limits.waiting = 4
        let committer = GroupCommitter(recorder, limits: limits)
        committer.submit([note("first")]) { _ in }
        recorder.arrived.wait()
        #expect(!committer.isFull)
        for name in ["a", "b", "c", "d"] { committer.submit([note(name)]) { _ in } }
        #expect(committer.isFull)
        committer.submit((0..<5).map { note("e\($0)") }) { _ in }
        for _ in 0..<4 { recorder.gate.signal() }
        committer.close()
        #expect(recorder.batches.map(\.count) == [1, 3, 1, 5])
        #expect(!committer.isFull)
    }

    @Test("a poison submission fails alone")
    func poison() {
        let recorder = Recorder(isGated: true, poison: "bad")
        let committer = GroupCommitter(recorder)
        let failed = Mutex<[String]>([])
        func submit(_ name: String) {
            committer.submit([note(name)]) { answer in
                if case .failure = answer { failed.withLock { $0.append(name) } }
            }
        }
        submit("first")
        recorder.arrived.wait()
        for name in ["a", "bad", "b"] { submit(name) }
        for _ in 0..<9 { recorder.gate.signal() }
        committer.close()
        #expect(failed.withLock { $0 } == ["bad"])
        #expect(recorder.batches == [["first"], ["a"], ["b"]])
    }

    @Test("a failing disk fails all, and nothing is taken after the close")
    func failure() async {
        let committer = GroupCommitter(Recorder(error: .input("EIO")))
        #expect(throws: CustodyError.input("EIO")) { try committer.commitAndWait([note("a")]) }
        await #expect(throws: CustodyError.input("EIO")) { try await committer.commit([note("a")]) }
        committer.close()
        #expect(throws: CustodyError.input("the store is closed")) { try committer.commitAndWait([note("a")]) }
    }

    @Test("many at once, blocking and not, all end in the store", arguments: Engine.allCases)
    func many(_ engine: Engine) async throws {
        let store = try TestStore(engine)
        let committer = GroupCommitter(store.custody)
        let intakes = (0..<200).map { store.document("letter \($0)", sender: "m\($0 % 100)") }
        await withTaskGroup(of: Bool.self) { group in
            for intake in intakes {
                group.addTask { (try? await committer.commit([.accept(intake)])) != nil }
            }
            for await isDone in group { #expect(isDone) }
        }
        committer.close()
        #expect(try store.custody.ledger.counts() == [.waiting: 100, .held: 100])
    }
}
