import Foundation
import Testing

@testable import Gateway

/// The built executable, killed again and again while it works.
@Suite("Killed at any moment")
struct KillTests {
    /// `linkway`, which the package builds beside its tests.
    static let executable: URL? = {
        for bundle in [Bundle.main.executableURL, URL(fileURLWithPath: CommandLine.arguments.first ?? "")].compactMap({
            $0
        }) {
            let candidate = bundle.deletingLastPathComponent().appendingPathComponent("linkway")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
        }
        let built = Repository.folder.appendingPathComponent(".build/debug/linkway")
        if FileManager.default.isExecutableFile(atPath: built.path) { return built }
        print("SKIPPED: the executable linkway was not found, so nothing was killed")
        return nil
    }()

    @Test(
        "200 documents and 30 kills: every document has exactly one end, none is lost or torn",
        .enabled(if: KillTests.executable != nil))
    func kills() throws {
        let folder = try Folder()
        var sent: [String: [UInt8]] = [:]
        for number in 0..<200 {
            let surname = "Name\(number)"
            // One in ten cannot be read, and one in ten is held.
            let change: (String, String)? =
                number % 10 == 3 ? ("</Patient>", "") : number % 10 == 7 ? ("07/11/1951", "31/02/1951") : nil
            let bytes = Array(try GatewayBench.letter(surname, change: change).utf8)
            sent["letter-\(number).xml"] = bytes
            try folder.write("in/letter-\(number).xml", bytes)
        }
        var kills = 0
        for round in 0..<30 {
            let process = try start(folder)
            // Each time after a few more documents, at another moment of the next one; now and then before the first.
            let before = folder.names("in").count
            while process.isRunning, before - folder.names("in").count < round % 12 { usleep(200) }
            usleep(UInt32(round * 137 % 4_000))
            if process.isRunning { kills += 1 }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            try checkWhole(folder)
        }
        print("killed while at work: \(kills) of 30, \(folder.names("in").count - 3) documents left then")
        #expect(kills > 20)
        let last = try start(folder)
        last.waitUntilExit()
        try check(folder, sent)
    }

    private func start(_ folder: Folder) throws -> Process {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = [
            "run", "--once", "--inbox", folder["in"], "--queue", folder["queue"], "--quiet", "--mappings",
            Repository.folder.appendingPathComponent("mappings").path,
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// At every moment a reader of the queue sees whole referrals only.
    private func checkWhole(_ folder: Folder) throws {
        for name in folder.names("queue/ready") {
            let bytes = try folder.read("queue/ready/" + name)
            #expect(bytes.last == 0x0A)
            #expect((try? JSONSerialization.jsonObject(with: Data(bytes))) != nil, "\(name) is torn")
        }
    }

    private func check(_ folder: Folder, _ sent: [String: [UInt8]]) throws {
        try checkWhole(folder)
        #expect(folder.names("in") == [".work", "done", "failed"])
        #expect(folder.names("in/.work").isEmpty)
        #expect(folder.names("queue/tmp").isEmpty)
        var ends: [String: Int] = [:]
        for place in ["in/done/", "in/failed/"] {
            for name in folder.names(place) where !name.hasSuffix(".why.txt") && !name.hasSuffix(".findings.txt") {
                ends[name, default: 0] += 1
                #expect(try folder.read(place + name) == sent[name])
            }
        }
        #expect(ends == sent.mapValues { _ in 1 })
        let failed = folder.names("in/failed").filter { !$0.hasSuffix(".why.txt") }
        #expect(failed.count == 40)
        #expect(failed.allSatisfy { folder.exists("in/failed/\($0).why.txt") })
        let families = try folder.names("queue/ready").map { name in
            let text = try folder.text("queue/ready/" + name)
            return text.firstMatch(of: /"family":"(Name\d+)"/).map { String($0.1) } ?? ""
        }
        let wanted = (0..<200).filter { $0 % 10 != 3 && $0 % 10 != 7 }.map { "Name\($0)" }
        #expect(families.sorted() == wanted.sorted())
    }
}
