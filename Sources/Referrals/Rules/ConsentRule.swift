import Reporting

/// V10: the person agreed that this class of recipient gets the referral. Absent means no.
enum ConsentRule: Rule {
    static let number = "V10"
    static let summary = "consent is there and covers the recipients the route needs it for"
    static let codes = [
        RuleCode("consent-missing", minimum: .reject, prsb: .reject),
        RuleCode("consent-refused", minimum: .reject, prsb: .reject),
        RuleCode("consent-expired", minimum: .reject, prsb: .reject),
        RuleCode("consent-not-recorded", minimum: .off, prsb: .warn),
        RuleCode("consent-for-government", minimum: .warn, prsb: .warn),
    ]

    static func check(_ context: inout RuleContext) {
        let fields = context.fields
        let node = context.first(fields.consent)
        if node == nil { context.report("consent-not-recorded", fields.consent) }
        for purpose in context.all(fields.consentPurpose) where context.reads(purpose, "GOV") {
            context.report("consent-for-government", fields.consentPurpose, at: purpose)
        }
        for scope in context.scopes {
            let decision = ConsentDecision.decide(scope: scope, context.referral, on: context.today)
            guard let code = code(for: decision) else { continue }
            context.report(code, fields.consentDecision, at: node ?? 0)
        }
    }

    private static func code(for decision: ConsentDecision) -> FindingCode? {
        switch decision {
        case .yes: nil
        case .no, .withdrawn: "consent-refused"
        case .expired: "consent-expired"
        case .notAsked, .absent: "consent-missing"
        }
    }
}
