import Foundation
import Referrals
import Reporting
import Testing

@testable import Projections

@Suite struct FieldProjectionTests {
    static func projection(_ fields: String...) throws -> FieldProjection {
        var findings: [Finding] = []
        let projection = FieldProjection.parse(
            fields.map { (text: $0, position: nil) }, file: "linkway.yaml", reporting: &findings)
        #expect(findings == [])
        return try #require(projection)
    }

    private func project(_ json: String, _ fields: [String]) throws -> String {
        var findings: [Finding] = []
        let projection = try #require(
            FieldProjection.parse(fields.map { ($0, nil) }, file: "linkway.yaml", reporting: &findings))
        return Rendered.canonical(projection.apply(try Rendered.read(json)))
    }

    private static let referral = """
        {"schema":"referral/1","id":"11111111-1111-4111-8111-111111111111","status":"active","kind":"new",\
        "urgency":{"code":"routine"},"confidentiality":{"code":"R"},"referredAt":"2026-03-02T09:14:00Z",\
        "sentAt":"2026-03-02T09:15:00Z","journeyId":"J-1",\
        "person":{"nhsNumber":{"value":"9990000018","status":"verified"},"name":{"family":"Ashworth","given":["Aisha"]},\
        "birthDate":"1968-02-14"},"needs":[{"text":"Company","importance":8},{"importance":3}],\
        "work":{"asked":"yes","goal":"start","benefits":[{"text":"ESA"}]},\
        "documents":[{"title":"Letter","confidentiality":{"code":"V"},"description":"About it"}]}
        """

    private static let envelope = """
        {"schema":"referral/1","id":"11111111-1111-4111-8111-111111111111","status":"active","kind":"new",\
        "urgency":{"code":"routine"},"confidentiality":{"code":"R"},"referredAt":"2026-03-02T09:14:00Z","journeyId":"J-1"
        """

    @Test(
        "only what is named is kept, beside the envelope and marks of confidentiality",
        arguments: [
            ([], "}"),
            (["person.name.family"], #","person":{"name":{"family":"Ashworth"}}}"#),
            (["person.nhsNumber"], #","person":{"nhsNumber":{"value":"9990000018","status":"verified"}}}"#),
            (["needs.text"], #","needs":[{"text":"Company"}]}"#),
            (["work.goal", "work.asked"], #","work":{"asked":"yes","goal":"start"}}"#),
            (["documents.title"], #","documents":[{"title":"Letter","confidentiality":{"code":"V"}}]}"#),
            (["status", "risks"], "}"),
        ])
    func keeps(fields: [String], rest: String) throws {
        #expect(try project(Self.referral, fields) == Self.envelope + rest)
    }

    @Test("without a projection everything is kept")
    func whole() throws {
        #expect(Rendered.canonical(FieldProjection.whole.apply(try Rendered.read(Self.referral))) == Self.referral)
    }

    @Test("every mistake is reported, each with its place and what was most likely meant")
    func mistakes() {
        var findings: [Finding] = []
        let list = [
            "person.nam", "needs[].text", "zebra", "consent.decision", "person", "person.birthDate", "work", "work",
        ]
        let projection = FieldProjection.parse(
            list.enumerated().map { ($1, SourcePosition(line: $0 + 1, column: 5)) }, file: "linkway.yaml",
            reporting: &findings)
        #expect(projection == nil)
        #expect(
            findings.map { "\($0.location?.position?.line ?? 0) \($0.code) \($0.help ?? "")" } == [
                "1 projection-field-unknown did you mean `person.name`?",
                "2 projection-field-unknown did you mean `needs.text`?",
                "3 projection-field-unknown docs/canonical-referral.md lists all fields, as in `person.name` or `work.goal`",
                "4 projection-field-partial name `consent`",
                "6 projection-field-covered remove one of the two: the wider one, if less is to be sent",
                "8 projection-field-covered remove one of the two: the wider one, if less is to be sent",
            ])
        #expect(findings.allSatisfy { $0.location?.document == "linkway.yaml" })
    }

    @Test("an entry that narrows nothing is only a warning")
    func covered() {
        var findings: [Finding] = []
        #expect(FieldProjection.parse([("work", nil), ("work.goal", nil)], file: "", reporting: &findings) != nil)
        #expect(findings.map(\.severity) == [.warning])
    }

    @Test("a part is not sent without what says how it is to be understood")
    func inseparable() {
        for (field, group) in [
            ("person.nhsNumber.value", "person.nhsNumber"), ("person.telecoms.value", "person.telecoms"),
            ("risks.text", "risks"), ("safeguarding.concern", "safeguarding"), ("consent.scope", "consent"),
            ("work.employerContact.telecoms.value", "work.employerContact"),
            ("consent.method.code", "consent"),
        ] {
            var findings: [Finding] = []
            #expect(FieldProjection.parse([(field, nil)], file: "", reporting: &findings) == nil)
            #expect(findings.map(\.help) == ["name `\(group)`"])
        }
    }

    @Test("every field that stands alone may be named, and gives canonical JSON", arguments: 0..<20)
    func everyField(seed: Int) throws {
        var maker = ReferralMaker(seed: UInt64(seed))
        let referral = maker.referral()
        for field in Schema.referral.fields.dropFirst() {
            var findings: [Finding] = []
            guard let projection = FieldProjection.parse([(field.path, nil)], file: "", reporting: &findings) else {
                #expect(findings.map(\.code) == ["projection-field-partial"])
                continue
            }
            let (read, problems) = CanonicalJSON.read(Array(Rendered.canonical(projection.apply(referral)).utf8))
            #expect(read != nil)
            #expect(problems.allSatisfy { $0.code == "canonical-field-missing" }, "\(field.path): \(problems)")
        }
    }
}
