import Reporting

/// V08: risks are stated, or it is stated that none is known. Silence is neither.
enum RiskRule: Rule {
    static let number = "V08"
    static let summary = "at least one risk, or an explicit none, but not both"
    static let codes = [
        RuleCode("risk-not-stated", minimum: .warn, prsb: .warn),
        RuleCode("risk-contradiction", minimum: .quarantine, prsb: .quarantine),
    ]

    static func check(_ context: inout RuleContext) {
        if context.first(context.fields.risks) != nil { return checkNone(&context) }
        guard !context.reads(context.first(context.fields.kind), "cancellation") else { return }
        context.report("risk-not-stated", context.fields.risks)
    }

    /// `none` is true of the whole: it stands alone, in its item and in the list.
    private static func checkNone(_ context: inout RuleContext) {
        let field = context.fields.riskNone
        guard let none = context.all(field).first(where: { context.reads($0, "true") }) else { return }
        for risk in context.all(context.fields.risks) {
            let item = context.referral.nodes[Int(risk)]
            let saysNone = context.first(field, in: risk).map { context.reads($0, "true") } ?? false
            let holdsMore = item.next - risk > 2
            if !saysNone || holdsMore { return context.report("risk-contradiction", field, at: none) }
        }
    }
}
