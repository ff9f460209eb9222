/// The canonical outcome `outcome/1`: what a service tells of a referral it was given, and what it wants said back.
///
/// The shape is the "message back" of PRSB Social Prescribing v1.1 (Plan and requested actions first), with the life of a
/// referral as BaRS and FHIR Task name it, and work as dated events that nothing overwrites.
extension Schema {
    public static let outcome = Schema("outcome/1", root: .outcome)
}

extension RecordType {
    /// The whole. Rows are written in this order.
    static let outcome = RecordType(
        "Outcome", "What came of one referral, as the service that got it tells it.",
        envelope + requested + course + [
            Row("work", .group(outcomeWork), .personal, "What happened about work; never a condition of support."),
            Row(
                "signposts", .group(signpost), list: true, .personal,
                "Where the person was pointed to. No referral is made of it. PRSB: Signpost details."),
            Row(
                "onward", .group(onward), list: true, .personal,
                "Referrals made from here; each has an id of its own and the same journey."),
            Row("safeguarding", .group(.safeguarding), list: true, .sensitive, "PRSB: Safeguarding."),
            Row(
                "risks", .group(.risk), list: true, .recommended, .sensitive,
                "Risks, or an explicit none; required when support was reviewed or has ended. PRSB: Risks."),
            Row(
                "consent", .group(.consent), list: true, .recommended, .personal,
                "What the person decided since; a refusal here counts beside those of the referral."),
            Row(
                "shareWith", .choice(.consentScope), list: true, .recommended, .open,
                "The scopes of consent that let this outcome travel. Without one it goes nowhere."),
        ])

    private static let envelope: [Row] = [
        Row("schema", .choice(.outcomeSchema), .required, .open, "The version of this model; always `outcome/1`.")
            .alwaysFilled(),
        Row("id", .uuid, .required, .open, "The service's identifier of this outcome; the same again is a repeat.")
            .alwaysFilled(),
        Row("kind", .choice(.outcomeKind), .required, .open, "What it tells.").alwaysFilled(),
        Row("referralId", .token, .required, .open, "The `id` of the referral, as it was sent.").alwaysFilled(),
        Row(
            "inReplyTo", .token, .recommended, .open,
            "The key it was sent under: `Idempotency-Key`, `X-Request-Id`, `Bundle.id`, the name of the file in a queue."
        ),
        Row("journeyId", .token, .recommended, .open, "The journey of the referral, where it had one."),
        Row("at", .instant, .required, .open, "When this was so.").alwaysFilled(),
        Row("corrects", .uuid, .open, "With `correction`: the outcome that was wrong. It is kept all the same."),
        Row("from", .group(author), .required, .personal, "Who tells it.").alwaysFilled(),
        Row(
            "person", .group(.person), .personal,
            "The person, where the service says who it is: checked against the referral, and needed when that is no longer kept."
        ),
        Row("gpPractice", .group(.gpPractice), .open, "The practice the person is registered with now, if it changed."),
        Row("reasonCode", .token, .open, "Why, as a code: RRNA, FC or OTH of BaRS, or the service's own."),
        Row("reasonText", .text, .sensitive, "Why, in words."),
    ]

    private static let author = RecordType(
        "OutcomeAuthor", "Who tells an outcome.",
        [
            Row("name", .text, .recommended, .personal, "Name of the link worker or other person."),
            Row("role", .text, .recommended, .open, "What they are."),
            Row("organisation", .text, .required, .open, "Name of the organisation."),
            Row("odsCode", .token, .recommended, .open, "ODS code of the organisation, where it has one."),
            Row("contact", .group(.telecom), list: true, .recommended, .personal, "How they can be reached."),
        ])

    // MARK: Plan and requested actions

    private static let requested: [Row] = [
        Row(
            "requestsOfGp", .group(request), list: true, .required, .sensitive,
            "What the practice is asked to do, or an explicit none. Shown first. PRSB: Plan and requested actions."
        ).alwaysFilled(),
        Row(
            "actionsForProfessionals", .group(action), list: true, .sensitive,
            "What other professionals are asked to do. PRSB: Actions for professionals."),
        Row(
            "actionsForPerson", .group(action), list: true, .sensitive,
            "What the person means to do. PRSB: Actions for patient or carer."),
        Row("agreed", .group(agreement), .personal, "Whether it was agreed, and with whom. PRSB: Agreed with."),
    ]

    private static let request = RecordType(
        "RequestOfGP", "One thing the practice is asked to do, or the statement that nothing is.",
        [
            Row("none", .boolean, .open, "True: nothing is asked of the practice."),
            Row("text", .text, .sensitive, "What is asked, in words."),
            .coded("code", .sensitive, "What is asked, as a code."),
            Row("when", .text, .personal, "By when."),
        ])

    private static let action = RecordType(
        "OutcomeAction", "One thing somebody is to do.",
        [
            Row("text", .text, .required, .sensitive, "What."),
            .coded("code", .sensitive, "What, as a code; SNOMED CT ^1373511000000107."),
            Row("who", .text, .personal, "Who."),
            Row("when", .text, .personal, "When."),
        ])

    private static let agreement = RecordType(
        "Agreement", "Whether a plan was agreed.",
        [
            Row("person", .choice(.answer), .required, .personal, "Whether the person agreed."),
            Row("with", .text, list: true, .personal, "Who else agreed."),
            Row("note", .text, .personal, "What else to know."),
        ])

    private static let signpost = RecordType(
        "Signpost", "Where the person was pointed to.",
        [
            Row("at", .partialDate, .personal, "When."),
            Row("to", .text, .required, .personal, "To whom."),
            Row("reason", .text, .sensitive, "Why."),
        ])

    private static let onward = RecordType(
        "OnwardReferral", "A referral made from here.",
        [
            Row("referralId", .token, .recommended, .open, "Its own id."),
            Row("service", .text, .required, .personal, "To which service."),
            Row("at", .partialDate, .personal, "When."),
            Row("reason", .text, .sensitive, "Why."),
        ])
}
