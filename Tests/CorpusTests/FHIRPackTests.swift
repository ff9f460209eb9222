import Foundation
import Mappings
import Referrals
import Reporting
import Testing

/// What becomes of the FHIR documents of the corpus beside BaRS: e-RS, GP Connect, ITK3, Gravity, BSeR and UK Core.
@Suite("FHIR packs", .enabled(if: Shared.hasCorpus))
struct FHIRPackTests {
    typealias Expected = CorpusOutcomeTests.Expected

    /// What is said of nearly every referral here: the formats name no practice, no risk, nothing about work.
    private static let sparse = ["practice-missing", "referrer-incomplete", "risk-not-stated"]

    static let referrals: [Expected] = [
        // The sandbox leaves `_baseUrl_` in the code systems that the referral takes over.
        Expected(
            "ers-create-referral-request.json", .refused, "ers-stu3",
            sorted(
                sparse, "birth-date-missing", "name-missing", "reason-missing", "referrer-ods-missing",
                "template-mark", "value-missing", "work-not-recorded")),
        Expected(
            "ers-cancel-request.json", .refused, "ers-stu3",
            [
                "nhs-number-missing", "practice-missing", "referral-unnamed", "referrer-incomplete",
                "referrer-ods-missing", "template-mark",
            ]),
        Expected(
            "ers-referral-letter-attach-request.json", .held, "ers-stu3",
            sorted(
                sparse, "attachment-type-missing", "birth-date-missing", "name-missing", "nhs-number-missing",
                "reason-missing", "referral-unnamed", "referrer-ods-missing", "value-missing", "work-not-recorded")),
        Expected(
            "ers-referral-additional-requirements.json", .refused, "ers-stu3-referral",
            sorted(
                sparse, "birth-date-missing", "name-missing", "reason-missing", "template-mark", "value-missing",
                "work-not-recorded")),
        // Here the mark is in addresses alone, of which nothing is taken over.
        Expected(
            "ers-r4-servicerequest-search.json", .held, "ers-r4",
            sorted(
                sparse, "birth-date-missing", "name-missing", "reason-missing", "referrer-ods-missing",
                "template-mark", "value-missing", "work-not-recorded")),
        Expected(
            "gpc-referralrequest-reason-codes.json", .held, "gpc-referral",
            sorted(
                sparse, "birth-date-missing", "date-midnight-assumed", "name-missing", "nhs-number-missing",
                "referrer-ods-missing", "subject-not-the-person", "value-missing", "work-not-recorded")),
        Expected(
            "gpc-referralrequest-unsupported-priority.json", .held, "gpc-referral",
            sorted(
                sparse, "birth-date-missing", "code-unmapped", "name-missing", "nhs-number-missing",
                "reason-missing", "referrer-ods-missing", "subject-not-the-person", "value-missing",
                "work-not-recorded")),
        Expected(
            "gp2gp-ehrextract-vision-expected-stu3.json", .held, "gpc-structured",
            sorted(
                sparse, "attachment-type-refused", "birth-date-missing", "code-unmapped", "date-midnight-assumed",
                "name-missing", "nhs-number-malformed", "reference-unresolved", "referrer-ods-missing",
                "value-missing", "work-not-recorded")),
        Expected(
            "itk3-bad-no-handling-extension.xml", .held, "itk3-document",
            sorted(
                sparse, "handling-missing", "nhs-number-check-digit", "purpose-unclear", "referrer-ods-missing",
                "value-missing", "work-not-recorded")),
        Expected(
            "bser-referral-message.xml", .held, "bser-message",
            sorted(
                sparse, "birth-date-missing", "date-midnight-assumed", "name-missing", "nhs-number-missing",
                "reference-unresolved", "referrer-ods-missing", "resource-count", "status-contradicted",
                "subject-not-the-person", "value-missing")),
        Expected(
            "bser-referral-request-document.xml", .accepted, "bser-document",
            [
                "nhs-number-missing", "postcode-invalid", "practice-missing", "referrer-ods-missing",
                "risk-not-stated", "value-missing",
            ]),
    ]

    static let others: [Expected] = [
        Expected(
            "gpc-senddocument-consultation-report-bad.xml", .refused, nil, ["format-unknown"],
            saying: "this looks like a page template"),
        Expected(
            "itk3-inf-ack-success.xml", .refused, nil, ["fhir-malformed", "not-a-referral"],
            saying: "an ITK3 response (an acknowledgement)"),
        alone("sdoh-condition-unemployed.xml", "a Condition by itself, shaped by HL7 SDOH Clinical Care"),
        alone("sdoh-consent-disclosure.xml", "a Consent by itself, shaped by HL7 SDOH Clinical Care"),
        alone("sdoh-observation-employment-status.xml", "an Observation by itself, shaped by HL7 SDOH Clinical Care"),
        alone("sdoh-servicerequest-food-pantry.xml", "a ServiceRequest by itself"),
        alone("sdoh-task-referral-accepted.xml", "a Task by itself, shaped by HL7 SDOH Clinical Care"),
        alone("ukcore-consent-information-access.xml", "a Consent by itself"),
        alone("ukcore-patient-richard-smith.xml", "a Patient by itself, shaped by UK Core"),
        alone("ukcore-questionnaireresponse-fitness-for-work.xml", "(a statement of fitness for work)"),
        alone("ukcore-servicerequest-colonoscopy.xml", "a ServiceRequest by itself"),
    ]

