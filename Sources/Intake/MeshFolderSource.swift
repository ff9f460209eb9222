package import Custody
import Digests
package import DurableFiles
import Reporting

/// Takes note of what MESH reports about messages that were sent.
package protocol MeshReports: Sendable {
    /// Notes a report; on return it is on the disk. May come again after a crash, and then has the same digest.
    func report(_ report: MeshReport) throws(CustodyError)
}

/// What MESH says of a message that was sent.
package struct MeshReport: Sendable, Hashable {
    /// What we called the message: the delivery's key.
    package var localID: String
    package var isDelivered: Bool
    /// MESH's own code, such as `00`, `14` (not collected in five days) or `EPL-152`.
    package var statusCode: String
    /// SHA-256 of the control file.
    package var digest: Key

    package init(localID: String, isDelivered: Bool, statusCode: String, digest: Key) {
        self.localID = localID
        self.isDelivered = isDelivered
        self.statusCode = statusCode
        self.digest = digest
    }
}

/// Takes the messages that a MESH client puts into its folder `IN`: pairs of a `.dat`, the document, and a `.ctl` that
/// describes it and is written last.
///
/// A pair is taken when its `.ctl` reads as a whole `DTSControl` and its `.dat` has come to rest. Only the `.dat` goes
/// through `.work/`; the `.ctl` stays where it is until the `.dat` lies in `done/` or `failed/`, and follows it last. So a
/// crash leaves either a pair, or a `.ctl` whose `.dat` is done with, which is then moved alone. A `.ctl` that is a report
/// is matched to what was sent. Names match whatever the case of their letters. Not for two threads at once.
package final class MeshFolderSource {
    /// The files of one message, by their real names.
    private struct Pair {
        var data: String?
        var control: String?
    }

    package let name: String
    private let folder: String
    private let workflows: [String: String]
    private let settings: SourceSettings
    private let files: any FileSystem
    private let time: any TimeSource
    private let reports: any MeshReports
    private let desk: Desk
    private var watch = SettleWatch()
    private var reader = MeshControl.Reader()
    private var isPrepared = false
    private var isStart = true

    /// - Parameters:
    ///   - workflows: The mapping for each workflow id; those of others are recognised by content.
    ///   - settings: ``SourceSettings/marker`` and ``SourceSettings/claim`` have no meaning here.
    package init(
        _ name: String, folder: String, workflows: [String: String] = [:],
        settings: SourceSettings = SourceSettings(), files: any FileSystem, time: any TimeSource,
        receiver: any Receiver, reports: any MeshReports
    ) {
        self.name = name
        self.folder = folder
        self.workflows = workflows
        self.settings = settings
        self.files = files
        self.time = time
        self.reports = reports
        desk = Desk(name, ClaimFolders(folder, .rename, files), settings, time, receiver)
    }

    /// Where documents lie that are done with.
    var done: String { desk.folders.done }

    /// Looks once at what waits and takes what is ready, at most ``SourceSettings/documentsPerRound`` messages.
    /// - Throws: ``FileError`` when the folder itself cannot be worked on.
    package func round() throws(FileError) -> RoundSummary {
        desk.beginRound()
        guard desk.isOpen else { return desk.summary }
        if !isPrepared {
            try desk.folders.prepare()
            isPrepared = true
        }
        let pairs = try waiting()
        if try takeLeftovers(pairs) { sweep(pairs) }
        return desk.summary
    }

    // MARK: What waits

    /// So many messages are looked at in one round; the others when these are done with.
    private static let mostPairs = 50_000

    /// The pairs and halves of pairs, by their common name in lower case.
    private func waiting() throws(FileError) -> [[UInt8]: Pair] {
        var pairs: [[UInt8]: Pair] = [:]
        var after = ""
        while pairs.count < Self.mostPairs {
            let names = try files.list(folder, after: after, limit: settings.slice)
            for name in names where !InboxName.isLeftAlone(name) { note(name, in: &pairs) }
            guard names.count == settings.slice, let last = names.last else { break }
            after = last
        }
        return pairs
    }

    private func note(_ name: String, in pairs: inout [[UInt8]: Pair]) {
        if InboxName.hasEnding(".dat", name) {
            let stem = Self.stem(name)
            if pairs[stem]?.data == nil { pairs[stem, default: Pair()].data = name }
        } else if InboxName.hasEnding(".ctl", name) {
            let stem = Self.stem(name)
            if pairs[stem]?.control == nil { pairs[stem, default: Pair()].control = name }
        }
    }

    private static func stem(_ name: String) -> [UInt8] { name.utf8.dropLast(4).map { InboxName.lower($0) } }

    // MARK: What was begun

    /// - Returns: Whether the store was well.
    private func takeLeftovers(_ pairs: [[UInt8]: Pair]) throws(FileError) -> Bool {
        var candidates: [Candidate] = []
        for candidate in try desk.leftovers() {
            do throws(FileError) {
                let control = pairs[Self.stem(candidate.name)]?.control
                if let control, let found = try self.control(control) {
                    candidates.append(described(candidate, found, control))
                } else {
                    // Its control file was taken away; somebody will be told that the pair is not whole.
                    desk.folders.putBack(candidate.name)
                }
            } catch {
                desk.fail(candidate.name, error)
            }
        }
        guard desk.takeLeftovers(candidates, isStart: isStart) else { return false }
        isStart = false
        return true
    }

    private func described(_ candidate: Candidate, _ control: MeshControl, _ name: String) -> Candidate {
        var candidate = candidate
        candidate.companion = .control(name)
        // Answers to what was sent come by a workflow of their own, and are no documents of the mapping's.
        let isAnswer = InboxName.hasEnding("_ACK", control.workflow)
        candidate.mapping = workflows[control.workflow] ?? (isAnswer ? nil : settings.mapping)
        // Not the sender's local id: some put their organisation's code there, the same in every message.
        candidate.transportID =
            control.messageID.isEmpty ? InboxName.without(".dat", candidate.name) : control.messageID
        candidate.mayBePacked = true
        if control.isEncrypted {
            candidate.problem = Finding("mesh-encrypted", at: .init(document: FileName.shown(candidate.name)))
        }
        return candidate
    }

    private func control(_ name: String) throws(FileError) -> MeshControl? {
        reader.read(try files.read(Files.join(folder, name), limit: MeshControl.largest).bytes)
    }

    // MARK: What is new

    private func sweep(_ pairs: [[UInt8]: Pair]) {
        let now = time.steady()
        watch.beginSweep()
        var batch = Batch(settings)
        for (stem, pair) in pairs.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            guard let candidate = judged(stem, pair, at: now) else {
                if desk.isOpen { continue } else { return }
            }
            if batch.isFull(with: candidate), desk.take(batch.clear()) == nil { return }
            batch.add(candidate)
            if desk.summary.ends.count + batch.count >= settings.documentsPerRound {
                desk.summary.isMore = desk.take(batch.clear()) != nil
                return
            }
        }
        if desk.take(batch.clear()) != nil { watch.endSweep() }
    }

    /// A pair as a candidate, if it may be taken now. Deals with reports itself.
    private func judged(_ stem: [UInt8], _ pair: Pair, at now: Monotonic) -> Candidate? {
        guard let name = pair.data ?? pair.control, !desk.troubles.holds(name, at: now) else { return nil }
        do throws(FileError) {
            guard let data = pair.data else { return try judge(control: name, stem, at: now) }
            guard let status = try files.status(Files.join(folder, data)), status.kind == .file else { return nil }
            let seen = watch.look(data, status, at: now)
            guard let control = pair.control else { return wait(data, "mesh-pair-incomplete", at: now) }
            if status.size == 0 { return wait(data, "file-empty", at: now) }
            if status.links > 1 { return wait(data, "file-with-two-names", at: now) }
            guard settings.settle == 0 || (seen.polls >= 2 && now.milliseconds - seen.since >= settings.settle) else {
                desk.summary.waiting += 1
                return nil
            }
            guard let found = try self.control(control) else { return wait(data, "mesh-control-unreadable", at: now) }
            return described(Candidate(name: data, status: status, size: status.size), found, control)
        } catch {
            desk.fail(name, error)
            return nil
        }
    }

    /// - Returns: `nil`.
    private func wait(_ name: String, _ code: FindingCode, at now: Monotonic) -> Candidate? {
        desk.summary.waiting += 1
        if watch.isDue(name, at: now, after: settings.patience) { desk.tell(code, name) }
        return nil
    }

    // MARK: Control files alone

    /// A report, the last part of a pair that is done with, or half a pair.
    private func judge(control name: String, _ stem: [UInt8], at now: Monotonic) throws(FileError) -> Candidate? {
        guard let status = try files.status(Files.join(folder, name)), status.kind == .file else { return nil }
        _ = watch.look(name, status, at: now)
        let content = try files.read(Files.join(folder, name), limit: MeshControl.largest).bytes
        guard let control = reader.read(content) else { return wait(name, "mesh-control-unreadable", at: now) }
        if control.isReport {
            try take(report: control, name, Key(Digest().bytes(of: content.span)))
        } else if let end = try end(of: name) {
            try move(name, into: end)
        } else {
            return wait(name, "mesh-pair-incomplete", at: now)
        }
        return nil
    }

    private func take(report: MeshControl, _ name: String, _ digest: Key) throws(FileError) {
        do throws(CustodyError) {
            try reports.report(
                MeshReport(
                    localID: report.localID, isDelivered: report.isDelivered, statusCode: report.statusCode,
                    digest: digest))
        } catch {
            return desk.close(error)
        }
        try move(name, into: desk.folders.done)
    }

    /// The folder that the `.dat` of a control file went to.
    private func end(of control: String) throws(FileError) -> String? {
        let stem = InboxName.without(".ctl", control)
        for folder in [desk.folders.done, desk.folders.failed] {
            for ending in [".dat", ".DAT"] {
                if try files.status(Files.join(folder, InboxName.fitting(stem + ending))) != nil { return folder }
            }
        }
        return nil
    }

    private func move(_ control: String, into end: String) throws(FileError) {
        let path = Files.join(folder, control)
        if settings.done == .removed, end == desk.folders.done { return try files.remove(path) }
        _ = try files.move(path, to: Files.join(end, try InboxName.free(control, in: end, files)))
        try files.flush(folder: end)
    }
}
