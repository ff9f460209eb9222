extension ConsentDecision {
    /// Decides whether an outcome may go to a class of recipient: what the person decided in the referral and since counts
    /// together, by the rules of ``decide(scope:_:on:)``.
    ///
    /// - Parameter referral: The referral the outcome is about; `nil` when its content is no longer kept.
    package static func decide(
        scope: ConsentScope, _ outcome: Outcome, about referral: Referral?, on today: CalendarDay
    ) -> ConsentDecision {
        var both = Referral(schema: .referral)
        let field = ReferralFields.referral.consent
        if let referral { both.append(groupsOf: referral, at: field, as: field) }
        both.append(groupsOf: outcome.record, at: outcomeConsent, as: field)
        both.close(0)
        return decide(scope: scope, both, on: today)
    }

    private static let outcomeConsent = Schema.outcome.require("consent")
}

extension Outcome {
    /// Why this outcome may not go on a route that needs a scope; `nil` when it may.
    ///
    /// It travels by the scopes it names itself, and no refusal of the person may stand against it. When nothing is known
    /// of what the person decided in the referral, because that is no longer kept, only a yes of its own will do.
    package func withholding(scope: ConsentScope, about referral: Referral?, on today: CalendarDay) -> String? {
        let decision = ConsentDecision.decide(scope: scope, self, about: referral, on: today)
        guard decision == .yes || decision == .absent else { return "consent-" + decision.word }
        guard texts("shareWith").contains(scope.rawValue) else { return "consent-not-shared" }
        return decision == .absent && referral == nil ? "consent-absent" : nil
    }
}

extension Referral {
    /// Appends copies of the groups at a field of another record whose type is the same: numbers of fields below it stand
    /// in the same order.
    fileprivate mutating func append(groupsOf other: Referral, at field: FieldID, as own: FieldID) {
        for group in other.children(of: 0) where other.nodes[Int(group)].field == field {
            let opened = open(own, in: 0)
            for node in other.children(of: group) {
                let target = own + (other.nodes[Int(node)].field - field)
                if schema[target].isGroup { continue }
                append(target, other.bytes(node).span, in: opened)
            }
            close(opened)
        }
    }
}
