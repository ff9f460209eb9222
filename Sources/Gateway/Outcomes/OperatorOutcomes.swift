import Custody
import Delivery
import Referrals
import Reporting

/// What operators do with outcomes.
extension Operator {
    /// Decides about a held outcome anew: the referral it is about may have come meanwhile.
    func retryOutcome(_ message: MessageSummary, _ bytes: [UInt8], _ question: JSONValue) throws -> JSONValue {
        var (outcome, findings) = Outcome.read(bytes)
        guard let outcome else { throw Refusal(exit: 70, message: "the outcome no longer reads") }
        let decision = try OutcomeDecider(engine).decision(outcome, correlation: message.correlation, &findings)
        try perform(.reprocess(message.id, decision, actor: actor(question)), "reprocess", question)
        for dispatcher in engine.dispatchers { dispatcher.wake() }
        let now = try engine.custody.ledger.message(message.reference)
        return .members([
            "reference": .string(message.reference), "state": .string(now?.state.rawValue ?? "gone"),
            "cause": (now?.cause).map { .string($0) },
        ])
    }

    func renderedOutcome(_ canonical: [UInt8], on route: CompiledRoute, key: String) throws -> [UInt8] {
        switch try OutcomeDecider(engine).rendered(canonical, on: route, key: key) {
        case .success(let body): return body
        case .failure(let withheld):
            throw Refusal(exit: 1, message: "the outcome may not go to `\(route.name)`: \(withheld.reason)")
        }
    }
}
