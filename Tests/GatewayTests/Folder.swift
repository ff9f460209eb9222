import DurableFiles
import Foundation
import Reporting

@testable import Gateway

/// A temporary folder, removed with everything in it when no test holds it any more.
final class Folder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("linkway-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        // Folders that a test made unwritable must not stay behind.
        for name in names("") { chmod(self[name], 0o700) }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of something in it.
    subscript(name: String) -> String { name.isEmpty ? path : path + "/" + name }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try FileManager.default.createDirectory(
            atPath: Files.parent(of: self[name]), withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: self[name]))
    }

    func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: self[name]))) }

    func text(_ name: String) throws -> String { String(decoding: try read(name), as: UTF8.self) }

    func exists(_ name: String) -> Bool { Files.exists(self[name]) }

    /// The names in a folder, sorted; hidden ones too, none when it is not there.
    func names(_ name: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: self[name])) ?? []).sorted()
    }

    /// Every file below, by its path here, with its bytes.
    func everything() -> [String: [UInt8]] {
        var result: [String: [UInt8]] = [:]
        let below = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        for name in below where Files.isRegularFile(self[name]) { result[name] = (try? read(name)) ?? [] }
        return result
    }
}

/// A place marked by ① in one of several files.
struct Place {
    var file: String
    var position: SourcePosition

    static func marked(in files: [String: String]) -> Place? {
        for (file, text) in files {
            guard let mark = text.unicodeScalars.firstIndex(of: "①") else { continue }
            let before = Array(String(text.unicodeScalars[..<mark]).utf8)
            return Place(file: file, position: Lines.position(at: before.count, in: before))
        }
        return nil
    }
}

/// The repository that holds these tests.
enum Repository {
    static let folder: URL = {
        var place = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { place.deleteLastPathComponent() }
        return place
    }()
}
