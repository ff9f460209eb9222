/// What names and forms of values suggest about canonical fields: one row for each field that can be guessed at.
struct FieldGuess: Sendable {
    /// The canonical field.
    var field: String
    /// Names of elements, attributes or members that mean it, in lower case, letters and digits only.
    var names: [String]
    /// Words of which one must stand in a name around it; any place will do when there are none.
    var within: [String] = []
    /// Words of which none may stand in a name around it.
    var notWithin: [String] = []
    /// The kinds its values must be able to be; any when there are none.
    var kinds: [ValueKind] = []
    /// What the rule says beside `from`.
    var rest = ""
    /// What a person should look at.
    var remark: String?

    static let others = [
        "contact", "carer", "kin", "referrer", "refer", "practitioner", "clinician", "doctor", "gp", "practice",
        "sender", "recipient", "service", "author", "reply", "consent",
    ]
    static let referrers = [
        "referrer", "referring", "referredby", "requester", "clinician", "practitioner", "author", "sender",
    ]
    static let practices = ["practice", "surgery", "gp", "registered"]
    static let people = ["patient", "person", "client", "subject", "name", "demographic"]

    static let all: [FieldGuess] = [
        FieldGuess(
            field: "person.nhsNumber", names: ["nhsnumber", "nhsno", "nhs", "nhsnum", "nhsnr", "nhsid"],
            kinds: [.nhsNumber],
            rest: "as: nhs-number, missing: warn, invalid: quarantine"),
        FieldGuess(
            field: "person.name.family",
            names: ["surname", "familyname", "family", "lastname", "sname", "surn", "lname"], notWithin: others),
        FieldGuess(
            field: "person.name.given",
            names: [
                "forename", "forenames", "firstname", "givenname", "givennames", "given", "fname", "forenm", "gname",
            ], notWithin: others),
        FieldGuess(
            field: "person.name.prefix", names: ["title", "prefix", "salutation"], within: people, notWithin: others),
        FieldGuess(
            field: "person.name.preferred",
            names: ["knownas", "preferredname", "nickname", "calledname", "likestobecalled"], notWithin: others),
        FieldGuess(
            field: "person.birthDate",
            names: ["dob", "dateofbirth", "birthdate", "birthday", "born", "birthdt", "bdate"],
            kinds: [.dateUK, .dateISO, .dateDashed, .dateNamed, .dateCompact], rest: "as: date"),
        FieldGuess(field: "person.sex", names: ["sex"], rest: "as: code", remark: "give it a table"),
        FieldGuess(
            field: "person.gender", names: ["gender"], rest: "as: code",
            remark: "give it a table; say `sex` if it is sex at registration"),
        FieldGuess(
            field: "person.ethnicity", names: ["ethnicity", "ethnicgroup", "ethniccategory", "ethnicorigin"],
            rest: "as: code"),
        FieldGuess(
            field: "person.addresses.postcode", names: ["postcode", "postalcode", "pcode", "pc", "pstcode", "zip"],
            notWithin: others,
            kinds: [.postcode], rest: "as: postcode"),
        FieldGuess(field: "person.addresses.city", names: ["town", "city", "posttown"], notWithin: others),
        FieldGuess(
            field: "person.addresses.lines",
            names: [
                "line", "line1", "addressline", "addressline1", "address1", "street", "addr1", "add1", "addrline1",
            ], notWithin: others),
        FieldGuess(
            field: "person.addresses.lines",
            names: ["line2", "addressline2", "address2", "locality", "addr2", "add2", "addrline2"],
            notWithin: others),
        FieldGuess(
            field: "person.telecoms.phone",
            names: [
                "phone", "telephone", "tel", "telno", "mobile", "mob", "mobno", "mobtel", "hometel", "mobileno",
                "mobilephone", "mobilenumber", "hometelephone", "homephone",
                "phonenumber", "telephonenumber",
            ], notWithin: others, kinds: [.phone]),
        FieldGuess(
            field: "person.telecoms.email", names: ["email", "emailaddress", "mail"], notWithin: others, kinds: [.email]
        ),
        FieldGuess(
            field: "referrer.odsCode", names: ["ods", "odscode", "organisationcode", "orgcode", "practicecode"],
            within: referrers, kinds: [.odsCode], rest: "as: ods-code"),
        FieldGuess(
            field: "gpPractice.odsCode",
            names: [
                "ods", "odscode", "practicecode", "practiceods", "gpcode", "practiceid", "practice", "surgerycode",
            ], kinds: [.odsCode], rest: "as: ods-code"),
        FieldGuess(field: "gpPractice.name", names: ["practicename", "surgeryname", "surgery"]),
        FieldGuess(field: "gpPractice.name", names: ["name"], within: practices),
        FieldGuess(
            field: "referrer.name",
            names: ["referrername", "referrer", "referredby", "referringclinician", "clinicianname", "from"]),
        FieldGuess(field: "referrer.name", names: ["name", "fullname"], within: referrers),
        FieldGuess(
            field: "referrer.organisation", names: ["organisation", "organization", "org", "organisationname"],
            within: referrers),
        FieldGuess(
            field: "referrer.contact.phone", names: ["phone", "telephone", "tel"], within: referrers, kinds: [.phone]),
        FieldGuess(
            field: "referrer.contact.email", names: ["email", "emailaddress"], within: referrers, kinds: [.email]),
        FieldGuess(
            field: "urgency", names: ["priority", "urgency", "urgent"], rest: "as: code, missing: { use: routine }",
            remark: "give it a table"),
        FieldGuess(
            field: "referredAt",
            names: [
                "referred", "referredat", "referraldate", "referraldatetime", "datereferred", "dateofreferral",
                "referredon", "created", "createdat", "authoredon",
            ], kinds: [.dateTime, .dateTimeUK, .timestamp], rest: "as: date-time"),
        FieldGuess(
            field: "sentAt", names: ["sent", "sentat", "senton", "timestamp"],
            kinds: [.dateTime, .dateTimeUK, .timestamp], rest: "as: date-time"),
        FieldGuess(field: "source.messageId", names: ["messageid", "msgid", "messageidentifier"]),
        FieldGuess(
            field: "source.referralId",
            names: ["referralid", "referralnumber", "referralreference", "ubrn", "reference", "ref"]),
        FieldGuess(
            field: "reason.text",
            names: ["reason", "reasonforreferral", "referralreason", "presentingproblem", "reasontext"]),
        FieldGuess(
            field: "reason.personStatement", names: ["ownwords", "inownwords", "patientswords", "personstatement"]),
        FieldGuess(
            field: "work.statement", names: ["workgoal", "employmentgoal", "workstatement", "workaspiration", "work"],
            kinds: [.text]),
        FieldGuess(field: "work.statement", names: ["statement", "text"], within: ["work", "employment"]),
        FieldGuess(field: "aboutMe.text", names: ["aboutme", "whatmatters", "whatmatterstome"]),
    ]

    /// Names of repeated things that are needs.
    static let needNames = [
        "need", "needs", "problem", "problems", "concern", "concerns", "issue", "issues", "supportneed", "supportneeds",
    ]
    /// Names that must not pass unread.
    static let watchWords = ["risk", "safeguard", "harm", "allerg", "violence"]
}
