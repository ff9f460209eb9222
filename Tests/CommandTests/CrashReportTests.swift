import Foundation
import Glibc
import Testing

@Suite("A crash")
struct CrashReportTests {
    @Test("says nothing of what was in memory", arguments: [SIGSEGV, SIGTRAP, SIGABRT])
    func silence(_ number: Int32) throws {
        let project = try Project()
        let process = Process()
        process.executableURL = Running.executable
        process.arguments = ["validate", "-"]
        process.currentDirectoryURL = project.folder
        process.environment = ["PATH": "/usr/bin:/bin"]
        let input = Pipe()
        let said = project.folder.appendingPathComponent("said")
        try Data().write(to: said)
        process.standardInput = input
        process.standardOutput = try FileHandle(forWritingTo: said)
        process.standardError = try FileHandle(forWritingTo: said)
        try process.run()
        // It waits for the rest of a letter that does not come.
        try input.fileHandleForWriting.write(contentsOf: Data(try project.text(Project.first).utf8.prefix(900)))
        Thread.sleep(forTimeInterval: 1)
        kill(process.processIdentifier, number)
        process.waitUntilExit()
        let text = String(decoding: try Data(contentsOf: said), as: UTF8.self)
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == number)
        #expect(text.isEmpty, "\(text.count) characters were said")
    }
}
