extension FindingCatalogue {
    /// Findings of the rules on the canonical referral and of reading it from JSON. A profile decides how grave each is.
    static let rules: [Entry] = identityRules + partyRules + contentRules + consentRules + canonicalJSON

    private static let identityRules: [Entry] = [
        Entry(
            "nhs-number-missing", .warning, "the referral has no NHS number",
            why: "without it the receiver must find the person by name and date of birth, and may find another",
            help: "add the NHS number to the person's record before sending, or trace it"),
        Entry(
            "nhs-number-invalid", .quarantine, "the NHS number fails its check digit",
            why: "a digit is wrong or two are swapped, so it belongs to nobody or to somebody else",
            help: "compare it with the person's record and send the referral again; it is never put right by guessing"),
        Entry(
            "nhs-number-contradicted", .quarantine, "the NHS number is said to be verified and fails its check digit",
            why:
                "a number that cannot exist cannot have been verified; trusting it could put this in another person's record",
            help: "ask the sender to trace the person again"),
        Entry(
            "nhs-number-unverified", .quarantine, "nobody says that the NHS number is verified",
            why: "it may have been typed in or read out, and was not checked against the national register",
            help: "trace the person before the number is relied on"),
        Entry(
            "nhs-number-untraced", .warning, "the NHS number has not been traced",
            why: "its status says that tracing is still to be done, failed, or is not known",
            help: "trace the person before the number is relied on"),
        Entry(
            "nhs-number-test", .warning, "the NHS number is one made for tests",
            why: "numbers that begin with 9 are given to nobody; a test message may have reached a live system",
            help: "check that the sender meant this for a test system"),
        Entry(
            "second-nhs-number", .quarantine, "another identifier of the person is an NHS number, and a different one",
            why: "one of the two may be somebody else's, or the system of the identifier was not recognised",
            help: "compare both with the person's record and send the right one alone"),
        Entry(
            "name-missing", .error, "the person has no family name",
            why: "a link worker cannot ask for a person without a name",
            help: "send the name, or map it if the document has one"),
        Entry(
            "name-incomplete", .quarantine, "the person has no given name",
            why: "the PRSB standard asks for family and given name",
            help: "send the given name, or map it if the document has one"),
        Entry(
            "birth-date-missing", .error, "the person has no date of birth",
            why: "name and date of birth together tell one person from another",
            help: "send the date of birth, or map it if the document has one"),
        Entry(
            "birth-date-invalid", .error, "the date of birth is not a whole date that exists",
            why: "year, month and day are needed, and the day must be in the calendar",
            help: "correct the date in the person's record and send the referral again"),
        Entry(
            "birth-date-future", .error, "the date of birth is in the future",
            why: "day and month may be swapped, or the century is wrong",
            help: "correct the date in the person's record and send the referral again"),
        Entry(
            "birth-date-unlikely", .quarantine, "the date of birth is more than 125 years ago",
            why: "it is probably a stand-in such as 1900-01-01",
            help: "correct the date in the person's record and send the referral again"),
    ]

    private static let partyRules: [Entry] = [
        Entry(
            "practice-missing", .quarantine, "the person's GP practice is not named by its ODS code",
            why: "answers go back to the practice, and the standard asks for it",
            help: "send the practice's ODS code, or say that the person is registered with none"),
        Entry(
            "referrer-ods-missing", .quarantine, "the referrer's organisation is not named by its ODS code",
            why: "without it nobody can be sure who refers",
            help: "send the ODS code of the referring organisation"),
        Entry(
            "ods-code-invalid", .quarantine, "an ODS code is not written as ODS codes are",
            why: "an ODS code is 3 to 12 capital letters and digits; a wrong one sends the referral to the wrong place",
            help: "look the organisation up in the ODS directory and correct the code"),
        Entry(
            "referrer-is-recipient", .quarantine, "the referrer and the service asked are the same organisation",
            why: "the two may have been swapped, or the referral never left the practice",
            help: "check who is asked; switch this check off for routes inside one organisation"),
        Entry(
            "referrer-incomplete", .warning, "the referrer's name, organisation or contact is missing",
            why: "the link worker must be able to ask back",
            help: "send the missing part, or map it if the document has one"),
        Entry(
            "recipient-missing", .warning, "the referral does not say which service is asked",
            why: "the standard asks for it; a route may know it from elsewhere",
            help: "send the service, or set it in the mapping"),
        Entry(
            "reason-missing", .warning, "the referral does not say why",
            why: "the link worker would meet the person knowing nothing",
            help: "send a reason, or map it if the document has one"),
        Entry(
            "uprn-invalid", .warning, "a property reference number is not 1 to 12 digits",
            why: "the number would name no property",
            help: "correct or remove the UPRN"),
    ]

