import CPosix
import Glibc

/// A regular file held open for reading: whatever its name comes to mean, these are its bytes.
package struct OpenFile: ~Copyable {
    package let path: String
    private let descriptor: Int32
    /// As it was when it was opened.
    package let status: FileStatus

    /// Follows no link and waits for no pipe.
    package static func open(_ path: String) throws(FileError) -> OpenFile {
        let descriptor = try Files.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, action: "read")
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw FileError("read", path, code: code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError("read", path, reason: "it is not a regular file")
        }
        return OpenFile(path: path, descriptor: descriptor, status: FileStatus(status))
    }

    deinit { close(descriptor) }

    /// All of it.
    /// - Parameter limit: Bytes; a larger file is refused before it is read.
    package borrowing func read(limit: Int) throws(FileError) -> [UInt8] {
        guard status.size <= limit else {
            throw FileError("read", path, code: EFBIG, reason: "it has \(status.size) bytes, and the limit is \(limit)")
        }
        return try Files.readAll(descriptor, status.size, limit, path)
    }

    /// That nobody has written to the file since it was opened, and that its name still means it.
    package borrowing func requireUnchanged() throws(FileError) {
        var now = stat()
        guard fstat(descriptor, &now) == 0 else { throw FileError("read", path, code: errno) }
        var named = stat()
        guard try FileName.withPath(path, "read", { lstat($0, &named) }) == 0 else {
            throw FileError("read", path, code: errno)
        }
        guard FileStatus(now).isUnchanged(since: status), FileStatus(named).isUnchanged(since: status) else {
            throw FileError("take", path, code: EBUSY, reason: "it was still being written to")
        }
    }

    /// Flushes the file to the device.
    package borrowing func sync() throws(FileError) {
        if fsync(descriptor) != 0 { throw FileError("sync", path, code: errno) }
    }
}
