/// Why the person is referred, what they need and what they want.
extension RecordType {
    static let reason = RecordType(
        "Reason", "Why the person is referred.",
        [
            Row("text", .text, .required, .sensitive, "In words. PRSB: Reason for referral."),
            .coded("codes", list: true, .recommended, .sensitive, "In codes, each with what was sent."),
            Row(
                "personStatement", .text, .sensitive,
                "In the person's own words. PRSB: Presenting complaints, person's statement."),
        ])

    static let need = RecordType(
        "Need", "Something the person needs help with.",
        [
            .coded(
                "code", .recommended, .sensitive, "SNOMED CT ^1373501000000105, or a code of our own list of needs."),
            Row("text", .text, .recommended, .sensitive, "In words."),
            Row("importance", .integer(1...10), .personal, "How much it matters to the person; 10 is most."),
            Row("statedBy", .choice(.statedBy), .recommended, .open, "Who said so."),
            Row("at", .partialDate, .personal, "Since when, or when it was noted."),
        ])

    static let goal = RecordType(
        "Goal", "Something the person wants to reach.",
        [
            Row("domain", .choice(.goalDomain), .recommended, .personal, "Which part of life it is about."),
            .coded("code", .personal, "The goal as a code."),
            Row("text", .text, .recommended, .personal, "In words. PRSB: Goals and hopes."),
            Row(
                "importance", .integer(1...10), .personal,
                "How much it matters to the person; 10 is most. PRSB: Importance."),
            Row(
                "confidence", .integer(1...10), .personal,
                "How sure the person is to reach it; 10 is most. PRSB: Confidence."),
            Row("targetDate", .partialDate, .personal, "By when."),
            .coded("status", from: .goalStatus, .personal, "How far it has come. PRSB: Goal status."),
            Row("statedBy", .choice(.statedBy), .recommended, .open, "Who said so."),
            Row("agreedWith", .text, .personal, "Who agreed to it. PRSB: Agreed with."),
        ])

    static let plan = RecordType(
        "PlannedAction", "Something the referrer suggests or asks for.",
        [
            .coded("code", .recommended, .personal, "The support or action; SNOMED CT ^1373511000000107."),
            Row("text", .text, .recommended, .personal, "In words. PRSB: Actions."),
            Row("who", .text, .personal, "Who should do it."),
            Row("when", .text, .personal, "When."),
        ])

    static let section = RecordType(
        "Section", "A section of a letter as written.",
        [
            Row("title", .text, .recommended, .open, "The heading."),
            .coded("code", .open, "What kind of section it is."),
            Row("text", .text, .required, .sensitive, "What it says.").onFailure(missing: .omit, invalid: .warn),
        ])
}
