import Digests
package import DurableFiles
package import Mappings
package import Referrals
package import Reporting
import SourceDocuments
import Synchronization

/// Everything that decides about a document, of one moment: configuration, mappings and routes, checked together and
/// never changed. A reload makes another one.
package final class Ruleset: Sendable {
    package let configuration: Configuration
    package let library: MappingLibrary
    package let routes: [CompiledRoute]
    /// The digest the mapping files are pinned under.
    package let version: String
    /// All mapping files and code tables by their path from the library, for those who must read a document as it was
    /// read before.
    package let snapshot: LibrarySnapshot
    private let pool: TranslatorPool

    private init(
        _ configuration: Configuration, _ library: MappingLibrary, _ routes: [CompiledRoute],
        _ snapshot: LibrarySnapshot
    ) {
        self.configuration = configuration
        self.library = library.compiledOnly
        self.routes = routes
        self.snapshot = snapshot
        version = snapshot.version
        pool = TranslatorPool(configuration, self.library)
    }

    /// Puts a configuration and its mappings together, or says everything that stands in the way.
    package static func make(
        _ configuration: Configuration, _ library: MappingLibrary, reporting findings: inout [Finding]
    ) throws(FileError) -> Ruleset? {
        var own = configuration.findings(beside: library)
        if !library.isUsable { own += library.findings.filter { $0.severity == .error } }
        var routes: [CompiledRoute] = []
        for route in configuration.routes {
            CompiledRoute.compile(route, file: configuration.file, reporting: &own).map { routes.append($0) }
        }
        findings += own
        if own.worst == .error { return nil }
        return Ruleset(configuration, library, routes, try LibrarySnapshot(of: library))
    }

    /// Lends a translator that nobody else has meanwhile.
    package func withTranslator<Result>(on today: CalendarDay, _ body: (Translator) -> Result) -> Result {
        pool.withTranslator(on: today, body)
    }
}

/// Translators that nobody uses at the moment; each keeps its buffers from document to document.
private final class TranslatorPool: Sendable {
    /// A translator changes hands, and only one thread has it at a time.
    private struct Idle: @unchecked Sendable { let translator: Translator }

    private let configuration: Configuration
    private let library: MappingLibrary
    private let idle = Mutex<[Idle]>([])

    init(_ configuration: Configuration, _ library: MappingLibrary) {
        self.configuration = configuration
        self.library = library
    }

    func withTranslator<Result>(on today: CalendarDay, _ body: (Translator) -> Result) -> Result {
        let lent = idle.withLock { $0.popLast() } ?? Idle(translator: make(on: today))
        lent.translator.options.today = today
        defer { idle.withLock { $0.append(lent) } }
        return body(lent.translator)
    }

    private func make(on today: CalendarDay) -> Translator {
        var options = Translator.Options(today: today)
        options.profile = configuration.profile
        var limits = Limits.standard
        limits.bytes = configuration.largestDocument
        return Translator(library.set, options: options, limits: limits)
    }
}

extension Ruleset {
    /// What other rules would change that is only made at a start; `nil` when they can be put in force at once.
    package func needsRestart(for other: Ruleset) -> String? {
        let (own, new) = (configuration, other.configuration)
        if own.state != new.state { return "`state`" }
        if "\(own.sources)" != "\(new.sources)" { return "`sources`" }
        if own.settleSeconds != new.settleSeconds { return "`settle`" }
        if own.largestDocument != new.largestDocument { return "`largest-document`" }
        if own.routes.map(\.giveUpDays) != new.routes.map(\.giveUpDays), own.routes.count == new.routes.count {
            return "a route's `give-up`"
        }
        if own.routes.map(\.name) != new.routes.map(\.name)
            || own.routes.map(\.subject) != new.routes.map(\.subject)
            || own.routes.map(\.destination) != new.routes.map(\.destination)
            || own.routes.map(\.order) != new.routes.map(\.order)
        {
            return "a route's name, subject (`of`), order or destination"
        }
        return "\(String(describing: own.http))" == "\(String(describing: new.http))" ? nil : "`http`"
    }
}
