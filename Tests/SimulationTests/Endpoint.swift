import Custody
import Delivery
import Simulation
import Synchronization

/// A receiver on the network that behaves as its mood is.
final class Endpoint: Exchange {
    enum Mood: CaseIterable, Sendable {
        case well, slow, dead, busy, asksForQuiet, unauthorised
        /// It has the message, and its answer does not arrive.
        case losesAnswers
        /// It may have the message, and nothing comes back until the limit, or not even then.
        case hangs
    }

    private struct State {
        var mood = Mood.well
        /// No request may begin before, as the sender knows.
        var quietUntil: Int64 = 0
        var life = 0
    }

    private let disk: SimulatedFileSystem
    private let chance: SimulatedRandomness
    private let chronicle: Chronicle
    private let time: SimulatedTime
    private let agenda: Agenda
    private let state = Mutex(State())

    init(
        _ disk: SimulatedFileSystem, chance: SimulatedRandomness, chronicle: Chronicle, time: SimulatedTime,
        agenda: Agenda
    ) {
        self.disk = disk
        self.chance = chance
        self.chronicle = chronicle
        self.time = time
        self.agenda = agenda
    }

    func setMood(_ mood: Mood) { state.withLock { $0.mood = mood } }

    /// A new process knows nothing of a wish for quiet, and hears no answer to another's request.
    func restart() {
        state.withLock {
            $0.quietUntil = 0
            $0.life += 1
        }
    }

    private struct Reply {
        var result: Result<ExchangeResponse, ExchangeError>?
        var isReceived: Bool
        var after: Int64
        var retryAfter: Int64 = 0

        var isSuccess: Bool { if case .success(let response) = result { response.status < 300 } else { false } }
    }

    func send(
        _ request: ExchangeRequest, completion: @escaping @Sendable (Result<ExchangeResponse, ExchangeError>) -> Void
    ) {
        if disk.isDown { return }
        let now = time.elapsed
        let (life, quiet, mood) = state.withLock { ($0.life, $0.quietUntil, $0.mood) }
        if now < quiet { chronicle.violate("a request \(quiet - now) ms before Retry-After is over") }
        let reply = reply(to: request, mood)
        chronicle.note("  http \(mood) after=\(reply.after) retry-after=\(reply.retryAfter)")
        chronicle.arrive(
            Chronicle.Arrival(
                route: SimulatedGateway.services,
                key: request.headers.first { $0.name == "X-Request-Id" }?.value ?? "", body: request.body,
                life: chronicle.with(\.life), isReceived: reply.isReceived, isDoubtful: !reply.isSuccess))
        guard let result = reply.result else { return }
        agenda.add(at: now + reply.after) { [self] in
            guard state.withLock({ $0.life }) == life else { return }
            if reply.retryAfter > 0 {
                state.withLock { $0.quietUntil = max($0.quietUntil, time.elapsed + reply.retryAfter) }
            }
            completion(result)
        }
    }

    private func reply(to request: ExchangeRequest, _ mood: Mood) -> Reply {
        let isPoison = String(decoding: request.body, as: UTF8.self).contains(Letter.poison)
        let after = Int64(10 + chance.below(mood == .slow ? 25_000 : 400))
        switch mood {
        case .well, .slow:
            return Reply(result: Self.answer(isPoison ? 400 : 201), isReceived: !isPoison, after: after)
        case .dead:
            let errors: [ExchangeError] = [.connect, .tls, .nameResolution, .resetBeforeSending]
            return Reply(result: .failure(errors[chance.below(4)]), isReceived: false, after: after)
        case .busy:
            return Reply(result: Self.answer([500, 502, 503, 504][chance.below(4)]), isReceived: false, after: after)
        case .asksForQuiet:
            let seconds = 1 + chance.below(chance.below(6) == 0 ? 3_000 : 90)
            return Reply(
                result: Self.answer([429, 503][chance.below(2)], retryAfter: seconds), isReceived: false, after: after,
                retryAfter: Int64(seconds) * 1000)
        case .unauthorised:
            return Reply(result: Self.answer([401, 403][chance.below(2)]), isReceived: false, after: after)
        case .losesAnswers:
            let errors: [ExchangeError] = [.resetAfterSending, .truncated, .malformed, .timeoutAfterSending]
            return Reply(result: .failure(errors[chance.below(4)]), isReceived: !isPoison, after: after)
        case .hangs:
            let isHeard = chance.below(4) > 0
            return Reply(
                result: isHeard ? .failure(.timeoutAfterSending) : nil, isReceived: !isPoison && chance.below(2) == 0,
                after: 30_000)
        }
    }

    private static func answer(_ status: Int, retryAfter: Int? = nil) -> Result<ExchangeResponse, ExchangeError> {
        .success(
            ExchangeResponse(
                status: status, headers: retryAfter.map { [(name: "retry-after", value: "\($0)")] } ?? []))
    }
}
