import Custody
import Foundation
import GRDB
import Testing

@Suite("the state folder")
struct StateFolderTests {
    @Test("nothing in it can be read by others")
    func modes() throws {
        let folder = temporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        let store = try SQLiteCustody(folder: folder, time: TestClock(), allowUnsafePlace: true, inlineLimit: 100)
        let builder = try TestStore(.memory)
        _ = try store.commit([.accept(builder.document(String(repeating: "x", count: 500)))])
        try store.anchorAudit()
        let names = [""] + (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
        #expect(names.contains("linkway.sqlite-wal") && names.contains("audit.head") && names.count > 7)
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            let mode = attributes[.posixPermissions] as? Int ?? -1
            #expect(mode & 0o077 == 0, "\(name) has mode \(String(mode, radix: 8))")
        }
        try store.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("a second store on it is refused with the number of the first's process")
    func held() throws {
        let store = try TestStore(.file)
        let folder = try #require(store.folder)
        #expect(throws: CustodyError.held(by: getpid())) {
            try SQLiteCustody(folder: folder, time: store.clock, allowUnsafePlace: true)
        }
    }

    @Test("a file system that cannot promise is refused", .enabled(if: unsafePlace != nil))
    func unsafe() throws {
        let place: String = try #require(Self.unsafePlace)
        #expect(throws: CustodyError.self) { try SQLiteCustody(folder: place, time: TestClock()) }
    }

    /// A folder on FUSE, NFS or 9p, where the machine has one.
    private static var unsafePlace: String? {
        let mounts = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
        let fields = mounts.split(separator: "\n").map { line in line.split(separator: " ").map { String($0) } }
        let found = fields.first { field in
            guard field.count > 2 else { return false }
            let kind = field[2]
            return ["9p", "nfs", "nfs4"].contains(kind) || kind.hasPrefix("fuse.")
        }
        if found == nil { print("SKIPPED: no network or FUSE file system here to be refused") }
        return found.map { "\($0[1])/linkway-\(UUID().uuidString)" }
    }

    @Test("a store of a later version is refused")
    func later() throws {
        let store = try TestStore(.file)
        let folder = try #require(store.folder)
        try store.custody.close()
        let queue = try DatabaseQueue(path: folder + "/linkway.sqlite")
        try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')") }
        try queue.close()
        #expect(throws: CustodyError.damaged("the store was written by a later version of linkway")) {
            try SQLiteCustody(folder: folder, time: store.clock, allowUnsafePlace: true)
        }
    }

    @Test("it is write-ahead, flushed at every commit, and vacuums by pieces")
    func pragmas() throws {
        let store = try TestStore(.file)
        let folder = try #require(store.folder)
        let queue = try DatabaseQueue(path: folder + "/linkway.sqlite")
        #expect(try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
        #expect(try queue.read { try Int.fetchOne($0, sql: "PRAGMA auto_vacuum") } == 2)
        try queue.close()
    }

    @Test("large bytes are files, known by their rows; what no row names goes at the next start")
    func files() throws {
        let store = try TestStore(.file, inlineLimit: 1000)
        let folder = try #require(store.folder)
        let text = String(repeating: "long ", count: 1000)
        let receipt = try store.accept(store.document(text))
        func count() -> Int {
            FileManager.default.enumerator(atPath: folder + "/payloads")?.count {
                ($0 as? String)?.contains("-") == true
            } ?? 0
        }
        // Document, canonical referral and body.
        #expect(count() == 3)
        // A repeat leaves none behind.
        _ = try store.accept(store.document(text))
        #expect(count() == 3)
        try Data("orphan".utf8).write(
            to: URL(fileURLWithPath: folder + "/payloads/" + "\(try firstFolder(folder))/orphan-1"))
        #expect(count() == 4)
        try store.reopen(inlineLimit: 1000)
        #expect(count() == 3)
        #expect(try store.custody.ledger.payload(receipt.reference) == Array(text.utf8))
        try store.commit(store.attempt(try #require(try store.due().first).id, .delivered(receipt: nil)))
        store.clock.advance(days: 31)
        #expect(try store.custody.retire(RetentionPolicy(), now: store.clock.wall()).contents == 1)
        #expect(count() == 0)
    }

    private func firstFolder(_ folder: String) throws -> String {
        try #require(try FileManager.default.contentsOfDirectory(atPath: folder + "/payloads").first)
    }

    @Test("a flipped bit in stored bytes is found, set aside and never delivered; the others go")
    func flipped() throws {
        let store = try TestStore(.file, inlineLimit: 1000)
        let folder = try #require(store.folder)
        let small = try store.accept(store.document("small"))
        let large = try store.accept(store.document(String(repeating: "large", count: 1000)))
        let good = try store.accept(store.document("good"))
        try store.custody.close()
        let queue = try DatabaseQueue(path: folder + "/linkway.sqlite")
        try queue.write { database in
            try database.execute(
                sql: "UPDATE content SET bytes = zeroblob(length(bytes)) WHERE id >> 20 = ?",
                arguments: [small.message.rawValue])
        }
        try queue.close()
        for name in FileManager.default.enumerator(atPath: folder + "/payloads")?.compactMap({ $0 as? String }) ?? []
        where name.contains("-") {
            let url = URL(fileURLWithPath: folder + "/payloads/" + name)
            var bytes = try Data(contentsOf: url)
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: url)
        }
        try store.reopenAfterClose(inlineLimit: 1000)
        #expect(try store.custody.verifyContents() == [small.message, large.message])
        #expect(try store.due().map(\.reference) == [good.reference])
        for receipt in [small, large] {
            let ledger = store.custody.ledger
            let reference = receipt.reference
            #expect(throws: CustodyError.self) { try ledger.payload(reference) }
            #expect(try ledger.message(reference)?.state == .dead)
        }
        let dead = try store.custody.ledger.deadLetters()
        #expect(dead.map(\.cause) == ["damaged"] && dead.map(\.count) == [2])
    }

    @Test("a store whose pages are damaged is refused, not half read")
    func damaged() throws {
        let store = try TestStore(.file)
        let folder = try #require(store.folder)
        for number in 0..<50 { _ = try store.accept(store.document("\(number)")) }
        try store.custody.close()
        let url = URL(fileURLWithPath: folder + "/linkway.sqlite")
        var bytes = try Data(contentsOf: url)
        for offset in stride(from: 8192, to: bytes.count, by: 8192) {
            for index in offset..<offset + 64 { bytes[index] = 0xff }
        }
        try bytes.write(to: url)
        #expect(throws: CustodyError.self) {
            try SQLiteCustody(folder: folder, time: store.clock, allowUnsafePlace: true)
        }
    }
}
