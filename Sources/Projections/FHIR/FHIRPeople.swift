import Referrals

/// The person, those who refer and those who are asked.
extension FHIRMessage {
    // MARK: The person

    mutating func addPerson() {
        let practice = addPractice()
        guard let person = referral.part("person") else {
            add("Patient", nil, ["extension": practice.extensions, "generalPractitioner": practice.reference])
            return
        }
        let number = person.part("nhsNumber").flatMap { Self.nhsNumber($0) }
        let localIDs = person.parts("localIds").map { Self.localID($0) }
        let names = Self.names(of: person.part("name"))
        let (birthDate, deathDate) = (person.text("birthDate"), person.text("deathDate"))
        let addresses = person.parts("addresses").map { $0.address() }
        let telecoms = person.contactPoints("telecoms")
        let contacts = person.parts("contacts").map { Self.contact($0) }
        let language = person.part("language").flatMap { $0.codeableConcept() }
        let gender = person.part("gender")
        let administrativeGender = gender?.peek("code").map { Self.administrativeGender($0) }
        let extensions = Self.extensions(of: person, gender: gender)
        add(
            "Patient", nil,
            [
                "extension": Element.joined(extensions, person.rest(), practice.extensions),
                "identifier": .items([number] + localIDs), "name": .items(names), "telecom": telecoms,
                "gender": .text(administrativeGender), "birthDate": .text(birthDate),
                "deceasedDateTime": .text(deathDate), "address": .items(addresses), "contact": .items(contacts),
                "communication": language.map { .list([.object([("language", $0), ("preferred", .bare("true"))])]) },
                "generalPractitioner": practice.reference,
            ])
    }

    private static func nhsNumber(_ number: Part) -> Element? {
        let status = number.text("status").map { status -> Element in
            let code = ukCoreStatus[status]
            let coding = Terms.coding(
                code == nil ? Terms.ownNHSNumberStatus : Terms.nhsNumberStatus, code ?? status)
            return .object([
                ("url", .text(Terms.ukCore + "NHSNumberVerificationStatus")),
                ("valueCodeableConcept", .object([("coding", .list([coding]))])),
            ])
        }
        return .members([
            "extension": .items([status]), "system": .text(Terms.nhsNumber), "value": .text(number.text("value")),
        ])
    }

    /// UK Core NHSNumberVerificationStatus by our words; for "unverified" and "unknown" it has none.
    private static let ukCoreStatus = [
        "verified": "number-present-and-verified", "present-not-traced": "number-present-but-not-traced",
        "trace-needed": "trace-required", "trace-failed": "trace-attempted-no-match-or-multiple-match-found",
        "trace-unresolved": "trace-needs-to-be-resolved", "trace-in-progress": "trace-in-progress",
        "not-needed": "number-not-present-and-trace-not-required", "trace-postponed": "trace-postponed",
    ]

    private static func localID(_ identifier: Part) -> Element? {
        let assigner = identifier.text("assigner")
        let isURI = assigner.map { Terms.isURI($0) } ?? false
        return .members([
            "type": identifier.text("type").map { .object([("text", .text($0))]) },
            "system": isURI ? .text(assigner) : nil, "value": .text(identifier.text("value")),
            "assigner": isURI ? nil : .members(["display": .text(assigner)]),
        ])
    }

    /// The name, and what the person likes to be called as a nickname.
    private static func names(of name: Part?) -> [Element?] {
        guard let name else { return [] }
        let preferred = name.text("preferred").map { nickname -> Element in
            .object([("use", "nickname"), ("given", .list([.text(nickname)]))])
        }
        // A nickname is told from the name by its use, so the name itself has another.
        let use = name.text("use").map { $0 == "nickname" ? "usual" : $0 }
        return [name.humanName(use: use), preferred]
    }

    /// FHIR R4 AdministrativeGender; the gender as it was stated stands beside it.
    private static func administrativeGender(_ code: String) -> String {
        switch code {
        case "female", "male": code
        case "non-binary", "other", "indeterminate": "other"
        default: "unknown"
        }
    }

    private static func extensions(of person: Part, gender: Part?) -> [Element?] {
        let sex = person.part("sex")
        let birthSex = sex?.peek("code").map { code -> Element in
            let codes = ["male": "M", "female": "F", "indeterminate": "I"]
            return ukCore("BirthSex", Terms.concept(Terms.birthSex, codes[code] ?? "U"))
        }
        let ethnicity = person.part("ethnicity")?.codeableConcept().map { ukCore("EthnicCategory", $0) }
        let religion = person.part("religion")?.codeableConcept().map { hl7("patient-religion", $0) }
        let interpreter = person.text("interpreter").map { needed -> Element in
            .object([
                ("url", .text(Terms.hl7Structure + "patient-interpreterRequired")), ("valueBoolean", .bare(needed)),
            ])
        }
        return [
            birthSex, ethnicity, religion, interpreter,
            Terms.named("gender", "valueCodeableConcept", gender?.codeableConcept()),
            Terms.named("sex", "valueCodeableConcept", sex?.codeableConcept()),
        ]
    }

