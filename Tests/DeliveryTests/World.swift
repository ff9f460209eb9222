@testable import Custody
import Delivery
import Synchronization

/// Virtual time: nothing waits, and the wall clock jumps when told.
final class FakeTime: TimeSource {
    private struct State {
        var steady: Int64 = 1_000
        var offset: Int64 = 1_790_000_000_000
    }

    private let state = Mutex(State())

    func wall() -> Instant { state.withLock { Instant(milliseconds: $0.steady + $0.offset) } }
    func steady() -> Monotonic { state.withLock { Monotonic(milliseconds: $0.steady) } }
    func advance(to time: Monotonic) { state.withLock { $0.steady = max($0.steady, time.milliseconds) } }
    func jump(by milliseconds: Int64) { state.withLock { $0.offset += milliseconds } }
}

/// SplitMix64.
final class Chance: Randomness {
    private let state: Mutex<UInt64>

    init(_ seed: UInt64) { state = Mutex(seed) }

    func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }
}

/// What will happen, in order of time.
final class Agenda: Sendable {
    private struct Entry {
        let time: Monotonic
        let act: @Sendable () -> Void
    }

    private let entries = Mutex<[Entry]>([])

    func at(_ time: Monotonic, _ act: @escaping @Sendable () -> Void) {
        entries.withLock { entries in
            let place = entries.firstIndex { time < $0.time } ?? entries.endIndex
            entries.insert(Entry(time: time, act: act), at: place)
        }
    }

    var next: Monotonic? { entries.withLock { $0.first?.time } }

    func act(until time: Monotonic) {
        while let entry = entries.withLock({ entries in
            entries.first.map { $0.time <= time } ?? false ? entries.removeFirst() : nil
        }) { entry.act() }
    }
}

/// One store, some dispatchers, and the time between them.
final class World {
    let time: FakeTime
    let agenda = Agenda()
    let custody: MemoryCustody
    private(set) var dispatchers: [Dispatcher] = []
    private var wakes: [Monotonic?] = []

    /// - Parameter store: Where what is due is read and outcomes go, in place of ``custody``.
    init(seed: UInt64 = 1, time: FakeTime = FakeTime(), store: (any Custody)? = nil) {
        self.time = time
        chance = Chance(seed)
        custody = MemoryCustody(time)
        self.store = store ?? custody
    }

    private let store: any Custody

    let chance: Chance

    @discardableResult
    func route(_ settings: RouteSettings, to destination: any Destination) -> Dispatcher {
        let dispatcher = Dispatcher(
            settings, destination: destination, custody: store, time: time, randomness: chance,
            submit: { [store] operations, completion in
                completion(store.result(operations))
            })
        dispatchers.append(dispatcher)
        wakes.append(nil)
        return dispatcher
    }

    func pump() {
        for (index, dispatcher) in dispatchers.enumerated() { wakes[index] = dispatcher.pump() }
    }

    /// Lets so many milliseconds pass, step by step from one event to the next.
    func run(_ milliseconds: Int64, until isDone: () -> Bool = { false }) {
        let end = time.steady() + milliseconds
        pump()
        while !isDone() {
            let now = time.steady()
            guard let next = ([agenda.next] + wakes).compactMap({ $0 }).min(), next <= end, now < end else { break }
            // A dispatcher that wants to be called at once again is; time moves by a millisecond, lest it stand still.
            time.advance(to: max(next, now + (next <= now ? 1 : 0)))
            agenda.act(until: time.steady())
            pump()
        }
        if !isDone() { time.advance(to: end) }
    }

    /// Milliseconds since the world began.
    var clock: Int64 { time.steady().milliseconds - 1_000 }
}

/// A store in memory that keeps what the protocol says of due deliveries and attempts.
final class MemoryCustody: Custody {
    enum Standing: Hashable { case waiting, delivered, dead }

    struct Owed {
        var delivery: DueDelivery
        var standing = Standing.waiting
        var notBefore: Monotonic?
        var attempts: [Attempt] = []
    }

    struct State {
        var owed: [Owed] = []
        var failingCommits = 0
        var failingReads = 0
        var commits = 0
    }

