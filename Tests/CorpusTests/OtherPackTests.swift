import Foundation
import Mappings
import Reporting
import Testing

/// What becomes of published documents that are no FHIR: C-CDA, HL7 v2, GP2GP and EMIS Open. What they say was looked up in
/// each document by eye. All are synthetic.
@Suite("Other formats in the corpus", .enabled(if: Shared.hasCorpus))
struct OtherPackTests {
    struct Expected: Sendable, CustomTestStringConvertible {
        let file: String
        let outcome: Translation.Outcome
        let mapping: String
        let referrals: Int
        /// Values that no rule reads and that hold the document.
        var unread = 0
        let codes: [String]
        var testDescription: String { file }
    }

    static let outcomes: [Expected] = [
        // Two of its dates cannot be: `200130311`, and a low value that is a code.
        Expected(
            file: "ccda-referral-note.xml", outcome: .accepted, mapping: "ccda", referrals: 1,
            codes: [
                "date-unreadable", "nhs-number-missing", "postcode-invalid", "practice-missing", "referrer-incomplete",
                "referrer-ods-missing", "risk-not-stated", "telecom-malformed",
            ]),
        // The referral came in (Direction 2), and its provider is not in the list of places.
        Expected(
            file: "emisopen-patient-record.xml", outcome: .held, mapping: "emis-open-envelope", referrals: 1, unread: 1,
            codes: [
                "date-midnight-assumed", "nhs-number-unverified", "practice-missing", "reference-unresolved",
                "referrer-incomplete", "referrer-ods-missing", "risk-not-stated", "watch-unread",
            ]),
        // The patient's id is the words "Test Harness"; an extract has neither name nor day of birth; a linked file is of
        // the kind "unknown".
        Expected(
            file: "gp2gp-ehrextract-vision.xml", outcome: .held, mapping: "gp2gp-ehrextract", referrals: 5,
            codes: [
                "attachment-type-refused", "birth-date-missing", "date-midnight-assumed", "date-offset-assumed",
                "name-missing", "nhs-number-malformed", "referrer-incomplete", "risk-not-stated",
            ]),
        // Priority 441808003 is none of the three; a fragment has no person, no practice and no directory.
        Expected(
            file: "gp2gp-requeststatement-bad-priority.xml", outcome: .held, mapping: "gp2gp-fragment", referrals: 1,
            codes: [
                "birth-date-missing", "code-unmapped", "date-offset-assumed", "name-missing", "nhs-number-missing",
                "practice-missing", "reference-unresolved", "referrer-incomplete", "referrer-ods-missing",
                "risk-not-stated", "value-missing",
            ]),
        Expected(
            file: "hl7v2-ref-i12.hl7", outcome: .accepted, mapping: "hl7v2-ref", referrals: 1,
            codes: [
                "date-midnight-assumed", "nhs-number-missing", "postcode-invalid", "practice-missing",
                "referrer-ods-missing", "risk-not-stated",
            ]),
        Expected(
            file: "hl7v2-ref-i14-cancel.hl7", outcome: .accepted, mapping: "hl7v2-ref", referrals: 1,
            codes: [
                "date-midnight-assumed", "nhs-number-missing", "postcode-invalid", "practice-missing",
                "referrer-ods-missing",
            ]),
    ]

    @Test("end as they should, every value accounted for", arguments: outcomes)
    func outcome(_ expected: Expected) throws {
        let translation = try Self.translate(expected.file)
        #expect(translation.outcome == expected.outcome)
        #expect(translation.mapping.map { String($0.prefix { $0 != "@" }) } == expected.mapping)
        #expect(translation.parts.count == expected.referrals)
        #expect(translation.codes == expected.codes)
        #expect(translation.coverage.unread == expected.unread)
        #expect(Set(translation.parts.map(\.referral.id)).count == expected.referrals)
    }

