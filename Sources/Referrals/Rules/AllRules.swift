import Reporting

/// Every rule on the canonical referral, in the order they are checked.
package enum AllRules {
    package static let all: [any Rule.Type] = [
        NHSNumberRule.self, IdentityRule.self, OrganisationRule.self, ReferrerRule.self, RiskRule.self,
        ConsentRule.self, CodeRule.self, ConfidentialityRule.self, AttachmentRule.self, AddressRule.self,
        TemplateMarkRule.self, WorkRule.self, BenefitRule.self,
    ]

    /// Checks one referral, for those who have only one; ``RuleChecker`` keeps its buffers.
    package static func check(
        _ referral: Referral, profile: Profile, today: CalendarDay, scopes: [ConsentScope] = []
    ) -> [Violation] {
        RuleChecker(referral.schema).check(referral, profile: profile, today: today, scopes: scopes)
    }
}

/// Checks referrals one after another. Each worker has its own.
package final class RuleChecker {
    private var index: FieldIndex

    package init(_ schema: Schema = .referral) { index = FieldIndex(schema) }

    /// - Parameters:
    ///   - referral: Made with ``Schema/referral``.
    ///   - scopes: What the route needs consent for; empty where nothing is to be sent yet.
    /// - Returns: What the profile does not have off, in the order of the rules.
    package func check(
        _ referral: Referral, profile: Profile, today: CalendarDay, scopes: [ConsentScope] = []
    ) -> [Violation] {
        index.fill(from: referral)
        var context = RuleContext(referral, index, profile: profile, today: today, scopes: scopes)
        for rule in AllRules.all { rule.check(&context) }
        return context.violations
    }
}
