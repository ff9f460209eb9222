import Referrals

/// The work block: a Goal for what the person wants, Observations for the rest.
extension FHIRMessage {
    mutating func addWork() {
        guard let work = referral.part("work") else { return }
        addAsked(work)
        addWorkGoal(work)
        addEmployment(work)
        addBarriers(work.parts("barriers"))
        addStatements(Statement.work, of: work)
        addLeftOver(of: work)
    }

    /// Whether the person was asked, when and by whom.
    private mutating func addAsked(_ work: Part) {
        let (at, by) = (work.text("askedAt"), work.text("askedBy"))
        let answer = work.text("asked").flatMap { Terms.concept(.workAsked, $0) }
        guard answer != nil || at != nil || by != nil else { return }
        addObservation(
            Statement("work", "asked"), value: answer.map { ("valueCodeableConcept", $0) }, at: at,
            rest: .items([Terms.named("asked-by", "valueString", .text(by))]))
    }

    /// The goal of the work block is a Goal of the domain `work`, told from other goals by a category of its own.
    private mutating func addWorkGoal(_ work: Part) {
        let extensions = [("importance", "goalImportance"), ("confidence", "confidence")].map { name, field in
            Terms.named(name, "valueInteger", work.text(field).map { .bare($0) })
        }
        let goal = work.text("goal")
        guard goal != nil || extensions.contains(where: { $0 != nil }) else { return }
        let meaning = CodeList.workGoal.codes.first { $0.code == goal }?.meaning
        let lifecycle = Self.lifecycle(nil)
        add(
            "Goal", "WorkGoal",
            [
                "extension": .items(extensions), "_lifecycleStatus": lifecycle.absence,
                "category": .list([
                    Terms.concept(Terms.codeSystem + "goal-domain", "work"),
                    Terms.concept(Terms.codeSystem + "work", "goal"),
                ]),
                "description": goal.map { Terms.concept(Terms.codeSystem + "work-goal", $0, meaning) }
                    ?? .object([("text", "Work")]),
                "subject": subject,
            ])
    }

    /// LOINC 67875-5, employment status, one for each time it was noted.
    private mutating func addEmployment(_ work: Part) {
        for status in work.parts("employmentStatus") {
            let (at, note) = (status.text("at"), status.text("note"))
            let isNational = !["not-asked", "unknown"].contains(status.peek("code"))
            let coding = status.coding(in: isNational ? Terms.employmentStatus : nil)
            let value = Element.members(["coding": .items([coding]), "text": .text(note)])
            add(
                "Observation", "EmploymentStatus",
                [
                    "extension": status.rest(), "status": "final", "category": .list([Self.socialHistory]),
                    "code": Terms.concept(Terms.loinc, "67875-5", "Employment status"), "subject": subject,
                    "effectiveDateTime": .text(at),
                    "valueCodeableConcept": value,
                ])
        }
    }

    /// All barriers in one Observation, a component each.
    private mutating func addBarriers(_ barriers: [Part]) {
        guard !barriers.isEmpty else { return }
        let code = Terms.concept(Terms.codeSystem + "work", "barrier")
        let components = barriers.map { barrier -> Element in
            let value = Self.concept(of: barrier, text: barrier.text("text"))
            let rest = barrier.rest()
            return .object(
                (rest.map { [("extension", $0)] } ?? []) + [("code", code)]
                    + (value.map { [("valueCodeableConcept", $0)] } ?? []))
        }
        add(
            "Observation", nil,
            [
                "status": "final", "category": .list([Self.socialHistory]), "code": code, "subject": subject,
                "component": .list(components),
            ])
    }
}
