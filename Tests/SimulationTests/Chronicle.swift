import Custody
import Digests
import Synchronization

/// What happened in one simulated world, and which promises were broken in it.
final class Chronicle: Sendable {
    /// A delivery that reached a receiver: each try of an HTTP request, each name that appeared in a queue.
    struct Arrival: Sendable {
        var route: String
        var key: String
        var body: [UInt8]
        /// Which process sent it, counted from 1.
        var life: Int
        /// Whether the receiver has it, whatever it answered.
        var isReceived: Bool
        /// Whether the sender may not know that the receiver has it.
        var isDoubtful: Bool
        /// How many failures of the disk there had been.
        var diskErrors = 0
    }

    struct State: Sendable {
        var lines: [String] = []
        var violations: [String] = []
        var life = 0
        var arrivals: [Arrival] = []
        var letters: [Key: Letter] = [:]
        /// The SHA-256 of bytes that were met, since all are looked at after every step.
        var contents: [[UInt8]: Key] = [:]
        var expectation = Expectation()
        /// Names in queues, `route/key`, whose delivery is written down.
        var delivered: Set<String> = []
        /// Names that a reader took away.
        var taken: Set<String> = []
        /// Failures of the disk that the product saw.
        var diskErrors = 0
    }

    private let state = Mutex(State())
    private let clock: SimulatedTime

    init(_ clock: SimulatedTime) { self.clock = clock }

    func with<Value: Sendable>(_ body: (inout State) -> Value) -> Value { state.withLock { body(&$0) } }

    /// The SHA-256 of some bytes.
    func content(_ bytes: [UInt8]) -> Key {
        with { state in
            if let known = state.contents[bytes] { return known }
            let content = Key(Digest().bytes(of: bytes.span))
            state.contents[bytes] = content
            return content
        }
    }

    func note(_ line: @autoclosure () -> String) {
        let text = "\(clock.elapsed) \(line())"
        state.withLock { $0.lines.append(text) }
    }

    func violate(_ words: String) {
        note("VIOLATION \(words)")
        state.withLock { $0.violations.append(words) }
    }

    var isBroken: Bool { state.withLock { !$0.violations.isEmpty } }

    /// Notes that something reached a receiver, and judges it by what came before.
    func arrive(_ arrival: Arrival) {
        note("  -> \(arrival.route) \(arrival.key.prefix(8)) received=\(arrival.isReceived)")
        for words in with({ state in Self.judge(arrival, &state) }) { violate(words) }
    }

    private static func judge(_ arrival: Arrival, _ state: inout State) -> [String] {
        var faults: [String] = []
        let earlier = state.arrivals.last { $0.route == arrival.route && $0.key == arrival.key }
        if let earlier, earlier.body != arrival.body { faults.append("other bytes under one key on \(arrival.route)") }
        let received = state.arrivals.last { $0.route == arrival.route && $0.key == arrival.key && $0.isReceived }
        let isExcused = received.map { $0.isDoubtful || $0.diskErrors < state.diskErrors } ?? true
        if let received, received.life == arrival.life, !isExcused {
            faults.append("delivered twice to \(arrival.route) without cause")
        }
        faults += content(arrival, state)
        var arrival = arrival
        arrival.diskErrors = arrival.route == SimulatedGateway.services ? .max : state.diskErrors
        state.arrivals.append(arrival)
        return faults
    }

    /// A body is of one letter, holds its person's number and nobody else's, and is where it may be.
    private static func content(_ arrival: Arrival, _ state: State) -> [String] {
        let text = String(decoding: arrival.body, as: UTF8.self)
        let letters = Dictionary(state.letters.values.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let named = letters.values.filter { text.contains($0.token) }
        guard named.count == 1, let letter = named.first else { return ["a body is of \(named.count) letters"] }
        var faults: [String] = []
        for person in Set(letters.values.map(\.person)) {
            let isThere = text.contains(Letter.nhsNumber(of: person))
            if isThere != (person == letter.person) { faults.append("the NHS number of person \(person): \(isThere)") }
        }
        if arrival.route == SimulatedGateway.employment, !letter.isConsenting {
            faults.append("letter \(letter.number) went where its person did not agree to")
        }
        return faults
    }
}

/// Clocks of a world, with one more that no restart sets back.
final class SimulatedTime: TimeSource {
    private struct State {
        var elapsed: Int64 = 0
        var wall: Int64 = 1_772_442_840_000
        var steady: Int64 = 1_000
    }

    private let state = Mutex(State())

    func wall() -> Instant { Instant(milliseconds: state.withLock { $0.wall }) }
    func steady() -> Monotonic { Monotonic(milliseconds: state.withLock { $0.steady }) }
    var elapsed: Int64 { state.withLock { $0.elapsed } }

    func advance(_ milliseconds: Int64) {
        state.withLock {
            $0.elapsed += milliseconds
            $0.wall += milliseconds
            $0.steady += milliseconds
        }
    }

    func jump(_ milliseconds: Int64) { state.withLock { $0.wall += milliseconds } }

    /// The machine starts anew: its steady clock begins again.
    func reboot() { state.withLock { $0.steady = 1_000 } }
}