    @Test("a defect is named at its place")
    func places() throws {
        let defects = [
            ("gp2gp-ehrextract-vision.xml", "nhs-number-malformed", "/EhrExtract/recordTarget/patient/id/@extension"),
            ("gp2gp-ehrextract-vision.xml", "attachment-type-refused", "/referredToExternalDocument/text/@mediaType"),
            ("gp2gp-requeststatement-bad-priority.xml", "code-unmapped", "/RequestStatement/priorityCode/@code"),
            ("emisopen-patient-record.xml", "watch-unread", "/Referral/Direction"),
            ("ccda-referral-note.xml", "date-unreadable", "/observation/effectiveTime/@value"),
        ]
        for (file, code, path) in defects {
            let found = try Self.translate(file).findings.filter { $0.code.rawValue == code }
            #expect(found.contains { $0.location?.path?.hasSuffix(path) == true }, "\(file) \(code)")
            #expect(found.allSatisfy { $0.location?.position != nil })
        }
    }

    @Test("say what stands in them", arguments: documents)
    func facts(_ document: CorpusFactTests.Document) throws {
        let facts = try Facts(try Self.translate(document.testDescription))
        for (path, value) in document.facts { #expect(facts[path] ?? "" == value, "\(path)") }
    }

    static let documents = [
        CorpusFactTests.Document(
            "ccda-referral-note.xml",
            [
                "kind": "new", "status": "active", "urgency.code": "urgent", "urgency.original.code": "A",
                "confidentiality.code": "N", "version": "1", "referredAt": "2013-09-21T05:00:00-08:00",
                "setId": "2.16.840.1.113883.19.5.99999.19^sTT988",
                "source.messageId": "6f1bd58b-c58f-40b7-b314-caf1294ed98b",
                "source.referralId": "70bdd7db-e02d-4eff-9829-35e3b7d9e154",
                "previousIds[0]": "70bdd7db-e02d-4eff-9829-35e3b7d9e154", "source.event": "57133-1",
                "person.nhsNumber.value": "", "person.localIds[0].value": "444222222",
                // The legal name; `Everywoman` is a name to search by.
                "person.name.family": "Betterhalf", "person.name.given[0]": "Eve", "person.birthDate": "1975-05-01",
                "person.gender.code": "female", "person.religion.code": "1013", "person.ethnicity.code": "2186-5",
                "person.language.code": "eng", "person.addresses[0].city": "Beaverton",
                "person.addresses[0].postcode": "97867", "person.telecoms[0].value": "+1 555 555 2003",
                "person.contacts.count": "2", "person.contacts[0].name.given[0]": "Boris",
                "person.contacts[0].name.preferred": "Bo", "person.contacts[0].relationship.code": "POWATT",
                "person.contacts[1].name.family": "Jones", "person.contacts[1].carer": "1",
                "gpPractice.name": "The DoctorsTogether Physician Group", "gpPractice.odsCode": "",
                "referrer.name": "Patricia Primary M.D.", "referrer.role.display": "Adult Medicine",
                "referrer.professionalIds[0].value": "5555555555", "referredTo.count": "1",
                "referredTo[0].name": "Community Health and Hospitals",
                "referredTo[0].practitioner": "Nancy Nightingale RN", "referredTo[0].address.lines.count": "2",
                "returnTo.name": "Henry Seven DO",
                "reason.text": "Patient referral for consultation for full care. Referral Nurse: Nurse Florence,RN",
                "reason.codes[0].code": "268528005", "clinicalContext.diagnoses.count": "4",
                "clinicalContext.diagnoses[0].code.code": "190389009",
                "clinicalContext.diagnoses[0].onset": "2000-07-03",
                "clinicalContext.diagnoses[3].end": "1998-03-16", "clinicalContext.allergies.count": "2",
                "clinicalContext.allergies[0].text": "Penicillin", "clinicalContext.allergies[0].note": "Nausea",
                "clinicalContext.medications.count": "2", "clinicalContext.medications[0].code.code": "573621",
                "planSuggested[0].code.code": "44383000", "work.asked": "unknown", "consent.count": "",
                "risks.count": "",
            ]),
        CorpusFactTests.Document(
            "hl7v2-ref-i12.hl7",
            [
                "kind": "new", "status": "active", "urgency.code": "routine",
                "referredAt": "2022-01-25T00:00:00+00:00",
                "sentAt": "2022-01-25T16:20:00+00:00", "source.messageId": "MSG00112/I12",
                "correlationId": "MSG00112",
                "source.referralId": "226839^EPIC", "source.event": "I12", "source.system": "GHH",
                "source.endpoint": "GHHSFacility", "previousIds[0]": "226839^EPIC", "previousIds[1]": "11001^EXTID",
                "journeyId": "5001", "person.nhsNumber.value": "", "person.localIds[0].value": "PATID1234",
                "person.name.family": "EVERYMAN", "person.name.given[1]": "A", "person.name.suffix": "III",
                "person.birthDate": "1961-06-15", "person.gender.code": "male", "person.language.code": "EN",
                "person.religion.code": "BAP", "person.ethnicity.code": "N",
                "person.addresses[0].lines[0]": "115 MAINSTREET",
                "person.addresses[0].postcode": "42010", "person.telecoms[0].value": "270 6009800",
                "person.contacts.count": "1", "person.contacts[0].name.family": "DOE",
                "person.contacts[0].relationship.code": "MTH", "person.contacts[0].telecoms.count": "2",
                "referrer.name": "DR ROBERT POWELL", "referrer.organisation": "GOOD HEALTH HOSPITAL",
                "referrer.professionalIds[0].value": "PLN1001", "referredTo.count": "1",
                "referredTo[0].practitioner": "DR PAUL McWILLIAMS",
                "referredTo[0].organisation": "RADIANT HEALTH HOSPITAL",
                "referredTo[0].contact[0].value": "(626)555-5678", "reason.codes[0].code": "O",
                "clinicalContext.diagnoses[0].code.code": "K63.3",
                "clinicalContext.diagnoses[0].onset": "2022-01-01",
                "clinicalContext.observations[0].code.code": "22310-7",
                "clinicalContext.observations[0].value": "Positive", "clinicalContext.allergies[0].text": "XYZallergen",
                "sections.count": "3", "sections[2].text": "Lab test",
            ]),
        CorpusFactTests.Document(
            "hl7v2-ref-i14-cancel.hl7",
            [
                "kind": "cancellation", "status": "revoked", "source.messageId": "MSG00112/I14",
                "correlationId": "MSG00112", "source.referralId": "226839^EPIC", "previousIds[0]": "226839^EPIC",
                "person.name.family": "EVERYMAN", "person.birthDate": "1961-06-15",
                "clinicalContext.observations[0].code.code": "22311-7",
            ]),
        CorpusFactTests.Document(
            "gp2gp-requeststatement-bad-priority.xml",
            [
                "urgency.code": "", "urgency.original.code": "441808003", "referredAt": "2010-01-01T12:30:00+00:00",
                "source.referralId": "B4303C92-4D1C-11E3-A2DD-010000000161", "reason.codes[0].code": "183885007",
                "reason.codes[0].original.code": "8HV6.", "reason.codes[1].code": "8HV6.00",
                "planSuggested[0].when": "Delayed priority", "person.name.family": "",
            ]),
        CorpusFactTests.Document(
            "emisopen-patient-record.xml",
            [
                "kind": "new", "status": "active", "urgency.code": "routine",
                "referredAt": "2014-01-31T00:00:00+00:00", "source.messageId": "08246833-34f8-4841-ad53-6adc393dc401",
                "source.referralId": "{6615AAA7-3F67-4AF3-8FF4-6E6AEB8E7F52}",
                "source.endpoint": "urn:nhs-uk:addressing:ods:RR8:cf:emisweb",
                "person.nhsNumber.value": "9510079685", "person.nhsNumber.status": "unverified",
                "person.name.family": "Smith", "person.name.given[0]": "Frederick", "person.name.prefix": "Mr",
                "person.birthDate": "1971-08-29", "person.sex.code": "male",
                "person.addresses[0].lines[0]": "43 South Street",
                "person.addresses[0].postcode": "LS17 8ZL", "person.telecoms[0].value": "08157569675",
                // Resolved in the list of people; the provider stands in no list.
                "gpPractice.gpName": "Dr Robert Burns", "referrer.name": "Peter Chadwick",
                "referrer.role.display": "Admin Staff", "referredTo[0].practitioner": "Peter Chadwick",
                "referredTo[0].serviceId": "{318B3A00-58C9-4782-BF7B-BF4F5DDE60C7}", "referredTo[0].name": "",
                "reason.text": "Planned telephone contact", "reason.codes[0].code": "183631005",
                "reason.codes[0].original.code": "8H9..", "clinicalContext.diagnoses.count": "",
            ]),
    ]

    // MARK: Identity

    @Test("a cancellation with its referral's control id is another message about the same referral")
    func sameControlID() throws {
        let new = try Facts(try Self.translate("hl7v2-ref-i12.hl7"))
        let cancelled = try Facts(try Self.translate("hl7v2-ref-i14-cancel.hl7"))
        for same in ["correlationId", "source.referralId", "previousIds[0]"] { #expect(new[same] == cancelled[same]) }
        for other in ["id", "source.messageId", "kind", "status"] { #expect(new[other] != cancelled[other]) }
    }

    @Test("five requests of one record are five referrals, as NHS England's own adaptor reads four of them")
    func requests() throws {
        let translation = try Self.translate("gp2gp-ehrextract-vision.xml")
        let referrals = try translation.canonical.map { try Facts($0) }
        let texts = referrals.map { $0["reason.text"] ?? "" }
        #expect(
            texts == [
                "L G I, Purpose: Investigation, Reason: Referred for investigation into low blood pressure",
                "Dr Emis Test, Purpose: SelfReferral, Reason: Dry eyes",
                "MCAVENUE, DAVID (Dr), EMIS LV Test Practice 1, Purpose: Unknown, Reason: Just another test",
                "DERMATOLOGIST, CONSULTANT , Armitage Bridge Hospital, Purpose: Unknown, Reason: Patient needs referral",
                "MCAVENUE, DAVID (Dr), EMIS LV Test Practice 1, Purpose: Unknown, Reason: jjjj",
            ])
        #expect(referrals.map { $0["urgency.code"] } == ["routine", "routine", "urgent", "urgent", "routine"])
        #expect(
            referrals.map { $0["referrer.name"] } == [
                "Dr David McAvenue", "Dr Peter Whitcombe", "Dr David McAvenue", "Dr David McAvenue",
                "Dr David McAvenue",
            ])
        #expect(referrals.allSatisfy { $0["gpPractice.odsCode"] == "A12345" && $0["person.nhsNumber.value"] == nil })
        #expect(translation.parts.allSatisfy { !$0.origins.isEmpty && $0.outcome == .held })
        let sheet = try Facts(try Shared.bytes("corpus/gp2gp-ehrextract-vision-expected-stu3.json"))
        let entries = (0..<(Int(sheet["entry.count"] ?? "") ?? 0)).map { "entry[\($0)].resource" }
            .filter { sheet["\($0).resourceType"] == "ReferralRequest" }
        #expect(entries.count == 4)
        for entry in entries {
            let ours = try #require(referrals.first { $0["source.referralId"] == sheet["\(entry).id"] })
            #expect(ours["referredAt"]?.hasPrefix(sheet["\(entry).authoredOn"] ?? "-") == true)
            #expect(ours["urgency.code"] == sheet["\(entry).priority"])
            #expect(ours["reason.text"] == sheet["\(entry).note[1].text"])
            #expect(ours["reason.codes[0].original.code"] == sheet["\(entry).reasonCode[0].coding[0].code"])
            #expect(ours["reason.codes[0].code"] == sheet["\(entry).reasonCode[0].coding[1].code"])
            #expect(ours["planSuggested[0].text"] == sheet["\(entry).reasonCode[0].text"])
        }
    }

    private static func translate(_ file: String) throws -> Translation {
        try Shipped.translator().translate(try Shared.bytes("corpus/\(file)"), named: file)
    }
}

/// What the packs for other formats promise of their own samples.
@Suite("Other formats")
struct OtherPackSampleTests {
    @Test("pipes and v2.xml give the same referral")
    func twins() throws {
        let pipes = try translate("hl7v2-ref/new.hl7")
        let xml = try translate("hl7v2-ref/new-v2xml.xml")
        #expect(pipes.canonicalButSource == xml.canonicalButSource)
        #expect(pipes.parts.map(\.referral.id) == xml.parts.map(\.referral.id))
    }

