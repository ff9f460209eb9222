import Reporting

/// What a route must be cleared for before it may carry a referral.
package struct ReferralMarks: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// HL7 Confidentiality `R`, on the referral or one of its documents.
    package static let restricted = ReferralMarks(rawValue: 1)
    /// HL7 Confidentiality `V`.
    package static let veryRestricted = ReferralMarks(rawValue: 2)
    /// Must not be shown to the person (GP2GP `NOPAT`).
    package static let notForPerson = ReferralMarks(rawValue: 4)
    /// Has a safeguarding entry.
    package static let safeguarding = ReferralMarks(rawValue: 8)
    /// Names benefits or pay while off sick.
    package static let benefits = ReferralMarks(rawValue: 16)
}

extension Referral {
    /// What the referral is marked with, for the routes that decide by it.
    package var marks: ReferralMarks {
        let fields = ReferralFields.referral
        var marks: ReferralMarks = []
        for (index, node) in nodes.enumerated() {
            switch node.field {
            case fields.confidentialityCode, fields.documentConfidentialityCode:
                marks.formUnion(mark(of: UInt32(index)))
            case fields.safeguarding: marks.insert(.safeguarding)
            case fields.workBenefits, fields.workSickPay: marks.insert(.benefits)
            default: break
            }
        }
        return marks
    }

    func mark(of node: UInt32) -> ReferralMarks {
        if reads(node, "R") { return .restricted }
        if reads(node, "V") { return .veryRestricted }
        return reads(node, "NOPAT") ? .notForPerson : []
    }
}

/// V16: a referral that fewer people than usual may see says so, and routes decide by it (``Referral/marks``).
enum ConfidentialityRule: Rule {
    static let number = "V16"
    static let summary = "a referral or document marked R, V or NOPAT is pointed out"
    static let codes = [
        RuleCode("confidentiality-restricted", minimum: .warn, prsb: .warn),
        RuleCode("safeguarding-present", minimum: .off, prsb: .off),
    ]

    static func check(_ context: inout RuleContext) {
        checkCodes(context.fields.confidentialityCode, &context)
        checkCodes(context.fields.documentConfidentialityCode, &context)
        if let node = context.first(context.fields.safeguarding) {
            context.report("safeguarding-present", context.fields.safeguarding, at: node)
        }
    }

    private static func checkCodes(_ field: FieldID, _ context: inout RuleContext) {
        for node in context.all(field) where !context.referral.mark(of: node).isEmpty {
            context.report("confidentiality-restricted", field, at: node)
        }
    }
}
