internal import Dispatch
internal import Synchronization

/// Some threads that do blocking work in turn. With none, all is done by the caller, for a test that wants one order.
final class WriterPool: Sendable {
    private let queues: [DispatchQueue]
    private let next = Atomic(0)

    init(_ count: Int) {
        queues = (0..<count).map { DispatchQueue(label: "linkway.writer.\($0)") }
    }

    func run(_ work: @escaping @Sendable () -> Void) {
        guard !queues.isEmpty else { return work() }
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        queues[Int(turn.magnitude % UInt(queues.count))].async(execute: work)
    }
}
