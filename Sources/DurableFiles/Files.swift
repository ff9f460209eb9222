import CPosix
import Glibc
import Reporting

/// A failure of the world: disk, permissions, names. Says what was tried and why it failed, never what a file holds.
///
/// ``action`` and ``reason`` hold no name of a file, since senders put names of people into those: they may be logged. The
/// whole description may not.
package struct FileError: Error, Hashable, CustomStringConvertible {
    /// A verb, such as `move`.
    package var action: String
    package var path: String
    /// Where it was to go, when it was to be moved.
    package var target: String?
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

    package var description: String {
        let place = target.map { " to \($0.printable())" } ?? ""
        return "cannot \(action.printable()) \(path.printable())\(place): \(reason)"
    }

    /// The same failure of a move, with where it was to go.
    package func to(_ target: String) -> FileError {
        var error = self
        error.target = target
        return error
    }
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
        // One more than expected, so that the end is met without more room.
        var bytes = [UInt8](repeating: 0, count: max(expected + 1, 1 << 12))
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

    private static let disk = DiskFileSystem()

    /// Creates a file, readable by its owner alone, and flushes it to the device. Overwrites nothing.
    package static func create(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        try disk.create(path, bytes, isFlushed: true)
    }

    /// Gives a file another name in the same file system and flushes both folders. Overwrites nothing.
    /// - Returns: `false` when the new name is taken.
    package static func rename(_ path: String, to newPath: String) throws(FileError) -> Bool {
        guard try move(path, to: newPath) else { return false }
        try sync(folder: parent(of: newPath))
        if parent(of: path) != parent(of: newPath) { try sync(folder: parent(of: path)) }
        return true
    }

    /// ``FileSystem/move(_:to:)`` on the disk: after a power cut the file may have its old name.
    package static func move(_ path: String, to newPath: String) throws(FileError) -> Bool {
        try disk.move(path, to: newPath)
    }

    /// What ``move(_:to:)`` does where a file system cannot rename without replacing (NFS, some older ones).
    package static func moveByLink(_ path: String, to newPath: String) throws(FileError) -> Bool {
        try disk.moveByLink(path, to: newPath)
    }

    /// Puts a file in the place of another, in one step, and flushes the folder.
    package static func replace(_ path: String, with newPath: String) throws(FileError) {
        if Glibc.rename(newPath, path) != 0 { throw FileError("replace", path, code: errno) }
        try sync(folder: parent(of: path))
    }

    /// Flushes a folder's names to the device.
    package static func sync(folder: String) throws(FileError) { try disk.flush(folder: folder) }

    /// Makes a folder and those above it, for the owner alone. One that is there is left as it is.
    package static func makeFolder(_ path: String) throws(FileError) { try disk.makeFolder(path) }

    /// Takes a name away; one that is not there is no error.
    package static func remove(_ path: String) throws(FileError) { try disk.remove(path) }

    /// The names in a folder in byte order, hidden ones left out.
    package static func list(_ folder: String) throws(FileError) -> [String] {
        try disk.list(folder, limit: .max).filter { $0.utf8.first != 0x2E }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether anything has this name, a link that leads nowhere too.
    package static func isThere(_ path: String) -> Bool {
        (try? disk.status(path)) != nil
    }

    /// Whether a path is a folder; links are followed.
    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a path is a link itself, to whatever.
    package static func isLink(_ path: String) -> Bool {
        (try? disk.status(path))?.kind == .link
    }

    /// Whether a path is a regular file itself, not a link to one.
    package static func isRegularFile(_ path: String) -> Bool {
        (try? disk.status(path))?.kind == .file
    }

    /// How many names a file has; 0 when it is not there.
    package static func names(of path: String) -> Int {
        (try? disk.status(path))?.links ?? 0
    }

    /// Whether two paths name one file.
    package static func isSame(_ path: String, _ other: String) -> Bool {
        guard let first = try? disk.status(path), let second = try? disk.status(other) else { return false }
        return first.isSameFile(as: second)
    }

    /// How long ago a file was last written to, in seconds; negative where its clock is ahead. `nil` when it is not there.
    package static func age(of path: String) -> Double? {
        var now = timespec()
        guard let status = try? disk.status(path), clock_gettime(CLOCK_REALTIME, &now) == 0 else { return nil }
        return Double(now.tv_sec) - Double(status.modified) / 1e9 + Double(now.tv_nsec) / 1e9
    }

    /// The folder that a path is in. Works on bytes: a `/` and a combining mark after it are one `Character`.
    package static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: slash) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of a path.
    package static func name(of path: String) -> String {
        path.utf8.split(separator: slash).last.map { String(Substring($0)) } ?? path
    }

    /// Two parts of a path put together.
    package static func join(_ folder: String, _ name: String) -> String {
        if name.utf8.first == slash || folder.isEmpty { return name }
        return folder.utf8.last == slash ? folder + name : folder + "/" + name
    }

    private static let slash = UInt8(ascii: "/")

    package static func open(_ path: String, _ flags: Int32, action: String) throws(FileError) -> Int32 {
        while true {
            let descriptor = try FileName.withPath(path, action) { Glibc.open($0, flags, 0o600) }
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
