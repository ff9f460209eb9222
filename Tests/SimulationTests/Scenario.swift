import Custody
import Delivery
import DurableFiles
import Gateway
import Glibc
import Intake
import Simulation

/// One seeded world: everything that may go wrong does, in an order that the seed alone decides, while the product works;
/// then all is well for a while, and every promise must have been kept.
final class Scenario {
    let seed: UInt64
    let chronicle: Chronicle
    let time = SimulatedTime()
    let agenda = Agenda()
    let chance: SimulatedRandomness
    let disk: SimulatedFileSystem
    let sender: Sender
    let endpoint: Endpoint
    let store: StoreDoor
    private let world: SimulatedGateway.World
    private let steps: Int
    /// Whether a move or claim may leave a document in two places when it is cut off.
    let leavesTwo: Bool
    let isCopying: Bool
    private(set) var mayExpire = false
    private(set) var gateway: SimulatedGateway?
    private var files: WatchedFileSystem { world.files }

    init(seed: UInt64, rules: Ruleset, defect: Defect? = nil) throws {
        self.seed = seed
        chronicle = Chronicle(time)
        chance = SimulatedRandomness(seed: seed)
        let movesByLink = chance.below(8) == 0
        isCopying = chance.below(8) == 0
        leavesTwo = movesByLink || isCopying
        steps = 50 + chance.below(60)
        disk = SimulatedFileSystem(seed: chance.next(), movesByLink: movesByLink)
        sender = Sender(disk, chance: chance, chronicle: chronicle, time: time, agenda: agenda)
        endpoint = Endpoint(disk, chance: chance, chronicle: chronicle, time: time, agenda: agenda)
        store = try StoreDoor(time, disk, chance: chance, chronicle: chronicle, defect: defect)
        world = SimulatedGateway.World(
            rules: rules, files: WatchedFileSystem(disk, chance: chance, chronicle: chronicle, defect: defect),
            store: store, endpoint: endpoint, time: time, chance: chance, isCopying: isCopying, defect: defect)
    }

    /// Runs it to its end, or to the first promise that is broken.
    func run() throws {
        try disk.makeFolder(SimulatedGateway.inbox)
        try start()
        for _ in 0..<steps where !chronicle.isBroken {
            try step()
            try recover()
            Promises.checkStep(self)
        }
        if !chronicle.isBroken { try comeToRest() }
        if !chronicle.isBroken { try Promises.checkEnd(self) }
    }

    // MARK: One step

    private func step() throws {
        switch chance.below(120) {
        case 0..<22: round()
        case 22..<50: pump()
        case 50..<64: store.turn()
        case 64..<80: pass(Int64(50 + chance.below(1_500)))
        case 80..<86: pass(Int64(chance.below(60_000)))
        case 86: pass(Int64(chance.below(7_200_000)))
        case 87..<100: sender.send()
        case 100..<105: takeFromQueues()
        case 105..<109: change("endpoint", Endpoint.Mood.allCases[chance.below(8)]) { endpoint.setMood($0) }
        case 109..<111: change("store trouble", chance.below(2) == 0) { store.setTroubled($0) }
        case 111..<113: change("disk trouble", [nil, nil, ENOSPC, EIO][chance.below(4)]) { files.setTrouble($0) }
        case 113..<115: plan([.error(EIO), .error(ENOSPC), .lostFlush][chance.below(3)])
        case 115..<118: plan(chance.below(2) == 0 ? .crashBefore : .crashAfter)
        case 118: try end(withPower: chance.below(2) == 0)
        default: jump()
        }
    }

    private func change<Value>(_ what: String, _ value: Value, _ act: (Value) -> Void) {
        chronicle.note("\(what): \(value)")
        act(value)
    }

    private func plan(_ fault: SimulatedFileSystem.Fault) {
        let operation = disk.operations + 1 + chance.below(25)
        chronicle.note("planned: \(fault) at operation \(operation), now \(disk.operations)")
        disk.plan(fault, at: operation)
    }

