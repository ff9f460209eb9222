package import Custody
package import DurableFiles
internal import Glibc

/// A queue of referrals on disk in the shape of a maildir: whoever reads `ready/` sees whole files only.
///
/// Files are written to `tmp/`, flushed together, and given their names in `ready/` without replacing anything; one flush of
/// the folder ends a batch, and only then is any of it delivered. The name is the delivery's key, so that a repeat after a
/// crash finds its own file: the same bytes under the same name are delivered, other bytes are refused. Where a reader has
/// taken the file in between, it sees the same name once more.
///
/// A file whose flush failed is written anew and never flushed again, since a second flush that succeeds proves nothing.
package struct FolderDestination: Destination {
    /// Who may read the queue besides us.
    package enum Access: Sendable, Hashable {
        case owner
        /// The folder's group reads files (0640) and takes them away (`ready/` is 0770, its files get its group).
        case group
    }

    package let folder: String
    package let batch: Int
    /// Two batches, so that one is written while the other is flushed or noted down.
    package var concurrency: Int { 2 * batch }

    private let files: any FileSystem
    private let access: Access
    private let writers: WriterPool
    private let temporary: String
    private let ready: String

    /// - Parameter writers: Batches that are written side by side; 0 does everything in the thread of the caller.
    package init(
        _ folder: String, files: any FileSystem, access: Access = .owner, batch: Int = 256, writers: Int = 2
    ) {
        self.folder = folder
        self.files = files
        self.access = access
        self.batch = batch
        self.writers = WriterPool(writers)
        temporary = Files.join(folder, "tmp")
        ready = Files.join(folder, "ready")
    }

    /// Makes the folders, and removes from `tmp/` what a run that was cut off left behind. Only under a lock.
    package func prepare() throws(FileError) {
        let isNew = try files.status(ready) == nil
        try files.makeFolder(temporary)
        try files.makeFolder(ready)
        if isNew, access == .group { try open(folder: ready) }
        for name in try files.list(temporary, limit: .max) where Self.isOurs(name) {
            try files.remove(Files.join(temporary, name))
        }
    }

    package func send(_ deliveries: [DueDelivery], completion: @escaping @Sendable ([Handover]) -> Void) {
        writers.run { completion(settle(deliveries, place(deliveries))) }
    }

    // MARK: Many files

    /// How far a file came before the flush of the folder.
    private enum Placed: Sendable {
        /// It has its name; we gave it.
        case moved
        /// It had its name, and these bytes.
        case present
        case failed(Handover)

        var hasName: Bool {
            switch self {
            case .moved, .present: true
            case .failed: false
            }
        }
    }

    /// Places deliveries, of those under one name one after the other.
    private func place(_ deliveries: [DueDelivery]) -> [Placed] {
        var placed = deliveries.map { delivery in
            Self.name(of: delivery) == nil
                ? Placed.failed(.messageRefused(cause: DeliveryCause.unusableKey.rawValue, answer: [])) : nil
        }
        while true {
            var names: Set<String> = []
            let wave = deliveries.indices.filter { index in
                guard placed[index] == nil, let name = Self.name(of: deliveries[index]) else { return false }
                return names.insert(name).inserted
            }
            if wave.isEmpty { return placed.compactMap(\.self) }
            let new = wave.compactMap { index in
                Self.name(of: deliveries[index]).map { NewFile($0, deliveries[index].body) }
            }
            for ((index, file), failure) in zip(zip(wave, new), write(new)) { placed[index] = publish(file, failure) }
        }
    }

    /// Writes files to `tmp/` and flushes them.
    private func write(_ new: [NewFile]) -> [FileError?] {
        guard access == .group else { return files.createAnew(in: temporary, new) }
        return new.map { file in
            do throws(FileError) { try createForGroup(Files.join(temporary, file.name), file.bytes) } catch {
                return error
            }
            return nil
        }
    }

    private func createForGroup(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        try files.remove(path)
        try files.create(path, bytes, isFlushed: false)
        do throws(FileError) {
            try Self.setMode(0o640, path)
            try files.flush(file: path)
        } catch {
            try? files.remove(path)
            throw error
        }
    }

    // MARK: One file

    private func publish(_ file: NewFile, _ failure: FileError?) -> Placed {
        if let failure { return .failed(Self.handover(failure)) }
        do { return try publish(file.bytes, named: file.name) } catch {
            try? files.remove(Files.join(temporary, file.name))
            return .failed(Self.handover(error))
        }
    }

    /// Gives the file its name. A reader may take away what stood there between two looks, so it looks twice.
    private func publish(_ bytes: [UInt8], named name: String) throws(FileError) -> Placed {
        let path = Files.join(temporary, name)
        let target = Files.join(ready, name)
        for _ in 0..<2 {
            if try files.move(path, to: target) { return .moved }
            guard let status = try files.status(target) else { continue }
            try files.remove(path)
            var isSame = status.kind == .file && status.size == bytes.count
            if isSame { isSame = try isThere(target, bytes) }
            return isSame ? .present : .failed(.messageRefused(cause: DeliveryCause.idReused.rawValue, answer: []))
        }
        throw FileError("move", path, code: EAGAIN)
    }

    private func isThere(_ path: String, _ bytes: [UInt8]) throws(FileError) -> Bool {
        do { return try files.read(path, limit: bytes.count).bytes == bytes } catch {
            // Taken by its reader just now: then it was a file of this key and size, put there by us.
            guard error.code == ENOENT else { throw error }
            return true
        }
    }

    // MARK: The batch

    private func settle(_ deliveries: [DueDelivery], _ placed: [Placed]) -> [Handover] {
        let failure = placed.contains(where: \.hasName) ? flush() : nil
        return zip(deliveries, placed).map { delivery, placed in
            switch placed {
            case .failed(let handover): return handover
            case .moved, .present:
                guard let failure else { return .delivered(receipt: Self.name(of: delivery)) }
                withdraw(delivery)
                return Self.handover(failure)
            }
        }
    }

    private func flush() -> FileError? {
        do { try files.flush(folder: ready) } catch { return error }
        return nil
    }

    /// Takes a name away whose flush failed, so that the next try makes it anew.
    private func withdraw(_ delivery: DueDelivery) {
        guard let name = Self.name(of: delivery) else { return }
        try? files.remove(Files.join(ready, name))
    }

    // MARK: Names, faults and modes

    /// The delivery's key and an ending for its type; `nil` when the key is not a plain token.
    package static func name(of delivery: DueDelivery) -> String? {
        let key = delivery.key.utf8
        let isPlain = key.allSatisfy { byte in
            0x30...0x39 ~= byte || 0x61...0x7A ~= byte || 0x41...0x5A ~= byte || byte == 0x2D
        }
        guard isPlain, !key.isEmpty, key.count <= 100 else { return nil }
        return delivery.key + ending(of: delivery.contentType)
    }

    private static func ending(of contentType: String) -> String {
        let type = contentType.prefix { $0 != ";" }.lowercased()
        if type.contains("json") { return ".json" }
        if type.contains("xml") { return ".xml" }
        return type.contains("hl7-v2") ? ".hl7" : type.hasPrefix("text/") ? ".txt" : ".dat"
    }

    /// Whether a name in `tmp/` has the form that ``name(of:)`` gives.
    private static func isOurs(_ name: String) -> Bool {
        [".json", ".xml", ".hl7", ".txt", ".dat"].contains { name.hasSuffix($0) } && !name.hasPrefix(".")
    }

    private static func handover(_ error: FileError) -> Handover {
        switch error.code {
        case ENOSPC, EDQUOT: .again(cause: DeliveryCause.diskFull.rawValue, retryAfter: nil, answer: [])
        case ENOENT, ENOTDIR, EACCES, EPERM, ELOOP, EXDEV, ENAMETOOLONG:
            .destinationWrong(cause: DeliveryCause.folder.rawValue, answer: [])
        default: .again(cause: DeliveryCause.diskError.rawValue, retryAfter: nil, answer: [])
        }
    }

    private func open(folder: String) throws(FileError) {
        try Self.setMode(0o710, self.folder)
        try Self.setMode(0o2770, folder)
        try files.flush(folder: folder)
    }

    private static func setMode(_ mode: mode_t, _ path: String) throws(FileError) {
        if chmod(path, mode) != 0 { throw FileError("set the mode of", path, code: errno) }
    }
}
