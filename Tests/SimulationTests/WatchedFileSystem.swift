import Custody
import DurableFiles
import Glibc
import Simulation
import Synchronization

/// The simulated disk as the product sees it: with periods of trouble, and with an eye on what appears in queues.
final class WatchedFileSystem: FileSystem {
    private struct State {
        /// The `errno` of the present trouble.
        var trouble: Int32?
    }

    private let disk: SimulatedFileSystem
    private let chance: any Randomness
    private let chronicle: Chronicle
    private let defect: Defect?
    private let state = Mutex(State())

    init(_ disk: SimulatedFileSystem, chance: any Randomness, chronicle: Chronicle, defect: Defect?) {
        self.disk = disk
        self.chance = chance
        self.chronicle = chronicle
        self.defect = defect
    }

    /// `ENOSPC`: nothing can be written. `EIO`: every other operation fails.
    func setTrouble(_ code: Int32?) { state.withLock { $0.trouble = code } }

    private func attempt<Value>(
        _ action: String, _ path: String, isWriting: Bool, _ body: () throws(FileError) -> Value
    ) throws(FileError) -> Value {
        do throws(FileError) {
            if let code = state.withLock({ $0.trouble }), code == EIO ? chance.next() % 2 == 0 : isWriting {
                throw FileError(action, path, code: code)
            }
            return try body()
        } catch {
            if error.code != ENOENT, error.code != EEXIST {
                chronicle.with { $0.diskErrors += 1 }
                chronicle.note("  !! \(action) \(path): \(error.reason)")
            }
            throw error
        }
    }

    func status(_ path: String) throws(FileError) -> FileStatus? {
        try attempt("look at", path, isWriting: false) { () throws(FileError) in try disk.status(path) }
    }

    func list(_ folder: String, after name: String, limit: Int) throws(FileError) -> [String] {
        try attempt("list", folder, isWriting: false) { () throws(FileError) in
            try disk.list(folder, after: name, limit: limit)
        }
    }

    func read(_ path: String, limit: Int) throws(FileError) -> (bytes: [UInt8], status: FileStatus) {
        try attempt("read", path, isWriting: false) { () throws(FileError) in try disk.read(path, limit: limit) }
    }

    func create(_ path: String, _ bytes: [UInt8], isFlushed: Bool) throws(FileError) {
        try attempt("write", path, isWriting: true) { () throws(FileError) in
            try disk.create(path, bytes, isFlushed: isFlushed)
        }
    }

    func flush(file path: String) throws(FileError) {
        try attempt("sync", path, isWriting: true) { () throws(FileError) in try disk.flush(file: path) }
    }

    func flush(folder: String) throws(FileError) {
        if defect == .skipsFolderFlushes { return }
        try attempt("sync", folder, isWriting: true) { () throws(FileError) in try disk.flush(folder: folder) }
    }

    func makeFolder(_ path: String) throws(FileError) {
        try attempt("make the folder", path, isWriting: true) { () throws(FileError) in try disk.makeFolder(path) }
    }

    func remove(_ path: String) throws(FileError) {
        try attempt("remove", path, isWriting: false) { () throws(FileError) in try disk.remove(path) }
    }

    func move(_ path: String, to newPath: String) throws(FileError) -> Bool {
        let wasThere = disk.everything()[newPath] != nil
        defer { if !wasThere { look(newPath) } }
        return try attempt("move", path, isWriting: false) { () throws(FileError) in
            try disk.move(path, to: newPath)
        }
    }

    /// Sees whether a name appeared in a queue.
    private func look(_ path: String) {
        guard let (route, key) = SimulatedGateway.queued(path), let body = disk.everything()[path] else { return }
        chronicle.arrive(
            Chronicle.Arrival(
                route: route, key: key, body: body, life: chronicle.with(\.life), isReceived: true, isDoubtful: false))
    }
}

/// Ways in which the product is broken on purpose, to see that the simulation finds it.
enum Defect: String, CaseIterable, Sendable {
    case acknowledgesBeforeCommit, skipsFolderFlushes, changesBytesOnRetry, ignoresOrder, takesGrowingFiles
    case ignoresRetryAfter, forgetsOutcomes
}
