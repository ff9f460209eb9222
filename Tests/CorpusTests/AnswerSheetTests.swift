import Foundation
import Mappings
import Testing

/// What NHS England's own adaptor made of a letter, against what we make of it, fact by fact.
///
/// Every value of the sheet stands in one of the two lists: equal to ours, or different for a reason. The table in
/// docs/packs.md says the same in words.
@Suite("Answer sheet", .enabled(if: Shared.hasCorpus))
struct AnswerSheetTests {
    /// The sheet's resources by type, in order.
    struct Sheet {
        let resources: [(type: String, facts: Facts)]

        init(_ bytes: [UInt8]) throws {
            let bundle = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            var found: [(String, Facts)] = []
            for entry in bundle["entry"] as? [[String: Any]] ?? [] {
                let resource = try #require(entry["resource"] as? [String: Any])
                found.append((try #require(resource["resourceType"] as? String), Facts(of: resource)))
            }
            var head = bundle
            head["entry"] = nil
            resources = [("Bundle", Facts(of: head))] + found.map { (type: $0.0, facts: $0.1) }
        }

        /// `Patient.name[0].family`; `Organization#2.name` is the third of its kind.
        subscript(path: String) -> String? {
            let parts = path.split(separator: ".", maxSplits: 1)
            let kind = parts[0].split(separator: "#")
            let same = resources.filter { $0.type == kind[0] }
            let number = kind.count > 1 ? Int(kind[1]) ?? 0 : 0
            return number < same.count ? same[number].facts[String(parts[1])] : nil
        }
    }

    /// Theirs and ours, and what makes one spelling of the other.
    static let equal: [(theirs: String, ours: String, how: @Sendable (String) -> String)] = [
        ("Bundle.identifier.value", "version", same),
        ("MessageHeader.id", "source.messageId", same),
        ("MessageHeader.timestamp", "sentAt", moment), ("Composition.date", "sentAt", moment),
        (
            "MessageHeader.destination[0].endpoint", "referredTo[0].endpoint",
            { $0.components(separatedBy: ":DOSServiceID:")[0] }
        ),
        (
            "MessageHeader.destination[0].endpoint", "referredTo[0].dosId",
            { $0.components(separatedBy: ":DOSServiceID:").last ?? "" }
        ),
        ("Encounter.identifier[0].value", "journeyId", same), ("Encounter.identifier[1].value", "correlationId", same),
        ("Composition.identifier.value", "setId", same), ("Consent.identifier.value", "setId", same),
        ("Composition.confidentiality", "confidentiality.code", same),
        ("Patient.name[0].family", "person.name.family", same),
        ("Patient.name[0].given[0]", "person.name.given[0]", same),
        ("Patient.gender", "person.gender.code", same), ("Patient.birthDate", "person.birthDate", same),
        ("Patient.language", "person.language.code", same),
        ("Patient.address[0].use", "person.addresses[0].use", same),
        ("Patient.address[0].line[0]", "person.addresses[0].lines[0]", same),
        ("Patient.address[0].line[1]", "person.addresses[0].lines[1]", same),
        ("Patient.address[0].postalCode", "person.addresses[0].postcode", same),
        ("Patient.address[1].line[0]", "person.addresses[1].lines[0]", same),
        ("Patient.address[1].line[1]", "person.addresses[1].lines[1]", same),
        ("Patient.address[1].postalCode", "person.addresses[1].postcode", same),
        ("Patient.telecom[0].system", "person.telecoms[0].system", same),
        ("Patient.telecom[0].value", "person.telecoms[0].value", number),
        ("Organization#2.identifier[0].value", "gpPractice.odsCode", same),
        ("Organization#2.name", "gpPractice.name", same),
        ("Organization#1.identifier[0].value", "gpPractice.odsCode", same),
        ("Organization#1.name", "gpPractice.name", same),
        ("Practitioner.name[0].text", "referrer.name", same),
        ("PractitionerRole.code[0].coding[0].system", "referrer.role.system", same),
        ("PractitionerRole.code[0].coding[0].code", "referrer.role.code", same),
        ("PractitionerRole.code[0].coding[0].display", "referrer.role.display", same),
        ("Organization#4.identifier[0].value", "referrer.odsCode", same),
        ("Organization#4.name", "referrer.organisation", same),
        ("ReferralRequest.status", "status", same), ("ReferralRequest.authoredOn", "referredAt", moment),
        ("HealthcareService.name", "referredTo[0].name", same),
        ("Organization#3.identifier[0].value", "referredTo[0].odsCode", same),
        ("Organization#3.name", "referredTo[0].name", same),
        ("Organization#3.type[0].coding[0].display", "referredTo[0].name", same),
        ("Practitioner#1.telecom[0].system", "referredTo[1].contact[0].system", same),
        ("Practitioner#1.telecom[0].value", "referredTo[1].contact[0].value", number),
        ("Practitioner#1.address[0].line[0]", "referredTo[1].address.lines[0]", same),
        ("Practitioner#1.address[0].line[1]", "referredTo[1].address.lines[1]", same),
        ("Practitioner#1.address[0].line[2]", "referredTo[1].address.lines[2]", same),
        ("Practitioner#1.address[0].line[3]", "referredTo[1].address.lines[3]", same),
        ("Practitioner#1.address[0].line[4]", "referredTo[1].address.lines[4]", same),
        ("Practitioner#1.address[0].postalCode", "referredTo[1].address.postcode", same),
        ("ProcedureRequest.code.coding[0].system", "planSuggested[0].code.system", same),
        ("ProcedureRequest.code.coding[0].code", "planSuggested[0].code.code", same),
        ("ProcedureRequest.code.coding[0].code", "urgency.original.code", same),
        ("ProcedureRequest.code.coding[0].display", "planSuggested[0].code.display", same),
        ("Observation.valueString", "reason.text", { words($0) }),
    ]

    /// What the sheet has and we have otherwise or not at all, by the shape of its path, with the reason.
    static let different: [(shapes: [String], reason: String)] = [
        (
            ["Bundle.resourceType", "Bundle.type", "Bundle.identifier.type.text", "Bundle.meta.lastUpdated"],
            "made by the adaptor"
        ),
        (
            [
                "MessageHeader.event.system", "MessageHeader.event.code", "MessageHeader.event.display",
                "MessageHeader.source.name",
                "MessageHeader.source.endpoint", "Device.model", "Device.version", "Device.id",
            ],
            "the adaptor's own name and event; ours is the sender's address and the service called"
        ),
        (
            ["MessageHeader.reason.coding.system", "MessageHeader.reason.coding.code"],
            "how the transport handles the envelope: ignored with that reason"
        ),
        (
            ["Encounter.period.start", "Encounter.period.end", "Consent.period.start", "Consent.period.end"],
            "when the call was taken: ignored with that reason"
        ),
        (
            [
                "Encounter.status", "Encounter.type.text", "Encounter.participant.type.coding.system",
                "Encounter.participant.type.coding.code", "Encounter.participant.type.coding.display",
                "Encounter.participant.type.text", "Encounter.location.status", "Encounter.identifier.system",
            ],
            "fixed words of the adaptor"
        ),
        (
            ["Organization.type.text", "Organization.type.coding.code", "Organization.active"],
            "what an organisation is to the letter: our fields say it by their names"
        ),
        (["Practitioner.active", "RelatedPerson.active", "Patient.active", "HealthcareService.active"], "always true"),
        (
            [
                "RelatedPerson.relationship.coding.system", "RelatedPerson.relationship.coding.code",
                "RelatedPerson.relationship.coding.display", "RelatedPerson.name.text", "RelatedPerson.telecom.system",
                "RelatedPerson.telecom.value", "RelatedPerson.gender",
            ],
            "the person spoke for themselves (code 21); nobody is their own relative or emergency contact"
        ),
        (
            ["Location.address.type", "Location.address.line", "Location.address.postalCode"],
            "the place of the call: ignored with that reason; the person's own addresses are read"
        ),
        (["Patient.address.type", "Practitioner.address.type"], "`PHYS` is our use `temp`: where they are for now"),
        (["Patient.name.use"], "the letter does not say that the name is the official one"),
        (
            ["ReferralRequest.priority", "ProcedureRequest.priority"],
            "always routine; ours is urgent, since Dx06 is within 6 hours"
        ),
        (
            [
                "ReferralRequest.intent", "ProcedureRequest.intent", "ProcedureRequest.status",
                "ProcedureRequest.doNotPerform",
            ], "fixed words of the adaptor"
        ),
        (
            ["ReferralRequest.occurrencePeriod.start", "ProcedureRequest.occurrencePeriod.start"],
            "the time of the letter once more; the letter has no such period"
        ),
        (
            [
                "Composition.identifier.use", "Composition.status", "Composition.title",
                "Composition.type.coding.system",
                "Composition.type.coding.code", "Composition.type.coding.display",
                "Composition.section.section.text.status",
            ],
            "fixed words of the adaptor"
        ),
        (
            [
                "Consent.identifier.use", "Consent.status", "Consent.action.coding.system",
                "Consent.action.coding.code",
                "Consent.action.coding.display", "Consent.action.text", "Consent.policyRule", "Consent.data.meaning",
            ],
            "consent to record sharing names no class of recipient: no scope of ours is a yes by it"
        ),
        (
            ["Condition.clinicalStatus", "Condition.verificationStatus"],
            "a condition without a code: the letter has none"
        ),
        (
            [
                "Observation.status", "Observation.code.coding.system", "Observation.code.coding.code",
                "Observation.code.coding.display",
            ],
            "the presenting complaint is our reason"
        ),
        (
            [
                "List.status", "List.mode", "List.title", "List.code.coding.system", "List.code.coding.code",
                "List.code.coding.display",
                "List.date", "List.orderedBy.coding.system", "List.orderedBy.coding.code",
                "List.orderedBy.coding.display",
            ],
            "the adaptor's own list of what it made"
        ),
    ]

    /// What we have and the sheet has not.
    static let oursAlone: [(shapes: [String], reason: String)] = [
        (["schema", "id", "kind", "work.asked", "urgency.code", "urgency.display"], "of our own model"),
        (["source.format", "source.mapping", "source.sha256"], "how the referral was made"),
        (
            ["previousIds", "source.referralId", "source.setId", "source.version"],
            "the id of the document, dropped by the adaptor, and once more those compared"
        ),
        (["source.endpoint", "source.trackingId", "source.event"], "dropped by the adaptor"),
        (
            ["person.localIds.value", "person.localIds.assigner"],
            "dropped by the adaptor; the only identifier of the person"
        ),
        (["person.gender.original.code", "person.language.system"], "the code as sent, and the system of languages"),
        (
            ["person.telecoms.use", "person.telecoms.rank", "referredTo.contact.use", "referredTo.address.use"],
            "the use, dropped by the adaptor"
        ),
        (["referrer.professionalIds.system", "referrer.professionalIds.value"], "dropped by the adaptor"),
        (["referredTo.serviceId"], "dropped by the adaptor"),
        (["planSuggested.text"], "the words of the disposition once more"),
    ]

    @Test("every fact that both carry is the same")
    func facts() throws {
        let (sheet, ours) = try both()
        for fact in Self.equal {
            let theirs = try #require(sheet[fact.theirs], "the sheet has no \(fact.theirs)")
            let value = try #require(ours[fact.ours], "the referral has no \(fact.ours)")
            #expect(
                fact.how(theirs) == (fact.ours.hasSuffix("At") ? Self.moment(value) : value),
                "\(fact.theirs) and \(fact.ours)")
        }
    }

