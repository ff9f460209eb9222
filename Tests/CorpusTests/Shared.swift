import Foundation

/// The folder of test material that stands beside the repository, where there is one.
enum Shared {
    static let folder: URL? = {
        if let named = ProcessInfo.processInfo.environment["LINKWAY_SHARED"] { return URL(fileURLWithPath: named) }
        var place = URL(fileURLWithPath: #filePath)
        while place.path != "/" {
            place.deleteLastPathComponent()
            let candidate = place.appendingPathComponent("shared")
            if FileManager.default.fileExists(atPath: candidate.appendingPathComponent("corpus").path) {
                return candidate
            }
        }
        return nil
    }()

    /// Whether a file or folder is there. Says so when it is not, since its tests are then skipped.
    static func has(_ path: String) -> Bool {
        if let folder, FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path) { return true }
        print("SKIPPED: \(path) is not beside the repository, so the tests that read it did not run")
        return false
    }

    static let hasCorpus = has("corpus")
    static let hasGenerator = has("bench/gen.py") && Python.isThere
    static let hasExamples = has("suites/fhir-r4-examples") && Python.isThere

    static func place(_ path: String) -> URL {
        (folder ?? URL(fileURLWithPath: "/nowhere")).appendingPathComponent(path)
    }

    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: place(path))) }

    /// Names of the files in a folder with an ending, sorted.
    static func names(in path: String, ending: String = "") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: place(path).path)) ?? []).filter { $0.hasSuffix(ending) }
            .sorted()
    }
}

/// A folder of its own, removed in the end.
final class Scratch: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("linkway-corpus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func place(_ path: String) -> URL { folder.appendingPathComponent(path) }
    func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: place(path))) }

    func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place(path).path).sorted()
    }
}

/// The tools in Python beside the tests.
enum Python {
    static let executable: String? = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Says so when it is not there, since tests are then skipped.
    static let isThere: Bool = {
        if executable == nil { print("SKIPPED: there is no python3, so the tests that need one did not run") }
        return executable != nil
    }()

    static func tool(_ name: String) -> String {
        Shipped.package.appendingPathComponent("Tests/Tools").appendingPathComponent(name).path
    }

    /// Runs a tool to its end.
    /// - Returns: What it wrote to standard output.
    @discardableResult
    static func run(_ arguments: [String], input: String = "", in folder: URL? = nil) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable ?? "/usr/bin/python3")
        process.arguments = ["-B"] + arguments
        process.currentDirectoryURL = folder
        let (toTool, fromTool) = (Pipe(), Pipe())
        process.standardInput = toTool
        process.standardOutput = fromTool
        process.standardError = FileHandle.nullDevice
        try process.run()
        toTool.fileHandleForWriting.write(Data(input.utf8))
        try toTool.fileHandleForWriting.close()
        let output = fromTool.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(tool: arguments.first ?? "", status: process.terminationStatus)
        }
        return String(decoding: output, as: UTF8.self)
    }

    struct Failure: Error {
        var tool: String
        var status: Int32
    }
}