    @Test("a note that shares its set id with the referral it answers is another message about that referral")
    func sharedSet() throws {
        let referral = try Facts(try translate("ccda/referral-note.xml"))
        let answer = try Facts(try translate("ccda/consultation-note.xml"))
        #expect(referral["source.setId"] == answer["source.setId"])
        #expect(referral["source.referralId"] == answer["source.referralId"])
        #expect(referral["source.messageId"] != answer["source.messageId"])
        // It is no version of the letter.
        #expect(referral["setId"] != nil && answer["setId"] == nil)
        #expect(answer["status"] == "completed" && answer["kind"] == "update")
    }

    @Test("each row of a spreadsheet stands alone: what is wrong with one says its number and holds no other")
    func rows() throws {
        let whole = try translate("csv/defects.csv")
        #expect(whole.parts.map(\.outcome) == [.accepted, .held, .held, .held, .accepted])
        let lines = try text("csv/defects.csv").split(separator: "\r\n")
        for (row, part) in zip([1, 2, 3, 4, 5], whole.parts) {
            let alone = try Shipped.translator().translate(Array((lines[0] + "\r\n" + lines[row] + "\r\n").utf8))
            #expect(alone.parts.map(\.referral.id) == [part.referral.id] && alone.outcome == part.outcome)
        }
        let places = whole.findings.filter { $0.severity >= .quarantine }.compactMap { finding in
            finding.code == "csv-row-ragged" ? finding.message : finding.location?.path
        }
        #expect(
            places == [
                "row 7 has 9 values for 8 columns, and was left out", "row[3]/NHS number", "row[4]/Date of birth",
                "row[5]/Urgency",
            ])
        #expect(whole.findings.allSatisfy { $0.location?.position != nil })
    }

