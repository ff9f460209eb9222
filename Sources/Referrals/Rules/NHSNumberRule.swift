import Reporting

/// V03 and V04: the NHS number satisfies its check digit and is not passed off as surer than it is.
enum NHSNumberRule: Rule {
    static let number = "V03, V04"
    static let summary =
        "the NHS number has a valid check digit, its status is not surer than the sender's, and there is no second one"
    static let codes = [
        RuleCode("nhs-number-missing", minimum: .warn, prsb: .warn),
        RuleCode("nhs-number-invalid", minimum: .quarantine, prsb: .quarantine),
        RuleCode("nhs-number-contradicted", minimum: .quarantine, prsb: .quarantine),
        RuleCode("nhs-number-unverified", minimum: .warn, prsb: .quarantine),
        RuleCode("nhs-number-untraced", minimum: .off, prsb: .warn),
        RuleCode("nhs-number-test", minimum: .off, prsb: .off),
        RuleCode("second-nhs-number", minimum: .quarantine, prsb: .quarantine),
    ]

    static func check(_ context: inout RuleContext) {
        let fields = context.fields
        guard let value = context.first(fields.nhsNumberValue) else {
            return context.report("nhs-number-missing", fields.nhsNumber, at: context.first(fields.person) ?? 0)
        }
        checkOthers(beside: value, &context)
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

    /// Another identifier that is an NHS number by its form: it may be the person's own, or make them somebody else.
    private static func checkOthers(beside value: UInt32, _ context: inout RuleContext) {
        for other in context.all(context.fields.localIDValue) {
            guard let candidate = tenCharacters(of: other, context), candidate != tenCharacters(of: value, context),
                NHSNumber.check(candidate.span).isValid
            else { continue }
            context.report("second-nhs-number", context.fields.localIDValue, at: other)
        }
    }

    /// A text without the spaces and hyphens that NHS numbers are written with; `nil` when that leaves not ten bytes, as
    /// it does of most identifiers.
    private static func tenCharacters(of node: UInt32, _ context: RuleContext) -> [UInt8]? {
        context.read(node) { text in
            var result: [UInt8] = []
            guard count(of: text) == 10 else { return nil }
            result.reserveCapacity(10)
            for index in 0..<text.count where !isSeparator(text[index]) { result.append(text[index]) }
            return result
        }
    }

    private static func count(of text: Span<UInt8>) -> Int {
        var count = 0
        for index in 0..<text.count where !isSeparator(text[index]) { count += 1 }
        return count
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-") }
}
