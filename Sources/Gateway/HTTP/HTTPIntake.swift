import Custody
package import HTTPService
import Intake
import Reporting
import Synchronization

/// Takes what senders post into custody, and tells them what became of it.
package final class HTTPIntake: IntakeHandling {
    private let engine: Engine
    private let operators: Operator
    private let tokens: BearerTokens
    /// Who sends, by the names of client certificates.
    private let certificates: [String: SourceIdentity]
    private let isDraining = Atomic(false)

    /// - Throws: When the secret of a source cannot be read.
    package init(_ engine: Engine, operators: Operator) throws {
        self.engine = engine
        self.operators = operators
        var tokens = BearerTokens()
        var certificates: [String: SourceIdentity] = [:]
        for source in engine.processor.rules.configuration.sources {
            guard case .http(let http) = source.kind else { continue }
            let identity = SourceIdentity(source: source.name, postsOutcomes: http.subject == .outcomes)
            if let token = http.token { tokens.add(try Secrets.read(token), for: identity) }
            for name in http.certificateNames { certificates[name] = identity }
        }
        self.tokens = tokens
        self.certificates = certificates
    }

    /// Takes nothing more.
    package func drain() { isDraining.store(true, ordering: .releasing) }

    package func authenticate(token: String?, peerCertificateNames: [String]) -> SourceIdentity? {
        if let token { return tokens.identity(for: token) }
        return peerCertificateNames.lazy.compactMap { self.certificates[$0] }.first
    }

    package func submit(_ submission: Submission) async -> SubmissionAnswer {
        if isDraining.load(ordering: .acquiring) { return .unavailable(.draining, retryAfterSeconds: 5) }
        if operators.isPaused(source: submission.source) { return .unavailable(.paused, retryAfterSeconds: 60) }
        if engine.committer.isFull { return .unavailable(.busy, retryAfterSeconds: 2) }
        if submission.door == .outcomes { return await submit(outcome: submission) }
        let source = engine.processor.rules.configuration.sources.first { $0.name == submission.source }
        var arrival = Arrival(source: submission.source, name: "", bytes: submission.bytes)
        arrival.mapping = source?.mapping
        arrival.contentType = submission.mediaType
        arrival.transportID = submission.transportID
        arrival.correlation = submission.correlation
        do throws(CustodyError) {
            return answer(try await engine.processor.takeReadable(arrival))
        } catch {
            return error == .full
                ? .unavailable(.full, retryAfterSeconds: 60) : .unavailable(.sick, retryAfterSeconds: 30)
        }
    }

    private func submit(outcome: Submission) async -> SubmissionAnswer {
        do throws(CustodyError) {
            return try await OutcomeIntake(engine).take(outcome)
        } catch {
            return error == .full
                ? .unavailable(.full, retryAfterSeconds: 60) : .unavailable(.sick, retryAfterSeconds: 30)
        }
    }

    private func answer(_ taken: Processor.Taken) -> SubmissionAnswer {
        switch taken {
        case .unreadable(let findings): return .malformed(findings)
        case .taken(let disposition):
            let receipt = disposition.receipt
            switch receipt.kind {
            case .conflict: return .conflict(reference: receipt.reference)
            case .new, .retried, .unknownReferral: return .taken(Self.status(disposition), isRepeat: false)
            case .repeated, .duplicate: return .taken(Self.status(disposition), isRepeat: true)
            }
        }
    }

    private static func status(_ disposition: Disposition) -> MessageStatus {
        MessageStatus(
            reference: disposition.receipt.reference, state: disposition.receipt.state.rawValue,
            isUnusable: !disposition.isDone, findings: disposition.findings)
    }

    package func status(of reference: String, source: SourceIdentity) async -> MessageStatus? {
        guard let message = try? engine.custody.ledger.message(reference), source.maySend(as: message.source) else {
            return nil
        }
        return MessageStatus(
            reference: reference, state: message.state.rawValue,
            isUnusable: message.state == .held || message.state == .refused, receivedAt: message.receivedAt.text)
    }
}
