import Referrals
import Reporting
import SourceDocuments
import Testing

@testable import Mappings

/// Checks on documents whatever their values: requirements of the mapping, and references that lead nowhere.
@Suite("Checks on the document itself")
struct TranslationDocumentCheckTests {
    private func findings(_ mapping: String, _ document: String) throws -> [Finding] {
        let (set, mistakes) = Workshop.compile(mapping)
        try #require(mistakes.allSatisfy { $0.severity != .error }, "\(FindingPrinter().text(mistakes))")
        let today = try #require(CalendarDay(year: 2026, month: 3, day: 2))
        return Translator(set, options: .init(today: today)).translate(Array(document.utf8), with: 0).findings
    }

    private static let letters = """
        require:
          - { that: "count(r:Letter) <= 1", finding: resource-count, else: quarantine }
        """

    @Test("a requirement that does not hold gives its finding, at the root and at its line of the mapping")
    func requirement() throws {
        let mapping = Workshop.xml(foot: Self.letters)
        let head = #"<Referral xmlns="urn:example:north"><Surname>Lowe</Surname><DOB>1968-02-14</DOB>"#
        let fits = try findings(mapping, head + "<Letter/></Referral>")
        #expect(!fits.contains { $0.code == "resource-count" })
        let wrong = try findings(mapping, head + "<Letter/><Letter/></Referral>")
        let finding = try #require(wrong.first { $0.code == "resource-count" })
        #expect(finding.severity == .quarantine)
        #expect(finding.location?.path == "/Referral")
        #expect(finding.rule?.position?.line == mapping.split(separator: "\n").count)
    }

    @Test("what only a requirement looks at does not count as read")
    func coverage() throws {
        let (set, _) = Workshop.compile(
            Workshop.xml(foot: "require:\n  - { that: \"r:Letter = 'x'\", finding: resource-count, else: warn }"))
        let today = try #require(CalendarDay(year: 2026, month: 3, day: 2))
        let text =
            #"<Referral xmlns="urn:example:north"><Surname>Lowe</Surname><DOB>1968-02-14</DOB><Letter>x</Letter></Referral>"#
        let coverage = Translator(set, options: .init(today: today)).translate(Array(text.utf8)).coverage
        #expect(coverage.unread == 1)
    }

    @Test(
        "a FHIR reference that leads to nothing in the message is a finding; one to another server is not judged",
        arguments: [
            ("urn:uuid:11111111-1111-4111-8111-111111111111", 0), ("urn:uuid:22222222-2222-4222-8222-222222222222", 1),
            ("Practitioner/9", 1), ("https://elsewhere.example/Practitioner/9", 0),
        ])
    func references(reference: String, count: Int) throws {
        let document = """
            {"resourceType":"Bundle","entry":[
              {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","resource":{"resourceType":"Practitioner"}},
              {"resource":{"resourceType":"Patient","name":[{"family":"Lowe"}],"birthDate":"1968-02-14",
                "generalPractitioner":[{"reference":"\(reference)"}]}}]}
            """
        let unresolved = try findings(Workshop.fhir(""), document).filter { $0.code == "reference-unresolved" }
        #expect(unresolved.count == count)
        for finding in unresolved { #expect(finding.location?.position?.line == 4) }
    }
}

/// A document with very many faults.
@Suite("Findings have an end")
struct TranslationFindingBudgetTests {
    @Test("thousands of bad values give a few findings, the number of the others, and the gravest severity of all")
    func many() throws {
        let (set, _) = Workshop.compile(
            Workshop.xml(
                map:
                    "goals:\n  each: \"r:Goal\"\n  text: { from: \".\" }\n  importance: { from: \"@n\", as: integer, invalid: quarantine }"
            ))
        let today = try #require(CalendarDay(year: 2026, month: 3, day: 2))
        let goals = (0..<20_000).map { "<Goal n=\"x\">g\($0)</Goal>" }.joined(separator: "\n")
        let text =
            #"<Referral xmlns="urn:example:north"><Surname>Lowe</Surname><DOB>1968-02-14</DOB>"# + goals + "</Referral>"
        let translation = Translator(set, options: .init(today: today)).translate(Array(text.utf8))
        let integers = translation.findings.filter {
            $0.code == "integer-malformed" || $0.field?.hasSuffix("importance") == true
        }
        #expect(integers.count == FindingBudget.mostOfAKind)
        let rest = try #require(translation.findings.first { $0.code == "findings-many" })
        #expect(rest.severity == .quarantine)
        #expect(rest.message.hasPrefix("19975 "))
        #expect(translation.outcome == .held)
    }
}
