import Reporting

/// V24: what could make support conditional is pointed out; projections strip it without a yes of its own.
enum BenefitRule: Rule {
    static let number = "V24"
    static let summary = "benefits named in a referral are pointed out, and leave only with consent of their own"
    static let codes = [RuleCode("benefit-indicator", minimum: .warn, prsb: .warn)]

    static func check(_ context: inout RuleContext) {
        for field in context.fields.benefitIndicators {
            if let node = context.first(field) { context.report("benefit-indicator", field, at: node) }
        }
    }
}
