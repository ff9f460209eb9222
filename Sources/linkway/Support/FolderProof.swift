import DurableFiles
import Glibc

/// Whether a folder does what the gateway asks of it, found out by doing it.
enum FolderProof {
    /// Writes, flushes, renames without replacing, reads back and removes a hidden file, which no source takes.
    /// Nothing stays behind.
    ///
    /// - Returns: What cannot be done; `nil` when all can.
    static func failure(in folder: String) -> FileError? {
        let name = Files.join(folder, ".linkway-proof-\(getpid())")
        let bytes = Array("linkway\n".utf8)
        defer { for path in [name, name + ".tmp"] { try? Files.remove(path) } }
        do throws(FileError) {
            try Files.create(name + ".tmp", bytes)
            guard try Files.rename(name + ".tmp", to: name) else { throw FileError("rename", name, code: EEXIST) }
            guard try Files.read(name) == bytes else {
                throw FileError("read", name, reason: "it has other bytes than were written")
            }
            try Files.remove(name)
            try Files.sync(folder: folder)
            return nil
        } catch { return error }
    }

    /// Why a folder that the gateway makes at its start cannot be used; `nil` when it can be used or made.
    static func failureToUseOrMake(_ folder: String) -> FileError? {
        var place = folder
        while !Files.isThere(place), place != Files.parent(of: place) { place = Files.parent(of: place) }
        guard Files.isFolder(place) else { return FileError("use", place, code: ENOTDIR) }
        return failure(in: place)
    }
}
