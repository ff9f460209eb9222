import Custody
import Delivery
import Synchronization

/// A destination that answers as told, after a while or never, and remembers what it was sent.
final class ScriptedDestination: Destination {
    struct Sent: Sendable {
        var delivery: DueDelivery
        var at: Int64
    }

    /// What came of it and after how many milliseconds; `nil` is never.
    typealias Reply = (Handover, after: Int64?)

    let concurrency: Int
    let batch: Int
    private let world: (time: FakeTime, agenda: Agenda)
    private let reply: @Sendable (DueDelivery, Int64) -> Reply
    private let log = Mutex<[Sent]>([])

    init(
        _ world: World, concurrency: Int = 8, batch: Int = 1,
        reply: @escaping @Sendable (_ delivery: DueDelivery, _ now: Int64) -> Reply
    ) {
        self.world = (world.time, world.agenda)
        self.concurrency = concurrency
        self.batch = batch
        self.reply = reply
    }

    func send(_ deliveries: [DueDelivery], completion: @escaping @Sendable ([Handover]) -> Void) {
        let now = world.time.steady()
        let clock = now.milliseconds - 1_000
        log.withLock { $0 += deliveries.map { Sent(delivery: $0, at: clock) } }
        let replies = deliveries.map { reply($0, clock) }
        guard let longest = replies.map({ $0.after ?? -1 }).max(), !replies.contains(where: { $0.after == nil }) else {
            return
        }
        world.agenda.at(now + longest) { completion(replies.map(\.0)) }
    }

    var sent: [Sent] { log.withLock { $0 } }
    func times(_ id: DeliveryID) -> [Int64] { sent.filter { $0.delivery.id == id }.map(\.at) }
}

/// An endpoint that answers as told, and remembers what it was sent.
final class ScriptedExchange: Exchange {
    struct Sent: Sendable {
        var request: ExchangeRequest
        var at: Int64

        func header(_ name: String) -> String? { request.headers.first { $0.name == name }?.value }
    }

    typealias Reply = (Result<ExchangeResponse, ExchangeError>, after: Int64)

    private let world: (time: FakeTime, agenda: Agenda)
    private let reply: @Sendable (ExchangeRequest, Int64) -> Reply
    private let log = Mutex<[Sent]>([])

    init(_ world: World, reply: @escaping @Sendable (_ request: ExchangeRequest, _ now: Int64) -> Reply) {
        self.world = (world.time, world.agenda)
        self.reply = reply
    }

    func send(
        _ request: ExchangeRequest, completion: @escaping @Sendable (Result<ExchangeResponse, ExchangeError>) -> Void
    ) {
        let now = world.time.steady()
        log.withLock { $0.append(Sent(request: request, at: now.milliseconds - 1_000)) }
        let (result, after) = reply(request, now.milliseconds - 1_000)
        world.agenda.at(now + after) { completion(result) }
    }

    var sent: [Sent] { log.withLock { $0 } }
}

extension Handover {
    static var made: Handover { .delivered(receipt: nil) }
    static var busy: Handover { .again(cause: "status-503", retryAfter: nil, answer: []) }
    static var refused: Handover { .messageRefused(cause: "status-422", answer: [1]) }
    static var wrong: Handover { .destinationWrong(cause: "status-401", answer: []) }
}
