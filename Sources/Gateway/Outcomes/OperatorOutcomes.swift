import Custody
import Delivery
import Referrals
import Reporting

/// What operators do with outcomes.
extension Operator {
    /// What a held outcome comes to by now: the referral it is about may have come meanwhile.
    func outcomeDecision(_ message: MessageSummary, _ bytes: [UInt8]) throws -> Decision {
        var (outcome, findings) = Outcome.read(bytes)
        guard let outcome else { throw Refusal(exit: 70, message: "the outcome no longer reads") }
        return try OutcomeDecider(engine).decision(outcome, correlation: message.correlation, &findings)
    }

    func renderedOutcome(_ canonical: [UInt8], on route: CompiledRoute, key: String) throws -> [UInt8] {
        switch try OutcomeDecider(engine).rendered(canonical, on: route, key: key) {
        case .success(let body): return body
        case .failure(let withheld):
            throw Refusal(exit: 1, message: "the outcome may not go to `\(route.name)`: \(withheld.reason)")
        }
    }
}
