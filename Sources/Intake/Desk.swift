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

    private static let longestPause: Int64 = 60_000

    func close(_ error: CustodyError) {
        pause = min(max(pause * 2, 1_000), Self.longestPause)
        closedUntil = Monotonic(milliseconds: time.steady().milliseconds + pause)
        summary.storeFailure = error
    }

    // MARK: A batch

    /// Takes documents, in order. Afterwards those that could be taken are out of `.work/`.
    /// - Returns: The names that were taken in custody; `nil` when the store failed.
    @discardableResult
    func take(_ candidates: [Candidate]) -> [String]? {
        var held: [Held] = []
        for candidate in candidates {
            do throws(FileError) {
                if let document = try pickUp(candidate) { held.append(document) }
            } catch {
                fail(candidate.name, error)
            }
        }
        guard let dispositions = handOver(held.map(\.arrival)) else { return nil }
        var ends = Ends()
        for (document, disposition) in zip(held, dispositions) { letGo(document, disposition, &ends) }
        settle(ends)
        return held.map(\.candidate.name)
    }

    private func handOver(_ arrivals: [Arrival]) -> [Disposition]? {
        guard !arrivals.isEmpty else { return [] }
        do {
            let dispositions = try receiver.take(arrivals)
            pause = 0
            return dispositions
        } catch {
            close(error)
            return nil
        }
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

    private func letGo(_ document: Held, _ disposition: Disposition, _ ends: inout Ends) {
        let name = document.candidate.name
        var end = RoundSummary.End(name: name, place: nil, disposition: disposition)
        summary.bytes += document.arrival.bytes.count
        do throws(FileError) {
            guard try folders.isUnchanged(name, since: document.status) else {
                // What was taken is in the store; what was written since is another document.
                folders.putBack(name)
                throw FileError("let go of", name, code: EBUSY, reason: "it was still being written to")
            }
            end.place = try place(document.candidate, disposition, &ends)
            ends.documents.append((document, end.place.map { Files.parent(of: $0) }))
            troubles.remove(name)
        } catch {
            fail(name, error)
        }
        summary.ends.append(end)
    }

    private func place(
        _ candidate: Candidate, _ disposition: Disposition, _ ends: inout Ends
    ) throws(FileError) -> String? {
        var folder = folders.done
        var note = disposition.note.map { ClaimFolders.Note(ending: InboxName.findings, text: $0) }
        if !disposition.isDone {
            folder = folders.failed
            note = .init(ending: InboxName.why, text: disposition.note ?? Self.unexplained)
        } else if settings.done == .removed || !isKept {
            try folders.drop(candidate.name)
            if let companion = candidate.companion { ends.finished.append((companion, folder, candidate.name)) }
            return nil
        }
        return try finish(candidate, into: folder, note, &ends)
    }

    /// Of a share that nothing is changed on no second copy is kept.
    private var isKept: Bool {
        if case .readOnly = folders.claim { false } else { true }
    }

    private func finish(
        _ candidate: Candidate, into folder: String, _ note: ClaimFolders.Note?, _ ends: inout Ends
    ) throws(FileError) -> String {
        let end = try folders.finish(candidate.name, into: folder, note)
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
        guard troubles.add(name, at: time.steady(), for: settings.retryAfter) else { return }
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
