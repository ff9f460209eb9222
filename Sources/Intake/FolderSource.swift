package import Custody
package import DurableFiles
import Reporting

/// Takes the documents that senders put into a folder.
///
/// A file is taken when it has come to rest (``SourceSettings/settle``) or its marker is there, in the byte order of names.
/// It is moved to `.work/`, read there, and handed to the receiver with others; when all of them are on the store's disk each
/// moves to `done/` or, with a `.why.txt`, to `failed/`. Links, pipes, devices and folders are never opened. After a crash
/// what lies in `.work/` comes first, each alone, so that one that ends the process is found out.
///
/// A document may be handed over again after a crash: the receiver's rule for repeats makes that no second referral.
/// Has no thread of its own: a loop calls ``round()``. Not for two threads at once.
package final class FolderSource {
    package let name: String
    private let folder: String
    private let settings: SourceSettings
    private let files: any FileSystem
    private let time: any TimeSource
    private let desk: Desk
    private var watch = SettleWatch()
    private var isPrepared = false
    /// Whether what lies in `.work/` may be of a process that died over it.
    private var isStart = true
    /// Up to which name this sweep has come; `nil` between two sweeps.
    private var cursor: String?
    private var slice = Slice()

    /// Names that were listed and not yet looked at.
    private struct Slice {
        var names: ArraySlice<String> = []
        /// The last that was listed.
        var after = ""
        /// Whether there are none after it.
        var isLast = false
    }

    package init(
        _ name: String, folder: String, settings: SourceSettings = SourceSettings(), files: any FileSystem,
        time: any TimeSource, receiver: any Receiver
    ) {
        self.name = name
        self.folder = folder
        self.settings = settings
        self.files = files
        self.time = time
        desk = Desk(name, ClaimFolders(folder, settings.claim, files), settings, time, receiver)
    }

    /// Where documents lie that are done with.
    var done: String { desk.folders.done }

    /// Looks once at what waits and takes what is ready, at most ``SourceSettings/documentsPerRound`` documents.
    ///
    /// - Returns: What was done; when ``RoundSummary/isMore`` it should be called again at once.
    /// - Throws: ``FileError`` when the folder itself cannot be worked on.
    package func round() throws(FileError) -> RoundSummary {
        desk.beginRound()
        guard desk.isOpen else { return desk.summary }
        if !isPrepared {
            try desk.folders.prepare()
            isPrepared = true
        }
        if try takeLeftovers() { try sweep() }
        return desk.summary
    }

    // MARK: What was begun

    /// - Returns: Whether the store was well.
    private func takeLeftovers() throws(FileError) -> Bool {
        var candidates = try desk.leftovers()
        if let marker = settings.marker {
            for index in candidates.indices { candidates[index].companion = .marker(candidates[index].name + marker) }
        }
        guard desk.takeLeftovers(candidates, isStart: isStart) else { return false }
        isStart = false
        return true
    }

    // MARK: What is new

    private func sweep() throws(FileError) {
        // Whatever ends the sweep, nothing stays in hand.
        defer { _ = desk.finish() }
        let now = time.steady()
        if cursor == nil {
            watch.beginSweep()
            slice = Slice()
        }
        var batch = Batch(settings)
        var count = 0
        while let name = try next() {
            guard let candidate = judged(name, at: now) else { continue }
            if batch.isFull(with: candidate), !begin(&batch) { return stop() }
            batch.add(candidate)
            count += 1
            if count >= settings.documentsPerRound {
                cursor = name
                desk.summary.isMore = begin(&batch) && finish()
                return
            }
        }
        if begin(&batch), finish() { watch.endSweep() }
        stop()
    }

    /// The next name of the sweep; `nil` at its end. The folder is listed once for so many, not once a round.
    private func next() throws(FileError) -> String? {
        if slice.names.isEmpty {
            if slice.isLast { return nil }
            let names = try files.list(folder, after: slice.after, limit: settings.slice)
            slice = Slice(
                names: names[...], after: names.last ?? slice.after, isLast: names.count < settings.slice)
        }
        return slice.names.popFirst()
    }

    private func stop() {
        cursor = nil
        slice = Slice()
    }

    /// - Returns: Whether the store was well.
    private func begin(_ batch: inout Batch) -> Bool { note(desk.begin(batch.clear())) }

    private func finish() -> Bool { note(desk.finish()) }

    private func note(_ taken: [String]?) -> Bool {
        guard let taken else { return false }
        if case .readOnly = settings.claim { for name in taken { watch.noteTaken(name) } }
        return true
    }

    /// A file as a candidate, if it may be taken now.
    private func judged(_ name: String, at now: Monotonic) -> Candidate? {
        if InboxName.isLeftAlone(name) || desk.troubles.holds(name, at: now) { return nil }
        do throws(FileError) {
            if let marker = settings.marker, InboxName.hasEnding(marker, name) {
                try clean(marker: name, InboxName.without(marker, name), at: now)
                return nil
            }
            guard let status = try files.status(Files.join(folder, name)), status.kind == .file else { return nil }
            return try isReady(name, status, at: now) ? ready(name, status) : nil
        } catch {
            desk.fail(name, error)
            return nil
        }
    }

    private func ready(_ name: String, _ status: FileStatus) -> Candidate {
        var candidate = Candidate(name: name, status: status, size: status.size)
        candidate.mapping = settings.mapping
        candidate.companion = settings.marker.map { .marker(name + $0) }
        return candidate
    }

    private func isReady(_ name: String, _ status: FileStatus, at now: Monotonic) throws(FileError) -> Bool {
        let seen = watch.look(name, status, at: now)
        if seen.isTaken { return false }
        let isRested = settings.settle == 0 || (seen.polls >= 2 && now.milliseconds - seen.since >= settings.settle)
        if status.size == 0 { return wait(name, "file-empty", at: now) }
        if status.links > 1 { return wait(name, "file-with-two-names", at: now) }
        if let marker = settings.marker {
            guard let sign = try files.status(Files.join(folder, name + marker)), sign.kind == .file else {
                return wait(name, "file-without-marker", at: now)
            }
            // One that is older than its document may be left from an earlier document of that name.
            if sign.modified >= status.modified { return true }
        }
        if !isRested { desk.summary.waiting += 1 }
        return isRested
    }

    /// - Returns: `false`.
    private func wait(_ name: String, _ code: FindingCode, at now: Monotonic) -> Bool {
        desk.summary.waiting += 1
        if watch.isDue(name, at: now, after: settings.patience) { desk.tell(code, name) }
        return false
    }

    /// Takes away a marker whose document has been gone for a while.
    private func clean(marker: String, _ document: String, at now: Monotonic) throws(FileError) {
        if case .readOnly = settings.claim { return }
        guard let status = try files.status(Files.join(folder, marker)), status.kind == .file,
            try files.status(Files.join(folder, document)) == nil
        else { return }
        let seen = watch.look(marker, status, at: now)
        if now.milliseconds - seen.since >= settings.patience { try files.remove(Files.join(folder, marker)) }
    }
}
