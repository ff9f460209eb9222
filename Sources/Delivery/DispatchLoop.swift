package import Custody
internal import Dispatch
internal import Synchronization

/// Tells a sleeping thread that there is something to do. Many calls before it wakes are one.
package final class WakeSignal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let isSet = Mutex(false)

    package init() {}

    package func wake() {
        let wasSet = isSet.withLock { isSet in
            defer { isSet = true }
            return isSet
        }
        if !wasSet { semaphore.signal() }
    }

    /// Sleeps until woken, or for so many milliseconds; `nil` for as long as it takes.
    func sleep(_ milliseconds: Int64?) {
        if let milliseconds {
            // Whether woken or not, the thread is awake now.
            _ = semaphore.wait(timeout: .now() + .milliseconds(Int(min(max(milliseconds, 0), 60_000))))
        } else {
            semaphore.wait()
        }
        isSet.withLock { $0 = false }
    }
}

/// A thread that pumps one dispatcher until it is stopped.
package final class DispatchLoop: Sendable {
    private let dispatcher: Dispatcher
    private let signal: WakeSignal
    private let time: any TimeSource
    private let isStopped = Mutex(false)
    private let ended = DispatchSemaphore(value: 0)

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
            _ = ended.wait(timeout: .now() + .milliseconds(10))
        }
        isStopped.withLock { $0 = true }
        signal.wake()
        ended.wait()
        return dispatcher.isQuiet
    }

    private func run() {
        while !isStopped.withLock({ $0 }) {
            let next = dispatcher.pump()
            signal.sleep(next.map { $0.milliseconds - time.steady().milliseconds })
        }
        ended.signal()
    }
}
