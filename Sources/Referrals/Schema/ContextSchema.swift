/// Health, circumstances and measures that bear on the referral.
extension RecordType {
    static let assessment = RecordType(
        "Assessment", "A scale or questionnaire and its answers.",
        [
            Row("name", .text, .recommended, .open, "Its name."),
            .coded("code", .open, "The scale (SNOMED CT < 273249006, LOINC)."),
            Row("score", .token, .sensitive, "The score as written."),
            Row("unit", .token, .open, "The unit (UCUM)."),
            Row("date", .partialDate, .sensitive, "When."),
            Row("text", .text, .sensitive, "Comments."),
            Row("answers", .group(answer), list: true, .sensitive, "The answers one by one."),
        ])

    private static let answer = RecordType(
        "Answer", "One question and its answer.",
        [
            Row("linkId", .token, .open, "Which question (FHIR linkId)."),
            Row("question", .text, .recommended, .open, "The question."),
            Row("answer", .text, .recommended, .sensitive, "The answer in words."),
            .coded("code", .sensitive, "The answer as a code."),
        ])

    static let clinicalContext = RecordType(
        "ClinicalContext", "Health matters that bear on the referral.",
        [
            Row("summary", .text, .sensitive, "PRSB: Clinical summary."),
            Row("diagnoses", .group(condition), list: true, .sensitive, "PRSB: Problem list."),
            Row("observations", .group(observation), list: true, .sensitive, "Findings and measurements."),
            Row("medications", .group(medication), list: true, .sensitive, "Medicines that matter here."),
            Row("medicationNote", .text, .sensitive, "Medicines in one piece."),
            Row("allergies", .group(condition), list: true, .sensitive, "Allergies."),
            .coded("pregnancy", .sensitive, "PRSB: Pregnancy status."),
        ])

    private static let condition = RecordType(
        "Condition", "A condition, problem or allergy.",
        [
            .coded("code", .recommended, .sensitive, "As a code."),
            Row("text", .text, .sensitive, "In words."),
            Row("onset", .partialDate, .sensitive, "Since when."),
            Row("end", .partialDate, .sensitive, "Until when."),
            Row("status", .token, .sensitive, "Whether it is active, as sent."),
            Row("note", .text, .sensitive, "What else to know."),
        ])

    private static let observation = RecordType(
        "Observation", "A finding or measurement.",
        [
            .coded("code", .recommended, .sensitive, "What was observed."),
            Row("value", .text, .sensitive, "The value as written."),
            .coded("valueCode", .sensitive, "The value as a code."),
            Row("unit", .token, .sensitive, "The unit (UCUM)."),
            Row("at", .partialDate, .sensitive, "When."),
            Row("text", .text, .sensitive, "In words."),
        ])

    private static let medication = RecordType(
        "Medication", "A medicine.",
        [
            .coded("code", .sensitive, "The medicine (dm+d)."),
            Row("text", .text, .recommended, .sensitive, "In words."),
            Row("dosage", .text, .sensitive, "How it is taken."),
        ])

    static let socialContext = RecordType(
        "SocialContext", "The person's circumstances.",
        [
            Row(
                "household", .group(circumstance), list: true, .sensitive,
                "Who lives there; SNOMED CT ^1027891000000106."),
            Row("housing", .group(circumstance), list: true, .sensitive, "The home. PRSB: Accommodation status."),
            Row(
                "occupationHistory", .group(circumstance), list: true, .personal,
                "Work done so far. PRSB: Occupational history."),
            Row("education", .text, .personal, "PRSB: Educational history."),
            Row("dependants", .text, .sensitive, "PRSB: Dependants."),
            Row("lifestyle", .text, .sensitive, "PRSB: Lifestyle."),
            Row("smoking", .group(circumstance), list: true, .sensitive, "PRSB: Smoking."),
            Row("alcohol", .group(circumstance), list: true, .sensitive, "PRSB: Alcohol intake."),
            Row("drugs", .group(circumstance), list: true, .sensitive, "PRSB: Drug or substance use."),
            Row("circumstances", .text, .sensitive, "PRSB: Social circumstances."),
            Row(
                "services", .group(supportInPlace), list: true, .sensitive,
                "Help the person has already. PRSB: Services and care."),
            Row(
                "signposts", .group(supportInPlace), list: true, .sensitive,
                "Where the person was pointed to; no referral. PRSB: Signpost details."),
        ])

    private static let circumstance = RecordType(
        "Circumstance", "One thing about the person's circumstances.",
        [
            .coded("code", .recommended, .sensitive, "As a code."),
            Row("text", .text, .sensitive, "In words."),
            Row("from", .partialDate, .sensitive, "Since when."),
            Row("to", .partialDate, .sensitive, "Until when."),
        ])

    private static let supportInPlace = RecordType(
        "SupportInPlace", "A service or a place the person knows of.",
        [
            Row("name", .text, .recommended, .personal, "Who they are."),
            Row("text", .text, .sensitive, "What for."),
            Row("at", .partialDate, .sensitive, "Since when, or when."),
            Row("contact", .text, .personal, "How they can be reached."),
        ])
}
