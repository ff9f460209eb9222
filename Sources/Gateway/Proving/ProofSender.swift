import Delivery
import Synchronization

/// Posts documents as a platform does: what was answered with yes is the gateway's, and never posted again; what was not,
/// whether it arrived or not, is posted again under the same id until it is.
final class ProofSender: Sendable {
    private struct State {
        var waiting: [Int] = []
        var inHand = 0
        var taken: Set<Int> = []
        var again = 0
    }

    private let door: ProofWays.Door
    private let state = Mutex(State())
    /// Posts at once. The gateway allows a client 64.
    private static let most = 32

    init(_ door: ProofWays.Door) { self.door = door }

    func add(_ number: Int) { state.withLock { $0.waiting.append(number) } }

    /// Posts what waits, as far as not too many are in hand.
    func post() {
        let numbers = state.withLock { state in
            let count = min(state.waiting.count, Self.most - state.inHand)
            defer { state.waiting.removeFirst(count) }
            state.inHand += count
            return Array(state.waiting.prefix(count))
        }
        for number in numbers { post(number) }
    }

    private func post(_ number: Int) {
        let request = ExchangeRequest(
            url: "http://127.0.0.1:\(door.port)/v1/referrals",
            headers: [
                ("Content-Type", "application/json"), ("Authorization", "Bearer " + ProofWays.senderToken),
                ("X-Request-Id", ProofDocument.id(number)),
            ], body: Array(ProofDocument.text(number).utf8), timeout: 10_000, connectTimeout: 1_000)
        door.exchange.send(request) { [self] result in
            // 202: taken now. 200: it was there, and is not taken twice.
            let isTaken = if case .success(let answer) = result { [200, 202].contains(answer.status) } else { false }
            state.withLock { state in
                state.inHand -= 1
                if isTaken {
                    state.taken.insert(number)
                } else {
                    state.waiting.append(number)
                    state.again += 1
                }
            }
        }
    }

    /// Numbers the gateway said yes to.
    var taken: Set<Int> { state.withLock { $0.taken } }
    var takenCount: Int { state.withLock { $0.taken.count } }
    /// How often no yes came and the document went back to those that wait.
    var again: Int { state.withLock { $0.again } }
}