    private static func ukCore(_ name: String, _ concept: Element) -> Element {
        .object([("url", .text(Terms.ukCore + name)), ("valueCodeableConcept", concept)])
    }

    private static func hl7(_ name: String, _ concept: Element) -> Element {
        .object([("url", .text(Terms.hl7Structure + name)), ("valueCodeableConcept", concept)])
    }

    /// R4 gives a contact one address; further ones are extensions.
    private static func contact(_ contact: Part) -> Element? {
        let rank = contact.text("rank").map { rank -> Element in
            .object([("url", .text(Terms.ukCore + "ContactRank")), ("valuePositiveInt", .bare(rank))])
        }
        let relationship = contact.part("relationship")?.codeableConcept()
        let (name, telecoms) = (contact.part("name")?.humanName(), contact.contactPoints("telecoms"))
        let addresses = contact.parts("addresses").map { $0.address() }
        let further = addresses.dropFirst().map { Terms.named("address", "valueAddress", $0) }
        return .members([
            "extension": Element.joined([rank] + further, contact.rest()), "relationship": .items([relationship]),
            "name": name, "telecom": telecoms, "address": addresses.first.flatMap { $0 },
        ])
    }

    // MARK: Organisations

    /// The practice the person is registered with. The name of the GP, and that the person wants none, stand with the person.
    private mutating func addPractice() -> (reference: Element?, extensions: Element?) {
        guard let practice = referral.part("gpPractice") else { return (nil, nil) }
        let (identifier, name) = (practice.odsIdentifier(), practice.text("name"))
        let (address, telecom) = (practice.part("address")?.address(), practice.contactPoints("contact"))
        let own = [
            Terms.named("gp-name", "valueString", .text(practice.text("gpName"))),
            Terms.named("gp-opt-out", "valueBoolean", practice.text("optOut").map { .bare($0) }),
        ]
        let extensions = Element.joined(own, practice.rest())
        guard identifier != nil || name != nil || address != nil || telecom != nil else { return (nil, extensions) }
        let reference = add(
            "Organization", "GPPractice",
            ["identifier": identifier, "name": .text(name), "telecom": telecom, "address": .items([address])])
        return (.list([reference]), extensions)
    }

    mutating func addReferrer() {
        guard let referrer = referral.part("referrer") else { return }
        let name = referrer.text("name")
        let identifiers = referrer.parts("professionalIds").map { id in
            Element.members(["system": .text(id.text("system")), "value": .text(id.text("value"))])
        }
        let practitioner = add(
            "Practitioner", "ReferringPractitioner",
            ["identifier": .items(identifiers), "name": name.map { .list([.object([("text", .text($0))])]) }])
        let organisation = add(
            "Organization", "ReferringOrganisation",
            [
                "identifier": referrer.odsIdentifier(), "name": .text(referrer.text("organisation")),
                "address": .items([referrer.part("address")?.address()]),
            ])
        let (role, contact) = (referrer.part("role")?.codeableConcept(), referrer.contactPoints("contact"))
        add(
            "PractitionerRole", "Referrer",
            [
                "extension": referrer.rest(), "practitioner": practitioner, "organization": organisation,
                "code": .items([role]), "telecom": contact,
            ])
    }

    mutating func addServices() {
        for service in referral.parts("referredTo") {
            let identifiers = [(Terms.dosID, "dosId"), (Terms.serviceID, "serviceId"), (Terms.hsdsID, "hsdsId")]
                .map { system, name in service.text(name).map { Terms.identifier(system, $0) } }
            let name = service.text("name")
            let organisation = addOrganisation(of: service)
            let location = service.part("address")?.address().map { address in
                add("Location", nil, ["address": address])
            }
            let contact = service.contactPoints("contact")
            add(
                "HealthcareService", nil,
                [
                    "extension": service.rest(), "identifier": .items(identifiers), "providedBy": organisation,
                    "location": .items([location]), "name": .text(name), "telecom": contact,
                ])
        }
    }

    private mutating func addOrganisation(of service: Part) -> Element? {
        let (identifier, name) = (service.odsIdentifier(), service.text("organisation"))
        guard identifier != nil || name != nil else { return nil }
        return add("Organization", "ServiceOrganisation", ["identifier": identifier, "name": .text(name)])
    }
}
