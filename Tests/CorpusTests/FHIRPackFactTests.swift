import Foundation
import Mappings
import Testing

/// Facts of the FHIR documents of the corpus beside BaRS, looked up in each document by eye. All are synthetic.
@Suite("Facts of the FHIR packs", .enabled(if: Shared.hasCorpus))
struct FHIRPackFactTests {
    struct Document: Sendable, CustomTestStringConvertible {
        let file: String
        /// Which of its referrals.
        let part: Int
        /// Values by canonical path; an empty text says that there is none.
        let facts: [(path: String, value: String)]
        var testDescription: String { "\(file) [\(part)]" }

        init(_ file: String, part: Int = 0, _ facts: KeyValuePairs<String, String>) {
            self.file = file
            self.part = part
            self.facts = facts.map { ($0.key, $0.value) }
        }
    }

    @Test("are in the referral", arguments: ers + gpConnect + vision + others)
    func facts(_ document: Document) throws {
        check(document, try Shipped.translator().translate(try Shared.bytes("corpus/\(document.file)")))
    }

    private func check(_ document: Document, _ translation: Translation) {
        let canonical = translation.canonical
        guard document.part < canonical.count, let facts = try? Facts(canonical[document.part]) else {
            Issue.record("there is no referral \(document.part)")
            return
        }
        for (path, value) in document.facts { #expect(facts[path] ?? "" == value, "\(path)") }
    }

    static let ers = [
        Document(
            "ers-create-referral-request.json",
            [
                "kind": "new", "status": "active", "urgency.code": "urgent", "urgency.original.code": "URGENT",
                "referredAt": "2024-05-01T09:55:00.000+00:00", "person.nhsNumber.value": "9912003888",
                "person.nhsNumber.status": "unknown", "person.name.family": "",
                "referrer.professionalIds[0].value": "021600556514", "referredTo.count": "1",
                "referredTo[0].serviceId": "11002", "planSuggested.count": "2",
                "planSuggested[0].code.code": "CARDIOLOGY",
                "planSuggested[1].code.code": "HEART_FAILURE", "consent.count": "", "documents.count": "",
            ]),
        Document(
            "ers-cancel-request.json",
            [
                "kind": "cancellation", "status": "revoked", "previousIds.count": "",
                "reason.text": "This is a cancellation reason comment", "reason.codes[0].code": "INTEND_PRIVATE",
                "person.nhsNumber.value": "",
            ]),
        Document(
            "ers-referral-letter-attach-request.json",
            [
                "kind": "update", "status": "active", "documents.count": "1",
                "documents[0].reference": "Binary/50f0c0d5-7ed1-4587-8fce-889c8685eb54",
                "documents[0].date": "2021-06-24", "documents[0].type.code": "REFERRER",
                "documents[0].description": "Blood test results showing an anomaly in the values of xxxx",
            ]),
        Document(
            "ers-referral-additional-requirements.json",
            [
                "kind": "new", "status": "active", "version": "5", "previousIds.count": "2",
                "previousIds[0]": "000000070011", "previousIds[1]": "r.c18c4ec4-7d0a-480e-8506-347e0ec22811",
                "source.referralId": "000000070011", "urgency.code": "routine",
                "referredAt": "2024-05-08T09:54:23.167+00:00", "person.nhsNumber.value": "9912003888",
                "person.interpreter": "1", "accessibility.transport": "yes", "accessibility.advocate": "yes",
                "accessibility.reasonableAdjustments.count": "3",
                "accessibility.reasonableAdjustments[0].code.code": "ADVOCACY", "referrer.odsCode": "R69",
                "referredTo[0].serviceId": "11002", "referredTo[0].name": "Good Cardiology Business Service",
                "documents.count": "1", "documents[0].title": "referralletter.pdf",
                "documents[0].contentType": "application/pdf", "documents[0].size": "6",
                "documents[0].date": "2021-06-11",
                "documents[0].author": "021600556514", "sections[0].code.code": "BOOKED", "sections.count": "1",
            ]),
        Document(
            "ers-r4-servicerequest-search.json",
            [
                "kind": "new", "status": "active", "version": "5", "previousIds[0]": "000000070000",
                "source.referralId": "000000070000", "source.messageId": "123e4567-e89b-12d3-a456-426614174002",
                "sentAt": "2022-04-06T15:42:00.42+00:00", "person.nhsNumber.value": "9912003888",
                "urgency.code": "routine", "person.birthDate": "",
            ]),
    ]

    static let gpConnect = [
        Document(
            "gpc-referralrequest-reason-codes.json",
            [
                "previousIds.count": "2", "previousIds[0]": "B154D1A3-D631-49BD-8B67-2F76D7D85865",
                "previousIds[1]": "bb2378b6-dde2-11e9-9d36-2a2ae2dbcce4", "urgency.code": "routine",
                "source.messageId": "E63AF323-919F-4D5F-9A1D-BA933BC230BC",
                "referredAt": "2010-01-19T00:00:00+00:00",
                "reason.text": "Referred for investigation into low blood pressure", "reason.codes.count": "8",
                "reason.codes[0].system": "http://read.info/readv2", "reason.codes[0].code": "8H54.00",
                "reason.codes[1].code": "183545006", "reason.codes[7].code": "306098008", "sections.count": "1",
                "sections[0].text": "Neurosurgical referral",
                // A specialty that is not known asks for nothing.
                "planSuggested.count": "", "person.name.family": "", "status": "",
            ]),
        Document(
            "gpc-referralrequest-unsupported-priority.json",
            [
                "source.referralId": "E63AF323-919F-4D5F-9A1D-BA933BC230BC", "urgency.code": "",
                "urgency.original.code": "stat", "person.nhsNumber.value": "",
            ]),
        Document(
            "itk3-bad-no-handling-extension.xml",
            [
                "kind": "new", "status": "active", "source.event": "ITK003D",
                "source.messageId": "a4409d7c-b613-477c-b623-87e60406c2f0", "source.endpoint": "NOROT003",
                "source.trackingId": "a3940bf5-b82e-4c4f-9477-9bbe6861d634",
                "setId": "5f3c870f-ee67-4065-8469-cd3a900682ee", "referredAt": "2017-08-17T10:00:00+00:00",
                "sentAt": "2017-08-23T10:10:16+00:00",
                // The number sent fails its check digit: it must not pass as one.
                "person.nhsNumber.value": "", "person.name.family": "Carty", "person.name.given[0]": "Maria",
                "person.name.prefix": "Ms", "person.birthDate": "1969-06-09", "person.gender.code": "female",
                "person.addresses[0].postcode": "LS21 4GG", "referrer.name": "Dr Mike Scott",
                "referrer.contact[0].value": "0113 111225", "referredTo[0].practitioner": "DR KWGPONE",
                "clinicalContext.allergies.count": "1", "clinicalContext.allergies[0].code.code": "373270004",
                "clinicalContext.allergies[0].note": "Eruption due to drug",
                "clinicalContext.allergies[0].onset": "2015-02-12", "sections.count": "4",
                "sections[0].text": "Discharge summary", "sections[1].code.code": "893061000000109",
                "sections[2].code.code": "886921000000105", "sections[3].title": "Patient demographics",
                "consent.count": "",
            ]),
    ]

    /// The four ReferralRequests that NHS England's adaptor made of a Vision record, by what its EhrExtract says of the
    /// RequestStatements of the same ids (availabilityTime, priorityCode, code, translation, text).
    static let vision = [
        request(
            0, "E63AF323-919F-4D5F-9A1D-BA933BC230BC", "2010-01-19T00:00:00+00:00", "routine", "8H61.00", "266747000",
            "L G I, Purpose: Investigation, Reason: Referred for investigation into low blood pressure", documents: "2"),
        request(
            1, "D0D2E88B-FE92-4530-9D42-87AC1DFB9967", "2010-03-31T00:00:00+01:00", "urgent", "8H54.00", "183545006",
            "MCAVENUE, DAVID (Dr), EMIS LV Test Practice 1, Purpose: Unknown, Reason: Just another test"),
        request(
            2, "06B05AF1-0CF1-4522-8040-249701DD3253", "2010-03-31T00:00:00+01:00", "urgent", "8Hh..00", "306098008",
            "DERMATOLOGIST, CONSULTANT , Armitage Bridge Hospital, Purpose: Unknown, Reason: Patient needs referral"),
        request(
            3, "4587024A-E3BF-46DB-A2CA-0CEB2F8A38A8", "2011-12-06T00:00:00+00:00", "routine", "8H3..00", "183481006",
            "MCAVENUE, DAVID (Dr), EMIS LV Test Practice 1, Purpose: Unknown, Reason: jjjj"),
    ]

    private static func request(
        _ part: Int, _ id: String, _ day: String, _ urgency: String, _ read: String, _ snomed: String, _ text: String,
        documents: String = ""
    ) -> Document {
        Document(
            "gp2gp-ehrextract-vision-expected-stu3.json", part: part,
            [
                "previousIds.count": "1", "previousIds[0]": id, "source.referralId": id, "referredAt": day,
                "urgency.code": urgency, "reason.text": text, "reason.codes.count": "2",
                "reason.codes[0].code": read, "reason.codes[1].code": snomed,
                // A state that is not known is nobody's to guess; words in the slot of the number are no number.
                "status": "", "person.nhsNumber.value": "", "referrer.name": "Dr David McAvenue",
                "referrer.professionalIds[0].value": "7889233", "documents.count": documents, "consent.count": "",
            ])
    }

    @Test("a record extract and what NHS England's adaptor made of it give the same referrals")
    func twoReaders() throws {
        let extract = try Shipped.translator().translate(try Shared.bytes("corpus/gp2gp-ehrextract-vision.xml"))
        let sheet = try Shipped.translator().translate(
            try Shared.bytes("corpus/gp2gp-ehrextract-vision-expected-stu3.json"))
        let ours = try extract.canonical.map { try Facts($0) }
        let theirs = try sheet.canonical.map { try Facts($0) }
        for facts in theirs {
            let id = try #require(facts["source.referralId"])
            let same = try #require(ours.first { $0["source.referralId"] == id })
            for path in Self.inBoth { #expect(facts[path] == same[path] && facts[path] != nil, "\(path) of \(id)") }
            // Read 2 first and SNOMED CT second; or SNOMED CT, and Read 2 as what was sent.
            #expect(facts["reason.codes[1].code"] == same["reason.codes[0].code"])
            #expect(facts["reason.codes[0].code"] == same["reason.codes[0].original.code"])
        }
        // The adaptor makes an Observation of the referral to the practice itself.
        let left = Set(ours.compactMap { $0["source.referralId"] }).subtracting(
            theirs.compactMap { $0["source.referralId"] })
        #expect(left == ["8D61D723-D51D-44FB-B814-0EB69DB1D6F4"])
    }

    private static let inBoth = [
        "kind", "referredAt", "urgency.code", "reason.text", "referrer.name", "referrer.professionalIds[0].value",
        "previousIds[0]",
    ]

    static let others = [
        Document(
            "bser-referral-message.xml",
            [
                "kind": "new", "status": "active", "previousIds.count": "4", "previousIds[0]": "88888888",
                "previousIds[3]": "77777777", "referredAt": "2020-02-14T00:00:00+00:00",
                "source.system": "FooBar Patient Manager", "source.event": "I12", "person.name.family": "",
                "referrer.name": "Henry Seven, MD", "referredTo[0].name": "Hailey Eight, MD",
                "referredTo[0].endpoint": "http://www.saintlukeshealthsystem.org/fhir/endpoint",
                "reason.codes[0].code": "3723001", "planSuggested[0].code.code": "3457005",
                "sections[0].text": "requested", "sections[1].code.code": "7.0",
            ]),
        Document(
            "bser-referral-request-document.xml",
            [
                "kind": "new", "status": "active", "referredAt": "2020-01-02T22:13:23+00:00",
                "sentAt": "2020-01-06T22:13:23+00:00", "person.name.family": "Everywoman",
                "person.name.given[0]": "Eve", "person.name.given[1]": "L", "person.birthDate": "1974-11-24",
                "person.localIds[0].value": "1032702", "person.sex.code": "female", "person.telecoms.count": "2",
                "person.addresses[0].postcode": "30302", "person.ethnicity.code": "2106-3",
                "referrer.name": "Seven Henry",
                "referrer.organisation": "Saint Luke's Hospital of Kansas City",
                "clinicalContext.observations.count": "5", "clinicalContext.observations[3].value": "107",
                "clinicalContext.observations[4].code.code": "8462-4",
                "clinicalContext.medications[0].code.code": "27658006",
                "clinicalContext.allergies[0].note": "skin rash", "planSuggested[0].code.code": "57133-1",
            ]),
    ]

    // MARK: Resources that stand alone, put together

    @Test("social needs of the Gravity Project, put into one Bundle with a person")
    func gravity() throws {
        let bundle = try Self.bundle(
            [
                "servicerequest-food-pantry", "task-referral-accepted", "condition-unemployed",
                "observation-employment-status",
            ]
            .map { "sdoh-\($0).xml" }, and: Self.colin)
        let translation = try Shipped.translator().translate(bundle)
        #expect(translation.outcome == .accepted && translation.mapping == "sdoh@1")
        #expect(translation.coverage.unread == 0)
        check(
            Document(
                "",
                [
                    "status": "active", "referredAt": "2020-09-11T21:56:54.671+00:00",
                    "referrer.name": "Dr Jan Water Family Medicine Physician",
                    "referredTo[0].name": "ABC Coordination Platform",
                    "planSuggested[0].code.code": "467771000124109", "planSuggested[1].code.code": "food-insecurity",
                    "needs.count": "1", "needs[0].code.code": "73438004", "needs[0].statedBy": "person",
                    "needs[0].at": "2021-04-26", "work.asked": "yes", "work.employmentStatus[0].code": "02",
                    "work.employmentStatus[0].at": "2021-04-26", "sections[0].text": "accepted",
                ]), translation)
    }

    @Test("a disclosure consent names no class of recipient, and holds the referral")
    func disclosure() throws {
        let bundle = try Self.bundle(
            ["sdoh-servicerequest-food-pantry.xml", "sdoh-consent-disclosure.xml"], and: Self.colin)
        let translation = try Shipped.translator().translate(bundle)
        #expect(translation.outcome == .held && translation.codes.contains("consent-not-understood"))
        check(
            Document(
                "",
                [
                    "consent.count": "", "documents[0].type.code": "IDSCL", "documents[0].date": "2021-05-01",
                    "documents[0].contentType": "application/pdf",
                ]), translation)
    }

    @Test("UK Core: a request, its person, a statement of fitness for work and a consent for government")
    func ukCore() throws {
        let bundle = try Self.bundle(
            [
                "servicerequest-colonoscopy", "patient-richard-smith", "questionnaireresponse-fitness-for-work",
                "consent-information-access",
            ]
            .map { "ukcore-\($0).xml" })
        let translation = try Shipped.translator().translate(bundle)
        #expect(translation.outcome == .accepted && translation.mapping == "uk-core@1")
        #expect(translation.coverage.unread == 0 && translation.codes.contains("consent-for-government"))
        check(
            Document(
                "",
                [
                    "status": "active", "referredAt": "2021-10-13T16:28:00+07:00",
                    "person.nhsNumber.value": "9912003888", "person.nhsNumber.status": "verified",
                    "person.name.family": "SMITH", "person.birthDate": "1970-09-11", "person.ethnicity.code": "G",
                    "person.preferredContact": "phone", "person.language.code": "bfi",
                    "person.contacts[0].name.family": "Jackson", "person.contacts[0].rank": "1",
                    "person.contacts[0].addresses[0].postcode": "LS17 6EH",
                    "accessibility.communication.count": "3",
                    "accessibility.communication[1].code.code": "703963007",
                    "accessibility.communication[2].text": "Large print",
                    "accessibility.other": "mon, wed, fri, MORN", "reason.text": "Swollen abdomen",
                    "reason.codes[0].code": "271835004", "planSuggested[0].code.code": "73761001",
                    "planSuggested[1].code.code": "108161000000109", "work.fitNotes.count": "1",
                    "work.fitNotes[0].issued": "2023-11-13", "work.fitNotes[0].condition": "Fibromyalgia",
                    "work.fitNotes[0].assessment": "may-be-fit", "work.fitNotes[0].code.code": "225891002",
                    // Access for a government body is never a yes to anything.
                    "consent.count": "1", "consent[0].decision": "unknown",
                    "consent[0].scope": "share-with-benefits-conditionality-body", "consent[0].purpose[0]": "GOV",
                    "sections[2].text": "White cell count",
                ]), translation)
    }

    @Test("a published Send Document message, once the page around it is taken away")
    func sendDocument() throws {
        let page = String(
            decoding: try Shared.bytes("corpus/gpc-senddocument-consultation-report-bad.xml"), as: UTF8.self)
        let message = page.replacing(/\{%.*?%\}/, with: "")
        let translation = try Shipped.translator().translate(Array(message.utf8))
        #expect(translation.outcome == .held && translation.mapping == "itk3-document@1")
        #expect(translation.codes.contains("purpose-unclear") && translation.coverage.unread == 0)
        check(
            Document(
                "",
                [
                    "source.event": "ITK007C", "source.endpoint": "MESHGP0001", "confidentiality.code": "N",
                    "correlationId": "846ebe66-5ff8-4499-bc57-a112d3d0daa3",
                    "source.trackingId": "0bcb5098-ce5a-4a85-a547-2574f90310e4",
                    "referredAt": "2019-07-10T10:00:00+00:00", "sentAt": "2018-07-12T10:30:16+00:00",
                    "person.name.family": "Smith", "person.birthDate": "1957-01-09", "person.nhsNumber.value": "",
                    "referrer.name": "Dr Gary Pritchard", "referrer.odsCode": "GP0001",
                    "referrer.organisation": "Cumbria Starling Medical Centre",
                    "documents[0].contentType": "application/pdf", "documents[0].title": "Consultation report",
                    "documents[0].type.code": "371531000", "documents.count": "1",
                ]), translation)
    }

    private static let colin = """
        <Patient xmlns="http://hl7.org/fhir"><id value="pat-53234"/><name><family value="ABBAS"/><given value="COLIN"/></name>\
        <birthDate value="1980-01-01"/></Patient>
        """

    /// A Bundle of resources of the corpus, with one more.
    private static func bundle(_ files: [String], and more: String = "") throws -> [UInt8] {
        var resources = try files.map { file in
            String(decoding: try Shared.bytes("corpus/\(file)"), as: UTF8.self).replacing(/<\?xml.*?\?>/, with: "")
        }
        if !more.isEmpty { resources.append(more) }
        let entries = resources.map { "<entry><resource>\($0)</resource></entry>" }.joined()
        let text = "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"collection\"/>\(entries)</Bundle>"
        return Array(text.utf8)
    }
}
