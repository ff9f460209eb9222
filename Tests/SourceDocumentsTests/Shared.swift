import Foundation
import Testing

/// The folder of test material that stands beside the repository, where there is one.
enum Shared {
    static let folder: URL? = {
        if let named = ProcessInfo.processInfo.environment["LINKWAY_SHARED"] { return URL(fileURLWithPath: named) }
        var place = URL(fileURLWithPath: #filePath)
        while place.path != "/" {
            place.deleteLastPathComponent()
            let candidate = place.appendingPathComponent("shared")
            if FileManager.default.fileExists(atPath: candidate.appendingPathComponent("suites").path) {
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

    static func bytes(_ path: String) throws -> [UInt8] {
        let folder = try #require(folder)
        return Array(try Data(contentsOf: folder.appendingPathComponent(path)))
    }

    /// Names of the files in a folder with an ending, sorted.
    static func files(in path: String, ending: String) throws -> [String] {
        let folder = try #require(folder)
        return try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(path).path)
            .filter { $0.hasSuffix(ending) }.sorted().map { "\(path)/\($0)" }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(try bytes(path)))
    }
}
