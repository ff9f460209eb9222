import Custody
import DurableFiles
import Foundation
import Intake
import Simulation

/// An inbox on the real disk, removed when no test holds it any more.
final class RealFolder: Sendable {
    let path: String
    let clock = SimulatedClock()
    let receiver: SimulatedReceiver

    init(keepsArrivals: Bool = true) throws {
        receiver = SimulatedReceiver(keepsArrivals: keepsArrivals)
        path = FileManager.default.temporaryDirectory.path + "/linkway-intake-\(UUID().uuidString)"
        try DiskFileSystem().makeFolder(path + "/in")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var inbox: String { path + "/in" }

    func source(_ settings: SourceSettings = SourceSettings()) -> FolderSource {
        FolderSource("a", folder: inbox, settings: settings, files: DiskFileSystem(), time: clock, receiver: receiver)
    }

    func rounds(_ source: FolderSource, _ count: Int, every milliseconds: Int64 = 6_000) throws -> [RoundSummary] {
        var result: [RoundSummary] = []
        for _ in 0..<count {
            clock.advance(milliseconds: milliseconds)
            result.append(try source.round())
        }
        return result
    }

    /// Writes a file whose name is any bytes.
    func write(_ name: [UInt8], _ bytes: [UInt8]) throws {
        try DiskFileSystem().create(inbox + "/" + FileName.text(name), bytes, isFlushed: false)
    }

    func names(_ folder: String = "") throws -> [String] {
        try DiskFileSystem().list(folder.isEmpty ? inbox : inbox + "/" + folder, limit: .max)
    }
}
