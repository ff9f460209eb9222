/// Risks, safeguarding, needs in order to take part, and what the person wants known.
extension RecordType {
    static let risk = RecordType(
        "Risk", "A risk, or the statement that none is known.",
        [
            Row("none", .boolean, .sensitive, "True: it was asked and no risk is known.")
                .holding(.invalid, .unmapped, .many, neverAssuming: "true"),
            .coded("code", .sensitive, "The risk as a code; SNOMED CT < 281694009.").holding(.invalid, .unmapped),
            Row("text", .text, .recommended, .sensitive, "In words.").holding(.invalid),
            Row("note", .text, .sensitive, "What else to know.").holding(.invalid),
            Row("start", .partialDate, .sensitive, "Since when.").holding(.invalid),
            Row("end", .partialDate, .sensitive, "Until when.").holding(.invalid),
        ])

    static let safeguarding = RecordType(
        "Safeguarding", "A safeguarding concern, or the statement that there is none.",
        [
            Row("concern", .choice(.answer), .sensitive, "Whether there is one. PRSB: Safeguarding indicator.")
                .holding(.invalid, .unmapped, .many, neverAssuming: "no"),
            .coded("code", .sensitive, "The concern; SNOMED CT ^999002381000000108.").holding(.invalid, .unmapped),
            Row("text", .text, .recommended, .sensitive, "In words.").holding(.invalid),
            Row("start", .partialDate, .sensitive, "Since when."),
            Row("end", .partialDate, .sensitive, "Until when."),
            Row("withholdFromPerson", .boolean, .sensitive, "Whether the person must not see it.")
                .holding(.invalid, .unmapped, .many, neverAssuming: "false"),
        ])

    static let accessibility = RecordType(
        "Accessibility", "What the person needs in order to take part.",
        [
            Row(
                "reasonableAdjustments", .group(requirement), list: true, .sensitive,
                "Reasonable adjustments. PRSB: Adjustment."),
            Row(
                "impairments", .group(requirement), list: true, .sensitive,
                "Impairments; SNOMED CT ^999002121000000109."),
            Row("mobility", .group(requirement), list: true, .sensitive, "Mobility; SNOMED CT ^999002551000000108."),
            Row(
                "communication", .group(requirement), list: true, .sensitive,
                "Ways to communicate. PRSB: Accessible information."),
            Row("transport", .choice(.answer), .personal, "Whether transport is needed."),
            Row("advocate", .choice(.answer), .personal, "Whether an advocate is needed."),
            Row("other", .text, .sensitive, "What else is needed. PRSB: Other requirements."),
        ])

    private static let requirement = RecordType(
        "IndividualRequirement", "One thing that is needed.",
        [
            .coded("code", .recommended, .sensitive, "As a code."),
            Row("text", .text, .sensitive, "In words."),
        ])

    static let aboutMe = RecordType(
        "AboutMe", "What the person wants people to know.",
        [
            Row("text", .text, .personal, "Everything in one piece."),
            Row("mostImportant", .text, .personal, "PRSB: What is most important to me."),
            Row("people", .text, .personal, "PRSB: People who are important to me."),
            Row("communication", .text, .personal, "PRSB: How I communicate and how to communicate with me."),
            Row("wellness", .text, .sensitive, "PRSB: My wellness."),
            Row("doAndDont", .text, .personal, "PRSB: Please do and please don't."),
            Row("support", .text, .personal, "PRSB: How and when to support me."),
            Row("worthKnowing", .text, .personal, "PRSB: Also worth knowing about me."),
            Row("supportedBy", .text, .personal, "PRSB: Supported to write this by."),
            Row("media", .token, .personal, "PRSB: link to pictures or film."),
            Row("strengths", .text, list: true, .personal, "What the person brings. PRSB: Strengths."),
        ])
}
