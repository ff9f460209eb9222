/// The person referred and the people around them.
extension RecordType {
    static let person = RecordType(
        "Person", "The person referred.",
        [
            Row(
                "nhsNumber", .group(nhsNumber), .recommended, .personal,
                "The NHS number and how sure it is. PRSB: NHS number."
            )
            .onFailure(missing: .warn).holding(.invalid, .many),
            Row(
                "localIds", .group(localID), list: true, .recommended, .personal,
                "Identifiers other than the NHS number. PRSB: Other identifier."),
            Row("name", .group(name), .required, .personal, "The person's name. PRSB: Person name.").holding(.many),
            Row("birthDate", .date, .required, .personal, "Date of birth, always whole. PRSB: Date of birth.")
                .holding(.invalid, .many),
            .coded("gender", from: .gender, .recommended, .personal, "The gender the person states. PRSB: Gender."),
            .coded("sex", from: .sex, .recommended, .personal, "Sex at registration. PRSB: Sex."),
            .coded("ethnicity", .recommended, .sensitive, "NHS Data Dictionary ethnic category. PRSB: Ethnicity."),
            .coded(
                "language", .recommended, .personal,
                "Preferred language (BCP 47 or SNOMED CT). PRSB: Preferred language."),
            Row(
                "interpreter", .boolean, .recommended, .personal,
                "Whether an interpreter is needed; absent when not known."),
            .coded("pronoun", .personal, "How the person wishes to be referred to. PRSB: Pronoun."),
            .coded("religion", .sensitive, "Religion or belief. PRSB: Religion."),
            .coded(
                "carerStatus", from: .carerStatus, .personal,
                "Whether the person cares or is cared for. PRSB: Carer status."),
            Row(
                "addresses", .group(address), list: true, .recommended, .personal,
                "Where the person can be found. PRSB: Person address."),
            Row(
                "telecoms", .group(telecom), list: true, .recommended, .personal,
                "How the person can be reached. PRSB: Contact details."),
            Row(
                "preferredContact", .choice(.contactMethod), .personal,
                "How the person wants to be reached. PRSB: Preferred contact method."),
            Row(
                "contacts", .group(contact), list: true, .personal,
                "Relatives, carers and others. PRSB: Relevant contacts."),
            Row("education", .text, .personal, "School or college attended. PRSB: Educational establishment."),
            Row("deathDate", .partialDate, .sensitive, "Date of death, where the sender gives one."),
            Row("immigration", .group(immigration), .sensitive, "Immigration status. PRSB: Immigration status."),
        ])

    private static let nhsNumber = RecordType(
        "NHSNumber", "An NHS number and how sure it is.",
        [
            Row("value", .token, .required, .personal, "Ten digits with a valid check digit (modulus 11).").holding(
                .invalid, .many),
            Row(
                "status", .choice(.nhsNumberStatus), .recommended, .personal,
                "How sure it is. PRSB: NHS number status indicator."
            )
            .onFailure(missing: .use("unknown")).holding(.invalid, .unmapped, .many, neverAssuming: "verified"),
        ])

    private static let localID = RecordType(
        "LocalIdentifier", "An identifier given by one organisation.",
        [
            Row("value", .token, .required, .personal, "The identifier.").onFailure(invalid: .warn),
            Row("assigner", .token, .open, "Who gave it: a URI, an OID or a name."),
            Row("type", .token, .open, "What kind it is, such as a hospital number."),
        ])

    static let name = RecordType(
        "PersonName", "A person's name.",
        [
            Row("family", .text, .required, .personal, "Family name. PRSB: Person family name.").holding(.many),
            Row("given", .text, list: true, .recommended, .personal, "Given names in order. PRSB: Person first name."),
            Row("prefix", .text, .personal, "Title. PRSB: Person title."),
            Row("suffix", .text, .personal, "What follows the name. PRSB: Person suffix."),
            Row("preferred", .text, .personal, "What the person likes to be called. PRSB: Person preferred name."),
            Row("text", .text, .personal, "The whole name as sent, where it came in one piece."),
            Row("use", .choice(.nameUse), .open, "What the name is for (FHIR R4 NameUse)."),
        ])

    static let address = RecordType(
        "Address", "An address.",
        [
            Row("use", .choice(.addressUse), .open, "What the address is for. PRSB: Address type."),
            Row("lines", .text, list: true, .personal, "House, street and locality. PRSB: Address lines 1 to 5."),
            Row("city", .text, .personal, "Town or city."),
            Row("district", .text, .personal, "District or county."),
            Row("postcode", .token, .personal, "Postcode in upper case with one space. PRSB: Postcode."),
            Row("country", .text, .personal, "Country."),
            Row("uprn", .token, .personal, "Unique property reference number, at most 12 digits."),
            Row("text", .text, .personal, "The whole address as sent, where it came in one piece."),
        ])

    static let telecom = RecordType(
        "Telecom", "A telephone number, e-mail address or the like.",
        [
            Row(
                "system", .choice(.telecomSystem), .recommended, .open, "What kind it is (FHIR R4 ContactPointSystem)."),
            Row("value", .token, .required, .personal, "The number or address.").onFailure(invalid: .warn),
            Row("use", .choice(.telecomUse), .open, "What it is for (FHIR R4 ContactPointUse)."),
            Row("rank", .integer(1...99), .open, "Order of preference; 1 is tried first."),
            Row("okToText", .choice(.answer), .personal, "Whether text messages may be sent.")
                .holding(.many, neverAssuming: "yes"),
            Row("okToLeaveMessage", .choice(.answer), .personal, "Whether a message may be left.")
                .holding(.many, neverAssuming: "yes"),
        ])

    private static let contact = RecordType(
        "Contact", "Somebody close to the person.",
        [
            .coded("relationship", .recommended, .personal, "What they are to the person."),
            Row("name", .group(name), .personal, "Their name."),
            Row("telecoms", .group(telecom), list: true, .personal, "How they can be reached."),
            Row("addresses", .group(address), list: true, .personal, "Where they can be found."),
            Row("rank", .integer(1...99), .open, "Order in which to try; 1 is first."),
            Row("carer", .boolean, .personal, "Whether they care for the person."),
            Row("nextOfKin", .boolean, .personal, "Whether they are next of kin."),
            Row("note", .text, .personal, "What else to know."),
        ])

    private static let immigration = RecordType(
        "Immigration", "Immigration status.",
        [
            .coded("status", .recommended, .sensitive, "The status, including no recourse to public funds."),
            Row("from", .partialDate, .sensitive, "Since when."),
            Row("to", .partialDate, .sensitive, "Until when."),
            Row("note", .text, .sensitive, "What else to know."),
        ])
}
