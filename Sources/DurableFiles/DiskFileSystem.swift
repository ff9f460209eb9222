import Glibc

/// The file systems of the machine.
package struct DiskFileSystem: FileSystem {
    package init() {}

    package func status(_ path: String) throws(FileError) -> FileStatus? {
        var status = stat()
        if FileName.withPath(path, { lstat($0, &status) }) == 0 { return FileStatus(status) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw FileError("look at", path, code: errno)
    }

    package func list(_ folder: String, limit: Int) throws(FileError) -> [String] {
        try Files.list(folder, limit: limit, hidden: true)
    }

    package func read(_ path: String, limit: Int) throws(FileError) -> (bytes: [UInt8], status: FileStatus) {
        let file = try OpenFile.open(path)
        let bytes = try file.read(limit: limit)
        try file.requireUnchanged()
        return (bytes, file.status)
    }

    package func create(_ path: String, _ bytes: [UInt8], isFlushed: Bool) throws(FileError) {
        try Files.create(path, bytes, isFlushed: isFlushed)
    }

    package func flush(file path: String) throws(FileError) { try OpenFile.open(path).sync() }

    package func move(_ path: String, to newPath: String) throws(FileError) -> Bool {
        try Files.move(path, to: newPath)
    }

    package func flush(folder: String) throws(FileError) { try Files.sync(folder: folder) }
    package func makeFolder(_ path: String) throws(FileError) { try Files.makeFolder(path) }
    package func remove(_ path: String) throws(FileError) { try Files.remove(path) }
}

extension FileStatus {
    init(_ status: stat) {
        let kinds: [mode_t: Kind] = [S_IFREG: .file, S_IFDIR: .folder, S_IFLNK: .link]
        self.init(
            kind: kinds[status.st_mode & S_IFMT] ?? .other, device: UInt64(status.st_dev),
            inode: UInt64(status.st_ino), size: Int(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec),
            links: Int(status.st_nlink))
    }
}
