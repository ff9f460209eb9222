internal import Dispatch
internal import Synchronization

/// Some threads that do blocking work side by side, since a disk flushes many files at once in little more than the time
/// of one. With none, all is done by the caller, for a test that wants one order.
final class WriterPool: Sendable {
    private let queues: [DispatchQueue]

    init(_ count: Int) {
        queues = (0..<count).map { DispatchQueue(label: "linkway.writer.\($0)") }
    }

    /// Does some work for each index below `count`, then calls back with the results in order; from one of the threads.
    func map<Value: Sendable>(
        _ count: Int, _ work: @escaping @Sendable (Int) -> Value, completion: @escaping @Sendable ([Value]) -> Void
    ) {
        guard let first = queues.first, count > 1 else { return inline(count, work, completion) }
        let results = Results<Value>(count)
        let group = DispatchGroup()
        for (start, queue) in queues.enumerated().prefix(count) {
            queue.async(group: group) { [step = queues.count] in
                for index in stride(from: start, to: count, by: step) { results.set(index, work(index)) }
            }
        }
        group.notify(queue: first) { completion(results.all()) }
    }

    private func inline<Value: Sendable>(
        _ count: Int, _ work: @escaping @Sendable (Int) -> Value, _ completion: @escaping @Sendable ([Value]) -> Void
    ) {
        guard let first = queues.first else { return completion((0..<count).map(work)) }
        first.async { completion((0..<count).map(work)) }
    }
}

/// A place for each result, filled by many threads.
private final class Results<Value: Sendable>: Sendable {
    private let values: Mutex<[Value?]>

    init(_ count: Int) { values = Mutex(Array(repeating: nil, count: count)) }

    func set(_ index: Int, _ value: Value) { values.withLock { $0[index] = value } }

    func all() -> [Value] { values.withLock { $0.compactMap(\.self) } }
}
