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

    /// - Parameter report: Called after each document.
    package func run(report: (Step) -> Void) throws(FileError) {
        if !isDryRun { for route in configuration.routes { try FolderQueue(route.queue).prepare() } }
        for source in configuration.sources {
            if !isDryRun {
                try Files.makeFolder(Files.join(source.folder, "done"))
                try Files.makeFolder(Files.join(source.folder, "failed"))
            }
            for name in try Files.list(source.folder) where Self.isDocument(name, in: source.folder) {
                report(step(name, source))
            }
        }
    }

    private static func isDocument(_ name: String, in folder: String) -> Bool {
        let unfinished = [".tmp", ".part", ".why.txt"].contains { name.hasSuffix($0) }
        return !unfinished && Files.isRegularFile(Files.join(folder, name))
    }

    private func step(_ name: String, _ source: Configuration.Source) -> Step {
        let path = Files.join(source.folder, name)
        var step = Step(source: source.name, file: name, end: .postponed)
        do throws(FileError) {
            let bytes = try Files.read(path, limit: configuration.largestDocument)
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
            if error.code == Self.tooLarge {
                step.findings = [Finding("document-too-large", at: .init(document: name), help: error.reason)]
                if (try? setAside(path, source, .refused, &step)) != nil { return step }
            }
            step.end = .postponed
            step.findings.append(Finding("file-failed", error.action, at: .init(document: name), why: error.reason))
        }
        return step
    }

    /// `EFBIG`.
    private static let tooLarge: Int32 = 27

    private func deliver(
        _ translation: Translation, _ path: String, _ source: Configuration.Source, _ step: inout Step
    ) throws(FileError) {
        step.end = .delivered
        step.referrals = translation.parts.map { $0.referral.id }
        if isDryRun { return }
        for part in translation.parts {
            var json: [UInt8] = []
            CanonicalJSON.write(part.referral, into: &json, pretty: false)
            json.append(0x0A)
            for route in configuration.routes {
                let queue = FolderQueue(route.queue)
                let name = part.referral.id + ".json"
                guard case .conflict = try queue.put(json, named: name) else { continue }
                if Self.isSame(json, try queue.read(name)) {
                    step.findings.append(Finding("referral-repeated", at: .init(document: step.file)))
                    continue
                }
                step.findings.append(Finding("id-reused", at: .init(document: step.file)))
                return try setAside(path, source, .held, &step)
            }
        }
        step.movedTo = try move(path, into: Files.join(source.folder, "done"))
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
        if !Files.exists(why) { try Files.create(why, Array(Self.explanation(step).utf8)) }
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
