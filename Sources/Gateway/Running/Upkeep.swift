import CPosix
import Custody
import HTTPService
import Synchronization

/// What changes slowly and is seen to now and then: backups, certificates, how often sources send, the heap.
final class Upkeep: Sendable {
    private struct State {
        var nextLook: Int64 = .min
        var backup: Instant?
        var beginning: Instant?
        /// The last line of the audit trail that was looked at.
        var audited: Int64 = 0
        var certificates: [String: Instant] = [:]
        var quiet: Set<String> = []
    }

    private static let interval: Int64 = 300_000
    /// Documents of all sources that tell how often each sends.
    private static let arrivals = 20_000
    private let engine: Engine
    private let state = Mutex(State())

    init(_ engine: Engine) { self.engine = engine }

    /// Names of sources that are silent for longer than they ever are, but once in a hundred times.
    var quietSources: Set<String> { state.withLock { $0.quiet } }

    /// When each certificate of the configuration ends, by the place that names it.
    var certificates: [String: Instant] { state.withLock { $0.certificates } }

    /// When a backup last went well.
    var backup: Instant? { state.withLock { $0.backup } }

    /// When a backup last went well; where there never was one, when the store began.
    var withoutBackupSince: Instant? { state.withLock { $0.backup ?? $0.beginning } }

    /// Looks at all of it, if that was not done in the last five minutes.
    func look() {
        let now = engine.time.steady().milliseconds
        let isDue = state.withLock { state in
            guard now >= state.nextLook else { return false }
            state.nextLook = now + Self.interval
            return true
        }
        guard isDue else { return }
        lookAtBackups()
        lookAtCertificates()
        lookAtSilence()
        // Bursts of work leave holes in the heap of each thread; without this they add up over weeks.
        malloc_trim(0)
    }

    private func lookAtBackups() {
        let number = state.withLock { $0.audited }
        guard let found = try? engine.custody.ledger.lastBackup(after: number) else { return }
        state.withLock { state in
            state.backup = found.backup ?? state.backup
            state.beginning = state.beginning ?? found.beginning
            state.audited = found.last
        }
    }

    private func lookAtSilence() {
        guard let arrivals = try? engine.custody.ledger.arrivals(limit: Self.arrivals) else { return }
        let now = engine.time.wall()
        let names = engine.processor.rules.configuration.sources.map(\.name)
        let quiet = Set(names.filter { Silence.isUnusual(arrivals[$0] ?? [], at: now) })
        state.withLock { $0.quiet = quiet }
    }

    private func lookAtCertificates() {
        #if HTTP
            var ends: [String: Instant] = [:]
            for (name, file) in engine.processor.rules.configuration.certificates {
                guard let end = try? CertificateFile.end(of: file) else { continue }
                ends[name] = Instant(milliseconds: Int64(end) * 1000)
            }
            state.withLock { $0.certificates = ends }
        #endif
    }
}

extension Configuration {
    /// The files with certificates it names, by the place that names them.
    var certificates: [(name: String, file: String)] {
        var found: [(name: String, file: String)] = []
        if let tls = http?.tls {
            found.append(("http certificate", tls.certificate))
            if let authority = tls.clientAuthority { found.append(("http client-ca", authority)) }
        }
        for route in routes {
            guard case .http(let endpoint) = route.destination else { continue }
            if let own = endpoint.certificate { found.append(("route \(route.name) certificate", own)) }
            if let authority = endpoint.authority { found.append(("route \(route.name) ca", authority)) }
        }
        return found
    }
}
