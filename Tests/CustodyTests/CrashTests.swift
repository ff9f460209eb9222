import Custody
import Foundation
import Glibc
import Testing

@Suite("crashes")
struct CrashTests {
    @Test("what was acknowledged before a kill is there after it, and nothing by half")
    func kill() async throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var acknowledged: Set<Int> = []
        for round in 0..<8 {
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String, round = round as Int] in
                try CrashTests.commitUntilKilled(folder, round)
            }
            let text = try String(contentsOfFile: folder + "/acknowledged", encoding: .utf8)
            acknowledged.formUnion(text.split(separator: "\n").compactMap { Int($0) })
            let custody = try SQLiteCustody(
                folder: folder, time: TestClock(), allowUnsafePlace: true, inlineLimit: 4_000)
            for number in acknowledged {
                #expect(try custody.ledger.message("message-\(number)") != nil, "message \(number) was lost")
            }
            #expect(try custody.auditVerify().problem == nil)
            #expect(try custody.verifyContents().isEmpty)
            let counts = try custody.ledger.counts()
            let lines = try custody.ledger.audit(from: 1, limit: 1_000_000)
            #expect(lines.count { $0.event == "accepted" } == counts.values.reduce(0, +))
            #expect(lines.count { $0.event == "delivered" } == counts[.delivered] ?? 0)
            try custody.close()
        }
        #expect(acknowledged.count > 50)
    }

    /// Takes documents in and delivers them, noting what was acknowledged, until it is killed after a while.
    fileprivate static func commitUntilKilled(_ folder: String, _ round: Int) throws {
        let store = try TestStore(.memory)
        let custody = try SQLiteCustody(folder: folder, time: store.clock, allowUnsafePlace: true, inlineLimit: 4_000)
        let notes = open(folder + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let killer = Thread {
            usleep(UInt32.random(in: 20_000...150_000))
            Glibc.kill(getpid(), SIGKILL)
        }
        killer.start()
        for batch in 0... {
            let numbers = (0..<7).map { round * 1_000_000 + batch * 7 + $0 }
            _ = try custody.commit(
                numbers.map { number in
                    let text = number % 5 == 0 ? String(repeating: "\(number) ", count: 1_000) : "letter \(number)"
                    var intake = store.document(text, sender: "\(number)")
                    intake.reference = "message-\(number)"
                    return .accept(intake)
                })
            let line = Array(numbers.map { "\($0)\n" }.joined().utf8)
            write(notes, line, line.count)
            let due = try custody.due("queue", order: .none, at: store.clock.steady(), limit: 5, leavingOut: [])
            _ = try custody.commit(due.map { store.attempt($0.id, .delivered(receipt: nil)) })
        }
    }

    @Test("there is one flush to the device for each transaction", .enabled(if: tracer != nil))
    func flushes() throws {
        let few = try flushes(messages: 40)
        let many = try flushes(messages: 80)
        // Batches of 8, each accepted in one transaction and delivered in another.
        #expect(many - few == 10)
    }

    private func flushes(messages: Int) throws -> Int {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.tracer))
        process.arguments = [
            "-f", "-o", folder + "/trace", "-e", "trace=fdatasync", Self.bench, folder + "/state", "\(messages)", "8",
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let trace = try String(contentsOfFile: folder + "/trace", encoding: .utf8)
        return trace.split(separator: "\n").count { $0.contains("fdatasync(") }
    }

    private static var bench: String {
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: executable).deletingLastPathComponent().appendingPathComponent("custody-bench").path
    }

    private static var tracer: String? {
        let path = "/usr/bin/strace"
        if access(path, X_OK) == 0, access(bench, X_OK) == 0 { return path }
        print("SKIPPED: flushes are counted only where strace and custody-bench are there")
        return nil
    }
}
