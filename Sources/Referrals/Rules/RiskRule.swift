import Reporting

/// V08: risks are stated, or it is stated that none is known. Silence is neither.
enum RiskRule: Rule {
    static let number = "V08"
    static let summary = "at least one risk, or an explicit none"
    static let codes = [RuleCode("risk-not-stated", minimum: .warn, prsb: .warn)]

    static func check(_ context: inout RuleContext) {
        guard context.first(context.fields.risks) == nil else { return }
        guard !context.reads(context.first(context.fields.kind), "cancellation") else { return }
        context.report("risk-not-stated", context.fields.risks)
    }
}
