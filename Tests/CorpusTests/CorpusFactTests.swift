import Mappings
import Testing

/// Facts of published messages, looked up in each document by eye. All are synthetic.
@Suite("Facts of the corpus", .enabled(if: Shared.hasCorpus))
struct CorpusFactTests {
    struct Document: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Values by canonical path; an empty text says that there is none.
        let facts: [(path: String, value: String)]

        init(_ file: String, _ facts: KeyValuePairs<String, String>) {
            testDescription = file
            self.facts = facts.map { ($0.key, $0.value) }
        }
    }

    @Test("are in the referral", arguments: bars + itk)
    func facts(_ document: Document) throws {
        let translation = try Shipped.translator().translate(try Shared.bytes("corpus/\(document.testDescription)"))
        let facts = try Facts(translation)
        for (path, value) in document.facts { #expect(facts[path] ?? "" == value, "\(path)") }
    }

    static let bars = [
        Document(
            "bars-validation-request.json",
            [
                "kind": "new", "status": "active", "source.messageId": "86e3371d-1c15-4862-9552-d9560f8292ba",
                "source.event": "servicerequest-request", "referredAt": "2021-11-26T15:00:00+00:00",
                "journeyId": "EpisodeOfCare/d877b820-e72b-44d1-a627-195f54bfc606", "previousIds[0]": "sender1234",
                "urgency.original.code": "Dx0122",
                // The number sent fails its check digit: it must not pass as one.
                "person.nhsNumber.value": "", "person.name.family": "Jones", "person.name.given[0]": "Julie",
                "person.name.prefix": "Mrs",
                "person.birthDate": "1959-05-04", "person.gender.code": "female", "person.ethnicity.code": "A",
                "person.religion.code": "1041", "person.language.code": "en", "person.addresses.count": "1",
                "person.addresses[0].postcode": "LS10 4YU", "person.addresses[0].district": "West Yorkshire",
                // The three numbers of the contact ONESELF are the person's own.
                "person.telecoms.count": "3", "person.telecoms[1].value": "07736312544", "person.telecoms[1].rank": "1",
                "person.telecoms[2].system": "email", "person.contacts.count": "1",
                "person.contacts[0].name.family": "Grayson",
                "person.contacts[0].rank": "2", "gpPractice.odsCode": "G82080", "gpPractice.name": "Patient's Surgery",
                "referrer.name": "Marcy BLAKE", "referrer.odsCode": "RND",
                "referrer.professionalIds[0].value": "PT2489",
                "referredTo.count": "1", "referredTo[0].dosId": "111111111", "referredTo[0].odsCode": "RYE",
                "planSuggested.count": "4", "planSuggested[2].code.code": "Dx0122",
                "clinicalContext.observations[0].code.code": "271594007", "sections.count": "2",
                // The scene is safe and the consent is to direct care: neither is a risk, and none is a yes.
                "risks.count": "", "consent.count": "", "work.asked": "unknown",
            ]),
        Document(
            "bars-validation-request.xml",
            [
                "kind": "new", "source.messageId": "79120f41-a431-4f08-bcc5-1e67006fcae0",
                "source.system": "Anon Patient Manager",
                "referredAt": "2021-10-13T16:28:00+07:00", "sentAt": "2021-10-11T12:15:10+00:00",
                "journeyId": "d877b820-e72b-44d1-a627-195f54bfc606", "urgency.original.code": "DX02",
                "person.nhsNumber.value": "", "person.name.text": "Mrs Julie Jones", "person.birthDate": "1959-05-04",
                "person.telecoms.count": "1", "gpPractice.odsCode": "", "referrer.professionalIds[0].value": "PT2489",
                "referrer.contact[0].value": "0205568263", "referredTo[0].name": "Receiving/performing Organization",
                "reason.text": "Pathways Assessment SD Code", "reason.codes.count": "6", "reason.codes[1].code": "DX02",
                "risks.count": "1", "risks[0].code.code": "patientChoice", "risks[0].start": "2018-11-10",
                "safeguarding.count": "1", "safeguarding[0].code.code": "160877008", "safeguarding[0].concern": "yes",
                "safeguarding[0].end": "2021-11-20",
                "accessibility.reasonableAdjustments[0].text": "Adjust for needle phobia",
                "assessments.count": "2", "assessments[0].answers[4].code.code": "26",
                "assessments[1].answers[9].answer": "Abusive patient",
                "clinicalContext.observations.count": "5",
                "clinicalContext.medications[0].code.code": "39732311000001104",
                "clinicalContext.allergies[0].code.code": "372687004",
                "clinicalContext.allergies[0].note": "Urticarial rash",
                "sections.count": "5", "sections[4].title": "Instructions to the person", "consent.count": "",
            ]),
    ]

    static let itk = [
        Document(
            "itk111-adastra-dx06.xml",
            [
                "kind": "new", "setId": "A8E3FB32-6805-4191-B071-EA540A9318CD", "version": "1",
                "urgency.code": "urgent",
                "urgency.original.code": "Dx06", "confidentiality.code": "N", "referredAt": "2021-04-06T12:33:27+01:00",
                "sentAt": "2021-04-06T12:33:35+01:00", "journeyId": "029EE79C-BBD3-478A-93EE-979CB300212E",
                "correlationId": "59132",
                // The case id stands twice under two roots, and is one.
                "previousIds.count": "3", "source.messageId": "7AEFFED7-78AF-4940-9EE2-5FAA3920ECFE",
                "source.trackingId": "5ABE57EC-7BB0-465B-89BE-62D90962D31C", "person.nhsNumber.value": "9990004951",
                "person.nhsNumber.status": "verified",
                "person.localIds[0].value": "4AEDBB77-3679-4016-BF35-D60D67975D38",
                "person.localIds[0].assigner": "RYE:SCAS111", "person.name.family": "Xxtestpatientdfae",
                "person.birthDate": "2015-04-01", "person.gender.code": "female",
                "person.addresses[0].postcode": "SO40 2RZ",
                "person.addresses[0].lines.count": "5", "person.telecoms[0].value": "07948625625",
                "person.telecoms[1].rank": "1",
                "gpPractice.odsCode": "J82633", "gpPractice.address.postcode": "GU33 7AD",
                "gpPractice.contact[0].value": "01730892412",
                "referrer.name": "Denzle McDonald", "referrer.odsCode": "RYE", "referrer.role.code": "DOCTOR",
                // The copy for the practice (TRC) is not asked to act.
                "referredTo.count": "1", "referredTo[0].odsCode": "RSHSO14A", "referredTo[0].dosId": "2000006423",
                "reason.text": "Pharmacy ITK Testing", "documents.count": "1", "documents[0].size": "73453",
                "sections.count": "6",
                "consent.count": "",
            ]),
        Document(
            "itk111-ic24-dx06.xml",
            [
                "kind": "new", "setId": "192F7989-BE74-4F5C-AA94-FC0778DAC8AA", "confidentiality.code": "R",
                "referredAt": "2021-05-11T09:53:28+01:00", "urgency.original.code": "Dx06",
                "source.messageId": "D78E4686-5082-4E76-9359-6A84AE0C9C10",
                "source.endpoint": "urn:nhs-uk:addressing:ods:NVE",
                "person.nhsNumber.value": "", "person.nhsNumber.status": "",
                "person.localIds[0].value": "DRSM-C2WCE8-975",
                "person.name.family": "TEST CALL DX06", "person.birthDate": "1996-03-25", "person.gender.code": "male",
                "person.language.code": "en", "person.addresses.count": "2", "person.addresses[1].use": "temp",
                "gpPractice.odsCode": "Z10000", "referrer.name": "Ben Smythson", "referrer.role.code": "NR1690",
                "referrer.odsCode": "NTN08", "referredTo.count": "2", "referredTo[0].dosId": "1335970392",
                "referredTo[1].address.postcode": "TN24 0GP",
                "reason.text": "<CLEO Ref: 2100310382> Test Call for DX06.",
                "sections.count": "6", "consent.count": "", "documents.count": "",
            ]),
        Document(
            "itk111-tpp-t6.xml",
            [
                "kind": "new", "setId": "2AC2F391-A532-11EC-B262-B908B3B2B1B6", "urgency.original.code": "Dx09",
                "confidentiality.code": "V", "referredAt": "2022-03-16T14:05:42+00:00", "journeyId": "TPP73778331",
                "correlationId": "73778331", "person.nhsNumber.value": "9990556512",
                "person.nhsNumber.status": "verified",
                "person.localIds.count": "", "person.name.prefix": "Mrs", "person.name.given[0]": "Donotuse",
                "person.birthDate": "1944-01-15", "person.addresses.count": "2", "person.addresses[1].lines.count": "3",
                "person.addresses[1].postcode": "DE24 8PU", "person.telecoms[0].value": "03003690004",
                "gpPractice.odsCode": "B86055",
                "referrer.name": "Andrew Nairn", "referrer.organisation": "Dorset CAS & IUC",
                "referrer.odsCode": "G1Q2R",
                "referrer.professionalIds[0].value": "562090462100", "referredTo.count": "1",
                "referredTo[0].odsCode": "EM396",
                "referredTo[0].dosId": "2000082139", "reason.text": "Test", "documents[0].size": "20450",
                "documents[0].description": "Pathways", "sections.count": "5", "consent.count": "",
            ]),
        Document(
            "itk111-conformance-adastra-ooh.xml",
            [
                "kind": "new", "setId": "E2DF04F7-95CA-40AD-808D-797C0A89E39C", "urgency.code": "",
                "urgency.original.code": "DispoCodeDx87", "journeyId": "AdastraCaseGUID34",
                "correlationId": "AdastraCaseID35",
                "previousIds.count": "4", "person.nhsNumber.value": "",
                "person.localIds[0].value": "6DA30D7B-1A66-4007-992A-8FF1DB58F68D",
                "person.name.family": "Patient Family Name", "person.birthDate": "1990-02-02",
                "person.gender.original.code": "9",
                "person.addresses[0].postcode": "HA25 4NS", "person.addresses[1].use": "temp",
                "person.contacts.count": "1",
                "person.contacts[0].relationship.code": "16", "person.contacts[0].name.text": "RelatedPerson Name",
                "referrer.name": "AuthorAssignedPerson GivenName AuthorAssignedPerson FamilyName",
                "referredTo.count": "1", "referredTo[0].odsCode": "FHR04RPX", "referredTo[0].dosId": "2000038667",
                "gpPractice.odsCode": "", "reason.text": "ComponentText - Pharmacy ITK Testing",
                "documents[0].size": "18346",
                "sections.count": "6",
            ]),
        Document(
            "itk111-no-nhs-number.xml",
            [
                "kind": "update", "version": "2", "setId": "411910CF-1A76-4330-98FE-C345DDEE5553",
                "urgency.original.code": "Dx01",
                "urgency.code": "", "referredAt": "2019-01-01T20:00:00+00:00", "sentAt": "2017-01-01T20:00:00+00:00",
                "previousIds.count": "4", "journeyId": "CASEREF1234", "correlationId": "CASEID123",
                "person.name.family": "Joe",
                // `ME5 FS3` is no postcode.
                "person.addresses[0].city": "Medway", "person.addresses[0].postcode": "", "person.telecoms.count": "3",
                "person.telecoms[2].system": "email", "person.contacts[0].name.family": "Bloggs",
                "person.contacts[0].telecoms[0].use": "mobile", "person.contacts[0].addresses[0].postcode": "ME5 7TY",
                "gpPractice.odsCode": "V396F", "referrer.name": "Mary Jones", "referrer.role.code": "T1",
                "referredTo.count": "3",
                "referredTo[1].odsCode": "EM396", "referredTo[2].odsCode": "RE3",
                "referredTo[2].address.postcode": "ME8 7TT",
                "returnTo.name": "Call Centre Manager", "returnTo.odsCode": "06HAK",
                "returnTo.contact[0].value": "08001111111",
                "clinicalContext.observations.count": "3", "clinicalContext.observations[1].valueCode.code": "22298006",
                "planSuggested[1].when": "2017-06-01T14:00:00+00:00", "documents[0].size": "41967",
                "sections.count": "13",
                "consent.count": "",
            ]),
    ]
}
