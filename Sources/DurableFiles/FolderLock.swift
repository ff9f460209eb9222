import Glibc

/// A folder that one process alone works on, for as long as this object lives.
///
/// Two runs on one inbox or one queue would take the same document, or each other's unfinished files. The kernel lets go
/// of the lock when the process ends, however it ends. File systems that cannot lock are used without.
package final class FolderLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``FileError`` when another process has it, or the folder cannot be opened.
    package init(_ folder: String) throws(FileError) {
        descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", folder, code: errno) }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(descriptor)
            throw FileError("work off", folder, code: EWOULDBLOCK, reason: "another run is at work on it")
        }
    }

    deinit { close(descriptor) }
}
