import Custody
package import DurableFiles
import Glibc
import Synchronization

/// A disk in memory that fails, tears and forgets where a test wants it to.
///
/// What is not flushed is lost in a crash, or is not, as the seed has it: data of a file becomes a part of itself or zeros;
/// names made, moved or removed since the folder was flushed stay, or come back. A move is one step, as file systems with
/// a journal do it, and what depends on a lost step is lost with it.
package final class SimulatedFileSystem: FileSystem {
    /// What goes wrong at one operation.
    package enum Fault: Sendable, Hashable {
        /// Nothing is done, and it fails with this `errno`.
        case error(Int32)
        /// A flush fails with `EIO`, and what it was to save becomes zeros. At other operations nothing happens.
        case lostFlush
        /// The power goes before or after it. All later operations fail until ``crash()``.
        case crashBefore
        case crashAfter
    }

    /// The `code` of errors of a machine that is down.
    package static let downCode: Int32 = -1

    private let disk: Mutex<SimulatedDisk>
    private let chance: any Randomness

    /// - Parameter movesByLink: Whether moves are a second name and then the first taken away, as on NFS.
    package init(seed: UInt64 = 1, movesByLink: Bool = false) {
        chance = SimulatedRandomness(seed: seed)
        disk = Mutex(SimulatedDisk(movesByLink: movesByLink))
    }

    // MARK: What a test does

    /// How many operations there were.
    package var operations: Int { disk.withLock { $0.operations } }

    /// Whether the power is off.
    package var isDown: Bool { disk.withLock { $0.isDown } }

    /// Lets the operation of that number fail; operations are counted from 1.
    package func plan(_ fault: Fault, at operation: Int) { disk.withLock { $0.plan[operation] = fault } }

    /// Lets every operation on a path fail from now on; `nil` heals it.
    package func damage(_ path: String, _ code: Int32?) { disk.withLock { $0.damaged[FileName.bytes(path)] = code } }

    /// Takes all planned faults away.
    package func heal() { disk.withLock { $0.plan = [:] } }

    /// Forgets what was not flushed, and is up again.
    package func crash() { disk.withLock { [chance] in $0.crash(chance) } }

    /// What a sender does: puts a file there, flushed, over whatever stands there.
    package func drop(_ path: String, _ bytes: [UInt8]) { disk.withLock { $0.drop(FileName.bytes(path), bytes) } }

    /// What a sender does: writes on.
    package func append(_ path: String, _ bytes: [UInt8]) { disk.withLock { $0.append(FileName.bytes(path), bytes) } }

    /// What a sender does: a link, a pipe.
    package func drop(_ path: String, _ kind: FileStatus.Kind) { disk.withLock { $0.drop(FileName.bytes(path), kind) } }

    /// What a person does: takes a name away.
    package func discard(_ path: String) { disk.withLock { $0.discard(FileName.bytes(path)) } }

    /// Every file with its content as programs see it, by path.
    package func everything() -> [String: [UInt8]] { disk.withLock { $0.everything() } }

    /// Does something else that lasts, such as a commit of the store, as one operation: that can fail and crash in turn too.
    package func touch(_ action: String, _ effect: () -> Void) throws(FileError) {
        try step(action, "") { _ throws(FileError) in effect() }
    }

    /// The power goes now.
    package func cutPower() { disk.withLock { $0.cutPower() } }

    // MARK: FileSystem

    package func status(_ path: String) throws(FileError) -> FileStatus? {
        try step("look at", path) { disk throws(FileError) in disk.status(FileName.bytes(path)) }
    }

    package func list(_ folder: String, after name: String, limit: Int) throws(FileError) -> [String] {
        try step("list", folder) { disk throws(FileError) in
            guard disk.isFolder(FileName.bytes(folder)) else { throw FileError("list", folder, code: ENOENT) }
            var first = FirstNames(limit: limit, after: FileName.bytes(name))
            for name in disk.names(in: FileName.bytes(folder)) { first.add(name) }
            return first.names()
        }
    }

    package func read(_ path: String, limit: Int) throws(FileError) -> (bytes: [UInt8], status: FileStatus) {
        try step("read", path) { disk throws(FileError) in
            guard let status = disk.status(FileName.bytes(path)) else { throw FileError("read", path, code: ENOENT) }
            guard status.kind != .link else { throw FileError("read", path, code: ELOOP) }
            guard status.kind == .file else { throw FileError("read", path, reason: "it is not a regular file") }
            guard status.size <= limit else { throw FileError("read", path, code: EFBIG) }
            return (disk.data(status.inode), status)
        }
    }

    package func create(_ path: String, _ bytes: [UInt8], isFlushed: Bool) throws(FileError) {
        let loses = try step("create", path, isFlush: isFlushed) { disk throws(FileError) in
            try disk.create(FileName.bytes(path), bytes, isFlushed: isFlushed, path)
        }
        if loses {
            disk.withLock { $0.discard(FileName.bytes(path)) }
            throw FileError("write", path, code: EIO)
        }
    }

    package func flush(file path: String) throws(FileError) {
        let loses = try step("sync", path, isFlush: true) { disk throws(FileError) in
            try disk.flush(file: FileName.bytes(path), path)
        }
        if loses { throw FileError("sync", path, code: EIO) }
    }

    package func move(_ path: String, to newPath: String) throws(FileError) -> Bool {
        let old = FileName.bytes(path)
        let new = FileName.bytes(newPath)
        guard disk.withLock({ $0.movesByLink }) else {
            return try step("move", path) { disk throws(FileError) in try disk.move(old, to: new, path) }
        }
        let isNew = try step("link", path) { disk throws(FileError) in try disk.link(old, new, path) }
        guard isNew else { return false }
        do throws(FileError) { try step("unlink", path) { disk throws(FileError) in disk.remove(old) } } catch {
            disk.withLock { disk in if !disk.isDown { disk.remove(new) } }
            throw error
        }
        return true
    }

    package func flush(folder: String) throws(FileError) {
        let loses = try step("sync", folder, isFlush: true) { disk throws(FileError) in
            guard disk.isFolder(FileName.bytes(folder)) else { throw FileError("sync", folder, code: ENOENT) }
            disk.flush(folder: FileName.bytes(folder))
        }
        if loses { throw FileError("sync", folder, code: EIO) }
    }

    package func makeFolder(_ path: String) throws(FileError) {
        try step("make the folder", path) { disk throws(FileError) in disk.makeFolder(FileName.bytes(path)) }
    }

    package func remove(_ path: String) throws(FileError) {
        try step("remove", path) { disk throws(FileError) in disk.remove(FileName.bytes(path)) }
    }

    // MARK: Faults

    private func step<Result: Sendable>(
        _ action: String, _ path: String, _ effect: (inout SimulatedDisk) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        try disk.withLock { disk throws(FileError) in
            let fault = try disk.begin(action, path)
            let result = try effect(&disk)
            try disk.end(fault, action, path)
            return result
        }
    }

    /// - Returns: Whether the flush lost what it was to save.
    private func step(
        _ action: String, _ path: String, isFlush: Bool, _ effect: (inout SimulatedDisk) throws(FileError) -> Void
    ) throws(FileError) -> Bool {
        try disk.withLock { disk throws(FileError) in
            let fault = try disk.begin(action, path)
            if isFlush, fault == .lostFlush {
                disk.lose(FileName.bytes(path))
                return true
            }
            try effect(&disk)
            try disk.end(fault, action, path)
            return false
        }
    }
}
