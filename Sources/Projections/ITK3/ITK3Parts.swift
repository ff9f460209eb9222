import Referrals

/// Pieces that the message and its document share.
extension ITK3Document {
    /// The identifier of a resource, whether it is made already or not.
    func id(_ role: String) -> String {
        StableID.uuid(namespace: "linkway/itk3-document", name: Array("\(context.messageID)|\(role)".utf8))
    }

    func entry(_ id: String, _ type: String, _ members: [XMLNode?]) -> XMLNode {
        .of("entry", [.value("fullUrl", "urn:uuid:" + id), .of("resource", [.of(type, members)])])
    }

    func reference(_ name: String, _ role: String) -> XMLNode {
        .of(name, [.value("reference", "urn:uuid:" + id(role))])
    }

    func identifier(_ system: String, _ value: String) -> XMLNode {
        .of("identifier", [.value("system", system), .value("value", value)])
    }

    func identifier(_ uuid: String) -> XMLNode { .of("identifier", Self.uuid(uuid)) }

    static func uuid(_ value: String) -> [XMLNode?] { [.value("system", ITK3Terms.uuid), .value("value", value)] }

    static func profile(_ url: String) -> XMLNode { .of("meta", [.value("profile", url)]) }

    static func coding(_ name: String, _ system: String?, _ code: String?, _ display: String?) -> XMLNode {
        .of(name, [.value("system", system), .value("code", code), .value("display", display)])
    }

    func narrative(_ content: [XMLNode?]) -> XMLNode {
        .of(
            "text",
            [
                .value("status", "generated"),
                .element("div", [("xmlns", "http://www.w3.org/1999/xhtml")], content.compactMap { $0 }),
            ])
    }

    // MARK: People

    /// The person as the referral names them, since the practice knows them by that; else as the outcome does.
    private var person: Part? { context.about.flatMap { Part($0).part("person") } ?? record.part("person") }

    private var gpPractice: Part? {
        record.part("gpPractice") ?? context.about.flatMap { Part($0).part("gpPractice") }
    }

    /// Enough to know the person by, and no more: where they live and how to reach them the practice has.
    func patient() -> [XMLNode?] {
        let person = person
        let number = person?.part("nhsNumber")
        let status = number?.text("status").flatMap { ITK3Terms.verification[$0] }
        return [
            .value("id", id("Patient")), Self.profile(ITK3Terms.careConnect + "CareConnect-Patient-1"),
            number?.text("value").map { value in
                .of(
                    "identifier",
                    [
                        status.map { code in
                            .extending(
                                ITK3Terms.careConnect + "Extension-CareConnect-NHSNumberVerificationStatus-1",
                                [
                                    .of(
                                        "valueCodeableConcept",
                                        [Self.coding("coding", ITK3Terms.verificationSystem, code, nil)])
                                ])
                        }, .value("system", ITK3Terms.nhsNumber), .value("value", value),
                    ])
            },
            person?.part("name").flatMap(name),
            .value("gender", gender(person)), .value("birthDate", person?.text("birthDate")),
            gpPractice == nil ? nil : reference("generalPractitioner", "Practice"),
        ]
    }

    private func name(_ name: Part) -> XMLNode? {
        .of(
            "name",
            [.value("use", "official"), .value("text", name.text("text")), .value("family", name.text("family"))]
                + name.texts("given").map { .value("given", $0) } + name.texts("prefix").map { .value("prefix", $0) })
    }

    /// FHIR's AdministrativeGender, for the codes of the NHS Data Dictionary and its like.
    private func gender(_ person: Part?) -> String? {
        switch person?.part("gender")?.text("code") {
        case "1", "male": "male"
        case "2", "female": "female"
        case "9", "other": "other"
        case nil: nil
        default: "unknown"
        }
    }

    private func telecom(_ part: Part) -> XMLNode? {
        .of(
            "telecom",
            [
                .value("system", part.text("system")), .value("value", part.text("value")),
                .value("use", part.text("use")),
            ]
        )
    }

    var hasAuthor: Bool { outcome.text("from.name") != nil }

