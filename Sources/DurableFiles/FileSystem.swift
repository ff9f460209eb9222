import Glibc

/// The file operations that custody hangs on, so that a test can be a disk that fails, tears and forgets.
///
/// Names that are not UTF-8 are escaped by ``list(_:after:limit:)`` in a way the other operations undo (``FileName``).
/// All follow no link at the end of a file's path, retry `EINTR`, and write files readable by their owner alone.
package protocol FileSystem: Sendable {
    /// What stands under a path itself, a link not followed; `nil` when nothing does.
    func status(_ path: String) throws(FileError) -> FileStatus?
    /// The names in a folder that come after one in byte order, `.` and `..` left out; of more than `limit` the first ones
    /// in that order. Holds no more than twice as many at a time.
    func list(_ folder: String, after name: String, limit: Int) throws(FileError) -> [String]
    /// All bytes of a regular file and its status, judged by one descriptor; refused from its size when it is past `limit`
    /// (`EFBIG`), and afterwards when somebody wrote to it or gave its name to another meanwhile (`EBUSY`).
    func read(_ path: String, limit: Int) throws(FileError) -> (bytes: [UInt8], status: FileStatus)
    /// Creates a file and, where asked, flushes it to the device. Overwrites nothing. On failure nothing stays behind.
    func create(_ path: String, _ bytes: [UInt8], isFlushed: Bool) throws(FileError)
    /// Creates files in one folder and flushes their content, side by side: one wait for the device where it can be had,
    /// not one a file. Overwrites nothing.
    /// - Returns: For each file why it is not there; `nil` when it is and is flushed. Of one that failed nothing stays behind.
    func createAll(in folder: String, _ new: [NewFile]) -> [FileError?]
    /// Flushes a file's content to the device. After a failure the file must be written anew: a second flush that succeeds
    /// proves nothing.
    func flush(file path: String) throws(FileError)
    /// Gives a file another name in the same file system, overwriting nothing; nothing is flushed.
    ///
    /// Where a file system cannot do that in one step the file gets a second name and loses the first: a crash in between
    /// leaves both.
    /// - Returns: `false` when the new name is taken.
    func move(_ path: String, to newPath: String) throws(FileError) -> Bool
    /// Flushes a folder's names to the device.
    func flush(folder: String) throws(FileError)
    /// Makes a folder and those above it, each flushed into its parent. One that is there is left as it is.
    func makeFolder(_ path: String) throws(FileError)
    /// Takes a name away; one that is not there is no error.
    func remove(_ path: String) throws(FileError)
}

/// A file to be made.
package struct NewFile: Sendable {
    package var name: String
    package var bytes: [UInt8]

    package init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

extension FileSystem {
    /// All are written, then each is flushed.
    package func createAll(in folder: String, _ new: [NewFile]) -> [FileError?] {
        var failures = write(new, in: folder)
        for (index, file) in new.enumerated() where failures[index] == nil {
            let path = Files.join(folder, file.name)
            do throws(FileError) { try flush(file: path) } catch {
                try? remove(path)
                failures[index] = error
            }
        }
        return failures
    }

    /// As ``createAll(in:_:)``, in place of what earlier tries left under these names: it may be cut short, or its flush may
    /// have failed.
    package func createAnew(in folder: String, _ new: [NewFile]) -> [FileError?] {
        var failures = createAll(in: folder, new)
        let stale = new.indices.filter { failures[$0]?.code == EEXIST }
        guard !stale.isEmpty else { return failures }
        for index in stale { try? remove(Files.join(folder, new[index].name)) }
        for (index, failure) in zip(stale, createAll(in: folder, stale.map { new[$0] })) { failures[index] = failure }
        return failures
    }

    /// Writes files, and flushes none.
    func write(_ new: [NewFile], in folder: String) -> [FileError?] {
        new.map { file in
            do throws(FileError) { try create(Files.join(folder, file.name), file.bytes, isFlushed: false) } catch {
                return error
            }
            return nil
        }
    }

    /// The names in a folder in byte order, of more than `limit` the first ones.
    package func list(_ folder: String, limit: Int) throws(FileError) -> [String] {
        try list(folder, after: "", limit: limit)
    }
}

/// What a path stands for.
package struct FileStatus: Sendable, Hashable {
    package enum Kind: Sendable, Hashable { case file, folder, link, other }

    package var kind: Kind
    package var device: UInt64
    package var inode: UInt64
    package var size: Int
    /// Nanoseconds since 1970 by the file system's clock.
    package var modified: Int64
    /// When it was last written to, moved or given other rights: nanoseconds since 1970 by the file system's clock.
    package var changed: Int64
    /// How many names it has.
    package var links: Int

    package init(kind: Kind, device: UInt64, inode: UInt64, size: Int, modified: Int64, changed: Int64, links: Int) {
        self.kind = kind
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
        self.links = links
    }

    /// Whether both are of one file.
    package func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }

    /// Whether both are of one file that nobody wrote to in between.
    package func isUnchanged(since other: FileStatus) -> Bool {
        isSameFile(as: other) && kind == other.kind && size == other.size && modified == other.modified
    }
}
