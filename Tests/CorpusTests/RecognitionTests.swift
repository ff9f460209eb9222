import Mappings
import Reporting
import Testing

/// What is said of documents that no mapping reads.
@Suite("Recognition")
struct RecognitionTests {
    struct Seen: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let code: String

        init(_ words: String, _ code: String, _ text: String) {
            testDescription = words
            self.code = code
            self.text = text
        }
    }

    private static let namespace = "xmlns=\"http://hl7.org/fhir\""

    static let documents = [
        Seen(
            "a FHIR `Bundle` of type `collection` with `Patient`", "mapping-none",
            bundle("collection", "{\"resourceType\":\"Patient\",\"id\":\"1\"}")),
        Seen(
            "`fhir-bars` (wants `type = 'message'`)", "mapping-none",
            bundle("collection", "{\"resourceType\":\"Patient\",\"id\":\"1\"}")),
        Seen(
            "a FHIR STU3 `Bundle` of type `message` with `MessageHeader`", "mapping-none",
            bundle("message", "{\"resourceType\":\"MessageHeader\",\"event\":{\"code\":\"referral-1\"}}")),
        Seen(
            "(a report of NHS 111 that an adaptor turned into FHIR; no mapping reads that form, but the ITK letter",
            "mapping-none",
            bundle(
                "message", "{\"resourceType\":\"MessageHeader\",\"event\":{\"code\":\"referral-1\"}}",
                "{\"resourceType\":\"ReferralRequest\",\"id\":\"1\"}")),
        Seen(
            "a FHIR Parameters (a call to a service, not a message) with `ReferralRequest`", "not-a-referral",
            "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"return\",\"resource\":{\"resourceType\":\"ReferralRequest\"}}]}"
        ),
        Seen(
            "if a resource in it is the referral, send that by itself", "not-a-referral",
            "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"return\",\"resource\":{\"resourceType\":\"ReferralRequest\"}}]}"
        ),
        Seen(
            "by itself, without the person and the message around it, shaped by the NHS e-Referral Service",
            "not-a-referral",
            "{\"resourceType\":\"ServiceRequest\",\"extension\":[{\"url\":\"https://fhir.nhs.uk/StructureDefinition/Extension-ERS-Referral\"}]}"
        ),
        Seen(
            "a FHIR STU3 `Bundle`", "mapping-none",
            bundle("document", "{\"resourceType\":\"ReferralRequest\",\"id\":\"1\"}")),
        Seen(
            "a BaRS response (an answer to a referral)", "not-a-referral",
            bundle(
                "message", "{\"resourceType\":\"MessageHeader\",\"eventCoding\":{\"code\":\"servicerequest-response\"}}"
            )),
        Seen(
            "a BaRS booking", "not-a-referral",
            bundle("message", "{\"resourceType\":\"MessageHeader\",\"eventCoding\":{\"code\":\"booking-request\"}}")),
        Seen(
            "a FHIR Bundle with `DiagnosticReport`", "not-a-referral",
            bundle("collection", "{\"resourceType\":\"DiagnosticReport\",\"id\":\"1\"}")),
        Seen("(a report of a laboratory or of imaging)", "not-a-referral", "{\"resourceType\":\"DiagnosticReport\"}"),
        Seen("an Appointment (a booking)", "not-a-referral", "{\"resourceType\":\"Appointment\",\"id\":\"1\"}"),
        Seen(
            "an OperationOutcome (an answer to a message)", "not-a-referral", "{\"resourceType\":\"OperationOutcome\"}"),
        Seen(
            "a MessageDefinition (a description of messages)", "not-a-referral",
            "{\"resourceType\":\"MessageDefinition\"}"),
        Seen(
            "an Organization (a directory entry)", "not-a-referral",
            "<Organization \(namespace)><id value=\"1\"/></Organization>"),
        Seen("a HealthcareService (a directory entry)", "not-a-referral", "{\"resourceType\":\"HealthcareService\"}"),
        Seen(
            "the answer to a search, a FHIR Bundle with `Slot`", "not-a-referral",
            bundle("searchset", "{\"resourceType\":\"Slot\",\"id\":\"1\"}")),
        Seen(
            "a FHIR Bundle with `MessageDefinition` (a description of messages)", "not-a-referral",
            bundle("collection", "{\"resourceType\":\"MessageDefinition\",\"id\":\"1\"}")),
        Seen("a Patient by itself", "not-a-referral", "<Patient \(namespace)><id value=\"1\"/></Patient>"),
        Seen(
            "looks like FHIR, but declares no namespace `http://hl7.org/fhir`", "fhir-malformed",
            "<Bundle><type value=\"message\"/></Bundle>"),
        Seen(
            "looks like FHIR, but declares no namespace `http://hl7.org/fhir`", "fhir-malformed",
            "<resource><Patient><id value=\"1\"/></Patient></resource>"),
        Seen("an XML document `<bundle>` without a namespace", "mapping-none", "<bundle><value>1</value></bundle>"),
        Seen(
            "`itk-cda` (wants `//hl7:ClinicalDocument`)", "mapping-none",
            "<DistributionEnvelope xmlns=\"urn:nhs-itk:ns:201005\"/>"),
        Seen(
            "an ITK InfrastructureResponse (an acknowledgement)", "not-a-referral",
            "<e:DistributionEnvelope xmlns:e=\"urn:nhs-itk:ns:201005\"><e:InfrastructureResponse/></e:DistributionEnvelope>"
        ),
        Seen("a MESH control file", "not-a-referral", "<DTSControl><Version>1.0</Version></DTSControl>"),
        Seen(
            "a MESH record of a message", "not-a-referral",
            "{\"message_id\":\"1\",\"workflow_id\":\"2\",\"recipient\":\"3\"}"),
        Seen("an HL7 v2 message `ZZZ_Z01`", "mapping-none", "MSH|^~\\&|A|B|C|D|20260101||ZZZ^Z01^ZZZ_Z01|1|P|2.5\r"),
        Seen(
            "`hl7v2-ref` (wants `MSH/MSH.9/MSH.9.1 = 'REF'`)", "mapping-none", "MSH|^~\\&|A|B|C|D|||ZZZ^Z01|1|P|2.5\r"),
        Seen("an HL7 v2 ACK (an acknowledgement)", "not-a-referral", "MSH|^~\\&|A|B|C|D|20260101||ACK^^ACK|1|P|2.5\r"),
        Seen("an HL7 v2 ADT (an admission", "not-a-referral", "MSH|^~\\&|A|B|C|D|20260101||ADT^A05|1|P|2.5\r"),
        Seen("an HL7 v2 ORU (results", "not-a-referral", "MSH|^~\\&|A|B|C|D|20260101||ORU^R01^ORU_R01|1|P|2.5\r"),
        Seen(
            "an HL7 v2 RRI (an answer to a referral)", "not-a-referral", "MSH|^~\\&|A|B|C|D|||RRI^I12^RRI_I12|1|P|2.5\r"
        ),
        Seen(
            "an HL7 v2 ADT (an admission", "not-a-referral",
            "<e:DistributionEnvelope xmlns:e=\"urn:nhs-itk:ns:201005\"><e:payload>"
                + "<ADT_A05 xmlns=\"urn:hl7-org:v2xml\"/></e:payload></e:DistributionEnvelope>"),
        Seen(
            "a CDA document: a discharge summary", "not-a-referral",
            "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><code code=\"18842-5\"/></ClinicalDocument>"),
        Seen(
            "`ccda` (wants `hl7:templateId[@root = ", "mapping-none",
            "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><code code=\"0\"/></ClinicalDocument>"),
        Seen(
            "a Kettering message (a letter or results to a practice)", "not-a-referral",
            "<ReportMsg><ClinicalReport><ReportType>Pathology</ReportType></ClinicalReport></ReportMsg>"),
        Seen(
            "an HL7 v3 application acknowledgement", "not-a-referral", "<MCCI_IN010000UK13 xmlns=\"urn:hl7-org:v3\"/>"),
        Seen("this table (CSV)", "mapping-none", "Surname,Forename,Note\nQuillfeather,Marigold,1\n"),
        Seen("`csv` (wants `Family name`)", "mapping-none", "Surname,Forename,Note\nQuillfeather,Marigold,1\n"),
        Seen("no mapping reads this JSON", "mapping-none", "{\"hello\":1}"),
        // A type is said only if it is written as types are.
        Seen(
            "a FHIR resource of no known type", "mapping-none",
            "{\"resourceType\":\"Marigold Quillfeather\",\"id\":\"1\"}"),
        Seen(
            "a FHIR `Bundle`", "mapping-none",
            bundle("Marigold Quillfeather", "{\"resourceType\":\"Ann Other\",\"id\":\"1\"}")),
    ]

    private static func bundle(_ type: String, _ resources: String...) -> String {
        let entries = resources.map { "{\"resource\":\($0)}" }.joined(separator: ",")
        return "{\"resourceType\":\"Bundle\",\"type\":\"\(type)\",\"entry\":[\(entries)]}"
    }

    @Test("says what was seen, where, and no value of it", arguments: documents)
    func seen(_ document: Seen) throws {
        let translation = try Shipped.translator().translate(Array(document.text.utf8), named: "document")
        let errors = translation.findings.filter { $0.severity == .error }
        #expect(errors.map(\.code.rawValue) == [document.code])
        #expect(
            translation.rendered.contains(document.testDescription),
            "\(errors.map(\.message)) \(errors.compactMap(\.help))")
        #expect(errors.allSatisfy { $0.location?.position != nil })
        #expect(!translation.rendered.contains("Quillfeather") && !translation.rendered.contains("Other\""))
        #expect(translation.outcome == .refused && translation.parts.isEmpty)
    }
}
