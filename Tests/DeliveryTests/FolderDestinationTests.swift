@testable import Custody
import Delivery
import DurableFiles
import Foundation
import Synchronization
import Testing

/// A disk whose operations fail where a test says so.
final class FailingFiles: FileSystem {
    private let disk = DiskFileSystem()
    private let failures = Mutex<[String: (count: Int, code: Int32)]>([:])
    private let log = Mutex<[String]>([])

    /// Lets the next so many operations of a name fail.
    func fail(_ operation: String, _ count: Int, code: Int32) { failures.withLock { $0[operation] = (count, code) } }
    var operations: [String] { log.withLock { $0 } }

    private func note(_ operation: String, _ path: String) throws(FileError) {
        log.withLock { $0.append("\(operation) \(path.split(separator: "/").suffix(2).joined(separator: "/"))") }
        let code: Int32? = failures.withLock { failures in
            guard let failure = failures[operation], failure.count > 0 else { return nil }
            failures[operation] = (failure.count - 1, failure.code)
            return failure.code
        }
        if let code { throw FileError(operation, path, code: code) }
    }

    func status(_ path: String) throws(FileError) -> FileStatus? { try disk.status(path) }
    func list(_ folder: String, after name: String, limit: Int) throws(FileError) -> [String] {
        try disk.list(folder, after: name, limit: limit)
    }
    func read(_ path: String, limit: Int) throws(FileError) -> (bytes: [UInt8], status: FileStatus) {
        try note("read", path)
        return try disk.read(path, limit: limit)
    }
    func create(_ path: String, _ bytes: [UInt8], isFlushed: Bool) throws(FileError) {
        try note("create", path)
        try disk.create(path, bytes, isFlushed: isFlushed)
    }
    func flush(file path: String) throws(FileError) {
        try note("flush", path)
        try disk.flush(file: path)
    }
    func move(_ path: String, to newPath: String) throws(FileError) -> Bool {
        try note("move", path)
        return try disk.move(path, to: newPath)
    }
    func flush(folder: String) throws(FileError) {
        try note("flush-folder", folder)
        try disk.flush(folder: folder)
    }
    func makeFolder(_ path: String) throws(FileError) { try disk.makeFolder(path) }
    func remove(_ path: String) throws(FileError) { try disk.remove(path) }
}

@Suite("Folder destination")
struct FolderDestinationTests {
    private let files = FailingFiles()
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("linkway-delivery-\(UUID().uuidString)").path

    private func delivery(_ number: Int, _ body: String = "{}", type: String = "application/json") -> DueDelivery {
        DueDelivery(
            id: DeliveryID(rawValue: Int64(number)), message: MessageID(rawValue: 1), reference: "r", referral: "f",
            correlation: nil, route: "north", subject: nil, key: "key-\(number)", body: Array(body.utf8),
            contentType: type,
            attempts: 0, since: Instant(milliseconds: 0))
    }

    private func destination(writers: Int = 0, access: FolderDestination.Access = .owner) throws -> FolderDestination {
        let destination = FolderDestination(folder, files: files, access: access, writers: writers)
        try destination.prepare()
        return destination
    }

