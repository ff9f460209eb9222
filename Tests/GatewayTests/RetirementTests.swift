import Custody
import DurableFiles
import Foundation
import Intake
import Reporting
import Simulation
import Testing

@testable import Gateway

/// What is removed for its age, and what a clock that leaps does to it.
@Suite("retirement")
struct RetirementTests {
    private static let day: Int64 = 86_400_000

    /// A message that was delivered just now.
    private func delivered(_ bench: EngineBench, _ surname: String = "Dray") throws -> String {
        let reference = try #require(bench.take(try GatewayBench.letter(surname)).first).receipt.reference
        bench.deliver()
        try #require(try bench.delivery(of: reference)["state"]?.string == "delivered")
        return reference
    }

    private func isKept(_ reference: String, _ bench: EngineBench) throws -> Bool {
        try bench.engine.custody.ledger.payload(reference) != nil
    }

    @Test("a trail whose beginning is over its time is cut, verifies, and says from where")
    func audit() throws {
        let bench = try EngineBench { $0.retention.audit = 100 }
        _ = try bench.take(try GatewayBench.letter())
        bench.clock.advance(milliseconds: 101 * 86_400_000)
        bench.retirement.step()
        let result = try bench.result(["ask": "audit"])
        #expect(result["isWhole"]?.flag == true && (result["first"]?.integer ?? 0) > 1, "\(result.text())")
        let count = try bench.audit().count
        bench.retirement.step()
        #expect(try bench.audit().count == count, "a cut is a line itself: not every ten seconds one")
    }

    @Test("content goes when its days have passed")
    func content() throws {
        let bench = try EngineBench()
        let reference = try delivered(bench)
        bench.retirement.step()
        bench.clock.advance(milliseconds: 29 * Self.day)
        bench.retirement.step()
        #expect(try isKept(reference, bench))
        bench.clock.advance(milliseconds: 2 * Self.day)
        bench.retirement.step()
        #expect(try !isKept(reference, bench))
    }

    @Test("a clock that leaps years ahead removes nothing, over a restart too, and an alert says so until it is right")
    func leap() throws {
        let bench = try EngineBench { $0.retention.audit = 100 }
        let reference = try delivered(bench)
        bench.retirement.step()
        let upkeep = Upkeep(bench.engine)
        func isDoubted() -> Bool {
            AlertConditions(bench.engine, upkeep: upkeep).holding().contains { $0.name == .clockOff }
        }
        #expect(!isDoubted())
        bench.clock.jump(milliseconds: 3 * 365 * Self.day)
        bench.retirement.step()
        #expect(isDoubted())
        bench.clock.advance(milliseconds: 20 * 3_600_000)
        bench.retirement.step()
        try bench.restart()
        bench.retirement.step()
        let first = try #require(try bench.audit().first)
        #expect(try isKept(reference, bench) && first.number == 1)
        bench.clock.jump(milliseconds: -3 * 365 * Self.day)
        bench.retirement.step()
        #expect(bench.engine.retentionClock.isBelieved)
        #expect(try isKept(reference, bench))
    }

    @Test("a clock that leapt and then held for a day of running is believed")
    func held() throws {
        let bench = try EngineBench()
        let reference = try delivered(bench)
        bench.retirement.step()
        bench.clock.jump(milliseconds: 40 * Self.day)
        for _ in 0..<23 {
            bench.clock.advance(milliseconds: 3_600_000)
            bench.retirement.step()
            #expect(try isKept(reference, bench))
        }
        bench.clock.advance(milliseconds: 2 * 3_600_000)
        bench.retirement.step()
        #expect(bench.engine.retentionClock.isBelieved)
        #expect(try !isKept(reference, bench))
    }

    @Test("what is done with goes from `done/` in its time; what failed stays, and so does what is no file")
    func done() throws {
        let bench = try EngineBench { $0.retention.done = 7 }
        let files = DiskFileSystem()
        for folder in ["in/done", "in/done/folder", "in/failed"] { try files.makeFolder(bench.folder[folder]) }
        for name in ["in/done/a.xml", "in/done/a.xml.findings.txt", "in/failed/b.xml"] {
            try bench.folder.write(name, "x")
        }
        try FileManager.default.createSymbolicLink(
            atPath: bench.folder["in/done/link"], withDestinationPath: bench.folder["in/failed/b.xml"])
        // The files are of today by the disk's clock, and the gateway's clock is the test's.
        let today = Int64(Date().timeIntervalSince1970 * 1000) - bench.clock.wall().milliseconds
        bench.clock.advance(milliseconds: today + 6 * Self.day)
        bench.retirement.step()
        #expect(bench.folder.names("in/done").count == 4)
        bench.clock.advance(milliseconds: 2 * Self.day)
        bench.retirement.step()
        #expect(bench.folder.names("in/done") == ["folder", "link"])
        #expect(bench.folder.names("in/failed") == ["b.xml"])
    }
}
