/// Those who refer and those who are asked.
extension RecordType {
    static let gpPractice = RecordType(
        "GPPractice", "A GP practice.",
        [
            Row("odsCode", .token, .required, .open, "ODS code. PRSB: GP practice identifier."),
            Row("name", .text, .recommended, .open, "Name of the practice."),
            Row("gpName", .text, .personal, "The GP. PRSB: GP name."),
            Row(
                "optOut", .boolean, .personal,
                "Whether the person is registered with no practice by choice. PRSB: opt-out indicator."),
            Row("address", .group(address), .open, "Where the practice is."),
            Row("contact", .group(telecom), list: true, .open, "How the practice can be reached."),
        ])

    static let referrer = RecordType(
        "Referrer", "Who refers.",
        [
            Row("name", .text, .required, .personal, "Name. PRSB: Referrer name."),
            .coded("role", .recommended, .open, "Role. PRSB: Referrer role."),
            Row("team", .text, .open, "Team or service. PRSB: Service."),
            Row("odsCode", .token, .required, .open, "ODS code of the organisation. PRSB: Organisation."),
            Row("organisation", .text, .recommended, .open, "Name of the organisation. PRSB: Organisation."),
            Row(
                "professionalIds", .group(professionalID), list: true, .personal,
                "GMC, GMP, NMC, SDS and other identifiers."),
            Row(
                "contact", .group(telecom), list: true, .recommended, .personal,
                "How the referrer can be reached. PRSB: Contact details."),
            Row("address", .group(address), .open, "Where the organisation is."),
        ])

    static let professionalID = RecordType(
        "ProfessionalIdentifier", "An identifier of a practitioner.",
        [
            Row("system", .token, .recommended, .open, "Who gives it, as a URI."),
            Row("value", .token, .required, .personal, "The identifier.").onFailure(invalid: .warn),
        ])

    static let service = RecordType(
        "Service", "A service that is asked.",
        [
            Row("serviceId", .token, .open, "Identifier of the service in our directory or the sender's."),
            Row("dosId", .token, .open, "Identifier in the Directory of Services."),
            Row("hsdsId", .token, .open, "Identifier in an Open Referral (HSDS) directory."),
            Row("odsCode", .token, .recommended, .open, "ODS code of the organisation. PRSB: Organisation."),
            Row("name", .text, .recommended, .open, "Name of the service. PRSB: Service."),
            Row("organisation", .text, .open, "Name of the organisation. PRSB: Organisation."),
            Row("practitioner", .text, .personal, "Name of the person asked. PRSB: Referral to, name."),
            Row("endpoint", .token, .open, "Where its messages go."),
            Row("contact", .group(telecom), list: true, .open, "How it can be reached. PRSB: Contact details."),
            Row("address", .group(address), .open, "Where it is."),
        ])

    static let returnTo = RecordType(
        "ReturnTo", "Where answers go.",
        [
            Row("name", .text, .recommended, .personal, "Who should get the answer."),
            Row("odsCode", .token, .recommended, .open, "ODS code of the organisation."),
            Row("endpoint", .token, .open, "Where its messages go."),
            Row("contact", .group(telecom), list: true, .personal, "How they can be reached."),
        ])
}