    private func jump() {
        let hour: Int64 = 3_600_000
        let jumps = [hour, -hour, 24 * hour, -24 * hour, 3 * 8_766 * hour, -3 * 8_766 * hour]
        let jump = jumps[chance.below(jumps.count)]
        if jump > 24 * hour { mayExpire = true }
        change("clock", jump) { time.jump($0) }
    }

    private func round() {
        guard let gateway else { return }
        chronicle.note("round")
        do {
            let summary = try gateway.source.round()
            for end in summary.ends {
                chronicle.note("  \(end.place ?? end.name) \(end.disposition.map { "\($0.receipt.kind)" } ?? "-")")
            }
            if let error = summary.storeFailure { chronicle.note("  store: \(error)") }
        } catch {
            chronicle.note("  \(error)")
        }
    }

    private func pump() {
        guard let dispatcher = gateway?.dispatchers[chance.below(3)] else { return }
        chronicle.note("pump \(dispatcher.route)")
        dispatcher.pump()
    }

    /// Lets time pass; what others do meanwhile happens at its time.
    private func pass(_ milliseconds: Int64) {
        let end = time.elapsed + milliseconds
        while let next = agenda.next, next <= end {
            if next > time.elapsed { time.advance(next - time.elapsed) }
            _ = agenda.act(by: next)
        }
        time.advance(end - time.elapsed)
    }

    /// Readers take some files away.
    private func takeFromQueues() {
        for path in disk.everything().keys.sorted() where chance.below(2) == 0 {
            guard let (route, key) = SimulatedGateway.queued(path) else { continue }
            chronicle.note("taken \(route) \(key.prefix(8))")
            _ = chronicle.with { $0.taken.insert("\(route)/\(key)") }
            disk.discard(path)
        }
    }

    // MARK: Lives

    /// Ends the process, with the power or without.
    private func end(withPower: Bool) throws {
        chronicle.note(withPower ? "power cut" : "killed")
        gateway = nil
        if withPower || disk.isDown {
            disk.heal()
            disk.crash()
            time.reboot()
        }
        endpoint.restart()
        try store.restart()
        if withPower { Promises.checkDurability(self) }
    }

    private func recover() throws {
        if disk.isDown { try end(withPower: true) }
        if gateway == nil { try start() }
    }

    /// Begins a life; where the disk does not let it, it is tried again after the next step.
    private func start() throws {
        chronicle.with { $0.life += 1 }
        chronicle.note("start")
        do { gateway = try SimulatedGateway(world) } catch {
            chronicle.note("  \(error)")
            endpoint.restart()
            gateway = nil
        }
    }

    // MARK: The end

    /// All is well, and the product works until nothing is left to do.
    private func comeToRest() throws {
        chronicle.note("all is well")
        disk.heal()
        files.setTrouble(nil)
        store.setTroubled(false)
        endpoint.setMood(.well)
        for _ in 0..<3_000 {
            try recover()
            guard let gateway, !chronicle.isBroken else { continue }
            round()
            let wakes = gateway.dispatchers.map { $0.pump() }
            store.turn()
            let isBusy = Promises.hasWork(disk, isCopying: isCopying)
            if !isBusy, try isAtRest(gateway) { return }
            let now = time.steady().milliseconds
            let next =
                wakes.compactMap { $0.map { time.elapsed + $0.milliseconds - now } } + [agenda.next].compactMap { $0 }
            let wait = (next.min() ?? time.elapsed + 1_000) - time.elapsed
            pass(isBusy ? min(max(wait, 10), 1_000) : max(wait, 10))
        }
        chronicle.violate("it does not come to rest")
    }

    private func isAtRest(_ gateway: SimulatedGateway) throws -> Bool {
        guard agenda.next == nil, store.isIdle, gateway.dispatchers.allSatisfy(\.isQuiet) else { return false }
        return try store.custody.ledger.backlog().allSatisfy { $0.waiting == 0 }
    }
}
