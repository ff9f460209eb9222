import Referrals

/// Risks, safeguarding, adjustments and consent.
extension FHIRMessage {
    mutating func addSafety() {
        for risk in referral.parts("risks") { addRisk(risk) }
        for concern in referral.parts("safeguarding") { addConcern(concern) }
    }

    /// A Flag warns. That no risk is known is no warning, and so an Observation.
    private mutating func addRisk(_ risk: Part) {
        guard risk.peek("none") == nil else {
            return addObservation(
                Statement("risks", "none"), value: risk.text("none").map { ("valueBoolean", .bare($0)) },
                rest: risk.rest())
        }
        addFlag(risk, Terms.concept(Terms.flagCategory, "risk"))
    }

    /// Only a concern that there is warns; "no", "not asked" and the like are answers.
    private mutating func addConcern(_ concern: Part) {
        let answer = concern.text("concern")
        guard answer == nil || answer == "yes" else {
            return addObservation(
                Statement("safeguarding", "concern"),
                value: answer.flatMap { Terms.concept(.answer, $0) }.map { ("valueCodeableConcept", $0) },
                rest: concern.rest())
        }
        addFlag(
            concern, Terms.concept(Terms.flagCategoryBaRS, "SG", "Safeguarding"),
            isHiddenFromPerson: concern.peek("withholdFromPerson") == "true")
    }

    mutating func addAdjustments(_ accessibility: Part) {
        for adjustment in accessibility.parts("reasonableAdjustments") {
            addFlag(adjustment, Terms.concept(Terms.flagCategoryBaRS, "RA", "Reasonable Adjustment"))
        }
    }

    private mutating func addFlag(
        _ part: Part, _ category: Element, isHiddenFromPerson: Bool = false
    ) {
        let text = part.text("text")
        let code = Self.concept(of: part, text: text)
        let period = part.period("start", "end")
        let label = Terms.coding(Terms.hl7 + "v3-ActCode", "NOPAT")
        add(
            "Flag", nil,
            [
                "meta": isHiddenFromPerson ? .object([("security", .list([label]))]) : nil,
                "extension": part.rest(), "status": "active", "category": .list([category]), "code": code,
                "subject": subject, "period": period,
            ])
    }

    // MARK: Consent

    mutating func addConsents() {
        let decisions = referral.parts("consent")
        let never = Set(decisions.flatMap { $0.peekAll("neverTo") })
        for decision in decisions { addConsent(decision, never: never) }
    }

    /// A Consent permits only what anybody may take for a yes who reads nothing but it: a yes that is narrowed elsewhere
    /// (`neverTo`, `sharedWith`, a government purpose) is told in extensions and is no permission.
    private mutating func addConsent(_ consent: Part, never: Set<String>) {
        let recipient = consent.peek("scope").flatMap { ConsentScope(rawValue: $0)?.recipientClass }
        let shared = consent.peekAll("sharedWith")
        let isNarrowed =
            recipient.map { never.contains($0) || !shared.isEmpty && !shared.contains($0) } ?? false
            || consent.peekAll("purpose").contains { $0.uppercased() == "GOV" }
        let word = consent.text("decision") ?? "not-asked"
        let native = Self.native(word, isNarrowed: isNarrowed)
        let scope = consent.text("scope").map { Terms.concept(Terms.codeSystem + "consent-scope", $0) }
        let at = consent.text("at")
        let purposes = consent.texts("purpose").map { Terms.coding(Terms.hl7 + "v3-ActReason", $0) }
        let provision = Element.members([
            "type": .text(native.type), "period": consent.period("starts", "expires"), "purpose": .items(purposes),
        ])
        let decision = Terms.named("decision", "valueCode", .text(word))
        let isByPerson = consent.peek("givenBy") == "person"
        add(
            "Consent", nil,
            [
                "extension": Element.joined([decision], consent.rest()), "status": .text(native.status),
                "scope": Terms.concept(Terms.hl7 + "consentscope", "patient-privacy"), "category": .items([scope]),
                "patient": subject, "dateTime": .text(at), "performer": isByPerson ? .list([subject]) : nil,
                "policyRule": Terms.concept(Terms.hl7 + "v3-ActCode", native.type == "permit" ? "OPTIN" : "OPTOUT"),
                "provision": provision,
            ])
    }

    /// The status of the Consent, and what it provides.
    private static func native(_ decision: String, isNarrowed: Bool) -> (status: String, type: String?) {
        switch decision {
        case "yes": isNarrowed ? ("proposed", nil) : ("active", "permit")
        case "no": ("active", "deny")
        case "withdrawn": ("inactive", nil)
        default: ("proposed", nil)
        }
    }
}
