/// The canonical referral `referral/1`, unrolled once.
extension Schema {
    /// Every field of the canonical referral. The rows stand in the files beside this one, one for each part.
    public static let referral = Schema("referral/1", root: .referral)
}

extension RecordType {
    /// The whole. Rows are written in this order.
    static let referral = RecordType(
        "Referral", "One referral of one person to social prescribing.",
        envelope + [
            Row("source", .group(.source), .required, .open, "What it was made from."),
            Row("person", .group(.person), .required, .personal, "The person referred. PRSB: Person demographics.")
                .holding(.many),
            Row(
                "gpPractice", .group(.gpPractice), .recommended, .open,
                "The practice the person is registered with. PRSB: GP practice."),
            Row("referrer", .group(.referrer), .recommended, .personal, "Who refers. PRSB: Referral details."),
            Row(
                "referredTo", .group(.service), list: true, .recommended, .open,
                "Who is asked. PRSB: Referral details, referral to."),
            Row(
                "returnTo", .group(.returnTo), .open,
                "Where answers go; the referrer's practice when absent. PRSB: Return response to."),
            Row(
                "reason", .group(.reason), .recommended, .sensitive,
                "Why the person is referred. PRSB: Referral details, reason for referral."),
            Row(
                "needs", .group(.need), list: true, .recommended, .sensitive,
                "What the person needs help with. PRSB: Needs, concerns or problems."),
            Row(
                "goals", .group(.goal), list: true, .recommended, .personal,
                "What the person wants to reach. PRSB: Goals and hopes."),
            Row(
                "work", .group(.work), .recommended, .personal,
                "Work as a goal that is heard. PRSB has no place for it; it projects to Goals and hopes."),
            Row(
                "risks", .group(.risk), list: true, .recommended, .sensitive, "Risks, or an explicit none. PRSB: Risks."
            ),
            Row(
                "safeguarding", .group(.safeguarding), list: true, .recommended, .sensitive,
                "Safeguarding concerns. PRSB: Safeguarding."),
            Row(
                "accessibility", .group(.accessibility), .recommended, .sensitive,
                "What the person needs in order to take part. PRSB: Individual requirements."),
            Row(
                "aboutMe", .group(.aboutMe), .recommended, .personal,
                "What the person wants people to know. PRSB: About me."),
            Row(
                "assessments", .group(.assessment), list: true, .sensitive,
                "Scales and questionnaires. PRSB: Assessments."),
            Row(
                "clinicalContext", .group(.clinicalContext), .sensitive,
                "Health matters that bear on the referral. PRSB: Problem list, Clinical summary."),
            Row(
                "socialContext", .group(.socialContext), .sensitive, "The person's circumstances. PRSB: Social context."
            ),
            Row(
                "planSuggested", .group(.plan), list: true, .recommended, .personal,
                "What the referrer suggests. PRSB: Plan and requested actions."),
            Row(
                "consent", .group(.consent), list: true, .recommended, .personal,
                "What the person agreed to, for each class of recipient. PRSB: Consent."),
            Row("documents", .group(.document), list: true, .personal, "Files that came with it."),
            Row(
                "sections", .group(.section), list: true, .sensitive,
                "Sections of a letter as written, so that nothing of it is lost."),
        ])

    private static let envelope: [Row] = [
        Row("schema", .choice(.schema), .required, .open, "The version of this model; always `referral/1`.")
            .alwaysFilled(),
        Row("id", .uuid, .required, .open, "Our identifier of the referral.").alwaysFilled().onFailure(
            many: .quarantine),
        Row("previousIds", .token, list: true, .open, "Other identifiers the referral has had, such as a UBRN."),
        Row("setId", .token, .open, "What all versions of one referral share (CDA setId)."),
        Row("version", .integer(0...999_999_999), .open, "Which version of the set it is; higher replaces lower."),
        Row("status", .choice(.status), .required, .open, "Where the request stands (FHIR R4 RequestStatus).")
            .alwaysFilled(),
        Row("kind", .choice(.kind), .required, .open, "Whether it is new, an update or a cancellation.").alwaysFilled(),
        .coded(
            "urgency", from: .urgency, .recommended, .open, "How soon the person should be seen.", code: .required,
            and: [
                Row("date", .date, .open, "With `dated`: by when.")
            ]),
        .coded(
            "confidentiality", from: .confidentiality, .open,
            "Who may see it (HL7 Confidentiality). Restricts onward routes."
        )
        .onFailure(invalid: .quarantine, unmapped: .quarantine),
        Row("referredAt", .instant, .recommended, .open, "When the referral was made. PRSB: Referral details, date."),
        Row("sentAt", .instant, .open, "When the message was sent."),
        Row("journeyId", .token, .open, "What all messages about one episode share."),
        Row("correlationId", .token, .open, "What the sender uses to join request and answer."),
    ]

    static let source = RecordType(
        "Source", "What the referral was made from.",
        [
            Row("format", .token, .required, .open, "The kind of document, such as `bars` or `itk-cda`.")
                .alwaysFilled(),
            Row("mapping", .token, .required, .open, "The mapping and its version, such as `itk-cda@1`.")
                .alwaysFilled(),
            Row("system", .token, .open, "The sending system."),
            Row("endpoint", .token, .open, "The sender's address."),
            Row("mailbox", .token, .open, "The MESH mailbox it came from."),
            Row("messageId", .token, .open, "The sender's identifier of the message."),
            Row("trackingId", .token, .open, "The transport's identifier (ITK trackingid)."),
            Row("requestId", .token, .open, "The identifier of the request (X-Request-Id)."),
            Row("referralId", .token, .open, "The sender's own identifier of the referral."),
            Row("setId", .token, .open, "The sender's identifier of all versions of the referral."),
            Row("version", .token, .open, "The version as the sender wrote it."),
            Row("event", .token, .open, "The event named in the message header."),
            Row("sha256", .token, .required, .open, "SHA-256 of the bytes received, in hexadecimal.").alwaysFilled(),
        ])
}
