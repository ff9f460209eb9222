/// What was tried, what changed, and what happened about work.
extension RecordType {
    static let course: [Row] = [
        Row(
            "clinicalSummary", .text, .recommended, .sensitive,
            "What came of it and what difference it made; required when support has ended. PRSB: Clinical summary."),
        Row(
            "supportOffered", .group(support), list: true, .sensitive,
            "What was offered, with what did not work. PRSB: Services and care."),
        Row(
            "contacts", .group(contact), list: true, .personal,
            "When the person was seen. PRSB: Contacts with professionals."),
        Row(
            "goals", .group(goalOutcome), list: true, .personal,
            "How far the person's goals have come. PRSB: Goals and hopes."),
        Row(
            "measures", .group(measure), list: true, .sensitive,
            "Scales, first and last, so that change is seen. PRSB: Assessments."),
    ]

    private static let support = RecordType(
        "SupportOffered", "Support that was offered.",
        [
            .coded("code", .recommended, .sensitive, "SNOMED CT ^1373511000000107."),
            Row("text", .text, .required, .sensitive, "In words."),
            Row("service", .text, .personal, "By which service."),
            Row("from", .partialDate, .personal, "Since when."),
            Row("to", .partialDate, .personal, "Until when."),
            Row("helped", .choice(.helped), .recommended, .personal, "Whether it helped, as the person says."),
            Row("note", .text, .sensitive, "What else to know."),
        ])

    private static let contact = RecordType(
        "OutcomeContact", "One time the person was seen or spoken to, or was tried to be reached.",
        [
            Row("at", .partialDate, .required, .personal, "When."),
            Row("method", .text, .personal, "How."),
            Row("seenBy", .text, .personal, "By whom."),
            Row("outcome", .text, .sensitive, "What came of it."),
        ])

    private static let goalOutcome = RecordType(
        "GoalOutcome", "How far a goal has come.",
        [
            Row("goalRef", .token, .open, "Which goal of the referral: its place, counted from 0, or its text's id."),
            Row("domain", .choice(.goalDomain), .recommended, .personal, "Which part of life it is about."),
            Row("text", .text, .required, .personal, "The goal, in words."),
            .coded("status", from: .goalStatus, .recommended, .personal, "How far it has come. PRSB: Goal status."),
            Row("outcome", .text, .sensitive, "What came of it. PRSB: Outcome."),
            Row("importanceFirst", .integer(1...10), .personal, "How much it mattered at first; 10 is most."),
            Row("importanceNow", .integer(1...10), .personal, "How much it matters now."),
        ])

    private static let measure = RecordType(
        "Measure", "A scale, first and last.",
        [
            Row("scale", .text, .required, .open, "Its name, such as ONS4 or SWEMWBS."),
            .coded("code", .open, "The scale (SNOMED CT < 273249006, LOINC)."),
            Row("first", .group(score), .sensitive, "The first score."),
            Row("last", .group(score), .sensitive, "The last score."),
            Row("unit", .token, .open, "The unit (UCUM)."),
        ])

    private static let score = RecordType(
        "Score", "A score at one time.",
        [
            Row("score", .token, .required, .sensitive, "The score as written."),
            Row("at", .partialDate, .recommended, .sensitive, "When."),
        ])

    // MARK: Work

    static let outcomeWork = RecordType(
        "OutcomeWork", "Work at the time of the referral and now, and what happened between.",
        [
            .coded(
                "statusAtReferral", from: .employmentStatus, .recommended, .personal,
                "Employment status when the person was referred; no later status takes its place."),
            .coded("statusNow", from: .employmentStatus, .recommended, .personal, "Employment status now."),
            Row("goalFirst", .choice(.workGoal), .personal, "What the person wanted at first."),
            Row("goalNow", .choice(.workGoal), .personal, "What the person wants now."),
            Row(
                "events", .group(event), list: true, .recommended, .personal,
                "What happened, each with its day; added to, never overwritten."),
            Row(
                "qualityNow", .group(quality), list: true, .personal, "How good the work is, as the person rates it."),
        ])

    private static let event = RecordType(
        "WorkEvent", "Something that happened about work.",
        [
            Row("kind", .choice(.workEvent), .required, .personal, "What."),
            Row("at", .date, .required, .personal, "When; for `none` and `unknown` when that was so."),
            Row("hoursPerWeek", .integer(0...168), .personal, "Hours a week, whole ones."),
            Row("paid", .boolean, .personal, "Whether it is paid."),
            Row("payBelowMinimum", .boolean, .sensitive, "Whether the pay is below the National Living Wage."),
            Row("pay", .text, .sensitive, "The pay as the person stated it."),
            Row("definition", .choice(.workDefinition), .open, "Whose rule was used to call it an outcome."),
            Row("sustainedWeeks", .integer(0...5200), .personal, "How many weeks it has lasted."),
            Row("sustainedTo", .date, .personal, "The last day on which it was known to last."),
            Row("retainedAt13", .choice(.retained), .personal, "Whether the person was in work after 13 weeks."),
            Row("retainedAt26", .choice(.retained), .personal, "Whether the person was in work after 26 weeks."),
            Row("note", .text, .sensitive, "What else to know."),
        ])

    private static let quality = RecordType(
        "WorkQuality", "One dimension of job quality, rated by the person.",
        [
            Row("dimension", .choice(.workQuality), .required, .personal, "Which."),
            Row("rating", .integer(1...5), .required, .personal, "How good it is; 5 is best."),
        ])
}