    func author() -> [XMLNode?] {
        let role = outcome.text("from.role").map { " (\($0))" } ?? ""
        return [
            .value("id", id("Author")), Self.profile(ITK3Terms.careConnect + "CareConnect-Practitioner-1"),
            .of("name", [.value("text", (outcome.text("from.name") ?? "") + role)]),
        ]
    }

    func custodian() -> [XMLNode?] {
        let from = record.part("from")
        return [
            .value("id", id("Custodian")), Self.profile(ITK3Terms.careConnect + "CareConnect-Organization-1"),
            from?.text("odsCode").map { identifier(ITK3Terms.odsCode, $0) }, .value("name", from?.text("organisation")),
        ] + (from?.parts("contact") ?? []).map(telecom)
    }

    /// The practice the person is registered with.
    func practice() -> [XMLNode?]? {
        guard let practice = gpPractice else { return nil }
        return [
            .value("id", id("Practice")), Self.profile(ITK3Terms.careConnect + "CareConnect-Organization-1"),
            practice.text("odsCode").map { identifier(ITK3Terms.odsCode, $0) }, .value("name", practice.text("name")),
        ]
    }

    // MARK: The page

    /// An NHS number as it is written for people: 3, 3 and 4 digits.
    private static func spaced(_ number: String) -> String {
        "\(number.prefix(3)) \(number.dropFirst(3).prefix(3)) \(number.dropFirst(6))"
    }

    /// HTML without anything that could run or be fetched; all text in it is escaped.
    func page() -> [UInt8] {
        let who = OutcomeLetter.joined([
            person?.part("name").map { name in
                OutcomeLetter.joined([
                    name.text("family")?.uppercased(), name.texts("given").joined(separator: " "),
                ])
            } ?? "", person?.text("birthDate").map { "born \($0)" },
            person?.part("nhsNumber")?.text("value").map { "NHS number " + Self.spaced($0) },
        ])
        let from = OutcomeLetter.joined([
            outcome.text("from.name"), outcome.text("from.role"), outcome.text("from.organisation"),
        ])
        let body: [XMLNode] =
            [.of("h1", [.text(Self.title)]), .of("p", [.text(who)])]
            + [.of("p", [.text("From \(from), \(outcome.text("at") ?? "")")])]
            + sections.flatMap { section -> [XMLNode] in
                [.of("h2", [.text(section.title)]), .of("ul", section.lines.map { .of("li", XMLNode.lines($0)) })]
            }
        var output = Array("<!DOCTYPE html>".utf8)
        XMLNode.element(
            "html", [("lang", "en")],
            [
                .of("head", [.element("meta", [("charset", "utf-8")], []), .of("title", [.text(Self.title)])]),
                .of("body", body),
            ]
        ).write(into: &output)
        return output
    }
}

/// Every system and url that `itk3-document` writes; docs/itk3-document.md lists them.
enum ITK3Terms {
    static let itk = "https://fhir.nhs.uk/STU3/StructureDefinition/"
    static let careConnect = "https://fhir.hl7.org.uk/STU3/StructureDefinition/"
    static let messageEvent = "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2"
    static let recipientType = "https://fhir.nhs.uk/STU3/CodeSystem/ITK-RecipientType-1"
    static let priority = "https://fhir.nhs.uk/STU3/CodeSystem/ITK-Priority-1"
    static let sendDocument =
        "https://fhir.nhs.uk/STU3/MessageDefinition/ITK-GPConnectSendDocument-MessageDefinition-1"
    static let uuid = "https://tools.ietf.org/html/rfc4122"
    static let nhsNumber = "https://fhir.nhs.uk/Id/nhs-number"
    static let odsCode = "https://fhir.nhs.uk/Id/ods-organization-code"
    static let snomed = "http://snomed.info/sct"
    static let verificationSystem =
        "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1"
    /// CareConnect's codes by our words; it has none for unverified and unknown.
    static let verification = [
        "verified": "01", "present-not-traced": "02", "trace-needed": "03", "trace-failed": "04",
        "trace-unresolved": "05", "trace-in-progress": "06", "not-needed": "07", "trace-postponed": "08",
    ]
}
