package import Custody
import Digests
import Dispatch
package import Intake
import Mappings
import Reporting
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
    private let observer: @Sendable (Arrival, Disposition, Decision) -> Void

    package init(
        _ ruleset: Ruleset, committer: any Committing, time: any TimeSource, decider: Decider,
        observer: @escaping @Sendable (Arrival, Disposition, Decision) -> Void = { _, _, _ in }
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
        let rules = self.rules
        let now = time.wall()
        let decided = Self.sideBySide(arrivals.count) { decider.decide(arrivals[$0], by: rules, at: now) }
        let results = try committer.commitAndWait(decided.map { .accept($0.intake) })
        var dispositions: [Disposition] = []
        for (index, result) in results.enumerated() {
            guard case .accepted(let receipt) = result else { throw .damaged("the store gave no receipt") }
            let disposition = DocumentNote.disposition(receipt, decided[index], named: arrivals[index].name)
            dispositions.append(disposition)
            observer(arrivals[index], disposition, decided[index].intake.decision)
        }
        return dispositions
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
}

extension GroupCommitter: Committing {}
