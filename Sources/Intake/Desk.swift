import Custody
import Digests
import DurableFiles
import Glibc
import Reporting

/// Takes documents of a folder into custody, a batch at a time: claim, read, hand over, and only then let go.
///
/// One document that cannot be read, moved or unpacked harms no other. When the store fails all stay in `.work/`, and the
/// desk is closed for a while. Not for two threads at once.
final class Desk {
    let source: String
    let folders: ClaimFolders
    let settings: SourceSettings
    let time: any TimeSource
    let receiver: any Receiver
    /// What the round came to so far.
    var summary = RoundSummary()
    private(set) var troubles = Troubles()
    private var handed: Handed?
    private var closedUntil = Monotonic(milliseconds: .min)
    private var pause: Int64 = 0

    private var files: any FileSystem { folders.files }

    init(
        _ source: String, _ folders: ClaimFolders, _ settings: SourceSettings, _ time: any TimeSource,
        _ receiver: any Receiver
    ) {
        self.source = source
        self.folders = folders
        self.settings = settings
        self.time = time
        self.receiver = receiver
    }

    /// A document in hand.
    private struct Held {
        var candidate: Candidate
        var arrival: Arrival
        /// As it was read in `.work/`.
        var status: FileStatus
    }

    // MARK: The store

    /// Whether the store may be asked now.
    var isOpen: Bool { time.steady() >= closedUntil }

    func beginRound() {
        summary = RoundSummary()
        troubles.prune(at: time.steady())
    }

    /// A disk that is well again is noticed within this, in milliseconds.
    private static let longestPause: Int64 = 5_000
    private static let diskPause: Int64 = 5_000

    func close(_ error: CustodyError) {
        pause = min(max(pause * 2, 1_000), Self.longestPause)
        closedUntil = Monotonic(milliseconds: time.steady().milliseconds + pause)
        summary.storeFailure = error
    }

    // MARK: A batch

    /// A batch that was decided about and submitted, and not yet let go of.
    private struct Handed {
        var documents: [Held]
        var taking: any Taking
    }

    /// Takes documents, in order. Afterwards those that could be taken are out of `.work/`.
    /// - Returns: The names that were taken in custody; `nil` when the store failed.
    @discardableResult
    func take(_ candidates: [Candidate]) -> [String]? {
        guard let before = begin(candidates), let now = finish() else { return nil }
        return before + now
    }

    /// Picks documents up and decides about them while those of the call before are committed; has them committed in turn,
    /// and lets go of those. To be ended by ``finish()``.
    ///
    /// - Returns: The names that were let go of; `nil` when the store failed: then all stay in `.work/`.
    func begin(_ candidates: [Candidate]) -> [String]? {
        let documents = pickUp(candidates)
        guard !documents.isEmpty else { return [] }
        let taking = receiver.begin(documents.map(\.arrival))
        let before = handed
        handed = nil
        // Not sooner: what comes later is never in the store without what came before.
        guard let dispositions = wait(for: before) else { return nil }
        taking.submit()
        handed = Handed(documents: documents, taking: taking)
        return letGo(before?.documents ?? [], dispositions)
    }

    /// Lets go of what is still in hand, as soon as it is on the disk.
    func finish() -> [String]? {
        let last = handed
        handed = nil
        return wait(for: last).map { letGo(last?.documents ?? [], $0) }
    }

    private func wait(for batch: Handed?) -> [Disposition]? {
        guard let batch else { return [] }
        do throws(CustodyError) {
            let dispositions = try batch.taking.wait()
            pause = 0
            return dispositions
        } catch {
            close(error)
            return nil
        }
    }

    private func pickUp(_ candidates: [Candidate]) -> [Held] {
        var held: [Held] = []
        for candidate in candidates {
            do throws(FileError) {
                if let document = try pickUp(candidate) { held.append(document) }
            } catch {
                fail(candidate.name, error)
            }
        }
        return held
    }

    /// Claims and reads a document; `nil` when there is nothing to hand over.
    private func pickUp(_ candidate: Candidate) throws(FileError) -> Held? {
        if let status = candidate.status {
            guard try folders.take(candidate.name, status, limit: settings.largest) else { return nil }
        }
        do throws(FileError) {
            let (bytes, status) = try files.read(folders.inWork(candidate.name), limit: settings.largest)
            if case .rename = folders.claim, let judged = candidate.status, !status.isUnchanged(since: judged) {
                throw FileError("take", candidate.name, code: EBUSY, reason: "it was still being written to")
            }
            return Held(candidate: candidate, arrival: arrival(candidate, bytes), status: status)
        } catch {
            if error.code == EFBIG {
                try refuse(candidate, error)
            } else {
                if candidate.status != nil { folders.putBack(candidate.name) }
                throw error
            }
        }
        return nil
    }

