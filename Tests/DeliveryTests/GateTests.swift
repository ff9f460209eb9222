import Custody
import Testing

@testable import Delivery

@Suite("Gate")
struct GateTests {
    private func time(_ milliseconds: Int64) -> Monotonic { Monotonic(milliseconds: milliseconds) }

    private func opened() -> Gate {
        var gate = Gate()
        for _ in 0..<5 { gate.failed("status-503", at: time(0), isProbe: false, random: .max) }
        return gate
    }

    @Test("five failures one after another open it, one success closes it")
    func breaker() {
        var gate = Gate()
        for _ in 0..<4 { gate.failed("status-503", at: time(0), isProbe: false, random: 0) }
        #expect(gate.condition == .closed)
        gate.succeeded()
        for _ in 0..<4 { gate.failed("status-503", at: time(0), isProbe: false, random: 0) }
        #expect(gate.condition == .closed)
        gate.failed("connect", at: time(0), isProbe: false, random: .max)
        #expect(gate.condition == .failing(cause: "connect"))
        #expect(gate.allowance(at: time(999)) == .none(until: time(1_000)))
        #expect(gate.allowance(at: time(1_000)) == .probe)
        gate.succeeded()
        #expect(gate.condition == .closed)
        #expect(gate.allowance(at: time(1_000)) == .handovers(25))
    }

    @Test("one probe is under way at a time, each after a longer wait, never longer than eight seconds")
    func probes() {
        var gate = opened()
        var now: Int64 = 0
        var waits: [Int64] = []
        for _ in 0..<6 {
            guard case .none(let until?) = gate.allowance(at: time(now)) else { break }
            waits.append(until.milliseconds - now)
            now = until.milliseconds
            #expect(gate.allowance(at: time(now)) == .probe)
            gate.began(at: time(now), isProbe: true)
            #expect(gate.allowance(at: time(now + 7_999)) == .none(until: time(now + 8_000)))
            gate.failed("status-503", at: time(now), isProbe: true, random: .max)
            gate.ended(isProbe: true)
        }
        #expect(waits == [1_000, 2_000, 4_000, 8_000, 8_000, 8_000])
    }

    @Test("a probe that hangs makes way for another, four of them at most")
    func hangingProbes() {
        var gate = opened()
        for round in 0..<4 {
            let now = time(1_000 + Int64(round) * 8_000)
            #expect(gate.allowance(at: now) == .probe)
            gate.began(at: now, isProbe: true)
        }
        #expect(gate.allowance(at: time(90_000)) == .none(until: nil))
        gate.ended(isProbe: true)
        #expect(gate.allowance(at: time(90_000)) == .probe)
    }

    @Test("failures of what was still in the air delay no probe")
    func stragglers() {
        var gate = opened()
        gate.failed("status-503", at: time(900), isProbe: false, random: .max)
        #expect(gate.allowance(at: time(1_000)) == .probe)
    }

    @Test("a stopped destination is probed after a quarter of the time it has been stopped for")
    func stopped() {
        var gate = Gate()
        gate.wasWrong("status-401", at: time(0), isProbe: false, random: .max)
        #expect(gate.condition == .stopped(cause: "status-401"))
        var now: Int64 = 0
        var waits: [Int64] = []
        while now < 3_600_000, case .none(let until?) = gate.allowance(at: time(now)) {
            waits.append(until.milliseconds - now)
            now = until.milliseconds
            gate.began(at: time(now), isProbe: true)
            gate.wasWrong("status-401", at: time(now), isProbe: true, random: .max)
            gate.ended(isProbe: true)
        }
        #expect(waits.prefix(6) == [5_000, 5_000, 5_000, 5_000, 5_000, 6_250])
        #expect(waits.max() == 300_000)
        gate.answered()
        #expect(gate.condition == .closed)
    }

    @Test("a receiver that asks for quiet has it, and success does not shorten it")
    func hold() {
        var gate = Gate()
        gate.hold(until: time(5_000))
        gate.hold(until: time(3_000))
        gate.succeeded()
        #expect(gate.allowance(at: time(4_999)) == .none(until: time(5_000)))
        #expect(gate.allowance(at: time(5_000)) == .handovers(25))
    }

    @Test("while nothing succeeds, five a second go after the first twenty-five")
    func storm() {
        var gate = Gate()
        for _ in 0..<25 {
            guard case .handovers = gate.allowance(at: time(0)) else { break }
            gate.began(at: time(0), isProbe: false)
            gate.answered()
        }
        #expect(gate.allowance(at: time(199)) == .none(until: time(200)))
        #expect(gate.allowance(at: time(200)) == .handovers(1))
        gate.began(at: time(200), isProbe: false)
        #expect(gate.allowance(at: time(201)) == .none(until: time(400)))
        gate.succeeded()
        #expect(gate.allowance(at: time(201)) == .handovers(25))
    }
}
