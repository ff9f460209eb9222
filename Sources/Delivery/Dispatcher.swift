package import Custody
internal import Synchronization

/// Commits operations with whatever else waits to be committed, and calls back once, from any thread.
package typealias Submit =
    @Sendable (
        _ operations: [Operation], _ completion: @escaping @Sendable (Result<[OperationResult], CustodyError>) -> Void
    ) -> Void

/// Hands the deliveries of one route over to its destination and has written down what came of them.
///
/// Everything happens inside ``pump()``, which never sleeps and says when it wants to be called again; answers that come
/// in between wait in a mailbox. A delivery stays in hand until its outcome is on the disk, so that no process sends it
/// twice without a crash. Where the outcome cannot be written down, nothing more is handed over and it is tried again for
/// as long as the process lives; after that the delivery is sent again, the same bytes under the same key.
package final class Dispatcher: Sendable {
    package let route: String
    private let destination: any Destination
    private let submit: Submit
    private let time: any TimeSource
    private let core: Mutex<DispatcherCore>
    private let mailbox: Mailbox

    /// - Parameter wake: Called from any thread when ``pump()`` has something to do.
    package init(
        _ settings: RouteSettings, destination: any Destination, custody: any Custody, time: any TimeSource,
        randomness: any Randomness, submit: @escaping Submit, wake: @escaping @Sendable () -> Void = {}
    ) {
        route = settings.name
        self.destination = destination
        self.submit = submit
        self.time = time
        core = Mutex(
            DispatcherCore(
                settings, concurrency: destination.concurrency, batch: destination.batch, custody: custody,
                randomness: randomness, wall: time.wall(), steady: time.steady()))
        mailbox = Mailbox(wake: wake)
    }

    /// Does all that can be done now. To be called when it asked to be, when ``wake`` is called, and when something was
    /// taken into custody; to call it more often does no harm.
    ///
    /// - Returns: When to call again; `nil` for when there is something new.
    @discardableResult
    package func pump() -> Monotonic? {
        core.withLock { core in
            // A destination that answers at once is served in rounds; after many of them others get their turn.
            for _ in 0..<64 {
                let mail = mailbox.take()
                let now = time.steady()
                let step = core.step(mail, wall: time.wall(), now: now)
                if !step.outcomes.isEmpty { commit(step.outcomes) }
                for parcel in step.parcels { hand(parcel) }
                if mailbox.isEmpty { return rest(&core, after: now) }
            }
            mailbox.publish(core.status(at: time.steady()))
            return time.steady()
        }
    }

    /// What it is doing, as of the last ``pump()``.
    package var status: DispatcherStatus { mailbox.status }

    /// Nothing new is handed over while paused; what is in the air comes to its end.
    package func setPaused(_ isPaused: Bool) {
        core.withLock { $0.isPaused = isPaused }
        mailbox.wake()
    }

    /// Does something about a delivery while it is not handed over, so that what is cancelled was not sent at that moment.
    ///
    /// - Returns: `nil`, and nothing is done, when it is in the air, or ended and not yet written down.
    package func holdingBack<Value>(_ delivery: DeliveryID, _ body: () throws -> Value) rethrows -> Value? {
        guard core.withLock({ $0.holdBack(delivery) }) else { return nil }
        defer {
            core.withLock { $0.letGo(delivery) }
            mailbox.wake()
        }
        return try body()
    }

    /// Has ``pump()`` called soon.
    package func wake() { mailbox.wake() }

    /// Hands nothing new over from now on. What is in the air may end and is written down.
    package func drain() {
        core.withLock { $0.isDraining = true }
        mailbox.wake()
    }

    /// Whether nothing is in the air and all outcomes are on the disk.
    package var isQuiet: Bool { core.withLock { $0.isQuiet } && mailbox.isEmpty }

    /// What falls due after the step looked is asked for by the time of the step.
    private func rest(_ core: inout DispatcherCore, after now: Monotonic) -> Monotonic? {
        mailbox.publish(core.status(at: now))
        return core.nextWake(at: now)
    }

    private func commit(_ outcomes: [Attempt]) {
        submit(outcomes.map(Operation.record)) { [mailbox] result in
            mailbox.post(.committed(result.map { _ in () }))
        }
    }

    private func hand(_ parcel: DispatcherCore.Parcel) {
        destination.send(parcel.deliveries) { [mailbox, time] results in
            mailbox.post(.answered(parcel.number, results, at: time.steady()))
        }
    }
}

/// What reached a dispatcher from other threads.
enum Mail: Sendable {
    case answered(Int, [Handover], at: Monotonic)
    case committed(Result<Void, CustodyError>)
}

/// Where answers wait for the next round, and where the state is shown. Locked for moments only.
final class Mailbox: Sendable {
    private let mail = Mutex<[Mail]>([])
    private let shown = Mutex(DispatcherStatus())
    let wake: @Sendable () -> Void

    init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

    func post(_ letter: Mail) {
        mail.withLock { $0.append(letter) }
        wake()
    }

    func take() -> [Mail] {
        mail.withLock { mail in
            let taken = mail
            mail.removeAll(keepingCapacity: true)
            return taken
        }
    }

    var isEmpty: Bool { mail.withLock { $0.isEmpty } }

    func publish(_ status: DispatcherStatus) { shown.withLock { $0 = status } }

    var status: DispatcherStatus { shown.withLock { $0 } }
}
