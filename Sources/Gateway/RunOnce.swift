package import Mappings
package import Referrals
package import Reporting
import SourceDocuments

/// Takes what lies in the inbox folders through to the queues, once.
///
/// A document leaves the inbox only after its referrals are on the disk of every queue: then it moves to `done/`. One that
/// cannot go on moves to `failed/` with a `.why.txt` beside it. A crash between any two steps leaves the document in
/// the inbox, and the next run finds the work already done under the same names.
package struct RunOnce {
    /// What became of one document.
    package struct Step: Sendable {
        package enum End: String, Sendable {
            case delivered, held, refused
            /// Left where it is: the disk failed.
            case postponed
        }

        package var source: String
        package var file: String
        package var end: End
        package var mapping: String?
        package var referrals: [String] = []
        /// Where the document is now.
        package var movedTo: String?
        package var findings: [Finding] = []
        package var coverage = Coverage()
    }

    let configuration: Configuration
    let library: MappingLibrary
    let translator: Translator
    /// Map and check, but move and deliver nothing.
    let isDryRun: Bool

    package init(_ configuration: Configuration, _ library: MappingLibrary, today: CalendarDay, isDryRun: Bool) {
        self.configuration = configuration
        self.library = library
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
        for folder in Set(configuration.routes.map(\.queue)).sorted() {
            try Files.makeFolder(folder)
            locks.append(try FolderLock(folder))
            try FolderQueue(folder).prepare()
        }
        for folder in Set(configuration.sources.map(\.folder)).sorted() where Files.isFolder(folder) {
            locks.append(try FolderLock(folder))
        }
        return locks
    }

    private func workOff(_ source: Configuration.Source, _ report: (Step) -> Void) throws(FileError) {
        let names = try Files.list(source.folder)
        if !isDryRun {
            try Files.makeFolder(Files.join(source.folder, "done"))
            try Files.makeFolder(Files.join(source.folder, "failed"))
        }
        for name in names {
            if Self.isDocument(name, in: source.folder) {
                report(step(name, source))
            } else if Self.hasBadName(name, in: source.folder) {
                report(badName(name, source))
            }
        }
    }

    private static func isDocument(_ name: String, in folder: String) -> Bool {
        let unfinished = [".tmp", ".part", ".why.txt"].contains { name.hasSuffix($0) }
        return !unfinished && Files.isRegularFile(Files.join(folder, name))
    }

    /// Whether a name was not UTF-8, so that the file cannot be found under what was made of it.
    private static func hasBadName(_ name: String, in folder: String) -> Bool {
        name.unicodeScalars.contains("\u{FFFD}") && !Files.isThere(Files.join(folder, name))
    }

    private func badName(_ name: String, _ source: Configuration.Source) -> Step {
        var step = Step(source: source.name, file: name, end: .postponed)
        step.findings = [
            Finding(
                "file-failed", "the file's name is not UTF-8, so the file cannot be taken", at: .init(document: name),
                help: "give it a name of plain letters and digits")
        ]
        return step
    }

    // MARK: One document

    private func step(_ name: String, _ source: Configuration.Source) -> Step {
        let path = Files.join(source.folder, name)
        var step = Step(source: source.name, file: name, end: .postponed)
        do throws(FileError) {
            guard let bytes = try read(path, &step) else {
                try setAside(path, source, .refused, &step)
                return step
            }
            let mapping = source.mapping.flatMap { library.set.index(named: $0) }
            let translation = translator.translate(bytes, named: name, with: mapping)
            step.mapping = translation.mapping
            step.findings = translation.findings
            step.coverage = translation.coverage
            switch translation.outcome {
            case .accepted: try deliver(translation, path, source, &step)
            case .held: try setAside(path, source, .held, &step)
            case .refused: try setAside(path, source, .refused, &step)
            }
        } catch {
            step.end = .postponed
            step.findings.append(
                Finding("file-failed", "cannot \(error.action) \(error.path)", at: .init(document: name), why: error.reason))
        }
        return step
    }

    /// The bytes of a document; `nil` after noting that it is too large to be read at all.
    private func read(_ path: String, _ step: inout Step) throws(FileError) -> [UInt8]? {
        do throws(FileError) {
            return try Files.read(path, limit: configuration.largestDocument)
        } catch {
            guard error.code == Self.tooLarge else { throw error }
            step.findings = [Finding("document-too-large", at: .init(document: step.file), why: error.reason)]
            return nil
        }
    }

    /// `EFBIG`.
    private static let tooLarge: Int32 = 27

    /// A referral as it lies in a queue.
    private struct Letter {
        var name: String
        var json: [UInt8]
    }

    /// Puts all referrals of a document into all queues, or none when one of them may not go there.
    private func deliver(
        _ translation: Translation, _ path: String, _ source: Configuration.Source, _ step: inout Step
    ) throws(FileError) {
        step.referrals = translation.parts.map { $0.referral.id }
        let letters = translation.parts.map { letter($0.referral) }
        if try isReused(letters, &step) { return try setAside(path, source, .held, &step) }
        step.end = .delivered
        if isDryRun { return }
        for letter in letters {
            for route in configuration.routes { _ = try FolderQueue(route.queue).put(letter.json, named: letter.name) }
        }
        step.movedTo = try move(path, into: Files.join(source.folder, "done"))
    }

    private func letter(_ referral: Referral) -> Letter {
        var json: [UInt8] = []
        CanonicalJSON.write(referral, into: &json, pretty: false)
        json.append(0x0A)
        return Letter(name: referral.id + ".json", json: json)
    }

    /// Whether an id stands for two referrals: here and in a queue, or twice in this document.
    private func isReused(_ letters: [Letter], _ step: inout Step) throws(FileError) -> Bool {
        var isReused = Set(letters.map(\.name)).count < letters.count
        for letter in letters {
            for route in configuration.routes {
                let queue = FolderQueue(route.queue)
                guard case .conflict = try queue.look(for: letter.json, named: letter.name) else { continue }
                if Self.isSame(letter.json, try queue.read(letter.name)) {
                    step.findings.append(Finding("referral-repeated", at: .init(document: step.file)))
                } else {
                    isReused = true
                }
            }
        }
        if isReused { step.findings.append(Finding("id-reused", at: .init(document: step.file))) }
        return isReused
    }

    /// Whether two canonical referrals are the same one, read from two documents.
    private static func isSame(_ json: [UInt8], _ other: [UInt8]) -> Bool {
        guard let first = CanonicalJSON.read(json, named: "").0, let second = CanonicalJSON.read(other, named: "").0 else {
            return false
        }
        return first.saysTheSame(as: second)
    }

    /// Moves a document to `failed/`, the reason written first.
    private func setAside(
        _ path: String, _ source: Configuration.Source, _ end: Step.End, _ step: inout Step
    ) throws(FileError) {
        step.end = end
        if isDryRun { return }
        let failed = Files.join(source.folder, "failed")
        let name = Self.freeName(Files.name(of: path), in: failed)
        let why = Files.join(failed, name + ".why.txt")
        // One that is there belongs to nothing: a run was cut off before it moved the document.
        try Files.remove(why)
        try Files.create(why, Array(Self.explanation(step).utf8))
        let target = Files.join(failed, name)
        guard try Files.rename(path, to: target) else {
            throw FileError("move", target, reason: "another file has that name")
        }
        step.movedTo = target
    }

    private func move(_ path: String, into folder: String) throws(FileError) -> String {
        for _ in 0..<100 {
            let target = Files.join(folder, Self.freeName(Files.name(of: path), in: folder))
            if try Files.rename(path, to: target) { return target }
        }
        throw FileError("move", path, reason: "no free name in \(folder)")
    }

    /// The name itself, or with a number when it is taken.
    private static func freeName(_ name: String, in folder: String) -> String {
        if !Files.exists(Files.join(folder, name)) { return name }
        let number = (2...100_000).first { !Files.exists(Files.join(folder, "\(name).\($0)")) }
        return "\(name).\(number ?? 2)"
    }

    private static func explanation(_ step: Step) -> String {
        let head =
            step.end == .held
            ? "This document is held for a person. It was read, and something in it must be looked at first."
            : "This document was refused. Nothing of it was passed on."
        return """
            \(head)
            Put it right and put the file back into the inbox, or ask the sender to send it again.

            \(FindingPrinter().text(step.findings))
            """
    }
}
