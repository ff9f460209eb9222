/// What the person agreed to, and files that came with the referral.
extension RecordType {
    /// Consent is for a class of recipient. Absent means no; `neverTo` wins over all else.
    static let consent = RecordType(
        "Consent", "One decision of the person for one class of recipient.",
        [
            Row("scope", .choice(.consentScope), .required, .open, "What it is about.").holding(
                .invalid, .unmapped, .many),
            Row("decision", .choice(.consentDecision), .required, .personal, "What the person decided.")
                .onFailure(missing: .use("not-asked")).holding(.invalid, .unmapped, .many, neverAssuming: "yes"),
            Row("givenBy", .choice(.consentGivenBy), .recommended, .personal, "Who decided."),
            .coded("method", from: .consentMethod, .personal, "How it was given."),
            Row("at", .date, .recommended, .personal, "When.").holding(.invalid, .many),
            Row("starts", .date, .personal, "The first day on which it holds.").holding(.invalid, .many),
            Row("expires", .date, .personal, "The last day on which it holds.").holding(.invalid, .many),
            Row("evidence", .text, .personal, "Where it is recorded, or why it was not sought. PRSB: Consent."),
            Row("sharedWith", .choice(.recipientClass), list: true, .personal, "Only these classes of recipient."),
            Row("neverTo", .choice(.recipientClass), list: true, .personal, "Never these classes of recipient.")
                .holding(.invalid, .unmapped),
            Row(
                "purpose", .token, list: true, .open,
                "What for, as sent (HL7 PurposeOfUse). `GOV` is never taken as a yes."),
            .coded("basis", .open, "The legal basis as sent, such as direct care (BaRS `DRC`)."),
        ])

    static let document = RecordType(
        "Document", "A file that came with the referral.",
        [
            Row("contentType", .token, .recommended, .open, "Media type."),
            Row("title", .text, .recommended, .personal, "Title."),
            .coded("type", .open, "What kind of document it is."),
            Row("author", .text, .personal, "Who wrote it."),
            Row("date", .partialDate, .open, "When it was written."),
            Row("size", .integer(0...Int.max), .open, "Size in bytes."),
            Row("sha256", .token, .open, "SHA-256 of its bytes, in hexadecimal."),
            .coded("confidentiality", from: .confidentiality, .open, "Who may see it (HL7 Confidentiality).")
                .onFailure(invalid: .quarantine, unmapped: .quarantine),
            Row("reference", .token, .open, "Where it can be fetched."),
            Row("sourceId", .token, .open, "The sender's identifier of it."),
            Row("description", .text, .sensitive, "What it holds, in words."),
        ])
}
