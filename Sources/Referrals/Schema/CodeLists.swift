/// The closed lists of `referral/1` that are about the referral as a whole and the person.
///
/// "Not asked", "prefer not to say", "no" and "unknown" are four different answers and stay so.
extension CodeList {
    public static let schema = CodeList("schema", ["referral/1": "the first version of the canonical referral"])

    public static let status = CodeList(
        "status",
        [
            "draft": "being written; must not be acted on",
            "active": "asks for something to be done",
            "revoked": "withdrawn by the referrer or the person",
            "error": "should never have been sent",
            "completed": "what was asked for has been done",
            "superseded": "replaced by a later version",
        ])

    public static let kind = CodeList(
        "kind",
        [
            "new": "a referral not sent before",
            "update": "replaces what an earlier message said of the same referral",
            "cancellation": "withdraws an earlier referral",
        ])

    public static let urgency = CodeList(
        "urgency",
        [
            "routine": "in the usual order",
            "soon": "before routine referrals",
            "urgent": "at once",
            "dated": "by the date given",
        ])

    /// HL7 Confidentiality, and the GP2GP mark that the person must not see an entry.
    public static let confidentiality = CodeList(
        "confidentiality",
        [
            "N": "normal: those who give care may see it",
            "R": "restricted: fewer people than usual",
            "V": "very restricted: only those named",
            "NOPAT": "must not be shown to the person",
        ])

    /// An answer to a question put to the person.
    public static let answer = CodeList(
        "answer",
        [
            "yes": "yes",
            "no": "no",
            "not-asked": "the question was not put",
            "prefer-not-to-say": "the person was asked and would rather not answer",
            "unknown": "it is not known",
        ])

    /// NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE (01–08), in words.
    public static let nhsNumberStatus = CodeList(
        "nhs-number-status",
        [
            "verified": "present and verified (01)",
            "present-not-traced": "present but not traced (02)",
            "trace-needed": "trace required (03)",
            "trace-failed": "trace attempted, no match or several (04)",
            "trace-unresolved": "trace needs to be resolved (05)",
            "trace-in-progress": "trace in progress (06)",
            "not-needed": "number not present and trace not required (07)",
            "trace-postponed": "trace postponed, baby under six weeks (08)",
            "unverified": "nobody says that it is verified",
            "unknown": "it is not known whether it is verified",
        ])

    public static let gender = CodeList(
        "gender",
        [
            "female": "female",
            "male": "male",
            "non-binary": "non-binary",
            "other": "another gender",
            "indeterminate": "indeterminate (NHS Data Dictionary 9)",
            "not-asked": "the question was not put",
            "prefer-not-to-say": "the person was asked and would rather not answer",
            "unknown": "it is not known",
        ])

    public static let sex = CodeList(
        "sex",
        [
            "female": "female",
            "male": "male",
            "indeterminate": "cannot be classified as either (NHS Data Dictionary 9)",
            "not-asked": "the question was not put",
            "prefer-not-to-say": "the person was asked and would rather not answer",
            "unknown": "it is not known",
        ])

    public static let carerStatus = CodeList(
        "carer-status",
        [
            "carer": "the person cares for somebody (SNOMED CT 224484003)",
            "has-carer": "somebody cares for the person",
            "carer-and-has-carer": "both",
            "no": "neither",
            "not-asked": "the question was not put",
            "prefer-not-to-say": "the person was asked and would rather not answer",
            "unknown": "it is not known",
        ])

    /// FHIR R4 NameUse.
    public static let nameUse = CodeList(
        "name-use",
        [
            "usual": "the name the person goes by", "official": "the registered name", "temp": "for a time",
            "nickname": "a nickname", "anonymous": "a name made up to protect the person", "old": "no longer used",
            "maiden": "before marriage",
        ])

    /// FHIR R4 AddressUse, and PRSB's correspondence address.
    public static let addressUse = CodeList(
        "address-use",
        [
            "home": "where the person lives", "work": "where the person works", "temp": "for a time",
            "old": "no longer used", "billing": "for bills", "correspondence": "for letters",
        ])

    /// FHIR R4 ContactPointSystem.
    public static let telecomSystem = CodeList(
        "telecom-system",
        [
            "phone": "telephone", "sms": "text messages", "email": "e-mail", "fax": "fax", "pager": "pager",
            "url": "web address", "other": "another way",
        ])

    /// FHIR R4 ContactPointUse.
    public static let telecomUse = CodeList(
        "telecom-use",
        [
            "home": "at home", "work": "at work", "mobile": "carried by the person", "temp": "for a time",
            "old": "no longer used",
        ])

    public static let contactMethod = CodeList(
        "contact-method",
        [
            "phone": "telephone call", "sms": "text message", "email": "e-mail", "letter": "letter",
            "in-person": "face to face", "video": "video call", "through-carer": "through a carer or relative",
            "other": "another way",
        ])

    public static let statedBy = CodeList(
        "stated-by",
        [
            "person": "the person, in their own words",
            "representative": "somebody who speaks for the person",
            "referrer": "the one who refers",
            "link-worker": "the link worker",
            "unknown": "it is not known who said it",
        ])

    public static let goalDomain = CodeList(
        "goal-domain",
        [
            "work": "work, paid or not", "health": "health and wellbeing", "connection": "company and belonging",
            "housing": "a home", "money": "money and debt", "learning": "learning and skills",
            "activity": "being active",
            "caring": "caring for others", "safety": "being safe", "other": "something else",
        ])

    /// SNOMED CT ^999000091000000107 (goal status), in words.
    public static let goalStatus = CodeList(
        "goal-status",
        [
            "proposed": "not yet agreed", "agreed": "agreed and not begun", "in-progress": "being worked on",
            "on-hold": "paused", "achieved": "reached", "partly-achieved": "reached in part",
            "not-achieved": "not reached", "abandoned": "given up", "unknown": "it is not known",
        ])
}