    private let time: FakeTime
    private let state = Mutex(State())

    init(_ time: FakeTime) { self.time = time }

    var owed: [Owed] { state.withLock { $0.owed } }
    var commits: Int { state.withLock { $0.commits } }
    func failCommits(_ count: Int) { state.withLock { $0.failingCommits = count } }
    func failReads(_ count: Int) { state.withLock { $0.failingReads = count } }
    func count(_ standing: Standing, route: String? = nil) -> Int {
        owed.count { $0.standing == standing && (route == nil || $0.delivery.route == route) }
    }

    @discardableResult
    func owe(_ route: String, subject: UInt8? = nil, body: String = "{}", attempts: Int = 0) -> DeliveryID {
        state.withLock { state in
            let number = Int64(state.owed.count + 1)
            let id = DeliveryID(rawValue: number)
            state.owed.append(
                Owed(
                    delivery: DueDelivery(
                        id: id, message: MessageID(rawValue: number), reference: "reference-\(number)",
                        referral: "referral-\(number)", correlation: nil, route: route,
                        subject: subject.map { Key([$0]) },
                        key: "00000000-0000-5000-8000-\(String(1_000_000_000_000 + number).dropFirst())",
                        body: Array(body.utf8), contentType: "application/fhir+json", attempts: attempts,
                        since: time.wall())))
            return id
        }
    }

    func commit(_ operations: [Operation]) throws(CustodyError) -> [OperationResult] {
        let isFailing = state.withLock { state in
            state.commits += 1
            guard state.failingCommits > 0 else { return false }
            state.failingCommits -= 1
            return true
        }
        if isFailing { throw .full }
        return operations.map { operation in
            guard case .record(let attempt) = operation else { return .refused("not here") }
            return state.withLock { Self.record(attempt, &$0) }
        }
    }

    private static func record(_ attempt: Attempt, _ state: inout State) -> OperationResult {
        let index = Int(attempt.delivery.rawValue) - 1
        guard state.owed[index].standing == .waiting else { return .refused("it waits no longer") }
        state.owed[index].attempts.append(attempt)
        state.owed[index].delivery.attempts += 1
        switch attempt.outcome {
        case .delivered: state.owed[index].standing = .delivered
        case .dead: state.owed[index].standing = .dead
        case .again(let at): state.owed[index].notBefore = at
        }
        return .done
    }

    /// Gives a dead letter up, as an operator would.
    func drop(_ id: DeliveryID) {
        state.withLock { $0.owed.removeAll { $0.delivery.id == id } }
    }

    func due(
        _ route: String, order: RouteOrder, at now: Monotonic, limit: Int, leavingOut inFlight: Set<DeliveryID>
    ) throws(CustodyError) -> [DueDelivery] {
        let found: [DueDelivery]? = state.withLock { state in
            if state.failingReads > 0 {
                state.failingReads -= 1
                return nil
            }
            var blocked: Set<Key> = []
            var found: [DueDelivery] = []
            for owed in state.owed where owed.delivery.route == route {
                guard found.count < limit else { break }
                let isBlocking = owed.standing == .waiting || (owed.standing == .dead && order == .perSubjectHolding)
                guard isBlocking else { continue }
                let isFree = owed.delivery.subject.map { !blocked.contains($0) } ?? true
                if order != .none, let subject = owed.delivery.subject { blocked.insert(subject) }
                let isDue = owed.standing == .waiting && (owed.notBefore.map { $0 <= now } ?? true)
                if isFree, isDue, !inFlight.contains(owed.delivery.id) { found.append(owed.delivery) }
            }
            return found
        }
        guard let found else { throw .input("EIO") }
        return found
    }

    func nextDue(_ route: String, after now: Monotonic) throws(CustodyError) -> Monotonic? {
        state.withLock { state in
            state.owed.filter { $0.delivery.route == route && $0.standing == .waiting }.compactMap(\.notBefore)
                .filter { $0 > now }.min()
        }
    }
}

extension Custody {
    func result(_ operations: [Operation]) -> Result<[OperationResult], CustodyError> {
        do throws(CustodyError) { return .success(try commit(operations)) } catch { return .failure(error) }
    }
}
