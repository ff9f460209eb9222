internal import Foundation
internal import Synchronization

/// Gathers what waits to be committed and commits it together, so that throughput does not hang on how often the disk
/// can flush.
///
/// One thread of its own commits, in the order of submission. A submission is done or failed as a whole.
package final class GroupCommitter: Sendable {
    package struct Limits: Sendable {
        /// Operations in one transaction at most; a larger submission stands alone.
        package var operations = 256
        /// Bytes in one transaction, about; a larger submission stands alone.
        package var bytes = 8 << 20
        /// Operations that may wait.
        package var waiting = 4096
        /// Bytes that may wait, about.
        package var waitingBytes = 64 << 20

        package init() {}
    }

    package typealias Answer = Result<[OperationResult], CustodyError>

    private struct Submission {
        var operations: [Operation]
        var weight: Int
        var completion: @Sendable (Answer) -> Void
    }

    private struct Queue {
        var waiting: [Submission] = []
        var operations = 0
        var bytes = 0
        var isClosed = false
        var isEnded = false
    }

    private let custody: any Custody
    private let limits: Limits
    /// Guards `queue`; signalled when something is added, taken, or the end comes.
    private let condition = NSCondition()
    private let queue = Mutex(Queue())

    package init(_ custody: any Custody, limits: Limits = Limits()) {
        self.custody = custody
        self.limits = limits
        let thread = Thread { [self] in run() }
        thread.name = "linkway-commit"
        thread.start()
    }

    /// Whether no more should be taken in for now: answer a sender 503, leave a file where it is.
    package var isFull: Bool { queue.withLock { isFull($0) } }

    /// Hands operations to the committer without waiting, also when it is full: whoever takes new work in asks
    /// ``isFull`` before. Calls back once, from the committer's thread, which it must not hold up.
    package func submit(_ operations: [Operation], completion: @escaping @Sendable (Answer) -> Void) {
        let weight = operations.reduce(0) { $0 + $1.weight }
        let submission = Submission(operations: operations, weight: weight, completion: completion)
        condition.lock()
        let isTaken = queue.withLock { queue in
            guard !queue.isClosed else { return false }
            queue.waiting.append(submission)
            queue.operations += operations.count
            queue.bytes += weight
            return true
        }
        condition.broadcast()
        condition.unlock()
        if !isTaken { completion(.failure(.input("the store is closed"))) }
    }

    /// Commits operations, waiting for room and then for the disk. Not for the cooperative pool.
    package func commitAndWait(_ operations: [Operation]) throws(CustodyError) -> [OperationResult] {
        try begin(operations)()
    }

    /// Waits for room and hands operations over.
    /// - Returns: Waits for the disk, and gives what came of it. To be called once, and not on the cooperative pool.
    package func begin(_ operations: [Operation]) -> () throws(CustodyError) -> [OperationResult] {
        waitForRoom()
        let done = DispatchSemaphore(value: 0)
        let answer = AnswerBox()
        submit(operations) { result in
            answer.value.withLock { $0 = result }
            done.signal()
        }
        return { () throws(CustodyError) -> [OperationResult] in
            done.wait()
            guard let result = answer.value.withLock({ $0 }) else { throw .input("the committer gave no answer") }
            return try result.get()
        }
    }

    /// Commits operations, leaving the thread to others meanwhile.
    package func commit(_ operations: [Operation]) async throws(CustodyError) -> [OperationResult] {
        let answer: Answer = await withCheckedContinuation { continuation in
            submit(operations) { continuation.resume(returning: $0) }
        }
        return try answer.get()
    }

    /// Commits all that waits, takes nothing more, and returns when the thread has ended.
    package func close() {
        condition.lock()
        queue.withLock { $0.isClosed = true }
        condition.broadcast()
        while !queue.withLock({ $0.isEnded }) { condition.wait() }
        condition.unlock()
    }

    private func isFull(_ queue: Queue) -> Bool {
        queue.operations >= limits.waiting || queue.bytes >= limits.waitingBytes
    }

    private func waitForRoom() {
        condition.lock()
        while queue.withLock({ isFull($0) && !$0.isClosed }) { condition.wait() }
        condition.unlock()
    }

    private final class AnswerBox: Sendable {
        let value = Mutex<Answer?>(nil)
    }

    // MARK: The committer's thread

    private func run() {
        while let batch = next() { commit(batch) }
        condition.lock()
        queue.withLock { $0.isEnded = true }
        condition.broadcast()
        condition.unlock()
    }

    /// The oldest submissions that go into one transaction; `nil` at the end.
    private func next() -> [Submission]? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            let (batch, isEnd) = queue.withLock { queue in (take(&queue), queue.isClosed) }
            if !batch.isEmpty {
                condition.broadcast()
                return batch
            }
            if isEnd { return nil }
            condition.wait()
        }
    }

    private func take(_ queue: inout Queue) -> [Submission] {
        var count = 0
        var operations = 0
        var bytes = 0
        for submission in queue.waiting {
            operations += submission.operations.count
            bytes += submission.weight
            guard count == 0 || operations <= limits.operations && bytes <= limits.bytes else { break }
            count += 1
        }
        let batch = Array(queue.waiting.prefix(count))
        queue.waiting.removeFirst(count)
        queue.operations -= batch.reduce(0) { $0 + $1.operations.count }
        queue.bytes -= batch.reduce(0) { $0 + $1.weight }
        return batch
    }

    private func commit(_ batch: [Submission]) {
        do {
            let results = try custody.commit(batch.flatMap(\.operations))
            var first = 0
            for submission in batch {
                let end = first + submission.operations.count
                submission.completion(.success(Array(results[first..<end])))
                first = end
            }
        } catch {
            if batch.count > 1, error.isPossiblyOfOne {
                for submission in batch { commit([submission]) }
            } else {
                for submission in batch { submission.completion(.failure(error)) }
            }
        }
    }
}

extension CustodyError {
    /// Whether one operation of a batch may be the cause, and the others pass without it: it met a damaged page, or is
    /// too large for the room that is left.
    fileprivate var isPossiblyOfOne: Bool {
        switch self {
        case .damaged, .full: true
        case .input, .held, .unsafePlace: false
        }
    }
}
