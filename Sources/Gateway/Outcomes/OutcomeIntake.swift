import Custody
import HTTPService
import Intake
import Referrals
import Reporting

/// Takes what services post of outcomes into custody.
///
/// What is not a sound outcome is refused with its place and not kept: the service has it still. What is sound is never
/// lost: when it is not known what it is about, it is held for a person.
struct OutcomeIntake: Sendable {
    let engine: Engine
    private let randomness = SystemRandomness()

    init(_ engine: Engine) { self.engine = engine }

    func take(_ submission: Submission) async throws(CustodyError) -> SubmissionAnswer {
        let (outcome, findings) = Outcome.read(submission.bytes)
        guard let outcome else {
            return Self.isSyntax(findings) ? .malformed(findings) : .invalid(findings)
        }
        var arrival = Arrival(source: submission.source, name: "", bytes: submission.bytes)
        arrival.contentType = submission.mediaType
        arrival.transportID = submission.transportID
        arrival.correlation = submission.correlation
        let decided = try OutcomeDecider(engine).decide(outcome, arrival, findings, randomness)
        let results = try await engine.committer.commit([.accept(decided.intake)])
        guard case .accepted(let receipt) = results.first else { throw .damaged("the store gave no receipt") }
        let disposition = Disposition(receipt: receipt, findings: decided.findings, note: nil)
        engine.processor.tell(arrival, disposition, decided)
        return answer(disposition)
    }

    /// Whether it is not even JSON.
    private static func isSyntax(_ findings: [Finding]) -> Bool {
        !findings.contains { finding in
            ["canonical-", "outcome-", "nhs-number-"].contains { finding.code.rawValue.hasPrefix($0) }
                && finding.severity >= .error
        }
    }

    private func answer(_ disposition: Disposition) -> SubmissionAnswer {
        let receipt = disposition.receipt
        let status = MessageStatus(
            reference: receipt.reference, state: receipt.state.rawValue, isUnusable: !disposition.isDone,
            findings: disposition.findings)
        switch receipt.kind {
        case .conflict: return .conflict(reference: receipt.reference)
        case .new, .retried, .unknownReferral: return .taken(status, isRepeat: false)
        case .repeated, .duplicate: return .taken(status, isRepeat: true)
        }
    }
}
