import Custody
import Testing

@testable import Delivery

@Suite("Dispatcher")
struct DispatcherTests {
    private func world(_ count: Int, subjects: Bool = false) -> World {
        let world = World()
        for number in 0..<count { world.custody.owe("north", subject: subjects ? UInt8(number % 7) : nil) }
        return world
    }

    @Test("all that is owed is delivered once, in batches")
    func batches() {
        let world = world(1_000)
        let destination = ScriptedDestination(world, concurrency: 512, batch: 256) { _, _ in (.made, after: 5) }
        let dispatcher = world.route(RouteSettings("north"), to: destination)
        world.run(1_000)
        #expect(world.custody.count(.delivered) == 1_000)
        #expect(destination.sent.count == 1_000)
        #expect(world.custody.commits < 20)
        #expect(dispatcher.status.state == .idle)
        #expect(dispatcher.status.delivered == 1_000)
        #expect(dispatcher.status.inFlight == 0)
    }

    @Test("no more than the destination's concurrency is in the air")
    func concurrency() {
        let world = world(100)
        let destination = ScriptedDestination(world, concurrency: 4) { _, _ in (.made, after: 100) }
        world.route(RouteSettings("north"), to: destination)
        world.run(2_449)
        #expect(destination.sent.count == 100)
        for (index, sent) in destination.sent.enumerated() { #expect(sent.at == Int64(index / 4) * 100) }
    }

    @Test("what is in the air cannot be held back; what is not is not handed over meanwhile")
    func holdingBack() {
        let world = world(2)
        let destination = ScriptedDestination(world, concurrency: 1) { _, _ in (.made, after: 100) }
        let dispatcher = world.route(RouteSettings("north"), to: destination)
        world.run(50)
        let (flying, next) = (DeliveryID(rawValue: 1), DeliveryID(rawValue: 2))
        #expect(dispatcher.holdingBack(flying) { true } == nil)
        let done: Bool? = dispatcher.holdingBack(next) {
            world.run(500)
            return true
        }
        #expect(done == true && destination.sent.map(\.delivery.id) == [flying])
        world.run(500)
        #expect(destination.sent.map(\.delivery.id) == [flying, next])
    }

    @Test("what a handover came to is written down")
    func attempt() throws {
        let world = world(1)
        let destination = ScriptedDestination(world) { _, _ in (.refused, after: 40) }
        world.route(RouteSettings("north"), to: destination)
        let wall = world.time.wall()
        world.run(100)
        let attempt = try #require(world.custody.owed.first?.attempts.first)
        #expect(attempt.outcome == .dead)
        #expect(attempt.cause == "status-422")
        #expect(attempt.answer == [1])
        #expect(attempt.durationMilliseconds == 40)
        #expect(attempt.at == wall)
    }

    @Test("a refused message in the middle is tried once and delays nobody")
    func poison() {
        let world = world(300)
        let destination = ScriptedDestination(world) { delivery, _ in
            (delivery.id.rawValue % 3 == 0 ? .refused : .made, after: 10)
        }
        world.route(RouteSettings("north"), to: destination)
        world.run(400)
        #expect(world.custody.count(.delivered) == 200)
        #expect(world.custody.count(.dead) == 100)
        #expect(destination.sent.count == 300)
    }

    @Test("messages that always fail by themselves do not hold up the others", arguments: [Handover.busy, .wrong])
    func ownFailure(handover: Handover) {
        let world = World()
        let destination = ScriptedDestination(world) { delivery, _ in
            (delivery.id.rawValue <= 6 ? handover : .made, after: 10)
        }
        world.route(RouteSettings("north"), to: destination)
        for _ in 0..<6 { world.custody.owe("north") }
        var slowest: Int64 = 0
        for _ in 0..<600 {
            let id = world.custody.owe("north")
            let began = world.clock
            world.run(60_000) { world.custody.owed[Int(id.rawValue) - 1].standing == .delivered }
            slowest = max(slowest, world.clock - began)
            world.run(1_000)
        }
        #expect(slowest <= 9_000)
        #expect(world.custody.count(.delivered) == 600)
        #expect(world.custody.count(.waiting) == 6)
    }

    @Test("nothing waits long once a destination is well that was dead for an hour, and it was left in peace")
    func outage() {
        let world = world(10_000, subjects: true)
        let well: Int64 = 3_600_000
        let destination = ScriptedDestination(world, concurrency: 64) { _, now in
            (now < well ? .again(cause: "connect", retryAfter: nil, answer: []) : .made, after: 5)
        }
        let dispatcher = world.route(RouteSettings("north"), to: destination)
        world.run(well)
        #expect(destination.sent.count < 1_000)
        guard case .backingOff(_, "connect") = dispatcher.status.state else {
            Issue.record("\(dispatcher.status.state)")
            return
        }
        world.run(60_000) { world.custody.count(.delivered) > 100 }
        #expect(world.clock - well <= 10_000)
        world.run(60_000) { world.custody.count(.delivered) == 10_000 }
        #expect(world.custody.count(.delivered) == 10_000)
        #expect(world.clock - well <= 60_000)
    }

    @Test("one dead destination leaves the other alone")
    func twoDestinations() {
        func delivered(isOtherDead: Bool) -> Int {
            let world = World()
            for _ in 0..<5_000 {
                world.custody.owe("north")
                world.custody.owe("south")
            }
            let north = ScriptedDestination(world) { _, _ in (isOtherDead ? .busy : .made, after: 20) }
            let south = ScriptedDestination(world) { _, _ in (.made, after: 20) }
            world.route(RouteSettings("north"), to: north)
            world.route(RouteSettings("south"), to: south)
            world.run(5_000)
            return world.custody.count(.delivered, route: "south")
        }
        #expect(delivered(isOtherDead: true) == delivered(isOtherDead: false))
    }

    @Test("a receiver that refuses everything does not empty the queue at once")
    func refusals() {
        let world = world(500)
        let destination = ScriptedDestination(world) { _, _ in (.refused, after: 1) }
        world.route(RouteSettings("north"), to: destination)
        world.run(10_000)
        #expect(world.custody.count(.dead) <= 25 + 50)
        #expect(world.custody.count(.dead) >= 60)
    }

    @Test("Retry-After holds the whole destination, to the millisecond", arguments: [250, 7_000, 3_600_000, 9_999_999])
    func retryAfter(wait: Int64) {
        let world = world(50)
        let destination = ScriptedDestination(world, concurrency: 1) { _, now in
            (now < 100 ? .again(cause: "status-429", retryAfter: wait, answer: []) : .made, after: 100)
        }
        world.route(RouteSettings("north"), to: destination)
        world.run(3_700_000)
        let times = destination.sent.map(\.at)
        #expect(times.count == 51)
        #expect(times.dropFirst().first == 100 + min(wait, 3_600_000))
        #expect(world.custody.count(.delivered) == 50)
    }

    @Test("a wrong destination is stopped, seen, probed, and used again; no message is given up")
    func stopped() {
        let world = world(50)
        let destination = ScriptedDestination(world) { _, now in (now < 600_000 ? .wrong : .made, after: 10) }
        let dispatcher = world.route(RouteSettings("north"), to: destination)
        world.run(30_000)
        #expect(dispatcher.status.state == .stopped(cause: "status-401"))
        #expect(destination.sent.count <= 8 + 12)
        world.run(570_000 + 150_000)
        #expect(world.custody.count(.delivered) == 50)
        #expect(dispatcher.status.state == .idle)
        #expect(dispatcher.status.dead == 0)
    }

    @Test("a conflict is tried a few times, then a dead letter")
    func conflict() {
        let world = world(1)
        let destination = ScriptedDestination(world) { _, _ in
            (.again(cause: "status-409", retryAfter: nil, answer: []), after: 10)
        }
        world.route(RouteSettings("north"), to: destination)
        world.run(60_000)
        #expect(destination.sent.count == 6)
        #expect(world.custody.count(.dead) == 1)
    }

    // MARK: Order

    @Test(
        "order of acceptance is order of delivery for one subject, whatever fails",
        arguments: 1...20 as ClosedRange<UInt64>)
    func order(seed: UInt64) {
        let world = World(seed: seed)
        for number in 0..<200 { world.custody.owe("north", subject: UInt8(number % 9)) }
        let chance = Chance(seed &* 77)
        let destination = ScriptedDestination(world, concurrency: 32, batch: seed % 2 == 0 ? 4 : 1) { _, _ in
            let draw = chance.next() % 10
            return (draw < 3 ? .busy : draw < 4 ? .refused : .made, after: Int64(chance.next() % 300))
        }
        world.route(RouteSettings("north", order: .perSubject), to: destination)
        world.run(3_600_000) { world.custody.count(.waiting) == 0 }
        #expect(world.custody.count(.waiting) == 0)
        var last: [Key?: DeliveryID] = [:]
        for sent in destination.sent {
            #expect(sent.delivery.id >= last[sent.delivery.subject] ?? sent.delivery.id)
            last[sent.delivery.subject] = sent.delivery.id
        }
    }

    @Test(
        "a dead letter releases those behind it, or holds them where the route asks for it",
        arguments: RouteOrder.allCases)
    func deadLetter(order: RouteOrder) {
        let world = World()
        for _ in 0..<3 { world.custody.owe("north", subject: 1) }
        world.custody.owe("north", subject: 2)
        let destination = ScriptedDestination(world) { delivery, _ in
            (delivery.id.rawValue == 1 ? .refused : .made, after: 10)
        }
        world.route(RouteSettings("north", order: order), to: destination)
        world.run(10_000)
        #expect(world.custody.count(.delivered) == (order == .perSubjectHolding ? 1 : 3))
        #expect(world.custody.count(.dead) == 1)
    }

    // MARK: Clocks

    @Test(
        "the wall clock may jump",
        arguments: [3_600_000, 86_400_000, 30 * 365 * 86_400_000, -30 * 365 * 86_400_000] as [Int64])
    func clock(jump: Int64) {
        let world = world(40)
        let destination = ScriptedDestination(world) { _, now in (now < 5_400_000 ? .busy : .made, after: 10) }
        world.route(RouteSettings("north"), to: destination)
        world.run(2_000)
        world.time.jump(by: jump)
        world.run(5_400_000)
        #expect(world.custody.count(.dead) == 0)
        world.run(10_000)
        #expect(world.custody.count(.delivered) == 40)
    }

    @Test("a clock that was wrong from the start gives nothing up within the hour, and one that is right does")
    func age() {
        let world = world(1)
        world.time.jump(by: 6 * 86_400_000)
        let destination = ScriptedDestination(world) { _, _ in (.busy, after: 10) }
        world.route(RouteSettings("north"), to: destination)
        world.run(3_600_000)
        #expect(world.custody.count(.dead) == 0)
        world.run(60_000)
        #expect(world.custody.count(.dead) == 1)
        #expect(world.custody.owed.first?.attempts.last?.cause == "expired")
    }

    @Test("what never reached a destination is not given up for its age")
    func patience() {
        let world = world(1)
        let destination = ScriptedDestination(world) { _, _ in
            (.again(cause: "tls", retryAfter: nil, answer: []), after: 10)
        }
        world.route(RouteSettings("north"), to: destination)
        world.run(7 * 86_400_000)
        #expect(world.custody.count(.waiting) == 1)
    }

    // MARK: Faults of ours

    @Test("outcomes that could not be written down are written down later, and nothing is sent twice")
    func failingCommits() {
        let world = world(100)
        let destination = ScriptedDestination(world, concurrency: 16, batch: 8) { _, _ in (.made, after: 10) }
        let dispatcher = world.route(RouteSettings("north"), to: destination)
        world.custody.failCommits(8)
        world.run(1_000)
        #expect(dispatcher.status.state == .storeFailing)
        #expect(destination.sent.count <= 16)
        world.run(20_000)
        #expect(world.custody.count(.delivered) == 100)
        #expect(destination.sent.count == 100)
        #expect(dispatcher.status.state == .idle)
    }

    @Test("a store that cannot be read is asked again")
    func failingReads() {
        let world = world(10)
        let destination = ScriptedDestination(world) { _, _ in (.made, after: 10) }
        world.custody.failReads(5)
        world.route(RouteSettings("north"), to: destination)
        world.run(10_000)
        #expect(world.custody.count(.delivered) == 10)
    }

    @Test("a handover that is never answered is given up, sent again, and its late answer not looked at")
    func neverAnswered() {
        let world = world(20)
        let destination = ScriptedDestination(world, concurrency: 4) { _, now in
            now < 60_000 ? (.made, after: now < 30_000 ? nil : 120_000) : (.made, after: 10)
        }
        let dispatcher = world.route(RouteSettings("north"), to: destination)
        world.run(600_000)
        #expect(world.custody.count(.delivered) == 20)
        #expect(dispatcher.status.unanswered >= 4)
        #expect(dispatcher.status.inFlight == 0)
        #expect(dispatcher.status.delivered == 20)
    }

    @Test("results that are missing are failures of their deliveries alone")
    func tooFewResults() {
        let world = world(4)
        let destination = Forgetful()
        world.route(RouteSettings("north"), to: destination)
        world.run(60_000)
        #expect(world.custody.count(.delivered) == 4)
    }

    private struct Forgetful: Destination {
        let concurrency = 4
        let batch = 2
        func send(_ deliveries: [DueDelivery], completion: @escaping @Sendable ([Handover]) -> Void) {
            completion([.made])
        }
    }

    // MARK: Operators

    @Test("a paused route hands nothing over and goes on where it was")
    func pause() {
        let world = world(100)
        let destination = ScriptedDestination(world, concurrency: 4) { _, _ in (.made, after: 100) }
        let dispatcher = world.route(RouteSettings("north"), to: destination)
        world.run(450)
        dispatcher.setPaused(true)
        let sent = destination.sent.count
        world.run(10_000)
        #expect(destination.sent.count == sent)
        #expect(world.custody.count(.delivered) == sent)
        #expect(dispatcher.status.state == .paused)
        dispatcher.setPaused(false)
        world.run(10_000)
        #expect(world.custody.count(.delivered) == 100)
    }

    @Test("a draining dispatcher writes down what is in the air and takes nothing new")
    func drain() {
        let world = world(100)
        let destination = ScriptedDestination(world, concurrency: 4) { _, _ in (.made, after: 100) }
        let dispatcher = world.route(RouteSettings("north"), to: destination)
        world.run(50)
        dispatcher.drain()
        #expect(!dispatcher.isQuiet)
        world.run(1_000)
        #expect(dispatcher.isQuiet)
        #expect(destination.sent.count == 4)
        #expect(world.custody.count(.delivered) == 4)
    }

    @Test("a thread drives it, and stops when it is told")
    func thread() {
        let custody = MemoryCustody(FakeTime())
        for _ in 0..<500 { custody.owe("north") }
        let pump = PumpThread()
        let time = SteadyTime()
        let dispatcher = Dispatcher(
            RouteSettings("north"), destination: Forgetful(), custody: custody, time: time, randomness: Chance(1),
            submit: { operations, completion in completion(custody.result(operations)) }, wake: { pump.wake() })
        pump.start(dispatcher)
        #expect(pump.stop(dispatcher))
        #expect(dispatcher.status.state == .draining)
    }

    private struct SteadyTime: TimeSource {
        private let start = ContinuousClock.now
        func wall() -> Instant { Instant(milliseconds: 1_790_000_000_000) }
        func steady() -> Monotonic {
            Monotonic(milliseconds: Int64((ContinuousClock.now - start) / .milliseconds(1)))
        }
    }
}
