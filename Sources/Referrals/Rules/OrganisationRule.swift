import Reporting

/// V06: practice and referrer are named by ODS codes, and nobody refers to themselves unawares.
enum OrganisationRule: Rule {
    static let number = "V06"
    static let summary =
        "the practice and the referrer have ODS codes of the right shape, and differ from the recipient"
    static let codes = [
        RuleCode("practice-missing", minimum: .warn, prsb: .quarantine),
        RuleCode("referrer-ods-missing", minimum: .warn, prsb: .quarantine),
        RuleCode("ods-code-invalid", minimum: .quarantine, prsb: .quarantine),
        RuleCode("referrer-is-recipient", minimum: .warn, prsb: .quarantine),
    ]

    static func check(_ context: inout RuleContext) {
        let fields = context.fields
        if context.first(fields.gpOdsCode) == nil, !context.reads(context.first(fields.gpOptOut), "true") {
            context.report("practice-missing", fields.gpOdsCode, at: context.first(fields.gpPractice) ?? 0)
        }
        if context.first(fields.referrerOdsCode) == nil {
            context.report("referrer-ods-missing", fields.referrerOdsCode, at: context.first(fields.referrer) ?? 0)
        }
        checkShape(fields.gpOdsCode, &context)
        checkShape(fields.referrerOdsCode, &context)
        checkShape(fields.referredToOdsCode, &context)
        checkShape(fields.returnToOdsCode, &context)
        checkRecipient(&context)
    }

    private static func checkShape(_ field: FieldID, _ context: inout RuleContext) {
        for node in context.all(field) where !context.read(node, Lexical.isODSCode) {
            context.report("ods-code-invalid", field, at: node)
        }
    }

    private static func checkRecipient(_ context: inout RuleContext) {
        guard let referrer = context.first(context.fields.referrerOdsCode) else { return }
        let code = context.referral.bytes(referrer)
        for node in context.all(context.fields.referredToOdsCode) where context.referral.bytes(node) == code {
            context.report("referrer-is-recipient", context.fields.referredToOdsCode, at: node)
        }
    }
}