    private static let contentRules: [Entry] = [
        Entry(
            "risk-not-stated", .warning, "the referral names no risk and does not say that there is none",
            why: "silence may mean that nobody asked; the one who visits needs to know",
            help: "state the risks, or state that none is known"),
        Entry(
            "risk-contradiction", .quarantine, "the referral says that no risk is known, and names one",
            why: "whoever reads only the first would go without knowing of the risk",
            help: "ask the sender which is right"),
        Entry(
            "work-not-recorded", .warning, "the referral does not say whether work was asked about",
            why: "work is a goal to be heard from the first message; `not asked` and `not now` are answers too",
            help: "send what the person said about work, or that it was not asked"),
        Entry(
            "benefit-indicator", .warning, "the referral names benefits the person receives",
            why: "such facts could be used to make support conditional, so they leave only with the person's own yes",
            help: "nothing need be done; they are taken out on every route that has no consent for them"),
        Entry(
            "confidentiality-restricted", .warning, "the referral or a document is marked as restricted",
            why: "fewer people than usual may see it",
            help: "send it only on routes that are cleared for it"),
        Entry(
            "safeguarding-present", .warning, "the referral has a safeguarding entry",
            why: "it is taken out on routes that are not cleared for it",
            help: "check that those who need to know are told"),
        Entry(
            "attachment-type-missing", .warning, "an attachment does not say what type of file it is",
            why: "a receiver cannot tell whether it can open the file safely",
            help: "send the media type, such as `application/pdf`"),
        Entry(
            "attachment-type-refused", .quarantine,
            "an attachment is of a type that is not on the list of allowed types",
            why: "receivers may be unable to open it, or to open it safely",
            help: "send it as PDF, plain text or a picture"),
        Entry(
            "attachment-active", .quarantine, "an attachment can run as a program",
            why: "scripts, macros and programs have no place in a referral and can do harm",
            help: "send it as PDF, without macros"),
        Entry(
            "attachment-too-large", .quarantine, "an attachment is larger than 20 MB",
            why: "practice systems refuse larger documents",
            help: "send a smaller file, or a link to it"),
        Entry(
            "template-mark", .error, "a value still holds a mark that a template should have replaced",
            why: "the sending system filled in its form only in part; a name or number may be missing",
            help: "mend the template in the sending system and send the referral again"),
        Entry(
            "code-system-missing", .warning, "a code does not say which code system it is from",
            why: "the same code means different things in different systems",
            help: "set the system in the mapping or the code table"),
        Entry(
            "code-system-unknown", .warning, "a code is from a system that is not known here",
            why: "it may be misspelt, and receivers may not understand it",
            help: "check the spelling of the system, or map the code to a known one"),
        Entry(
            "snomed-code-invalid", .warning, "a SNOMED CT code fails its check digit",
            why: "a digit is wrong or missing; spreadsheets round long codes",
            help: "correct the code in the sending system or the code table"),
    ]

    private static let consentRules: [Entry] = [
        Entry(
            "consent-missing", .error, "the referral does not say that the person agreed to it",
            why: "a referral may be passed on only with the person's consent for that kind of recipient; silence is no",
            help: "ask the person, record the answer and send the referral again"),
        Entry(
            "consent-refused", .error, "the person did not agree, or took their consent back",
            why: "a no is a respected answer",
            help: "do not send it to this kind of recipient"),
        Entry(
            "consent-expired", .error, "the person's consent has run out",
            why: "it was given for a time that is over",
            help: "ask the person again"),
        Entry(
            "consent-out-of-time", .quarantine, "a yes of the person is not in force today",
            why: "its last day is past or its first day has not come, so it is no yes now",
            help: "ask the person again, or wait until it begins"),
        Entry(
            "consent-not-recorded", .warning, "the referral holds nothing about consent",
            why: "it cannot be passed on by any route that needs consent",
            help: "send what the person decided, or map it if the document has it"),
        Entry(
            "consent-for-government", .warning,
            "a consent is given for the purpose of government and counts for nothing here",
            why: "it must not be read as a yes to telling a body that may make benefits conditional",
            help: "record the person's own answer for each kind of recipient"),
    ]

    private static let canonicalJSON: [Entry] = [
        Entry(
            "canonical-not-an-object", .error, "an object was expected here",
            why: "this field is a group of fields", help: "write it as `{ … }`"),
        Entry(
            "canonical-not-a-list", .error, "a list was expected here",
            why: "this field may hold several items, and is a list even with one", help: "write it as `[ … ]`"),
        Entry(
            "canonical-wrong-type", .error, "the value is not of this field's type",
            why: "text stands in quotes, numbers and true or false without",
            help: "look the field up in docs/canonical-referral.md"),
        Entry(
            "canonical-unknown-field", .error, "the canonical referral has no such field",
            why: "a misspelt field would be lost without a word", help: "look the name up in docs/canonical-referral.md"
        ),
        Entry(
            "canonical-code-unknown", .error, "the value is not one of the codes this field may have",
            why: "the list is closed, so that every receiver understands every code",
            help: "look the codes up in docs/canonical-referral.md"),
        Entry(
            "canonical-value-invalid", .error, "the value is not written as this field must be",
            why: "dates, times, identifiers and numbers have one form each",
            help: "dates are `yyyy-MM-dd`, times RFC 3339 with an offset, UUIDs in lower case; numbers have a range"),
        Entry(
            "canonical-value-empty", .error, "a field is empty",
            why: "absent fields are left out, so that empty never has to be told from absent",
            help: "leave the field out"),
        Entry(
            "canonical-field-missing", .error, "a field that every canonical referral has is missing",
            why: "schema, id, status, kind and source are set on every referral",
            help: "add the field"),
    ]
}
