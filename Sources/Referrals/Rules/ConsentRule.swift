import Reporting

/// V10: the person agreed that this class of recipient gets the referral. Absent means no.
enum ConsentRule: Rule {
    static let number = "V10"
    static let summary = "consent is there and covers the recipients the route needs it for"
    static let codes = [
        RuleCode("consent-missing", minimum: .reject, prsb: .reject),
        RuleCode("consent-refused", minimum: .reject, prsb: .reject),
        RuleCode("consent-expired", minimum: .reject, prsb: .reject),
        RuleCode("consent-out-of-time", minimum: .quarantine, prsb: .quarantine),
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
        for item in context.all(fields.consent) where isOutOfTime(item, context) {
            context.report("consent-out-of-time", fields.consentDecision, at: item)
        }
        for scope in context.scopes {
            let decision = ConsentDecision.decide(scope: scope, context.referral, on: context.today)
            guard let code = code(for: decision) else { continue }
            context.report(code, fields.consentDecision, at: node ?? 0)
        }
    }

    /// Whether a yes is not in force today: its time is over, or has not begun.
    private static func isOutOfTime(_ item: UInt32, _ context: RuleContext) -> Bool {
        let fields = context.fields
        guard context.reads(context.first(fields.consentDecision, in: item), "yes") else { return false }
        func day(_ field: FieldID) -> CalendarDay? {
            context.first(field, in: item).flatMap { context.read($0) { CalendarDay($0) } }
        }
        let begins = [day(fields.consentAt), day(fields.consentStarts)].compactMap { $0 }.max()
        if let begins, begins > context.today { return true }
        return day(fields.consentExpires).map { $0 < context.today } ?? false
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
