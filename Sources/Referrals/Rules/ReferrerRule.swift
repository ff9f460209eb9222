import Reporting

/// V07: whoever receives the referral can ask the one who made it, and it names who is asked.
enum ReferrerRule: Rule {
    static let number = "V07"
    static let summary = "the referrer's name, organisation and contact are there, and who is asked"
    static let codes = [
        RuleCode("referrer-incomplete", minimum: .warn, prsb: .warn),
        RuleCode("recipient-missing", minimum: .off, prsb: .warn),
        RuleCode("reason-missing", minimum: .warn, prsb: .warn),
    ]

    static func check(_ context: inout RuleContext) {
        let fields = context.fields
        let referrer = context.first(fields.referrer) ?? 0
        if context.first(fields.referrerName) == nil {
            context.report("referrer-incomplete", fields.referrerName, at: referrer)
        }
        if context.first(fields.referrerOrganisation) == nil, context.first(fields.referrerOdsCode) == nil {
            context.report("referrer-incomplete", fields.referrerOrganisation, at: referrer)
        }
        if context.first(fields.referrerContact) == nil {
            context.report("referrer-incomplete", fields.referrerContact, at: referrer)
        }
        if context.first(fields.referredTo) == nil { context.report("recipient-missing", fields.referredTo) }
        if context.first(fields.reason) == nil, !context.reads(context.first(fields.kind), "cancellation") {
            context.report("reason-missing", fields.reason)
        }
    }
}
