internal import Digests
internal import DurableFiles
internal import GRDB
internal import Synchronization

extension SQLiteCustody {
    /// Copies the store as it is at one moment into an empty or new folder, from which it can be opened, and checks the
    /// copy. Commits go on meanwhile.
    ///
    /// - Returns: How many messages the copy holds.
    /// - Throws: ``CustodyError`` when the folder is not empty, the disk fails, or the copy is not sound.
    package func backup(to path: String) throws(CustodyError) -> Int {
        guard let folder else { throw .input("a store in memory has no backup") }
        return try CustodyError.translating { () throws in
            try maintenance.withLock { _ in
                try Files.makeFolder(path)
                guard try Files.list(path).isEmpty else {
                    throw CustodyError.input("\(path) is not empty, and a backup overwrites nothing")
                }
                // Before the copy: the copy's trail must reach at least to the end that was anchored.
                try anchorAudit()
                for file in [folder.auditKey, folder.auditHead] {
                    try Files.create(Files.join(path, Files.name(of: file)), try Files.read(file, limit: 1024))
                }
                let copy = try copyStore(to: Files.join(path, "linkway.sqlite"))
                let count = try Self.check(copy, payloadsFrom: folder, to: Files.join(path, "payloads"))
                try copy.close()
                try Files.sync(folder: path)
                return count
            }
        }
    }

    private func copyStore(to path: String) throws -> DatabaseQueue {
        try Files.create(path, [])
        let copy = try DatabaseQueue(path: path)
        try store.backup(to: copy)
        return copy
    }

    /// Copies the files a copied store names, and checks both.
    private static func check(_ copy: DatabaseQueue, payloadsFrom folder: StateFolder, to payloads: String) throws
        -> Int
    {
        try Files.makeFolder(payloads)
        return try copy.read { database in
            guard try String.fetchAll(database, sql: "PRAGMA quick_check(3)") == ["ok"] else {
                throw CustodyError.damaged("the copy does not pass quick_check")
            }
            let connection = Connection(database)
            let files = try connection.all("SELECT file, digest FROM content WHERE file IS NOT NULL") {
                (name: $0.text(0), digest: $0.blob(1))
            }
            for file in files {
                let bytes = try Files.read(folder.payload(file.name))
                guard Reading(connection, nil).sha256(bytes) == file.digest else {
                    throw CustodyError.damaged("the file \(file.name) is not what was stored")
                }
                let target = Files.join(payloads, file.name)
                try Files.makeFolder(Files.parent(of: target))
                try Files.create(target, bytes)
                try Files.sync(folder: Files.parent(of: target))
            }
            return Int(try connection.number("SELECT count(*) FROM message"))
        }
    }

    /// Checks every byte that is kept against its digest. Reads all of the store.
    /// - Returns: The messages of which a part is not what was stored.
    package func verifyContents() throws(CustodyError) -> [MessageID] {
        try CustodyError.translating { () throws in
            try store.read { database in
                let reading = Reading(Connection(database), folder)
                var damaged: [MessageID] = []
                var last: Int64 = -1
                while true {
                    let ids = try reading.connection.all(
                        "SELECT id FROM content WHERE id > ? ORDER BY id LIMIT 1000", .int(last)
                    ) { $0.int(0) }
                    guard let end = ids.last else { return damaged }
                    for id in ids where try reading.bytes(id) == nil && damaged.last?.rawValue != id >> 20 {
                        damaged.append(MessageID(rawValue: id >> 20))
                    }
                    last = end
                }
            }
        }
    }
}
