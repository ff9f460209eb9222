import CPosix
import Glibc
import Reporting

/// A failure of the world: disk, permissions, names. Says what was tried and why it failed, never what a file holds.
package struct FileError: Error, Hashable, CustomStringConvertible {
    package var action: String
    package var path: String
    /// `errno`, or 0 when the failure is ours.
    package var code: Int32
    package var reason: String

    package init(_ action: String, _ path: String, code: Int32) {
        self.init(action, path, code: code, reason: String(cString: strerror(code)))
    }

    package init(_ action: String, _ path: String, code: Int32 = 0, reason: String) {
        self.action = action
        self.path = path
        self.code = code
        self.reason = reason
    }

    package var description: String { "cannot \(action.printable()) \(path.printable()): \(reason)" }
}

/// Files as the gateway needs them: nothing is rewritten, nothing follows a link, and what must last is on the disk
/// before a call returns.
package enum Files {
    /// Reads a regular file.
    /// - Parameter limit: Bytes; a larger file is refused before it is read.
    package static func read(_ path: String, limit: Int = 1 << 30) throws(FileError) -> [UInt8] {
        try OpenFile.open(path).read(limit: limit)
    }

    /// Reads a descriptor to its end, such as standard input.
    package static func readAll(
        _ descriptor: Int32, _ expected: Int, _ limit: Int, _ path: String
    ) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(expected, 1 << 12))
        var count = 0
        while true {
            if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if got < 0 {
                if errno == EINTR { continue }
                throw FileError("read", path, code: errno)
            }
            if got == 0 { break }
            count += got
            guard count <= limit else {
                throw FileError("read", path, code: EFBIG, reason: "it holds more than \(limit) bytes")
            }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Creates a file, readable by its owner alone, and flushes it to the device. Overwrites nothing.
    ///
    /// A flush that failed is never tried again: the file is taken away, and has to be written anew.
    package static func create(_ path: String, _ bytes: [UInt8], isFlushed: Bool = true) throws(FileError) {
        let descriptor = try open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, action: "create")
        var failure: Int32 = 0
        var written = 0
        while written < bytes.count, failure == 0 {
            let put = bytes.withUnsafeBytes { buffer in
                write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if put < 0 { if errno != EINTR { failure = errno } } else { written += put }
        }
        if failure == 0, isFlushed, fsync(descriptor) != 0 { failure = errno }
        if close(descriptor) != 0, failure == 0 { failure = errno }
        if failure != 0 {
            _ = FileName.withPath(path, unlink)
            throw FileError("write", path, code: failure)
        }
    }

    /// Gives a file another name in the same file system and flushes both folders. Overwrites nothing.
    /// - Returns: `false` when the new name is taken.
    package static func rename(_ path: String, to newPath: String) throws(FileError) -> Bool {
        guard try move(path, to: newPath) else { return false }
        try sync(folder: parent(of: newPath))
        if parent(of: path) != parent(of: newPath) { try sync(folder: parent(of: path)) }
        return true
    }

    /// Gives a file another name in the same file system; after a power cut it may have the old one. Overwrites nothing.
    ///
    /// File systems that cannot rename without replacing (NFS, some older ones) get a second name and lose the first.
    /// - Returns: `false` when the new name is taken.
    package static func move(_ path: String, to newPath: String) throws(FileError) -> Bool {
        let status = FileName.withPath(path) { old in FileName.withPath(newPath) { linkway_rename_noreplace(old, $0) } }
        if status == 0 { return true }
        switch errno {
        case EEXIST: return false
        case EINVAL, ENOSYS, EOPNOTSUPP: return try moveByLink(path, to: newPath)
        default: throw FileError("move to \(newPath) from", path, code: errno)
        }
    }

    /// A second name, then the first taken away: between the two a crash leaves both, and loses nothing.
    package static func moveByLink(_ path: String, to newPath: String) throws(FileError) -> Bool {
        if FileName.withPath(path, { old in FileName.withPath(newPath) { link(old, $0) } }) != 0 {
            if errno == EEXIST { return false }
            throw FileError(
                "move to \(newPath) from", path, code: errno,
                reason:
                    "the file system can neither rename without replacing nor link (\(String(cString: strerror(errno))))"
            )
        }
        if FileName.withPath(path, unlink) != 0 {
            let code = errno
            _ = FileName.withPath(newPath, unlink)
            throw FileError("move to \(newPath) from", path, code: code)
        }
        return true
    }

    /// Puts a file in the place of another, in one step, and flushes the folder.
    package static func replace(_ path: String, with newPath: String) throws(FileError) {
        if Glibc.rename(newPath, path) != 0 { throw FileError("replace", path, code: errno) }
        try sync(folder: parent(of: path))
    }

    /// Flushes a folder's names to the device.
    package static func sync(folder: String) throws(FileError) {
        let descriptor = try open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, action: "sync")
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw FileError("sync", folder, code: errno) }
    }

    /// Makes a folder and those above it, for the owner alone. One that is there is left as it is.
    package static func makeFolder(_ path: String) throws(FileError) {
        if path.isEmpty || exists(path) { return }
        try makeFolder(parent(of: path))
        if FileName.withPath(path, { mkdir($0, 0o700) }) != 0, errno != EEXIST { throw FileError("make the folder", path, code: errno) }
        try sync(folder: parent(of: path))
    }

    package static func remove(_ path: String) throws(FileError) {
        if FileName.withPath(path, unlink) != 0, errno != ENOENT { throw FileError("remove", path, code: errno) }
    }

    /// The names in a folder in byte order.
    /// - Parameters:
    ///   - limit: Of more than these, the first ones in that order.
    ///   - hidden: Names that begin with a full stop too, but for `.` and `..`.
    package static func list(
        _ folder: String, limit: Int = .max, hidden: Bool = false
    ) throws(FileError) -> [String] {
        guard let stream = FileName.withPath(folder, { opendir($0) }) else {
            throw FileError("list", folder, code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { FileName.text(of: $0.prefix { $0 != 0 }) }
            if name == "." || name == ".." || !hidden && name.hasPrefix(".") { continue }
            names.append(name)
            if names.count / 2 >= max(limit, 1000) { keepFirst(limit, of: &names) }
        }
        keepFirst(limit, of: &names)
        return names
    }

    private static func keepFirst(_ limit: Int, of names: inout [String]) {
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if names.count > limit { names.removeLast(names.count - limit) }
    }

    package static func exists(_ path: String) -> Bool { FileName.withPath(path) { access($0, F_OK) } == 0 }

    /// Whether anything has this name, a link that leads nowhere too.
    package static func isThere(_ path: String) -> Bool {
        var status = stat()
        return FileName.withPath(path, { lstat($0, &status) }) == 0
    }

    /// Whether a path is a folder; links are followed.
    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return FileName.withPath(path) { stat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a path is a link itself, to whatever.
    package static func isLink(_ path: String) -> Bool {
        var status = stat()
        return FileName.withPath(path, { lstat($0, &status) }) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Whether a path is a regular file itself, not a link to one.
    package static func isRegularFile(_ path: String) -> Bool {
        var status = stat()
        return FileName.withPath(path, { lstat($0, &status) }) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// How many names a file has; 0 when it is not there.
    package static func names(of path: String) -> Int {
        var status = stat()
        return FileName.withPath(path, { lstat($0, &status) }) == 0 ? Int(status.st_nlink) : 0
    }

    /// Whether two paths name one file.
    package static func isSame(_ path: String, _ other: String) -> Bool {
        var first = stat()
        var second = stat()
        guard FileName.withPath(path, { lstat($0, &first) }) == 0, FileName.withPath(other, { lstat($0, &second) }) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    /// How long ago a file was last written to, in seconds; negative where its clock is ahead. `nil` when it is not there.
    package static func age(of path: String) -> Double? {
        var status = stat()
        var now = timespec()
        guard FileName.withPath(path, { lstat($0, &status) }) == 0, clock_gettime(CLOCK_REALTIME, &now) == 0 else { return nil }
        let seconds = Double(now.tv_sec - status.st_mtim.tv_sec)
        return seconds + Double(now.tv_nsec - status.st_mtim.tv_nsec) / 1e9
    }

    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    package static func name(of path: String) -> String {
        path.split(separator: "/").last.map { String($0) } ?? path
    }

    /// Two parts of a path put together.
    package static func join(_ folder: String, _ name: String) -> String {
        name.hasPrefix("/") || folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    package static func open(_ path: String, _ flags: Int32, action: String) throws(FileError) -> Int32 {
        while true {
            let descriptor = FileName.withPath(path) { Glibc.open($0, flags, 0o600) }
            if descriptor >= 0 { return descriptor }
            if errno == EINTR { continue }
            if errno == ELOOP {
                throw FileError(action, path, code: ELOOP, reason: "it is a link, and links are not followed")
            }
            throw FileError(action, path, code: errno)
        }
    }
}

extension FileError {
    /// The code of a file that is larger than its limit.
    package static let tooLarge = EFBIG
    package static let notThere = ENOENT
}