    private func names(_ part: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + part)) ?? []).sorted()
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder + path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test("files are flushed, named, and the folder flushed once, before any of them is delivered", arguments: [0, 4])
    func batch(writers: Int) async throws {
        let destination = try destination(writers: writers)
        let results = await destination.send((0..<20).map { delivery($0, "body \($0)") })
        #expect(results == (0..<20).map { .delivered(receipt: "key-\($0).json") })
        #expect(names("tmp") == [])
        #expect(names("ready").count == 20)
        #expect(try String(contentsOfFile: folder + "/ready/key-7.json", encoding: .utf8) == "body 7")
        #expect(try mode("/ready/key-7.json") == 0o600)
        #expect(files.operations.count { $0.hasPrefix("flush-folder") } == 1)
        #expect(files.operations.last?.hasPrefix("flush-folder") == true)
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test(
        "the ending is that of the type",
        arguments: [
            ("application/fhir+json; fhirVersion=4.0", "json"), ("application/fhir+xml", "xml"), ("text/xml", "xml"),
            ("text/plain", "txt"), ("application/hl7-v2", "hl7"), ("application/octet-stream", "dat"), ("", "dat"),
        ])
    func ending(type: String, ending: String) {
        #expect(FolderDestination.name(of: delivery(1, type: type)) == "key-1.\(ending)")
    }

    @Test("the same again is delivered, other bytes are refused, and nothing is overwritten")
    func again() async throws {
        let destination = try destination()
        _ = await destination.send([delivery(1, "one")])
        #expect(
            await destination.send([delivery(1, "one"), delivery(1, "two"), delivery(2, "three")]) == [
                .delivered(receipt: "key-1.json"), .messageRefused(cause: "id-reused", answer: []),
                .delivered(receipt: "key-2.json"),
            ])
        #expect(try String(contentsOfFile: folder + "/ready/key-1.json", encoding: .utf8) == "one")
        #expect(names("tmp") == [])
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("a link that stands under the name is not followed")
    func link() async throws {
        let destination = try destination()
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/ready/key-1.json", withDestinationPath: "/etc/hostname")
        #expect(await destination.send([delivery(1)]) == [.messageRefused(cause: "id-reused", answer: [])])
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("what a crash left in tmp is removed at the start, what is not ours is not")
    func leftovers() async throws {
        _ = try destination()
        for name in ["key-1.json", "notes", ".keep"] {
            _ = FileManager.default.createFile(atPath: folder + "/tmp/" + name, contents: Data("half".utf8))
        }
        let destination = try destination()
        #expect(names("tmp") == [".keep", "notes"])
        _ = FileManager.default.createFile(atPath: folder + "/tmp/key-2.json", contents: Data("half".utf8))
        #expect(await destination.send([delivery(2, "whole")]) == [.delivered(receipt: "key-2.json")])
        #expect(try String(contentsOfFile: folder + "/ready/key-2.json", encoding: .utf8) == "whole")
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test(
        "a fault is of the disk or the folder, never of the message",
        arguments: [
            (ENOSPC, Handover.again(cause: "disk-full", retryAfter: nil, answer: [])),
            (EDQUOT, .again(cause: "disk-full", retryAfter: nil, answer: [])),
            (EIO, .again(cause: "disk-error", retryAfter: nil, answer: [])),
            (EROFS, .again(cause: "disk-error", retryAfter: nil, answer: [])),
            (EMFILE, .again(cause: "disk-error", retryAfter: nil, answer: [])),
            (EACCES, .destinationWrong(cause: "folder-unusable", answer: [])),
            (ENOENT, .destinationWrong(cause: "folder-unusable", answer: [])),
        ], ["create", "move", "flush-folder"])
    func faults(fault: (Int32, Handover), operation: String) async throws {
        let destination = try destination()
        files.fail(operation, 1, code: fault.0)
        let results = await destination.send([delivery(1), delivery(2)])
        let expected = operation == "flush-folder" ? [fault.1, fault.1] : [fault.1, .delivered(receipt: "key-2.json")]
        #expect(results == expected)
        #expect(names("tmp") == [])
        // What was not delivered is not there, so that the next try makes it anew.
        #expect(names("ready") == (operation == "flush-folder" ? [] : ["key-2.json"]))
        #expect(await destination.send([delivery(1)]) == [.delivered(receipt: "key-1.json")])
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("a file that cannot be compared is tried again")
    func unreadable() async throws {
        let destination = try destination()
        _ = await destination.send([delivery(1)])
        files.fail("read", 1, code: EIO)
        #expect(await destination.send([delivery(1)]) == [.again(cause: "disk-error", retryAfter: nil, answer: [])])
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("a key that could be a path is refused", arguments: ["", "../x", "a/b", ".hidden", "a\nb", "ä"])
    func key(key: String) async throws {
        let destination = try destination()
        var delivery = delivery(1)
        delivery.key = key
        #expect(await destination.send([delivery]) == [.messageRefused(cause: "key-unusable", answer: [])])
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("a queue for a group can be read and emptied by it")
    func group() async throws {
        let destination = try destination(access: .group)
        _ = await destination.send([delivery(1)])
        #expect(try mode("/ready/key-1.json") == 0o640)
        #expect(try mode("/ready") & 0o777 == 0o770)
        #expect(try mode("/tmp") == 0o700)
        #expect(files.operations.contains("flush tmp/key-1.json"))
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test(
        "speed", .enabled(if: ProcessInfo.processInfo.environment["LINKWAY_MEASURE"] == "1"),
        arguments: [1, 4, 8, 16])
    func speed(writers: Int) async throws {
        let destination = FolderDestination(folder, files: DiskFileSystem(), writers: writers)
        try destination.prepare()
        let body = String(repeating: "x", count: 3_000)
        let began = ContinuousClock.now
        for round in 0..<8 {
            let results = await destination.send((0..<256).map { delivery(round * 256 + $0, body) })
            #expect(results.count == 256)
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        print("\(writers) writers: \(Int(2_048 / seconds)) files/s")
        try FileManager.default.removeItem(atPath: folder)
    }
}

extension Destination {
    func send(_ deliveries: [DueDelivery]) async -> [Handover] {
        await withCheckedContinuation { continuation in
            send(deliveries) { continuation.resume(returning: $0) }
        }
    }
}
