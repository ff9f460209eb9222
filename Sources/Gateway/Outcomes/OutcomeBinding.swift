import Custody
import Referrals
import Reporting

/// The referral an outcome is about, or why that cannot be said. Pure.
///
/// Everything that names it must name the same one: `referralId`, the correlation of the request, and where they are given
/// `inReplyTo`, `journeyId` and the person's NHS number and date of birth. A service that mixes two people up is stopped here.
enum OutcomeBinding {
    /// - Parameters:
    ///   - correlation: What came with the request.
    ///   - known: The referral of the outcome's `referralId`.
    ///   - referral: Its content, where that is kept.
    /// - Returns: The code of what stands against it; `nil` when it is about that referral.
    static func problem(
        _ outcome: Outcome, correlation: String?, known: KnownReferral?, referral: Referral?, keys: PersonKeys
    ) -> FindingCode? {
        guard let known, let correlation else { return "outcome-unmatched" }
        let names = [known.id, known.reference, known.correlation].compactMap { $0 } + known.keys
        let said = ["correlationId", "journeyId"].compactMap { referral?.text(at: $0) }
        guard isAmong(names + said, correlation) else { return "outcome-contradicts" }
        if let reply = outcome.text("inReplyTo"), !isAmong(names, reply) { return "outcome-contradicts" }
        if let journey = outcome.text("journeyId"), let own = referral?.text(at: "journeyId"), journey != own {
            return "outcome-contradicts"
        }
        return personProblem(outcome, known, referral, keys)
    }

    /// UUIDs compare without case.
    private static func isAmong(_ names: [String], _ name: String) -> Bool {
        names.contains { $0.lowercased() == name.lowercased() }
    }

    private static func personProblem(
        _ outcome: Outcome, _ known: KnownReferral, _ referral: Referral?, _ keys: PersonKeys
    ) -> FindingCode? {
        let number = outcome.text("person.nhsNumber.value")
        if let referral {
            let pairs = ["person.nhsNumber.value", "person.birthDate"].map { (outcome.text($0), referral.text(at: $0)) }
            return pairs.contains { $0 != nil && $1 != nil && $0 != $1 } ? "outcome-person-differs" : nil
        }
        // Of a referral whose content is gone only the key of the person is left.
        guard let number, let subject = known.subject, outcome.text("person.name.family") != nil else {
            return "outcome-person-unknown"
        }
        return keys.subject(nhsNumber: number) == subject ? nil : "outcome-person-differs"
    }
}

extension Referral {
    /// The first value at a path, in clear.
    func text(at path: String) -> String? { schema.field(path).flatMap { first($0.id) }.map { text($0) } }
}