    @Test("all referrals of one document have their own identity")
    func several() throws {
        for (file, count) in [
            ("gp2gp-ehrextract/two-referrals.xml", 2), ("emis-open/record.xml", 2), ("openhr/record.xml", 2),
            ("tpp-xml/record.xml", 3), ("csv/referrals.csv", 4),
        ] {
            let translation = try translate(file)
            let facts = try translation.canonical.map { try Facts($0) }
            #expect(translation.parts.count == count, "\(file)")
            #expect(Set(facts.map { $0["source.referralId"] }).count == count, "\(file)")
            #expect(Set(facts.map { $0["id"] }).count == count, "\(file)")
            #expect(facts.allSatisfy { $0["previousIds[0]"] == $0["source.referralId"] }, "\(file)")
        }
    }

    @Test("updates and cancellations say so in each format")
    func changes() throws {
        for (file, part, kind, status) in [
            ("ccda/replacement.xml", 0, "update", "active"), ("ccda/withdrawn.xml", 0, "cancellation", "revoked"),
            ("hl7v2-ref/changed.hl7", 0, "update", "active"), ("hl7v2-ref/cancelled.hl7", 0, "cancellation", "revoked"),
            ("hl7v2-ref/how-does-it-stand.hl7", 0, "update", "active"),
            ("emis-open/record.xml", 1, "update", "revoked"),
            ("openhr/record.xml", 1, "cancellation", "error"), ("csv/referrals.csv", 2, "update", "active"),
            ("csv/referrals.csv", 3, "cancellation", "revoked"),
        ] {
            let facts = try Facts(try translate(file).canonical[part])
            #expect(facts["kind"] == kind && facts["status"] == status, "\(file)")
        }
    }

    private func translate(_ sample: String) throws -> Translation {
        try Shipped.translator().translate(try Shipped.sample(sample), named: sample)
    }

    private func text(_ sample: String) throws -> String { String(decoding: try Shipped.sample(sample), as: UTF8.self) }
}
