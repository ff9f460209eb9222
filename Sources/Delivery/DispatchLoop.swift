package import Custody
internal import Dispatch
internal import Synchronization

/// Tells a sleeping thread that there is something to do. Many calls before it wakes are one.
package final class WakeSignal: Sendable {
    private let bell = Bell()

    package init() {}

    package func wake() { bell.ring() }

    /// Sleeps until woken, or for so many milliseconds; a minute where nothing is said.
    func sleep(_ milliseconds: Int64?) { bell.wait(milliseconds: min(max(milliseconds ?? 60_000, 0), 60_000)) }
}

/// A thread that pumps one dispatcher until it is stopped.
package final class DispatchLoop: Sendable {
    private let dispatcher: Dispatcher
    private let signal: WakeSignal
    private let time: any TimeSource
    private let isStopped = Mutex(false)
    private let ended = Bell()

    /// - Parameter signal: The one that the dispatcher wakes; whoever takes something into custody wakes it too.
    package init(_ dispatcher: Dispatcher, signal: WakeSignal, time: any TimeSource) {
        self.dispatcher = dispatcher
        self.signal = signal
        self.time = time
    }

    package func start() {
        DispatchQueue(label: "linkway.route.\(dispatcher.route)").async { self.run() }
    }

    /// Hands nothing new over, waits for what is in the air, and ends the thread. To be called once, after ``start()``.
    ///
    /// - Parameter grace: Milliseconds. What is not written down by then will be sent again by the next process, the same
    ///   bytes under the same key.
    /// - Returns: Whether all of it was written down.
    package func stop(grace: Int64) -> Bool {
        dispatcher.drain()
        let end = time.steady() + grace
        while !dispatcher.isQuiet, time.steady() < end {
            if ended.wait(milliseconds: 10) { ended.ring() }
        }
        isStopped.withLock { $0 = true }
        signal.wake()
        while !ended.wait(milliseconds: 60_000) {}
        return dispatcher.isQuiet
    }

    private func run() {
        while !isStopped.withLock({ $0 }) {
            let next = dispatcher.pump()
            signal.sleep(next.map { $0.milliseconds - time.steady().milliseconds })
        }
        ended.ring()
    }
}
