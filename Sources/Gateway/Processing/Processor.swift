package import Custody
import Digests
import Dispatch
package import Intake
import Mappings
package import Reporting
import Synchronization

/// Takes documents through the pure core into custody: the one place where sources meet the store.
///
/// Documents are translated side by side and committed in the order they came, in one transaction. Nothing is answered
/// before that.
package final class Processor: Receiver {
    private let ruleset: Mutex<Ruleset>
    private let committer: any Committing
    private let time: any TimeSource
    private let decider: Decider
    /// Told of every document after it is committed.
    private let observer: Observer

    /// Told of a document after it is committed, with the seconds that deciding took.
    package typealias Observer = @Sendable (Arrival, Disposition, Decision, Double) -> Void

    package init(
        _ ruleset: Ruleset, committer: any Committing, time: any TimeSource, decider: Decider,
        observer: @escaping Observer = { _, _, _, _ in }
    ) {
        self.ruleset = Mutex(ruleset)
        self.committer = committer
        self.time = time
        self.decider = decider
        self.observer = observer
    }

    /// The rules in force.
    package var rules: Ruleset { ruleset.withLock { $0 } }

    /// Puts other rules in force, for documents taken from now on.
    package func use(_ rules: Ruleset) { ruleset.withLock { $0 = rules } }

    package func take(_ arrivals: [Arrival]) throws(CustodyError) -> [Disposition] {
        let batch = begin(arrivals)
        batch.submit()
        return try batch.wait()
    }

    package func begin(_ arrivals: [Arrival]) -> any Taking { Batch(self, arrivals, decide(arrivals)) }

    /// Documents that were decided about.
    private final class Batch: Taking {
        private let processor: Processor
        private let arrivals: [Arrival]
        private let decided: [Decider.Decided]
        private var answer: CommitInHand = { () throws(CustodyError) -> [OperationResult] in [] }

        init(_ processor: Processor, _ arrivals: [Arrival], _ decided: [Decider.Decided]) {
            self.processor = processor
            self.arrivals = arrivals
            self.decided = decided
        }

        func submit() { answer = processor.committer.begin(decided.map { .accept($0.intake) }) }

        func wait() throws(CustodyError) -> [Disposition] {
            let results = try answer()
            guard results.count == arrivals.count else { throw .damaged("the store gave no receipt") }
            return try arrivals.indices.map { index throws(CustodyError) in
                try processor.disposition(results[index], arrivals[index], decided[index])
            }
        }
    }

    /// What became of a document that its sender waits for.
    package enum Taken: Sendable {
        /// It is not what it claims to be, and nothing of it is kept: the sender is told, and has it still.
        case unreadable([Finding])
        case taken(Disposition)
    }

    /// Takes one document whose sender waits for the answer, leaving the thread to others while the disk works.
    package func takeReadable(_ arrival: Arrival) async throws(CustodyError) -> Taken {
        let decided = decide([arrival])[0]
        if case .refused = decided.intake.decision.outcome, decided.intake.decision.format == nil {
            return .unreadable(decided.findings)
        }
        let results = try await committer.commit([.accept(decided.intake)])
        guard let result = results.first else { throw .damaged("the store gave no receipt") }
        return .taken(try disposition(result, arrival, decided))
    }

    private func decide(_ arrivals: [Arrival]) -> [Decider.Decided] {
        let rules = self.rules
        let now = time.wall()
        return Self.sideBySide(arrivals.count) { decider.decide(arrivals[$0], by: rules, at: now) }
    }

    private func disposition(
        _ result: OperationResult, _ arrival: Arrival, _ decided: Decider.Decided
    ) throws(CustodyError) -> Disposition {
        guard case .accepted(let receipt) = result else { throw .damaged("the store gave no receipt") }
        let disposition = DocumentNote.disposition(receipt, decided, named: arrival.name)
        observer(arrival, disposition, decided.intake.decision, decided.seconds)
        return disposition
    }

    /// Tells the observer of a document that was taken in another way.
    func tell(_ arrival: Arrival, _ disposition: Disposition, _ decided: Decider.Decided) {
        observer(arrival, disposition, decided.intake.decision, decided.seconds)
    }

    /// Decides about a document without taking it.
    func decide(_ arrival: Arrival, by rules: Ruleset) -> Decider.Decided {
        decider.decide(arrival, by: rules, at: time.wall())
    }

    var keys: PersonKeys { decider.keys }

    package func suspect(_ content: Key) throws(CustodyError) -> Int {
        guard case .suspected(let times) = try committer.commitAndWait([.suspect(content)]).first else { return 0 }
        return times
    }

    package func clear(_ content: Key) throws(CustodyError) { _ = try committer.commitAndWait([.cleared(content)]) }

    /// Works on each index, on all cores, and gives the results in order.
    private static func sideBySide<Result: Sendable>(
        _ count: Int, _ work: @Sendable (Int) -> Result
    ) -> [Result] {
        guard count > 1 else { return (0..<count).map(work) }
        let results = Mutex<[Result?]>([Result?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = work(index)
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0.compactMap { $0 } }
    }
}

/// Whatever commits operations and says when they are on the disk: the group committer, or the store itself.
package protocol Committing: Sendable {
    func commitAndWait(_ operations: [Operation]) throws(CustodyError) -> [OperationResult]
    func commit(_ operations: [Operation]) async throws(CustodyError) -> [OperationResult]
    /// Begins to commit, behind what was begun before.
    func begin(_ operations: [Operation]) -> CommitInHand
}

/// Waits until what was begun is on the disk. To be called once.
package typealias CommitInHand = () throws(CustodyError) -> [OperationResult]

extension Committing {
    /// For stores that do one thing at a time: nothing is done before it is waited for.
    package func begin(_ operations: [Operation]) -> CommitInHand {
        { [self] () throws(CustodyError) -> [OperationResult] in try commitAndWait(operations) }
    }
}

extension GroupCommitter: Committing {}
