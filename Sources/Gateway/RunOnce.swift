import Digests
package import DurableFiles
package import Mappings
package import Referrals
package import Reporting
import SourceDocuments

/// Takes what lies in the inbox folders through to the queues, once.
///
/// A document is taken to `.work/` and leaves it only after its referrals are on the disk of every queue they may go to:
/// then it moves to `done/`. One that cannot go on moves to `failed/` with a `.why.txt` beside it. A crash between any two
/// steps leaves the document in the inbox or in `.work/`, and the next run finds the work already done under the same names.
package struct RunOnce {
    /// What became of one document.
    package struct Step: Sendable {
        package enum End: String, Sendable {
            /// In at least one queue.
            case delivered
            /// In order, and in no queue: the person's consent opens none of them.
            case withheld
            case held, refused
            /// Left for the next run: the disk failed, or somebody wrote to it.
            case postponed
            /// Left for the next run: written to so lately that the sender may not be done.
            case unsettled
        }

        /// A referral that a queue did not get.
        package struct Withheld: Sendable {
            package var referral: String
            package var route: String
            package var decision: ConsentDecision
        }

        package var source: String
        /// The document's name, as people may see it.
        package var file: String
        package var end: End
        package var mapping: String?
        package var referrals: [String] = []
        package var withheld: [Withheld] = []
        /// Where the document is now.
        package var place: String
        /// Whether the findings lie beside the document.
        package var hasFindingsFile = false
        /// Of the bytes that were read; `nil` when none were.
        package var sha256: String?
        package var findings: [Finding] = []
        package var coverage = Coverage()
    }

    let configuration: Configuration
    let library: MappingLibrary
    let translator: Translator
    let today: CalendarDay
    /// Map and check, but move and deliver nothing.
    let isDryRun: Bool

    package init(_ configuration: Configuration, _ library: MappingLibrary, today: CalendarDay, isDryRun: Bool) {
        self.configuration = configuration
        self.library = library
        self.today = today
        self.isDryRun = isDryRun
        var options = Translator.Options(today: today)
        options.profile = configuration.profile
        var limits = Limits.standard
        limits.bytes = configuration.largestDocument
        translator = Translator(library.set, options: options, limits: limits)
    }

    /// Works off every source; one that fails holds up no other.
    ///
    /// - Parameter report: Called after each document.
    /// - Throws: The first ``FileError`` that kept a whole source or queue from being worked on.
    package func run(report: (Step) -> Void) throws(FileError) {
        let locks = isDryRun ? [] : try prepare()
        defer { withExtendedLifetime(locks) {} }
        var failure: FileError?
        for source in configuration.sources {
            do throws(FileError) {
                try workOff(source, report)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    /// Makes the queues ready, and keeps other runs off them and the inboxes.
    private func prepare() throws(FileError) -> [FolderLock] {
        var locks: [FolderLock] = []
        for folder in Set(configuration.routes.compactMap(\.queue)).sorted() {
            try Files.makeFolder(folder)
            locks.append(try FolderLock(folder))
            try FolderQueue(folder).prepare()
        }
        for folder in Set(configuration.sources.compactMap(\.folder)).sorted() where Files.isFolder(folder) {
            locks.append(try FolderLock(folder))
        }
        return locks
    }

    private func workOff(_ source: Configuration.Source, _ report: (Step) -> Void) throws(FileError) {
        guard let folder = source.folder else { return }
        let inbox = Inbox(folder)
        if !isDryRun, Files.isFolder(folder) { try inbox.prepare() }
        let entries = try inbox.waiting()
        for entry in entries {
            var step = Step(
                source: source.name, file: FileName.shown(entry.name), end: .postponed, place: inbox.path(of: entry))
            if inbox.isFresh(entry, within: configuration.settleSeconds) {
                step.end = .unsettled
            } else {
                takeThrough(entry, inbox, source, &step)
            }
            report(step)
        }
    }

    // MARK: One document

    private func takeThrough(_ entry: Inbox.Entry, _ inbox: Inbox, _ source: Configuration.Source, _ step: inout Step) {
        do throws(FileError) {
            if !isDryRun { step.place = try inbox.claim(entry) }
            let document = try OpenFile.open(step.place)
            if let bytes = try read(document, &step) {
                try translate(bytes, document, inbox, source, &step)
            } else {
                try setAside(document, inbox, .refused, &step)
            }
        } catch {
            step.end = .postponed
            if !isDryRun { step.place = inbox.putBack(entry.name) }
            step.findings.append(
                Finding(
                    "file-failed", "cannot \(error.action) \(error.path)", at: .init(document: step.file),
                    why: error.reason))
        }
    }

    private func translate(
        _ bytes: [UInt8], _ document: borrowing OpenFile, _ inbox: Inbox, _ source: Configuration.Source,
        _ step: inout Step
    ) throws(FileError) {
        let mapping = source.mapping.flatMap { library.set.index(named: $0) }
        let translation = translator.translate(bytes, named: step.file, with: mapping)
        step.sha256 = Digest.sha256(bytes)
        step.mapping = translation.mapping
        step.findings = translation.findings
        step.coverage = translation.coverage
        switch translation.outcome {
        case .accepted: try deliver(translation, document, inbox, &step)
        case .held: try setAside(document, inbox, .held, &step)
        case .refused: try setAside(document, inbox, .refused, &step)
        }
    }

    /// The bytes of a document, all of one moment; `nil` after noting that it is too large to be read at all.
    private func read(_ document: borrowing OpenFile, _ step: inout Step) throws(FileError) -> [UInt8]? {
        do throws(FileError) {
            let bytes = try document.read(limit: configuration.largestDocument)
            try document.requireUnchanged()
            return bytes
        } catch {
            guard error.code == Self.tooLarge else { throw error }
            step.findings = [Finding("document-too-large", at: .init(document: step.file), why: error.reason)]
            return nil
        }
    }

    /// `EFBIG`.
    private static let tooLarge: Int32 = 27

    // MARK: Delivering

    /// A referral as it lies in a queue, and the queues it goes to.
    private struct Letter {
        var name: String
        var json: [UInt8]
        var queues: [FolderQueue]
    }

    /// Puts all referrals of a document into the queues they may go to, or none when an id stands for two.
    private func deliver(
        _ translation: Translation, _ document: borrowing OpenFile, _ inbox: Inbox, _ step: inout Step
    ) throws(FileError) {
        step.referrals = translation.parts.map { $0.referral.id }
        var letters: [Letter] = []
        for part in translation.parts { letters.append(letter(part.referral, &step)) }
        if try isReused(letters, &step) { return try setAside(document, inbox, .held, &step) }
        if !isDryRun {
            for letter in letters { for queue in letter.queues { _ = try queue.put(letter.json, named: letter.name) } }
            let needsNote = step.findings.contains { $0.severity >= .warning } || !step.withheld.isEmpty
            let note = needsNote ? Inbox.Note(ending: Inbox.Note.findings, text: Self.remarks(step)) : nil
            step.place = try inbox.finish(document, into: inbox.done, with: note)
            step.hasFindingsFile = needsNote
        }
        step.end = letters.allSatisfy(\.queues.isEmpty) ? .withheld : .delivered
    }

    private func letter(_ referral: Referral, _ step: inout Step) -> Letter {
        var json: [UInt8] = []
        CanonicalJSON.write(referral, into: &json, pretty: false)
        json.append(0x0A)
        let queues = routes(for: referral, &step).filter { $0.queue != nil }.map { FolderQueue($0.queue ?? "") }
        return Letter(name: referral.id + ".json", json: json, queues: queues)
    }

    /// The routes that a referral may take; from the others it is withheld, which is said.
    private func routes(for referral: Referral, _ step: inout Step) -> [Configuration.Route] {
        var closed: [(scope: ConsentScope, withheld: Step.Withheld)] = []
        let open = configuration.routes.filter { $0.subject == .referrals }.filter { route in
            guard case .scope(let scope) = route.consent else { return true }
            let decision = ConsentDecision.decide(scope: scope, referral, on: today)
            if decision == .yes { return true }
            closed.append((scope, Step.Withheld(referral: referral.id, route: route.name, decision: decision)))
            return false
        }
        for (scope, withheld) in closed {
            step.withheld.append(withheld)
            step.findings.append(
                Finding(
                    "referral-withheld", open.isEmpty ? .warning : .note,
                    "the referral is withheld from the queue `\(withheld.route)`: \(withheld.decision.words) (`\(scope.rawValue)`)",
                    at: .init(document: step.file), field: "consent"))
        }
        return open
    }

    /// Whether an id stands for two referrals: here and in a queue, or twice in this document.
    private func isReused(_ letters: [Letter], _ step: inout Step) throws(FileError) -> Bool {
        var isReused = Set(letters.map(\.name)).count < letters.count
        var isRepeated = false
        for letter in letters {
            for queue in letter.queues {
                guard case .conflict = try queue.look(for: letter.json, named: letter.name) else { continue }
                if Self.isSame(letter.json, try queue.read(letter.name)) {
                    isRepeated = true
                } else {
                    isReused = true
                }
            }
        }
        if isRepeated { step.findings.append(Finding("referral-repeated", at: .init(document: step.file))) }
        if isReused { step.findings.append(Finding("id-reused", at: .init(document: step.file))) }
        return isReused
    }

    /// Whether two canonical referrals are the same one, read from two documents.
    private static func isSame(_ json: [UInt8], _ other: [UInt8]) -> Bool {
        guard let first = CanonicalJSON.read(json, named: "").0, let second = CanonicalJSON.read(other, named: "").0
        else {
            return false
        }
        return first.saysTheSame(as: second)
    }

    // MARK: Setting aside

    /// Moves a document to `failed/`, the reason written first.
    private func setAside(
        _ document: borrowing OpenFile, _ inbox: Inbox, _ end: Step.End, _ step: inout Step
    ) throws(FileError) {
        if !isDryRun {
            let note = Inbox.Note(ending: Inbox.Note.why, text: Self.explanation(step, end))
            step.place = try inbox.finish(document, into: inbox.failed, with: note)
        }
        step.end = end
    }

    private static func explanation(_ step: Step, _ end: Step.End) -> String {
        let head =
            end == .held
            ? "This document is held for a person. It was read, and something in it must be looked at first."
            : "This document was refused. Nothing of it was passed on."
        return """
            \(head)
            Put it right and put the file back into the inbox, or ask the sender to send it again.

            \(FindingPrinter().text(step.findings.gravestFirst))
            """
    }

    private static func remarks(_ step: Step) -> String {
        """
        This document was worked off. What is said here did not stop it, and somebody should look at it one day.
        Referrals: \(step.referrals.joined(separator: ", "))

        \(FindingPrinter().text(step.findings.gravestFirst))
        """
    }
}

extension ConsentDecision {
    /// Why it is no yes, in plain words.
    fileprivate var words: String {
        switch self {
        case .yes: "the person agreed to it"
        case .no: "the person did not agree to it"
        case .withdrawn: "the person took the consent back"
        case .notAsked: "no clear yes of the person is known"
        case .expired: "the person's consent is out of date"
        case .absent: "the referral does not say that the person agreed to it"
        }
    }
}
