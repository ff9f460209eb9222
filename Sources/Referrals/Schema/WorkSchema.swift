/// Work, asked and kept from the first message, even when the answer is "not asked" or "not now".
///
/// Nothing here is ever required of a person. What could be used to make benefits conditional is marked
/// sensitive and leaves only with a yes of its own.
extension RecordType {
    static let work = RecordType(
        "Work", "Work as the person sees it.",
        [
            Row("asked", .choice(.workAsked), .required, .personal, "Whether the person was asked about work.")
                .onFailure(missing: .use("unknown"), invalid: .warn, unmapped: .warn),
            Row("askedAt", .date, .personal, "When."),
            Row("askedBy", .text, .personal, "By whom."),
            Row("statement", .text, .personal, "What matters to the person about work, in their own words."),
            Row("goal", .choice(.workGoal), .recommended, .personal, "What the person wants."),
            Row("goalImportance", .integer(1...10), .personal, "How much it matters to the person; 10 is most."),
            Row("confidence", .integer(1...10), .personal, "How sure the person is to reach it; 10 is most."),
            .coded(
                "employmentStatus", from: .employmentStatus, list: true, .recommended, .personal,
                "Employment status, one item for each time it was noted, never overwritten.",
                and: [
                    Row("at", .partialDate, .personal, "When it was so."),
                    Row("note", .text, .personal, "What else to know."),
                ]),
            .coded("weeklyHours", from: .weeklyHours, .personal, "Hours worked in a week (NHS Data Dictionary)."),
            Row("occupation", .text, .personal, "Present or last work. PRSB: Occupational history."),
            Row("sicknessAbsence", .group(sicknessAbsence), .sensitive, "Whether the person is off sick."),
            Row("fitNotes", .group(fitNote), list: true, .sensitive, "Fit notes (Med3)."),
            Row("barriers", .group(barrier), list: true, .sensitive, "What stands in the way."),
            Row("strengths", .text, list: true, .personal, "What the person brings. PRSB: Strengths."),
            Row(
                "employerContact", .group(employerContact), .personal,
                "The employer, and whether they may be contacted."
            ).holding(.many),
            Row(
                "qualityPreferences", .group(qualityPreference), list: true, .personal,
                "What makes work good for the person."),
            Row("mustNots", .text, list: true, .personal, "What must not happen. PRSB: Please do and please don't."),
            Row(
                "benefits", .group(benefit), list: true, .sensitive,
                "Benefits named by the sender; stripped without the person's own yes (V24)."),
        ])

    private static let sicknessAbsence = RecordType(
        "SicknessAbsence", "Time off sick.",
        [
            Row("isOff", .choice(.answer), .recommended, .sensitive, "Whether the person is off sick now."),
            Row("since", .partialDate, .sensitive, "Since when."),
            Row("pay", .text, .sensitive, "How the person is paid while off."),
            Row("note", .text, .sensitive, "What else to know."),
        ])

    private static let fitNote = RecordType(
        "FitNote", "A statement of fitness for work (Med3).",
        [
            Row("issued", .date, .recommended, .sensitive, "When it was written."),
            Row("condition", .text, .sensitive, "The condition named."),
            .coded("code", .sensitive, "The finding as a code."),
            Row("assessment", .choice(.fitNoteAssessment), .recommended, .sensitive, "What it says."),
            Row("advice", .choice(.fitNoteAdvice), list: true, .sensitive, "What would help the person to work."),
            Row("from", .date, .sensitive, "First day it covers."),
            Row("to", .date, .sensitive, "Last day it covers."),
            Row("text", .text, .sensitive, "Comments."),
        ])

    private static let barrier = RecordType(
        "WorkBarrier", "Something that stands in the way of work.",
        [
            .coded("code", from: .workBarrier, .recommended, .sensitive, "What it is."),
            Row("text", .text, .sensitive, "In words."),
            Row("statedBy", .choice(.statedBy), .open, "Who said so."),
        ])

    private static let employerContact = RecordType(
        "EmployerContact", "The employer.",
        [
            Row("name", .text, .personal, "Name."),
            Row(
                "allowed", .choice(.answer), .required, .personal,
                "Whether they may be contacted; without a yes they may not."
            )
            .onFailure(missing: .use("no"), invalid: .use("no"), unmapped: .use("no"))
            .holding(.many, neverAssuming: "yes"),
            Row("telecoms", .group(telecom), list: true, .personal, "How they can be reached."),
        ])

    private static let qualityPreference = RecordType(
        "WorkQualityPreference", "One thing that makes work good.",
        [
            Row("dimension", .choice(.workQuality), .required, .personal, "Which."),
            Row("importance", .integer(1...5), .personal, "How much it matters to the person; 5 is most."),
            Row("text", .text, .personal, "In words."),
        ])

    private static let benefit = RecordType(
        "Benefit", "A benefit the sender names (ESA, UC, PIP, JSA, SSP and others).",
        [
            .coded("code", .sensitive, "Which."),
            Row("text", .text, .sensitive, "In words."),
            Row("at", .partialDate, .sensitive, "When it was so."),
        ])
}
