import Foundation
import Synchronization

/// The built executable, run as a person runs it.
struct Running {
    var status: Int32
    var out: String
    var error: String

    /// Beside the test bundle in the build folder.
    static let executable: URL = {
        let bundle = URL(
            fileURLWithPath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
                ?? CommandLine.arguments[0])
        let candidates = [bundle, URL(fileURLWithPath: CommandLine.arguments[0])].map {
            $0.deletingLastPathComponent().appendingPathComponent("linkway")
        }
        let inPackage = Self.package.appendingPathComponent(".build/debug/linkway")
        return (candidates + [inPackage]).first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? inPackage
    }()

    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    var json: [String: Any]? { (try? JSONSerialization.jsonObject(with: Data(out.utf8))) as? [String: Any] }
}

/// A project in a folder of its own, made from the fixtures and removed in the end.
final class Project: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("linkway-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Running.fixtures, to: folder)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    static let first = "samples/letters/first.xml"
    static let second = "samples/letters/second.xml"

    func text(_ file: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    }
    func exists(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path)
    }

    @discardableResult
    func write(_ file: String, _ content: Data) throws -> String {
        let url = folder.appendingPathComponent(file)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try content.write(to: url)
        return file
    }

    @discardableResult
    func write(_ file: String, _ content: String) throws -> String { try write(file, Data(content.utf8)) }

    /// A copy of the first letter in which some text is another.
    func letter(_ name: String, _ changes: KeyValuePairs<String, String>) throws -> String {
        var text = try self.text(Self.first)
        for (old, new) in changes { text = text.replacingOccurrences(of: old, with: new) }
        return try write(name, text)
    }

    func edit(_ file: String, _ old: String, _ new: String) throws {
        try write(file, try text(file).replacingOccurrences(of: old, with: new))
    }

    func run(_ arguments: String..., input: String? = nil, environment: [String: String] = [:]) throws -> Running {
        try run(arguments: arguments, input: input, environment: environment)
    }

    func run(arguments: [String], input: String? = nil, environment: [String: String] = [:]) throws -> Running {
        let process = Process()
        process.executableURL = Running.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var own = ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]
        own.merge(environment) { $1 }
        process.environment = own
        let outFile = folder.appendingPathComponent(".out-\(UUID().uuidString)")
        let errorFile = folder.appendingPathComponent(".error-\(UUID().uuidString)")
        let inFile = folder.appendingPathComponent(".in-\(UUID().uuidString)")
        for (file, content) in [(outFile, ""), (errorFile, ""), (inFile, input ?? "")] {
            try Data(content.utf8).write(to: file)
        }
        process.standardOutput = try FileHandle(forWritingTo: outFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        process.standardInput = try FileHandle(forReadingFrom: inFile)
        try process.run()
        process.waitUntilExit()
        return Running(
            status: process.terminationStatus, out: String(decoding: try Data(contentsOf: outFile), as: UTF8.self),
            error: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self))
    }
}

/// What the letters say of people: none of it may stand where it was not asked for.
enum Secrets {
    static let all = [
        "Quillfeather", "Marigold", "Goldie", "07/11/1951", "1951-11-07", "9990004110", "999 000 4110",
        "Lonely in the evenings",
        "Heating bills", "garden centre", "cut off since", "Ottershaw", "Basil", "Priya Raman", "Likes chess",
        "Prefers mornings",
    ]

    static func leaked(in text: String) -> [String] { all.filter { text.contains($0) } }
}
