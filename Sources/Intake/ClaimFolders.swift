import DurableFiles
import Glibc

/// An inbox with the folders that documents go through: `.work/` while they are in hand, then `done/` or `failed/`.
///
/// A document lies in just one of them at any time, and every step is one that may be done again after a crash.
struct ClaimFolders {
    /// A text that lies beside a document, under its name and this ending.
    struct Note {
        var ending: String
        var text: String
    }

    let files: any FileSystem
    let inbox: String
    let claim: SourceSettings.Claim
    let work: String
    let done: String
    let failed: String

    /// Where a copy is made, until it is whole.
    private var unfinished: String { Files.join(work, ".copying") }

    init(_ inbox: String, _ claim: SourceSettings.Claim, _ files: any FileSystem) {
        self.files = files
        self.inbox = inbox
        self.claim = claim
        let own =
            switch claim {
            case .rename: inbox
            case .copy(let own), .readOnly(let own): own
            }
        work = Files.join(own, ".work")
        done = Files.join(own, "done")
        failed = Files.join(own, "failed")
    }

    func prepare() throws(FileError) {
        // An inbox that is not there is a mistake of the configuration, or a share that is not mounted.
        _ = try files.list(inbox, limit: 1)
        for own in [work, done, failed] {
            try files.makeFolder(own)
            // Whoever may write into an inbox could lead documents elsewhere by a link.
            guard try files.status(own)?.kind == .folder else {
                throw FileError("use", own, reason: "it is no folder, and links are not followed")
            }
        }
        try files.remove(unfinished)
    }

    func inInbox(_ name: String) -> String { Files.join(inbox, name) }
    func inWork(_ name: String) -> String { Files.join(work, name) }

    // MARK: Taking in hand

    /// Brings a document into `.work/`. Nothing is flushed: after a power cut it lies in one of the two.
    /// - Returns: `false` when an earlier one of that name is still in hand.
    func take(_ name: String, _ status: FileStatus, limit: Int) throws(FileError) -> Bool {
        guard case .rename = claim else { return try copy(name, status, limit) }
        return try files.move(inInbox(name), to: inWork(name))
    }

    private func copy(_ name: String, _ status: FileStatus, _ limit: Int) throws(FileError) -> Bool {
        if try files.status(inWork(name)) != nil { return false }
        let original = try files.read(inInbox(name), limit: limit)
        guard original.status.isUnchanged(since: status) else {
            throw FileError("take", inInbox(name), code: EBUSY, reason: "it was still being written to")
        }
        try files.remove(unfinished)
        try files.create(unfinished, original.bytes, isFlushed: true)
        guard try files.read(unfinished, limit: limit).bytes == original.bytes else {
            throw FileError("copy", inInbox(name), code: EIO, reason: "the copy has other bytes")
        }
        return try files.move(unfinished, to: inWork(name))
    }

    /// Moves a document back to where it was sent to; one that cannot be moved stays in `.work/`.
    func putBack(_ name: String) {
        guard case .rename = claim else { return }
        _ = try? files.move(inWork(name), to: inInbox(name))
    }

    /// Takes away the name that a document in `.work/` should have lost, where a crash came between giving it another and that.
    /// - Returns: Whether the document is still in `.work/`.
    func mend(_ name: String) throws(FileError) -> Bool {
        guard let own = try files.status(inWork(name)) else { return false }
        guard own.links > 1 else { return true }
        for end in [done, failed] where try holds(end, own) {
            try files.remove(inWork(name))
            return false
        }
        if let old = try files.status(inInbox(name)), old.isSameFile(as: own) { try files.remove(inInbox(name)) }
        return true
    }

    private func holds(_ folder: String, _ file: FileStatus) throws(FileError) -> Bool {
        var last = ""
        while true {
            let names = try files.list(folder, after: last, limit: 4096)
            for name in names {
                if let status = try files.status(Files.join(folder, name)), status.isSameFile(as: file) { return true }
            }
            guard names.count == 4096, let next = names.last else { return false }
            last = next
        }
    }

    // MARK: Letting go

    /// Whether a document in `.work/` is as it was read.
    func isUnchanged(_ name: String, since status: FileStatus) throws(FileError) -> Bool {
        guard let now = try files.status(inWork(name)) else { return false }
        return now.isUnchanged(since: status)
    }

    /// Moves a document out of `.work/` under a name that is free, its note written first. The folder is flushed later.
    /// - Returns: Its name there.
    func finish(_ name: String, into folder: String, _ note: Note?) throws(FileError) -> String {
        for _ in 0..<3 {
            let end = try InboxName.free(name, in: folder, files)
            if let note {
                let file = Self.file(note, beside: end)
                // One that is there without its document is of a run that was cut off.
                try files.remove(Files.join(folder, file.name))
                try files.create(Files.join(folder, file.name), file.bytes, isFlushed: true)
                if note.ending == InboxName.why { try files.flush(folder: folder) }
            }
            if try finish(name, as: end, in: folder, note) { return end }
        }
        throw FileError("move", inWork(name), code: EEXIST)
    }

    /// Moves a document out of `.work/` to a name that was free a moment ago, beside its note.
    /// - Returns: `false` when somebody took the name; then the note is gone too.
    func finish(_ name: String, as end: String, in folder: String, _ note: Note?) throws(FileError) -> Bool {
        if try files.move(inWork(name), to: Files.join(folder, end)) { return true }
        if let note { try files.remove(Files.join(folder, end + note.ending)) }
        return false
    }

    /// Writes the notes of many documents, each beside the name it is to have, and flushes them together.
    ///
    /// Names given in one folder may reach the disk in any order: where a note says why a document failed, the folder is
    /// flushed too before the document moves, or a power cut could leave it with nothing that says why.
    /// - Returns: For each why it is not there.
    func write(_ notes: [(end: String, note: Note)], in folder: String) -> [FileError?] {
        let failures = files.createAnew(in: folder, notes.map { Self.file($0.note, beside: $0.end) })
        guard notes.contains(where: { $0.note.ending == InboxName.why }) else { return failures }
        do throws(FileError) { try files.flush(folder: folder) } catch {
            return notes.map { _ in error }
        }
        return failures
    }

    private static func file(_ note: Note, beside end: String) -> NewFile {
        NewFile(end + note.ending, Array(note.text.utf8))
    }

    /// Takes a document out of `.work/` that is kept in the store alone.
    func drop(_ name: String) throws(FileError) { try files.remove(inWork(name)) }

    /// Takes the original of a copy away, if it is still what was copied.
    /// - Parameter status: As it was before; `nil` when an earlier round or process made the copy, and bytes must tell.
    func removeOriginal(_ name: String, _ status: FileStatus?, _ bytes: [UInt8]) throws(FileError) {
        guard case .copy = claim, let now = try files.status(inInbox(name)), now.kind == .file else { return }
        if let status {
            guard now.isUnchanged(since: status) else { return }
        } else {
            guard now.size == bytes.count, try files.read(inInbox(name), limit: now.size).bytes == bytes else { return }
        }
        try files.remove(inInbox(name))
    }
}
