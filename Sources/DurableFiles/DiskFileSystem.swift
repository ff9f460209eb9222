import CPosix
import Dispatch
import Glibc
import Synchronization

/// The file system of the machine. Every call may be made from any thread.
package struct DiskFileSystem: FileSystem {
    package init() {}

    package func status(_ path: String) throws(FileError) -> FileStatus? {
        var status = stat()
        if try FileName.withPath(path, "look at", { lstat($0, &status) }) == 0 { return FileStatus(status) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw FileError("look at", path, code: errno)
    }

    package func list(_ folder: String, after name: String, limit: Int) throws(FileError) -> [String] {
        guard let stream = try FileName.withPath(folder, "list", { opendir($0) }) else {
            throw FileError("list", folder, code: errno)
        }
        defer { closedir(stream) }
        var first = FirstNames(limit: limit, after: FileName.bytes(name))
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            withUnsafeBytes(of: &entry.pointee.d_name) { first.add($0.prefix { $0 != 0 }) }
        }
        if errno != 0 { throw FileError("list", folder, code: errno) }
        return first.names()
    }

    package func read(_ path: String, limit: Int) throws(FileError) -> (bytes: [UInt8], status: FileStatus) {
        let file = try OpenFile.open(path)
        let bytes = try file.read(limit: limit)
        try file.requireUnchanged()
        return (bytes, file.status)
    }

    package func create(_ path: String, _ bytes: [UInt8], isFlushed: Bool) throws(FileError) {
        let descriptor = try Files.open(
            path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, action: "create")
        var failure = Self.write(bytes, to: descriptor)
        // A flush that failed is not tried again here: the kernel has given up the bytes and forgotten it.
        if failure == 0, isFlushed, fsync(descriptor) != 0 { failure = errno }
        if close(descriptor) != 0, failure == 0, errno != EINTR { failure = errno }
        if failure != 0 {
            try? remove(path)
            throw FileError("write", path, code: failure)
        }
    }

    package func createAll(in folder: String, _ new: [NewFile]) -> [FileError?] {
        guard new.count >= WholeFlush.fewest, let flush = WholeFlush(in: folder) else {
            return eachAlone(new, in: folder)
        }
        let failures = write(new, in: folder)
        let code = flush.end(files: new.count)
        if code == 0 { return failures }
        // Which of them was lost is not told: all are.
        return zip(new, failures).map { file, failure in
            if let failure { return failure }
            let path = Files.join(folder, file.name)
            try? remove(path)
            return FileError("write", path, code: code)
        }
    }

    /// Side by side, since a device flushes many files in little more than the time of one.
    private func eachAlone(_ new: [NewFile], in folder: String) -> [FileError?] {
        let failures = Mutex([FileError?](repeating: nil, count: new.count))
        let lanes = min(8, new.count)
        DispatchQueue.concurrentPerform(iterations: lanes) { lane in
            for index in stride(from: lane, to: new.count, by: lanes) {
                do throws(FileError) {
                    try create(Files.join(folder, new[index].name), new[index].bytes, isFlushed: true)
                } catch {
                    failures.withLock { $0[index] = error }
                }
            }
        }
        return failures.withLock { $0 }
    }

    /// - Returns: 0, or why not all was written.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var written = 0
        while written < bytes.count {
            let put = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if put >= 0 { written += put } else if errno != EINTR { return errno }
        }
        return 0
    }

    package func flush(file path: String) throws(FileError) {
        try flush(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    }

    package func flush(folder: String) throws(FileError) {
        try flush(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }

    private func flush(_ path: String, _ flags: Int32) throws(FileError) {
        let descriptor = try Files.open(path, flags, action: "sync")
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw FileError("sync", path, code: errno) }
    }

    package func move(_ path: String, to newPath: String) throws(FileError) -> Bool {
        if try Self.both(path, newPath, linkway_rename_noreplace) == 0 { return true }
        switch errno {
        case EEXIST: return false
        case EINVAL, ENOSYS, EOPNOTSUPP: return try moveByLink(path, to: newPath)
        default: throw FileError("move", path, code: errno).to(newPath)
        }
    }

    /// A second name, then the first taken away: between the two a crash leaves both, and loses nothing.
    func moveByLink(_ path: String, to newPath: String) throws(FileError) -> Bool {
        if try Self.both(path, newPath, { link($0, $1) }) != 0 {
            if errno == EEXIST { return false }
            throw FileError(
                "move", path, code: errno,
                reason:
                    "the file system can neither rename without replacing nor link (\(String(cString: strerror(errno))))"
            ).to(newPath)
        }
        do { try unlink(path) } catch {
            try? remove(newPath)
            throw FileError("move", path, code: error.code).to(newPath)
        }
        return true
    }

    /// Calls with two paths.
    private static func both(
        _ path: String, _ newPath: String, _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
    ) throws(FileError) -> Int32 {
        let new = FileName.bytes(newPath).map { CChar(bitPattern: $0) }
        guard !new.contains(0) else { throw FileError("move to", newPath, code: EINVAL) }
        return try FileName.withPath(path, "move") { old in body(old, new + [0]) }
    }

    package func makeFolder(_ path: String) throws(FileError) {
        if path.isEmpty || Files.exists(path) { return }
        let parent = Files.parent(of: path)
        try makeFolder(parent)
        if try FileName.withPath(path, "make the folder", { mkdir($0, 0o700) }) != 0, errno != EEXIST {
            throw FileError("make the folder", path, code: errno)
        }
        try flush(folder: parent)
    }

    package func remove(_ path: String) throws(FileError) {
        do { try unlink(path) } catch {
            if error.code != ENOENT { throw error }
        }
    }

    private func unlink(_ path: String) throws(FileError) {
        if try FileName.withPath(path, "remove", { Glibc.unlink($0) }) != 0 {
            throw FileError("remove", path, code: errno)
        }
    }
}

extension FileStatus {
    init(_ status: stat) {
        let kind: Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        self.init(
            kind: kind, device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int(status.st_size),
            modified: Self.nanoseconds(status.st_mtim), changed: Self.nanoseconds(status.st_ctim),
            links: Int(status.st_nlink))
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