    @Test("the texts of all sections are the same, word for word")
    func sections() throws {
        let (sheet, ours) = try both()
        let count = try #require(Int(sheet["Composition.section[0].section.count"] ?? ""))
        #expect(count == 6 && ours["sections.count"] == "6")
        for index in 0..<count {
            #expect(sheet["Composition.section[0].section[\(index)].title"] == ours["sections[\(index)].title"])
            let theirs = try #require(sheet["Composition.section[0].section[\(index)].text.div"])
            #expect(Self.words(theirs) == Self.words(try #require(ours["sections[\(index)].text"])))
        }
    }

    @Test("nothing of the sheet is passed over: it is the same, or differs for a reason")
    func everything() throws {
        let (sheet, ours) = try both()
        let plain = { (path: String) in path.replacing(/#\d+|\[\d+\]/, with: "") }
        var known = Set(Self.equal.map { plain($0.theirs) } + Self.different.flatMap(\.shapes))
        known.formUnion([
            "Composition.section.section.title", "Composition.section.section.text.div", "Composition.section.title",
        ])
        let theirs = sheet.resources.flatMap { resource in
            resource.facts.shapes.filter { !$0.hasSuffix("reference") && $0 != "id" && $0 != "resourceType" }
                .map { "\(resource.type).\($0)" }
        }
        #expect(Set(theirs).subtracting(known).sorted() == [])
        #expect(
            Set(Self.different.flatMap(\.shapes)).subtracting(theirs).subtracting(["Bundle.resourceType", "Device.id"])
                .sorted() == [])
        let named = Set(
            Self.equal.map { plain($0.ours) } + Self.oursAlone.flatMap(\.shapes) + ["sections.title", "sections.text"])
        var left = ours.shapes.subtracting(named)
        // The second recipient has what the first has, by other names in the sheet.
        left.subtract(["person.addresses.use", "referredTo.name", "referredTo.odsCode"])
        #expect(left.sorted() == [])
    }

    @Test("what is told apart in the table of docs/packs.md is so")
    func differences() throws {
        let (sheet, ours) = try both()
        #expect(sheet["ReferralRequest.priority"] == "routine" && ours["urgency.code"] == "urgent")
        #expect(sheet["Consent.policyRule"]?.hasSuffix("opt-out") == true && ours["consent.count"] == nil)
        #expect(ours["person.contacts.count"] == nil && sheet["RelatedPerson.relationship.coding[0].code"] == "21")
        #expect(ours["person.localIds[0].value"] != nil && sheet["Patient.identifier.count"] == nil)
        #expect(ours["person.telecoms[0].rank"] == "1")
        #expect(sheet["Practitioner#1.name.count"] == nil && ours["referredTo[1].odsCode"] == "NTN08")
    }

    private func both() throws -> (Sheet, Facts) {
        let letter = try Shared.bytes("corpus/itk111-ic24-dx06.xml")
        return (
            try Sheet(try Shared.bytes("corpus/itk111-ic24-dx06-expected-stu3.json")),
            try Facts(try Shipped.translator().translate(letter))
        )
    }

    // MARK: One spelling

    @Sendable private static func same(_ text: String) -> String { text }

    @Sendable private static func number(_ text: String) -> String { text.replacingOccurrences(of: "tel:", with: "") }

    /// A time with its offset, as seconds.
    @Sendable private static func moment(_ text: String) -> String {
        let plain = text.replacing(/\.\d+/, with: "")
        return (try? Date(plain, strategy: .iso8601)).map { "\(Int($0.timeIntervalSince1970))" } ?? text
    }

    /// Words alone: the sheet holds markup escaped into text, itself escaped.
    @Sendable private static func words(_ text: String) -> String {
        var plain = text.replacing(/<\/?div[^>]*>/, with: " ")
        for _ in 0..<2 where plain.contains("&lt;content") || plain.contains("&lt;br") || plain.contains("&amp;lt;") {
            plain = plain.replacing(/&lt;\/?(content|br)\/?&gt;/, with: " ").replacingOccurrences(
                of: "&amp;", with: "&")
        }
        plain = plain.replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">")
            .replacingOccurrences(of: "&amp;", with: "&")
        return plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
