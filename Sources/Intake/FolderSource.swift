package import Custody
import Digests
package import DurableFiles
import Reporting
import Synchronization

/// An inbox folder that is looked at again and again.
///
/// A document is taken when nobody writes to it any more, moved out of the sender's reach, committed, and only then moved
/// to `done/` or `failed/`. What a process that was cut off left in `.work/` comes first.
package final class FolderSource: DocumentSource {
    package struct Settings: Sendable {
        /// The mapping for all of them; `nil` to recognise each.
        package var mapping: String?
        /// How long a document must have been left alone.
        package var settleMilliseconds: Int64 = 1000
        /// Whether the time a file was written at says how long it was left alone, so that one look is enough. Otherwise
        /// it must have been seen the same twice.
        package var trustsFileTimes = false
        /// A document is whole when a file of its name and this ending is there.
        package var marker: String?
        package var isCopying = false
        package var largestDocument = 20 << 20
        package var pollMilliseconds: Int64 = 5000

        package init() {}
    }

    /// A file that may still be written to.
    private struct Sighting {
        var status: FileStatus
        var since: Monotonic
        var isReported = false
    }

    private struct State {
        var isPrepared = false
        var sightings: [String: Sighting] = [:]
        /// Files that could not be taken, and when to try again.
        var resting: [String: Monotonic] = [:]
        /// What lies claimed because the store failed.
        var claimed: [String] = []
        /// What an earlier process left claimed, and has to be suspected.
        var leftovers: [String]?
    }

    /// How many names one round looks at, and how many documents one commit takes.
    static let slice = 10_000
    static let batch = 64
    static let batchBytes = 32 << 20

    package let name: String
    package var pollMilliseconds: Int64 { settings.pollMilliseconds }
    private let settings: Settings
    private let folder: DocumentFolder
    private let files: any FileSystem
    private let time: any TimeSource
    private let receiver: any Receiver
    private let state = Mutex(State())

    package init(
        _ name: String, folder: String, settings: Settings = Settings(), files: any FileSystem, time: any TimeSource,
        receiver: any Receiver
    ) {
        self.name = name
        self.settings = settings
        self.files = files
        self.time = time
        self.receiver = receiver
        self.folder = DocumentFolder(
            path: folder, files: files, limit: settings.largestDocument, isCopying: settings.isCopying)
    }

    package func prepare() throws(FileError) { try folder.prepare() }

    package func round() -> RoundSummary {
        state.withLock { state in
            var summary = RoundSummary()
            do throws(FileError) {
                if state.leftovers == nil { state.leftovers = try files.list(folder.work, limit: .max) }
                try takeLeftovers(&state, &summary)
                try takeNew(&state, &summary)
            } catch {
                summary.problems.append(RoundSummary.Problem(error))
            }
            return summary
        }
    }

    // MARK: What an earlier process left

    private func takeLeftovers(_ state: inout State, _ summary: inout RoundSummary) throws(FileError) {
        // What this process could not commit is not suspect: the store was at fault.
        if !state.claimed.isEmpty {
            let claimed = state.claimed
            state.claimed = []
            try takeInBatches(claimed.map { (name: $0, marker: nil) }, isSuspect: false, &state, &summary)
        }
        guard let leftovers = state.leftovers, !leftovers.isEmpty, summary.storeError == nil else { return }
        state.leftovers = []
        for (index, name) in leftovers.enumerated() {
            guard summary.storeError == nil else {
                state.leftovers = Array(leftovers[index...])
                return
            }
            guard try files.status(Files.join(folder.work, name))?.kind == .file else { continue }
            try takeInBatches([(name, nil)], isSuspect: true, &state, &summary)
        }
    }

    // MARK: New documents

    private func takeNew(_ state: inout State, _ summary: inout RoundSummary) throws(FileError) {
        guard summary.storeError == nil else { return }
        let names = try files.list(folder.path, limit: Self.slice)
        let now = time.steady()
        let all = settings.marker == nil ? [] : Set(names)
        var candidates: [(name: String, marker: String?)] = []
        var sightings: [String: Sighting] = [:]
        for name in names where isDocumentName(name) {
            if let until = state.resting[name], now < until { continue }
            guard let status = try? files.status(Files.join(folder.path, name)), status.kind == .file else { continue }
            summary.waiting += 1
            if let ending = settings.marker {
                if let marker = marker(of: name, ending, in: all) { candidates.append((name, marker)) }
                continue
            }
            if isSettled(name, status, state.sightings[name], now, &sightings, &summary) {
                candidates.append((name, nil))
            }
        }
        state.sightings = sightings
        state.resting = state.resting.filter { now < $0.value }
        summary.hasMore = names.count == Self.slice
        try takeInBatches(candidates, isSuspect: false, &state, &summary)
    }

    private func isDocumentName(_ name: String) -> Bool {
        if name.hasPrefix(".") || name.hasPrefix("~") { return false }
        if let marker = settings.marker, name.hasSuffix(marker) { return false }
        let others = [".tmp", ".part", ".filepart", ".lock", ".lck", DocumentFolder.why, DocumentFolder.findings]
        return !others.contains { name.hasSuffix($0) } && name != "done" && name != "failed"
    }

    /// The marker of a document: its whole name and the ending, or its name with the ending in the place of its own.
    private func marker(of name: String, _ ending: String, in names: Set<String>) -> String? {
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        return [name + ending, stem + ending].first { names.contains($0) }
    }

    private func isSettled(
        _ name: String, _ status: FileStatus, _ before: Sighting?, _ now: Monotonic,
        _ sightings: inout [String: Sighting], _ summary: inout RoundSummary
    ) -> Bool {
        if status.size > 0 {
            if settings.settleMilliseconds == 0 { return true }
            if settings.trustsFileTimes, isOld(status) { return true }
            if let before, before.status == status,
                now.milliseconds - before.since.milliseconds >= settings.settleMilliseconds
            {
                return true
            }
        }
        var sighting = before?.status == status ? before : nil
        if sighting == nil { sighting = Sighting(status: status, since: now) }
        if var known = sighting {
            if status.size == 0, !known.isReported, now.milliseconds - known.since.milliseconds > 600_000 {
                known.isReported = true
                summary.problems.append(
                    RoundSummary.Problem(action: "take", reason: "a file has been empty for ten minutes"))
            }
            sightings[name] = known
        }
        summary.unsettled += 1
        return false
    }

    /// Whether it was left alone for long enough by the file system's clock. A time far ahead is a wrong clock.
    private func isOld(_ status: FileStatus) -> Bool {
        abs(time.wall().milliseconds - status.modified / 1_000_000) >= settings.settleMilliseconds
    }

    // MARK: Taking

    private func takeInBatches(
        _ candidates: [(name: String, marker: String?)], isSuspect: Bool, _ state: inout State,
        _ summary: inout RoundSummary
    ) throws(FileError) {
        var rest = candidates[...]
        while !rest.isEmpty, summary.storeError == nil {
            var batch: [DocumentFolder.Claimed] = []
            var bytes = 0
            while let next = rest.first, batch.count < Self.batch, bytes < Self.batchBytes {
                rest = rest.dropFirst()
                guard let document = claim(next, &state, &summary) else { continue }
                bytes += document.bytes.count
                batch.append(document)
            }
            if !batch.isEmpty { take(batch, isSuspect: isSuspect, &state, &summary) }
        }
        // Claimed once already and not reached: they come again.
        if summary.storeError != nil, isSuspect || !rest.isEmpty {
            state.claimed += rest.map(\.name).filter { isClaimed($0) }
        }
    }

    private func isClaimed(_ name: String) -> Bool {
        (try? files.status(Files.join(folder.work, name)))?.kind == .file
    }

    /// Moves a document out of the sender's reach, unless it is, and reads it; `nil` after noting why it cannot be.
    private func claim(
        _ item: (name: String, marker: String?), _ state: inout State, _ summary: inout RoundSummary
    ) -> DocumentFolder.Claimed? {
        do throws(FileError) {
            if !isClaimed(item.name) {
                guard try folder.claim(item.name) else { return nil }
            }
            return try folder.read(item.name, marker: item.marker)
        } catch {
            if error.code == FileError.tooLarge { return setAside(item.name, error, &summary) }
            // Gone between two looks: its sender took it back.
            guard error.code != FileError.notThere else { return nil }
            folder.putBack(item.name)
            summary.problems.append(RoundSummary.Problem(error))
            state.resting[item.name] = Monotonic(milliseconds: time.steady().milliseconds + 30_000)
            return nil
        }
    }

    private func setAside(
        _ name: String, _ error: FileError, _ summary: inout RoundSummary
    ) -> DocumentFolder.Claimed? {
        let finding = Finding("document-too-large", at: .init(document: name), why: error.reason)
        let note = "This document was refused. Nothing of it was passed on.\n\n\(FindingPrinter().text([finding]))"
        do throws(FileError) {
            summary.setAside.append((name, try folder.setAside(name, note: note), note))
        } catch {
            summary.problems.append(RoundSummary.Problem(error))
        }
        return nil
    }

    private func take(
        _ batch: [DocumentFolder.Claimed], isSuspect: Bool, _ state: inout State, _ summary: inout RoundSummary
    ) {
        do throws(CustodyError) {
            var arrivals: [Arrival] = []
            for document in batch {
                var arrival = Arrival(source: name, name: document.name, bytes: document.bytes)
                arrival.mapping = settings.mapping
                if isSuspect { arrival.isSuspect = try receiver.suspect(content(document)) >= 2 }
                arrivals.append(arrival)
            }
            let dispositions = try receiver.take(arrivals)
            for document in batch where isSuspect { try receiver.clear(content(document)) }
            finish(batch, dispositions, &state, &summary)
        } catch {
            summary.storeError = error
            state.claimed += batch.map(\.name)
        }
    }

    private func content(_ document: DocumentFolder.Claimed) -> Key { Key(Digest().bytes(of: document.bytes.span)) }

    /// Moves what is committed. Whatever fails here stays claimed, and is found committed when it comes again.
    private func finish(
        _ batch: [DocumentFolder.Claimed], _ dispositions: [Disposition], _ state: inout State,
        _ summary: inout RoundSummary
    ) {
        for (document, disposition) in zip(batch, dispositions) {
            do throws(FileError) {
                let path = try folder.finish(document, isDone: disposition.isDone, note: disposition.note)
                summary.ends.append((document.name, path, disposition))
            } catch {
                if isClaimed(document.name) { state.claimed.append(document.name) }
                summary.problems.append(RoundSummary.Problem(error))
            }
        }
        do throws(FileError) { try folder.flush() } catch { summary.problems.append(RoundSummary.Problem(error)) }
    }
}
