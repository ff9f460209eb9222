import DurableFiles
import Intake
import Referrals

/// An inbox folder, with the folders in it that are ours: `.work/`, `done/` and `failed/`.
///
/// A document is first moved to `.work/`, where no sender writes a new one over it, and read only there. What a run that
/// was cut off left in `.work/` comes first in the next.
struct Inbox {
    /// A document that waits.
    struct Entry {
        var name: String
        /// Whether an earlier run moved it to `.work/` already.
        var isClaimed: Bool
    }

    /// A text that lies beside a document, under its name and this ending.
    struct Note {
        var ending: String
        var text: String

        static let why = InboxName.why
        static let findings = InboxName.findings
    }

    let folder: String
    var work: String { Files.join(folder, ".work") }
    var done: String { Files.join(folder, "done") }
    var failed: String { Files.join(folder, "failed") }

    init(_ folder: String) { self.folder = folder }

    func prepare() throws(FileError) {
        for own in [work, done, failed] {
            try Files.makeFolder(own)
            // Whoever may write into an inbox could lead documents elsewhere by a link.
            guard !Files.isLink(own) else {
                throw FileError("use", own, reason: "it is a link, and links are not followed")
            }
        }
        for name in try Files.list(work) where Files.names(of: Files.join(work, name)) > 1 { try mend(name) }
    }

    /// Takes away the name that a document should have lost, where a run was cut off between giving it another and that.
    private func mend(_ name: String) throws(FileError) {
        let path = Files.join(work, name)
        for end in [done, failed] {
            for other in try Files.list(end) where Files.isSame(path, Files.join(end, other)) {
                return try Files.remove(path)
            }
        }
        let old = Files.join(folder, name)
        if Files.isSame(path, old) { try Files.remove(old) }
    }

    // MARK: What waits

    /// Everything that may be a document: what was begun first, then the new ones, each in byte order.
    func waiting() throws(FileError) -> [Entry] {
        let new = try Files.list(folder)
        let begun = Files.isFolder(work) ? try Files.list(work) : []
        return begun.filter { Files.isRegularFile(Files.join(work, $0)) }.map { Entry(name: $0, isClaimed: true) }
            + new.filter { isDocument($0) }.map { Entry(name: $0, isClaimed: false) }
    }

    private func isDocument(_ name: String) -> Bool {
        let isOther = [".tmp", ".part", Note.why, Note.findings].contains { name.hasSuffix($0) }
        return !isOther && Files.isRegularFile(Files.join(folder, name))
    }

    func path(of entry: Entry) -> String { Files.join(entry.isClaimed ? work : folder, entry.name) }

    /// Whether a document was written to so lately that its sender may not be done. A time far ahead is a wrong clock.
    func isFresh(_ entry: Entry, within seconds: Int) -> Bool {
        guard !entry.isClaimed, let age = Files.age(of: path(of: entry)) else { return false }
        return abs(age) < Double(seconds)
    }

    // MARK: Moving

    /// Moves a document to `.work/`, unless it is there. Nothing is flushed: after a power cut it lies in one of the two.
    /// - Returns: Where it is now.
    func claim(_ entry: Entry) throws(FileError) -> String {
        let target = Files.join(work, entry.name)
        guard !entry.isClaimed else { return target }
        if try Files.move(path(of: entry), to: target) { return target }
        throw FileError("take", path(of: entry), reason: "an earlier document of that name is not done with")
    }

    /// Moves a document back to where it was sent to; one that cannot be moved stays in `.work/` and comes first next time.
    /// - Returns: Where it is now.
    func putBack(_ name: String) -> String {
        let path = Files.join(work, name)
        let old = Files.join(folder, name)
        guard Files.isThere(path) else { return old }
        return (try? Files.move(path, to: old)) == true ? old : path
    }

    /// Moves a document that is done with, under a name that is free, with a note beside it.
    ///
    /// Document and note are on the disk before. A note that is there without its document is of a run that was cut off.
    /// - Returns: Where it is now.
    func finish(_ document: borrowing OpenFile, into folder: String, with note: Note?) throws(FileError) -> String {
        try document.sync()
        let target = Files.join(folder, try InboxName.free(Files.name(of: document.path), in: folder, DiskFileSystem()))
        let notePath = note.map { target + $0.ending }
        do throws(FileError) {
            if let note, let notePath {
                try Files.remove(notePath)
                try Files.create(notePath, Array(note.text.utf8))
            }
            try document.requireUnchanged()
            if try Files.rename(document.path, to: target) { return target }
        } catch {
            if let notePath, !Files.isThere(target) { try? Files.remove(notePath) }
            throw error
        }
        throw FileError("move", target, reason: "another file has that name")
    }
}
