import DurableFiles
import Reporting

/// An inbox folder, with the folders in it that are ours: `.work/`, `done/` and `failed/`.
///
/// A document is moved to `.work/` before it is read, where no sender writes a new one over it.
struct DocumentFolder: Sendable {
    static let why = ".why.txt"
    static let findings = ".findings.txt"

    /// Who finishes first has the name: what a document's file was when it was read.
    struct Claimed: Sendable {
        var name: String
        var bytes: [UInt8]
        var status: FileStatus
        /// The marker file that stood beside it.
        var marker: String?
    }

    let path: String
    let files: any FileSystem
    /// Bytes; a larger file is not read.
    let limit: Int
    /// Whether files are copied out, on shares that refuse a rename.
    let isCopying: Bool

    var work: String { Files.join(path, ".work") }
    var done: String { Files.join(path, "done") }
    var failed: String { Files.join(path, "failed") }

    func prepare() throws(FileError) {
        for own in [work, done, failed] {
            try files.makeFolder(own)
            // Whoever may write into an inbox could lead documents elsewhere by a link.
            guard try files.status(own)?.kind == .folder else {
                throw FileError("use", own, reason: "it is a link or a file, and links are not followed")
            }
        }
    }

    // MARK: Claiming

    /// Takes a document out of the sender's reach. Nothing is flushed: after a power cut it lies in one of the two places.
    /// - Returns: `false` when an earlier one of its name is not done with.
    func claim(_ name: String) throws(FileError) -> Bool {
        let old = Files.join(path, name)
        let new = Files.join(work, name)
        guard isCopying else { return try files.move(old, to: new) }
        guard try files.status(new) == nil else { return false }
        let (bytes, _) = try files.read(old, limit: limit)
        try files.create(new, bytes, isFlushed: true)
        guard try files.read(new, limit: limit).bytes == bytes else {
            try files.remove(new)
            throw FileError("copy", old, reason: "the copy is not the same")
        }
        try files.flush(folder: work)
        try files.remove(old)
        return true
    }

    /// Reads a claimed document.
    func read(_ name: String, marker: String? = nil) throws(FileError) -> Claimed {
        let (bytes, status) = try files.read(Files.join(work, name), limit: limit)
        return Claimed(name: name, bytes: bytes, status: status, marker: marker)
    }

    /// Puts a claimed document back where its sender sees it; where that cannot be, it stays claimed.
    func putBack(_ name: String) {
        _ = try? files.move(Files.join(work, name), to: Files.join(path, name))
    }

    // MARK: Finishing

    /// Moves a document that is committed, under a name that is free, with a note beside it that is written first.
    ///
    /// The move is flushed by ``flush()``, once for many. Its content is in the store, and is not flushed again.
    /// - Returns: Where it is now.
    func finish(_ document: Claimed, isDone: Bool, note: String?) throws(FileError) -> String {
        let old = Files.join(work, document.name)
        guard try files.status(old) == document.status else {
            putBack(document.name)
            throw FileError("finish", old, reason: "it was still being written to; it is taken again")
        }
        let target = try place(document.name, isDone ? done : failed, note, isDone ? Self.findings : Self.why)
        guard try files.move(old, to: target) else {
            throw FileError("move", old, reason: "another file has that name")
        }
        if let marker = document.marker { try files.remove(Files.join(path, marker)) }
        return target
    }

    /// Moves a claimed document aside that could not be read.
    func setAside(_ name: String, note: String) throws(FileError) -> String {
        let target = try place(name, failed, note, Self.why)
        guard try files.move(Files.join(work, name), to: target) else {
            throw FileError("move", name, reason: "another file has that name")
        }
        try flush()
        return target
    }

    /// A free place, with the note written.
    private func place(
        _ name: String, _ folder: String, _ note: String?, _ ending: String
    ) throws(FileError) -> String {
        let target = Files.join(folder, try FinishedName.free(name, in: folder, files))
        if let note {
            // One that is there without its document is of a process that was cut off.
            try files.remove(target + ending)
            try files.create(target + ending, Array(note.utf8), isFlushed: true)
        }
        return target
    }

    /// Flushes the names of all that was finished.
    func flush() throws(FileError) {
        for folder in [done, failed, work] { try files.flush(folder: folder) }
    }
}