    private func arrival(_ candidate: Candidate, _ bytes: [UInt8]) -> Arrival {
        var arrival = Arrival(source: source, name: FileName.shown(candidate.name), bytes: bytes)
        arrival.mapping = candidate.mapping
        arrival.transportID = candidate.transportID
        arrival.isSuspect = candidate.isSuspect
        arrival.problem = candidate.problem
        if candidate.mayBePacked, candidate.problem == nil, !candidate.isSuspect {
            switch Gunzip.unpack(bytes, limit: settings.largest) {
            case .notPacked: break
            case .unpacked(let plain): arrival.bytes = plain
            case .failed(let code): arrival.problem = Finding(code, at: .init(document: arrival.name))
            }
        }
        return arrival
    }

    // MARK: Letting go

    /// Where documents of a batch went, so that each folder is flushed once.
    private struct Ends {
        var folders: Set<String> = []
        /// With the folder each is in, where it is kept.
        var documents: [(held: Held, folder: String?)] = []
        var finished: [(companion: Candidate.Companion, folder: String, end: String)] = []
    }

    /// The way out of `.work/` for a document.
    private struct Exit {
        var document: Held
        var disposition: Disposition
        /// `nil` when it is kept in the store alone.
        var folder: String?
        var note: ClaimFolders.Note?
        /// The name it is to have, where a note goes before it.
        var end: String?
        var failure: FileError?
    }

    private func letGo(_ documents: [Held], _ dispositions: [Disposition]) -> [String] {
        var exits = zip(documents, dispositions).map { exit($0, $1) }
        writeNotes(&exits)
        var ends = Ends()
        for exit in exits { letGo(exit, &ends) }
        settle(ends)
        return documents.map(\.candidate.name)
    }

    private func exit(_ document: Held, _ disposition: Disposition) -> Exit {
        var exit = Exit(document: document, disposition: disposition, folder: folders.done)
        exit.note = disposition.note.map { .init(ending: InboxName.findings, text: $0) }
        if !disposition.isDone {
            exit.folder = folders.failed
            exit.note = .init(ending: InboxName.why, text: disposition.note ?? Self.unexplained)
        } else if settings.done == .removed || !isKept {
            exit.folder = nil
            exit.note = nil
        }
        return exit
    }

    /// Writes the notes of a batch, with one flush for those of a folder where the disk can.
    private func writeNotes(_ exits: inout [Exit]) {
        for folder in [folders.done, folders.failed] {
            var notes: [(end: String, note: ClaimFolders.Note)] = []
            var owners: [Int] = []
            for index in exits.indices where exits[index].folder == folder {
                guard let note = exits[index].note else { continue }
                do throws(FileError) {
                    let end = try InboxName.free(exits[index].document.candidate.name, in: folder, files)
                    exits[index].end = end
                    notes.append((end, note))
                    owners.append(index)
                } catch { exits[index].failure = error }
            }
            for (index, failure) in zip(owners, folders.write(notes, in: folder)) { exits[index].failure = failure }
        }
    }

    private func letGo(_ exit: Exit, _ ends: inout Ends) {
        let name = exit.document.candidate.name
        var end = RoundSummary.End(name: name, place: nil, disposition: exit.disposition)
        summary.bytes += exit.document.arrival.bytes.count
        do throws(FileError) {
            if let failure = exit.failure { throw failure }
            guard try folders.isUnchanged(name, since: exit.document.status) else {
                // What was taken is in the store; what was written since is another document.
                if let folder = exit.folder, let end = exit.end, let note = exit.note {
                    try files.remove(Files.join(folder, end + note.ending))
                }
                folders.putBack(name)
                throw FileError("let go of", name, code: EBUSY, reason: "it was still being written to")
            }
            end.place = try place(exit, &ends)
            ends.documents.append((exit.document, end.place.map { Files.parent(of: $0) }))
            troubles.remove(name)
        } catch {
            fail(name, error)
        }
        summary.ends.append(end)
    }

    private func place(_ exit: Exit, _ ends: inout Ends) throws(FileError) -> String? {
        let candidate = exit.document.candidate
        guard let folder = exit.folder else {
            try folders.drop(candidate.name)
            if let companion = candidate.companion { ends.finished.append((companion, folders.done, candidate.name)) }
            return nil
        }
        if let end = exit.end, try folders.finish(candidate.name, as: end, in: folder, exit.note) {
            return note(candidate, in: folder, as: end, &ends)
        }
        return try finish(candidate, into: folder, exit.note, &ends)
    }

