import Mappings
import Reporting
import Testing

/// What becomes of published messages that nobody here wrote.
@Suite("Corpus", .enabled(if: Shared.hasCorpus))
struct CorpusOutcomeTests {
    struct Expected: Sendable, CustomTestStringConvertible {
        let file: String
        let outcome: Translation.Outcome
        var mapping: String?
        var codes: [String]
        /// Words that what is said of the document must hold.
        var words: [String] = []
        var testDescription: String { file }

        init(
            _ file: String, _ outcome: Translation.Outcome, _ mapping: String? = nil, _ codes: [String],
            saying words: String...
        ) {
            self.file = file
            self.outcome = outcome
            self.mapping = mapping
            self.codes = codes
            self.words = words
        }
    }

    static let referrals: [Expected] = [
        Expected(
            "bars-validation-request.json", .held, "fhir-bars",
            [
                "care-plan-open", "nhs-number-check-digit", "reference-unresolved", "request-undated",
                "risk-not-stated",
            ]),
        Expected(
            "bars-validation-request.xml", .held, "fhir-bars",
            [
                "nhs-number-check-digit", "practice-missing", "reference-unresolved", "referrer-ods-missing",
                "value-missing",
            ]),
        Expected("itk111-adastra-dx06.xml", .accepted, "itk-cda-soap", ["referrer-incomplete", "risk-not-stated"]),
        Expected(
            "itk111-conformance-adastra-ooh.xml", .held, "itk-cda-soap",
            ["code-unmapped", "nhs-number-missing", "practice-missing", "referrer-incomplete", "risk-not-stated"]),
        Expected(
            "itk111-ic24-dx06.xml", .accepted, "itk-cda-soap",
            [
                "confidentiality-restricted", "nhs-number-missing", "referrer-incomplete", "referrer-is-recipient",
                "risk-not-stated",
            ]),
        Expected(
            "itk111-no-nhs-number.xml", .refused, "itk-cda-soap",
            [
                "code-unmapped", "confidentiality-restricted", "nhs-number-missing", "postcode-invalid",
                "referrer-incomplete",
                "risk-not-stated", "template-mark",
            ]),
        Expected(
            "itk111-tpp-t6.xml", .accepted, "itk-cda-soap",
            ["confidentiality-restricted", "date-offset-assumed", "referrer-incomplete", "risk-not-stated"]),
    ]

    /// Of the families that the packs read, what is no referral; and every document of other families.
    static let others: [Expected] = [
        Expected(
            "bars-messagedefinition-case-transfer.json", .refused, nil, ["not-a-referral"],
            saying: "the answer to a search, a FHIR Bundle with `MessageDefinition`"),
        Expected(
            "bars-outcome-rec-409-duplicate.json", .refused, nil, ["not-a-referral"], saying: "an OperationOutcome"),
        Expected(
            "bars-servicerequest-get.xml", .refused, nil, ["fhir-malformed"],
            saying: "looks like FHIR, but declares no namespace `http://hl7.org/fhir`"),
        Expected(
            "bars-servicerequest-patch-body.json", .refused, nil, ["not-a-referral"],
            saying: "a ServiceRequest by itself"),
        Expected("hl7v2xml-external-dtd.xml", .refused, nil, ["xml-doctype"], saying: "nothing it names was read"),
        Expected("hl7v2xml-omd-o03.xml", .refused, nil, ["not-a-referral"], saying: "an HL7 v2 OMD (a diet order)"),
        Expected("hsds-service-full.json", .refused, nil, ["not-a-referral"], saying: "an Open Referral service"),
        Expected(
            "itk-adt-ack-hl7v2xml.xml", .refused, nil, ["not-a-referral"], saying: "an HL7 v2 ACK (an acknowledgement)"),
        Expected(
            "itk-response-fault-manifest-count.xml", .refused, nil, ["not-a-referral"],
            saying: "an ITK ToolkitErrorInfo"),
        Expected("itk-response-success.xml", .refused, nil, ["not-a-referral"], saying: "an ITK SimpleMessageResponse"),
        Expected(
            "itk111-ic24-dx06-expected-stu3.json", .refused, nil, ["mapping-none"],
            saying: "a FHIR STU3 `Bundle` of type `message`",
            "`fhir-bars` (wants `entry.resource.ofType(MessageHeader).event"),
        Expected("mesh-gpfed-consult-report.ctl", .refused, nil, ["not-a-referral"], saying: "a MESH control file"),
        Expected("mesh-simple-message.json", .refused, nil, ["not-a-referral"], saying: "a MESH record of a message"),
        Expected("nhais-blank-nhs-number.json", .refused, nil, ["not-a-referral"], saying: "a FHIR Parameters"),
    ]

    @Test("a referral ends as it should, with nothing unread", arguments: referrals)
    func referral(_ expected: Expected) throws {
        let translation = try translate(expected)
        #expect(translation.parts.count == 1)
        #expect(translation.coverage.unread == 0)
        #expect(translation.coverage.total > 100)
    }

    @Test("what is no referral is named as what it is", arguments: others)
    func other(_ expected: Expected) throws {
        let translation = try translate(expected)
        #expect(translation.parts.isEmpty)
        #expect(translation.findings.allSatisfy { $0.location?.position != nil })
    }

    @Test("every document of the corpus stands in one of the lists")
    func everyOne() {
        let own = (Self.referrals + Self.others + FHIRPackTests.referrals + FHIRPackTests.others).map(\.file)
        let listed = (own + OtherPackTests.outcomes.map(\.file)).sorted()
        #expect(listed == Shared.names(in: "corpus"))
    }

    private func translate(_ expected: Expected) throws -> Translation { try Self.translate(expected) }

    /// Translates a document of the corpus, and looks whether it ends as expected.
    static func translate(_ expected: Expected) throws -> Translation {
        let translation = try Shipped.translator().translate(
            try Shared.bytes("corpus/\(expected.file)"), named: expected.file)
        #expect(translation.outcome == expected.outcome)
        #expect(translation.mapping.map { String($0.prefix { $0 != "@" }) } == expected.mapping)
        #expect(translation.codes == expected.codes)
        for words in expected.words {
            #expect(translation.rendered.contains(words), "\(translation.findings.map(\.message))")
        }
        return translation
    }
}
