internal import DurableFiles
internal import Glibc
internal import GRDB
internal import Synchronization

/// The store on SQLite: one file in a folder of its own, or in memory with the very same statements.
///
/// Guarantees: a batch is one transaction of the write-ahead log, flushed to the device before ``commit(_:)`` returns.
/// After a crash at any point the store opens with every batch that returned, and with none by half. On failure nothing
/// of the batch was done, but for a failure of the flush itself, after which it may be there or not; the same operations
/// given again come to the same.
package final class SQLiteCustody: Custody {
    let store: any DatabaseWriter
    let time: any TimeSource
    let folder: StateFolder?
    let auditKey: [UInt8]
    let anchor: AuditAnchor
    /// Held by what removes content or copies it, so that a backup finds the files its rows name.
    let maintenance = Mutex(())
    private let isKeyNew: Bool
    private let inlineLimit: Int
    private let faults: @Sendable () -> CommitFault?

    /// Opens the store in a folder, which is made where it is not there. What waits is due at once.
    ///
    /// - Parameters:
    ///   - allowUnsafePlace: Also on a file system that cannot promise. For tests.
    ///   - inlineLimit: Bytes; a payload or body past it is a file beside the store.
    /// - Throws: ``CustodyError/held(by:)``, ``CustodyError/unsafePlace(_:)``, ``CustodyError/damaged(_:)``, or a failure
    ///   of the disk.
    package convenience init(
        folder path: String, time: any TimeSource, allowUnsafePlace: Bool = false, inlineLimit: Int = 1 << 20
    ) throws(CustodyError) {
        self.init(
            try CustodyError.translating { () throws in
                let folder = try StateFolder(path, allowUnsafePlace: allowUnsafePlace)
                let store = try DatabasePool(path: folder.store, configuration: Self.configuration)
                return (store, folder, try folder.readAuditKey())
            }, time: time, inlineLimit: inlineLimit, faults: { nil })
        try CustodyError.translating { () throws in try open() }
    }

    /// Opens an empty store in memory.
    /// - Parameter faults: Asked once for each commit: how it is to fail, for tests that are a disk.
    package convenience init(
        inMemory time: any TimeSource, faults: @escaping @Sendable () -> CommitFault? = { nil }
    ) throws(CustodyError) {
        self.init(
            try CustodyError.translating { () throws in
                (try DatabaseQueue(configuration: Self.configuration), nil, (Array(1...32), true))
            }, time: time, inlineLimit: .max, faults: faults)
        try CustodyError.translating { () throws in try open() }
    }

    private init(
        _ parts: (store: any DatabaseWriter, folder: StateFolder?, key: (key: [UInt8], isNew: Bool)),
        time: any TimeSource, inlineLimit: Int, faults: @escaping @Sendable () -> CommitFault?
    ) {
        store = parts.store
        folder = parts.folder
        auditKey = parts.key.key
        isKeyNew = parts.key.isNew
        anchor = AuditAnchor(file: parts.folder?.auditHead, key: parts.key.key)
        self.time = time
        self.inlineLimit = inlineLimit
        self.faults = faults
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "linkway.custody"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            // Writes to the file, which readers may not: only where it is not so yet.
            if try Int.fetchOne(database, sql: "PRAGMA auto_vacuum") != 2 {
                try database.execute(sql: "PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL")
            }
            // In KiB. There may be four readers, which look things up by their keys.
            let cache = database.configuration.readonly ? 1_000 : 4_000
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -\(cache)")
            try database.execute(sql: "PRAGMA secure_delete = ON")
        }
        return configuration
    }

    // MARK: Opening

    private func open() throws {
        try requireDurability()
        try requireSound()
        guard try store.read({ try !Schema.steps.hasBeenSuperseded($0) }) else {
            throw CustodyError.damaged("the store was written by a later version of linkway")
        }
        try Schema.steps.migrate(store)
        try restart()
        try noteLosses()
        if let folder {
            try store.read { database in
                let connection = Connection(database)
                try folder.removeOrphans {
                    try connection.number("SELECT count(*) FROM content WHERE file = ?", .text($0)) == 1
                }
            }
        }
    }

    /// What opening does to an existing store: all that waits is due at once. For simulations of a restart.
    package func restart() throws(CustodyError) {
        try CustodyError.translating { () throws in
            try store.write { database in
                try Connection(database).run(
                    "UPDATE delivery SET not_before = 0 WHERE state = 'waiting' AND not_before > 0")
            }
        }
    }

    /// Begins the audit trail of a new store, and notes in that of an old one what is missing of it. Then anchors it.
    private func noteLosses() throws {
        let head = try store.read { try AuditHead.read(Connection($0)) }
        var losses: [(event: String, detail: String)] = []
        if head.number == 0 {
            losses.append(("store-created", "schema=\(Schema.steps.migrations.last ?? "")"))
        } else if isKeyNew {
            losses.append(("key-replaced", "last=\(head.number)"))
        } else if let anchored = try? anchor.read() {
            if anchored.number > head.number {
                losses.append(("tail-missing", "last=\(head.number) anchored=\(anchored.number)"))
            }
        } else if folder != nil {
            losses.append(("anchor-missing", "last=\(head.number)"))
        }
        guard !losses.isEmpty else { return }
        try transact { transaction, _ in
            for loss in losses { try transaction.audit.add(loss.event, at: time.wall(), detail: loss.detail) }
        }
        try anchorAudit()
    }

    /// GRDB's pool sets `synchronous` to NORMAL after it has prepared a connection, under which a power cut takes the last
    /// commits: set it back, and believe it only when it reads back.
    private func requireDurability() throws {
        let level = try store.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            return try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
        guard level == 2 else { throw CustodyError.input("SQLite does not take synchronous = FULL") }
    }

    /// Past this size, in bytes, documents are left out of the check at the start, which would take minutes on a slow disk:
    /// each has a digest that is checked whenever it is read.
    private static let wholeCheck = 128 << 20

    private func requireSound() throws {
        let words = try store.read { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
            guard pages * size > Self.wholeCheck else {
                return try String.fetchAll(database, sql: "PRAGMA quick_check(3)")
            }
            let tables = try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('content', 'sqlite_sequence')
                    """)
            return try tables.flatMap { try String.fetchAll(database, sql: "PRAGMA quick_check('\($0)')") }
                .filter { $0 != "ok" }.first.map { [$0] } ?? ["ok"]
        }
        guard words == ["ok"] else {
            throw CustodyError.damaged(
                "quick_check finds the store damaged; restore it from a backup (\(words.joined(separator: "; ")))")
        }
    }

    /// Writes what is anchored, and lets go of the store. Nothing may be done with it after.
    package func close() throws(CustodyError) {
        try CustodyError.translating { () throws in
            try anchorAudit()
            if folder != nil {
                // The log is worked into the store, so that who copies the one file has all of it.
                try store.writeWithoutTransaction { try Connection($0).run("PRAGMA wal_checkpoint(TRUNCATE)") }
            }
            try store.close()
            folder?.release()
        }
    }

    // MARK: Committing

    package func commit(_ operations: [Operation]) throws(CustodyError) -> [OperationResult] {
        let fault = faults()
        if case .before(let error) = fault { throw error }
        let results: [OperationResult]
        do {
            results = try write(operations, separately: false)
        } catch  where CustodyError.disk(error) == nil {
            // One of them is at fault: again, each by itself.
            results = try CustodyError.translating { () throws in try write(operations, separately: true) }
        } catch {
            throw CustodyError.any(error)
        }
        if case .after(let error) = fault { throw error }
        return results
    }

    private func write(_ operations: [Operation], separately: Bool) throws -> [OperationResult] {
        let files = try folder.map { try PreparedFiles(operations, limit: inlineLimit, in: $0) } ?? PreparedFiles()
        do {
            return try transact(files) { transaction, database in
                try operations.map { operation in
                    guard separately else { return try transaction.perform(operation) }
                    return try transaction.performAlone(operation) { body in
                        try database.inSavepoint {
                            try body()
                            return .commit
                        }
                    }
                }
            }
        } catch {
            discard(files)
            throw error
        }
    }

    /// Runs changes in one transaction, then removes the files it freed and those it did not take.
    func transact<Value>(
        _ files: PreparedFiles = PreparedFiles(), _ body: (Transaction, Database) throws -> Value
    ) throws -> Value {
        let began = time.wall()
        let authentication = Authentication(key: auditKey)
        let (value, transaction) = try store.writeWithoutTransaction { database in
            var outcome: (Value, Transaction)?
            try database.inTransaction(.immediate) {
                let transaction = try Transaction(
                    Connection(database), authentication: authentication, now: began, files: files)
                outcome = (try body(transaction, database), transaction)
                return .commit
            }
            guard let outcome else { throw CustodyError.input("a transaction ended without its end") }
            return outcome
        }
        if let folder {
            transaction.files.remove(in: folder)
            for name in transaction.freed { try? Files.remove(folder.payload(name)) }
        }
        // The commit stands whether or not its anchor can be written; it is tried again after the next.
        let now = time.steady()
        if anchor.note(transaction.audit.head, at: now) { try? anchor.write(transaction.audit.head, at: now) }
        return value
    }

    /// Removes the files of a batch that failed, where no row came to name them after all.
    private func discard(_ files: PreparedFiles) {
        guard let folder, !files.isEmpty else { return }
        try? store.read { database in
            for name in files.all {
                let count = try Connection(database).number("SELECT count(*) FROM content WHERE file = ?", .text(name))
                if count == 0 { try Files.remove(folder.payload(name)) }
            }
        }
    }
}

/// How a commit is made to fail.
package enum CommitFault: Sendable {
    /// Nothing of it is done.
    case before(CustodyError)
    /// All of it is done, and the answer is lost.
    case after(CustodyError)
}

extension CustodyError {
    /// Runs something of the disk's, its failure in this type's words.
    static func translating<Value>(_ body: () throws -> Value) throws(CustodyError) -> Value {
        do { return try body() } catch { throw any(error) }
    }

    static func any(_ error: any Error) -> CustodyError { disk(error) ?? .input("\(error)") }

    static func file(_ error: any Error) -> CustodyError? {
        guard let error = error as? FileError else { return nil }
        return error.code == ENOSPC || error.code == EDQUOT ? .full : .input(error.description)
    }
}