    /// Of a share that nothing is changed on no second copy is kept.
    private var isKept: Bool {
        if case .readOnly = folders.claim { false } else { true }
    }

    private func finish(
        _ candidate: Candidate, into folder: String, _ note: ClaimFolders.Note?, _ ends: inout Ends
    ) throws(FileError) -> String {
        self.note(candidate, in: folder, as: try folders.finish(candidate.name, into: folder, note), &ends)
    }

    /// - Returns: Where it is now.
    private func note(
        _ candidate: Candidate, in folder: String, as end: String, _ ends: inout Ends
    ) -> String {
        ends.folders.insert(folder)
        if let companion = candidate.companion { ends.finished.append((companion, folder, end)) }
        return Files.join(folder, end)
    }

    private static let unexplained = """
        This document was not passed on. It is kept in the gateway's store too, which says why.

        """

    /// Flushes each folder once, then lets go of originals and deals with what stood beside the documents.
    private func settle(_ ends: Ends) {
        var unflushed: Set<String> = []
        for folder in ends.folders.sorted() {
            do throws(FileError) { try files.flush(folder: folder) } catch {
                unflushed.insert(folder)
                summary.findings.append(Finding("folder-not-flushed", why: error.reason))
            }
        }
        for (document, folder) in ends.documents {
            // A copy that may not outlive the power is no reason to take the original away: it is taken again.
            if let folder, unflushed.contains(folder) { continue }
            let candidate = document.candidate
            do throws(FileError) {
                try folders.removeOriginal(candidate.name, candidate.status, document.arrival.bytes)
            } catch {
                fail(candidate.name, error)
            }
        }
        for (companion, folder, end) in ends.finished {
            do throws(FileError) { try close(companion, folder, end) } catch { fail(end, error) }
        }
    }

    private func close(_ companion: Candidate.Companion, _ folder: String, _ end: String) throws(FileError) {
        switch companion {
        case .marker(let name):
            if case .readOnly = folders.claim { return }
            try files.remove(folders.inInbox(name))
        case .control(let name):
            if settings.done == .removed, folder == folders.done { return try files.remove(folders.inInbox(name)) }
            let stem = InboxName.hasEnding(".dat", end) ? InboxName.without(".dat", end) : end
            let place = Files.join(folder, try InboxName.free(stem + ".ctl", in: folder, files))
            _ = try files.move(folders.inInbox(name), to: place)
        }
    }

    // MARK: What goes wrong

    /// Moves a document to `failed/` that is too large to be read; it is in no store.
    private func refuse(_ candidate: Candidate, _ error: FileError) throws(FileError) {
        let finding = Finding(
            "document-too-large", at: .init(document: FileName.shown(candidate.name)), why: error.reason)
        let text = """
            This document was refused. Nothing of it was passed on.
            It is larger than this inbox takes: \(error.reason).
            Ask the sender to send it in parts, or have the limit raised and put the file back into the inbox.

            """
        var ends = Ends()
        let place = try finish(candidate, into: folders.failed, .init(ending: InboxName.why, text: text), &ends)
        settle(ends)
        summary.findings.append(finding)
        summary.ends.append(.init(name: candidate.name, place: place, disposition: nil))
    }

    /// Notes that a file could not be dealt with: it is left alone for a while, and told of once. One that is gone, or that
    /// its sender is at work on, is no trouble.
    func fail(_ name: String, _ error: FileError) {
        guard error.code != ENOENT, error.code != EBUSY else { return }
        summary.waiting += 1
        let pause = error.isOfDisk ? min(Self.diskPause, settings.retryAfter) : settings.retryAfter
        guard troubles.add(name, at: time.steady(), for: pause) else { return }
        if error.code == EFBIG { return tell("document-too-large", name, why: error.reason) }
        tell("file-failed", name, "cannot \(error.action) the file", why: error.reason)
    }

    /// Adds a finding about a file.
    func tell(_ code: FindingCode, _ name: String, _ message: String? = nil, why: String? = nil) {
        guard summary.findings.count < 100 else { return }
        summary.findings.append(
            Finding(code, nil, message, at: .init(document: FileName.shown(name)), why: why))
    }
}

extension FileError {
    /// Whether it is the disk that fails or has no room, and not the one file.
    fileprivate var isOfDisk: Bool { [EIO, ENOSPC, EDQUOT, EROFS].contains(code) }
}
