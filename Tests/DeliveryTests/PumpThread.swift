import Custody
import Dispatch
import Synchronization

@testable import Delivery

/// A thread that pumps one dispatcher whenever it is woken, as the gateway's does.
final class PumpThread: Sendable {
    private let bell = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let isOver = Atomic(false)

    func wake() { bell.signal() }

    func start(_ dispatcher: Dispatcher) {
        DispatchQueue(label: "pump").async { [self] in
            while !isOver.load(ordering: .acquiring) {
                dispatcher.pump()
                _ = bell.wait(timeout: .now() + .milliseconds(20))
            }
            ended.signal()
        }
    }

    /// Lets what is in the air come to its end, then ends the thread.
    /// - Returns: Whether all of it was written down within some seconds.
    func stop(_ dispatcher: Dispatcher) -> Bool {
        dispatcher.drain()
        for _ in 0..<500 where !(dispatcher.isQuiet && dispatcher.status.state == .draining) {
            _ = ended.wait(timeout: .now() + .milliseconds(10))
        }
        isOver.store(true, ordering: .releasing)
        wake()
        return ended.wait(timeout: .now() + .seconds(5)) == .success && dispatcher.isQuiet
    }
}
