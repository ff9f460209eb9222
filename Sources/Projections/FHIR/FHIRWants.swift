import Referrals

/// What the person needs and wants, and what is suggested.
extension FHIRMessage {
    mutating func addWants() {
        for need in referral.parts("needs") { addNeed(need) }
        for goal in referral.parts("goals") { addGoal(goal) }
        for action in referral.parts("planSuggested") {
            let (code, text) = (action.part("code")?.codeableConcept(), action.text("text"))
            add(
                "Task", nil,
                [
                    "extension": action.rest(), "status": "requested", "intent": "proposal", "code": code,
                    "description": .text(text), "focus": reference("ServiceRequest"), "for": subject,
                ])
        }
    }

    private mutating func addNeed(_ need: Part) {
        let (speaker, text, onset) = (speaker(of: need), need.text("text"), need.text("at"))
        let code = Self.concept(of: need, text: text)
        add(
            "Condition", "Need",
            [
                "extension": need.rest(), "clinicalStatus": Terms.concept(Terms.hl7 + "condition-clinical", "active"),
                "category": .list([Self.socialHistory]), "code": code, "subject": subject,
                "onsetDateTime": .text(onset), "asserter": speaker,
            ])
    }

    static let socialHistory = Terms.concept(Terms.hl7 + "observation-category", "social-history", "Social History")

    /// The member `code` of a group, with words beside it.
    static func concept(of part: Part, text: String?) -> Element? {
        part.part("code").flatMap { $0.codeableConcept(text: text) } ?? .members(["text": .text(text)])
    }

    /// Who said it, where it is somebody the message has; `statedBy` itself is not taken and says so exactly.
    private func speaker(of part: Part) -> Element? {
        switch part.peek("statedBy") {
        case "person": subject.with("type", "Patient")
        case "referrer" where hasReferrer: reference("ReferringPractitioner").with("type", "Practitioner")
        default: nil
        }
    }

    private mutating func addGoal(_ goal: Part) {
        let (speaker, text, due) = (speaker(of: goal), goal.text("text"), goal.text("targetDate"))
        let domain = goal.text("domain").map { Terms.concept(Terms.codeSystem + "goal-domain", $0) }
        let description = Self.concept(of: goal, text: text)
        let status = goal.part("status")
        let lifecycle = Self.lifecycle(status?.peek("code"))
        let exactStatus = Terms.named("status", "valueCodeableConcept", status?.codeableConcept())
        add(
            "Goal", nil,
            [
                "extension": Element.joined([exactStatus], goal.rest()), "lifecycleStatus": lifecycle.value,
                "_lifecycleStatus": lifecycle.absence, "category": .items([domain]), "description": description,
                "subject": subject, "target": due.map { .list([.object([("dueDate", .text($0))])]) },
                "expressedBy": speaker,
            ])
    }

    /// FHIR R4 GoalLifecycleStatus, which every Goal has; where nobody said how far it has come, the message says that.
    static func lifecycle(_ status: String?) -> (value: Element?, absence: Element?) {
        let words = [
            "proposed": "proposed", "agreed": "accepted", "in-progress": "active", "on-hold": "on-hold",
            "achieved": "completed", "partly-achieved": "completed", "not-achieved": "completed",
            "abandoned": "cancelled",
        ]
        if let word = status.flatMap({ words[$0] }) { return (.text(word), nil) }
        let reason = Element.object([
            ("url", .text(Terms.hl7Structure + "data-absent-reason")), ("valueCode", "unknown"),
        ])
        return (nil, .object([("extension", .list([reason]))]))
    }
}

extension Element {
    /// The object with one more member.
    func with(_ key: String, _ value: Element) -> Element {
        guard case .object(let members) = self else { return self }
        return .object(members + [(key, value)])
    }
}
