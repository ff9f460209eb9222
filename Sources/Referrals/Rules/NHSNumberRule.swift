import Reporting

/// V03 and V04: the NHS number satisfies its check digit and is not passed off as surer than it is.
enum NHSNumberRule: Rule {
    static let number = "V03, V04"
    static let summary = "the NHS number has a valid check digit, and its status is not surer than the sender's"
    static let codes = [
        RuleCode("nhs-number-missing", minimum: .off, prsb: .warn),
        RuleCode("nhs-number-invalid", minimum: .quarantine, prsb: .quarantine),
        RuleCode("nhs-number-contradicted", minimum: .quarantine, prsb: .quarantine),
        RuleCode("nhs-number-unverified", minimum: .warn, prsb: .quarantine),
        RuleCode("nhs-number-untraced", minimum: .off, prsb: .warn),
        RuleCode("nhs-number-test", minimum: .off, prsb: .off),
    ]

    static func check(_ context: inout RuleContext) {
        let fields = context.fields
        guard let value = context.first(fields.nhsNumberValue) else {
            return context.report("nhs-number-missing", fields.nhsNumber, at: context.first(fields.person) ?? 0)
        }
        let status = context.first(fields.nhsNumberStatus)
        let isVerified = context.reads(status, "verified")
        let verdict = context.read(value, NHSNumber.check)
        if !verdict.isValid {
            context.report(
                isVerified ? "nhs-number-contradicted" : "nhs-number-invalid", fields.nhsNumberValue, at: value)
        } else if verdict == .validTest {
            context.report("nhs-number-test", fields.nhsNumberValue, at: value)
        }
        if context.reads(status, "unverified") {
            context.report("nhs-number-unverified", fields.nhsNumberStatus, at: status ?? value)
        } else if !isVerified {
            context.report("nhs-number-untraced", fields.nhsNumberStatus, at: status ?? value)
        }
    }
}
