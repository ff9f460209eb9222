import Mappings
import Referrals
import Reporting
import Testing

/// Documents that are wrong on purpose, or by mistake in official examples: each defect that INDEX.tsv tells of is found and
/// named with its place, as gravely as the profile says.
@Suite("Known-bad documents", .enabled(if: Shared.hasCorpus))
struct KnownBadTests {
    struct Defect: Sendable, CustomTestStringConvertible {
        let file: String
        let code: String
        /// What the path of its place ends in; empty where the document has no path, being unread.
        let place: String
        let minimum: Finding.Severity
        let prsb: Finding.Severity
        var testDescription: String { "\(code) of \(file)" }

        init(
            _ file: String, _ code: String, _ place: String, _ minimum: Finding.Severity,
            prsb: Finding.Severity? = nil
        ) {
            (self.file, self.code, self.place, self.minimum, self.prsb) = (file, code, place, minimum, prsb ?? minimum)
        }
    }

    static let defects = [
        Defect("bars-validation-request.json", "nhs-number-check-digit", "identifier.value", .quarantine),
        Defect("bars-validation-request.json", "care-plan-open", ".resource.status", .warning),
        Defect("bars-validation-request.json", "reference-unresolved", "episodeOfCare.reference", .warning),
        Defect("bars-validation-request.json", "request-undated", "entry[1].resource", .warning),
        Defect("bars-validation-request.xml", "nhs-number-check-digit", "identifier.value", .quarantine),
        Defect("bars-servicerequest-get.xml", "fhir-malformed", "", .error),
        // By itself it is refused; what is wrong in it is not looked at.
        Defect("bars-servicerequest-patch-body.json", "not-a-referral", "ServiceRequest", .error),
        Defect("itk111-no-nhs-number.xml", "template-mark", "patientRole/id/@extension", .error),
        Defect("itk111-no-nhs-number.xml", "postcode-invalid", "postalCode", .warning),
        Defect("itk111-no-nhs-number.xml", "nhs-number-missing", "patientRole/id", .warning),
        Defect("itk3-bad-no-handling-extension.xml", "handling-missing", "entry[0].resource", .quarantine),
        Defect("itk3-bad-no-handling-extension.xml", "nhs-number-check-digit", "identifier.value", .quarantine),
        Defect("gpc-senddocument-consultation-report-bad.xml", "format-unknown", "", .error),
        Defect(
            "gp2gp-ehrextract-vision.xml", "nhs-number-malformed", "recordTarget/patient/id/@extension", .quarantine),
        Defect("gp2gp-requeststatement-bad-priority.xml", "code-unmapped", "priorityCode/@code", .quarantine),
        Defect("gpc-referralrequest-unsupported-priority.json", "code-unmapped", "priority", .quarantine),
        Defect(
            "gpc-referralrequest-unsupported-priority.json", "subject-not-the-person", "ReferralRequest", .quarantine),
        Defect(
            "gpc-referralrequest-unsupported-priority.json", "referrer-ods-missing", "", .warning, prsb: .quarantine),
        Defect("nhais-blank-nhs-number.json", "not-a-referral", "Parameters", .error),
        Defect("mesh-gpfed-consult-report.ctl", "not-a-referral", "DTSControl", .error),
        Defect("bser-referral-message.xml", "status-contradicted", "", .quarantine),
        Defect("hl7v2xml-external-dtd.xml", "xml-doctype", "", .error),
    ]

    @Test("a defect is named with its place, as gravely as the profile says", arguments: defects)
    func named(_ defect: Defect) throws {
        let bytes = try Shared.bytes("corpus/\(defect.file)")
        for (profile, severity) in [(Profile.minimum, defect.minimum), (Profile.prsbSP11, defect.prsb)] {
            let translator = try Shipped.translator()
            translator.options.profile = profile
            let found = translator.translate(bytes, named: defect.file).findings.filter {
                $0.code.rawValue == defect.code
            }
            #expect(found.first?.severity == severity, "\(profile.name)")
            #expect(found.allSatisfy { $0.location?.position != nil })
            let paths = found.map { $0.location?.path ?? "" }
            #expect(paths.contains { $0.hasSuffix(defect.place) }, "\(paths)")
        }
    }

    @Test("every document that is said to be bad is here")
    func complete() throws {
        let index = String(decoding: try Shared.bytes("INDEX.tsv"), as: UTF8.self)
        let bad = index.split(separator: "\n").filter { $0.contains("KNOWN-BAD") }.compactMap {
            $0.split(separator: "\t").first
        }
        #expect(!bad.isEmpty && Set(bad.map(String.init)) == Set(Self.defects.map(\.file)))
    }
}