    private static func alone(_ file: String, _ words: String) -> Expected {
        Expected(
            file, .refused, nil, ["not-a-referral"], saying: words, "send it in one Bundle with the ServiceRequest")
    }

    private static func sorted(_ codes: [String], _ more: String...) -> [String] { (codes + more).sorted() }

    @Test("a referral ends as it should, with nothing unread", arguments: referrals)
    func referral(_ expected: Expected) throws {
        let translation = try CorpusOutcomeTests.translate(expected)
        #expect(translation.parts.count == (expected.file.hasPrefix("gp2gp-") ? 4 : 1))
        #expect(translation.coverage.unread == 0)
        let ids = Set(translation.parts.map(\.referral.id))
        #expect(ids.count == translation.parts.count && translation.parts.allSatisfy { !$0.origins.isEmpty })
    }

    @Test("what is no referral is named as what it is", arguments: others)
    func other(_ expected: Expected) throws {
        let translation = try CorpusOutcomeTests.translate(expected)
        #expect(translation.parts.isEmpty)
        #expect(translation.findings.allSatisfy { $0.location?.position != nil })
    }

    // MARK: Known-bad documents

    struct Defect: Sendable, CustomTestStringConvertible {
        let file: String
        let code: String
        /// The end of the path at which it is named.
        let path: String
        var testDescription: String { "\(file): \(code)" }
    }

    /// What `INDEX.tsv` says is wrong with each, and where.
    static let defects = [
        Defect(file: "ers-create-referral-request.json", code: "template-mark", path: "valueCoding.system"),
        Defect(file: "ers-cancel-request.json", code: "template-mark", path: "parameter[0].valueCoding.system"),
        Defect(
            file: "ers-referral-additional-requirements.json", code: "template-mark", path: "specialty.coding.system"),
        Defect(file: "ers-r4-servicerequest-search.json", code: "template-mark", path: "Bundle.entry.fullUrl"),
        Defect(file: "gpc-referralrequest-unsupported-priority.json", code: "code-unmapped", path: "priority"),
        Defect(
            file: "gp2gp-ehrextract-vision-expected-stu3.json", code: "nhs-number-malformed",
            path: "resource.identifier.value"),
        Defect(
            file: "gp2gp-ehrextract-vision-expected-stu3.json", code: "attachment-type-refused",
            path: "attachment.contentType"),
        Defect(file: "itk3-bad-no-handling-extension.xml", code: "handling-missing", path: "Bundle.entry[0].resource"),
        Defect(file: "itk3-bad-no-handling-extension.xml", code: "nhs-number-check-digit", path: "identifier.value"),
        Defect(file: "itk3-bad-no-handling-extension.xml", code: "purpose-unclear", path: "type.coding"),
        Defect(file: "bser-referral-message.xml", code: "status-contradicted", path: "resource.businessStatus"),
    ]

    @Test("a defect is named with its place", arguments: defects)
    func defect(_ defect: Defect) throws {
        let translation = try Shipped.translator().translate(try Shared.bytes("corpus/\(defect.file)"))
        let places = translation.findings.filter { $0.code.rawValue == defect.code }.compactMap(\.location)
        #expect(places.contains { $0.path?.hasSuffix(defect.path) == true && $0.position != nil }, "\(places)")
    }

    // MARK: Recognition

    static let bundles = [
        ("Appointment", "a FHIR Bundle with `Appointment` (a booking)"),
        ("Slot", "a FHIR Bundle with `Slot` (free times)"),
        ("DiagnosticReport", "a FHIR Bundle with `DiagnosticReport` (a report of a laboratory or of imaging)"),
    ]

    @Test("a Bundle without a request is named by what it holds", arguments: bundles)
    func bundle(_ type: String, _ words: String) throws {
        let text = """
            {"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"\(type)","id":"1"}}]}
            """
        let translation = try Shipped.translator().translate(Array(text.utf8), named: "document")
        #expect(translation.codes == ["not-a-referral"])
        #expect(translation.rendered.contains(words), "\(translation.findings.map(\.message))")
    }

    @Test("the mapping that came closest is named first")
    func nearest() throws {
        let text = """
            {"resourceType":"Bundle","type":"message","entry":[{"resource":{"resourceType":"MessageHeader",
            "event":{"system":"https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2","code":"ITK003D"}}}]}
            """
        let translation = try Shipped.translator().translate(Array(text.utf8), named: "document")
        #expect(translation.codes == ["mapping-none"])
        let help = try #require(translation.findings.first?.help)
        #expect(help.hasPrefix("mappings for fhir: `itk3-document` (wants `entry.resource.ofType(Bundle).exists()`)"))
        #expect(!help.contains("`gpc-referral`"))
    }
}
