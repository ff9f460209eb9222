import Reporting
import SourceDocuments
import Testing

@testable import Mappings

/// What becomes of a value that cannot be had: every policy for every way to fail.
struct PolicyCase: Sendable, CustomTestStringConvertible {
    /// missing, invalid, unmapped, many.
    let kind: String
    let policy: String
    let outcome: Translation.Outcome
    let severity: Finding.Severity?
    /// The values of the field afterwards.
    var values: [String] = []
    var origin: Origin.Kind? = .source
    /// What is kept as `original.code`.
    var original: [String] = []

    var testDescription: String { "\(kind): \(policy)" }

    /// The rule under test; ② before it.
    var rule: String {
        switch kind {
        case "missing", "many": "education: ②{ from: \"r:School\", \(kind): \(policy) }"
        case "invalid": "deathDate: ②{ from: \"r:Died\", invalid: \(policy) }"
        default: "religion: ②{ from: \"r:Belief\", as: code, table: needs, unmapped: \(policy) }"
        }
    }

    /// ① where the finding must point.
    var elements: String {
        switch kind {
        case "many": "<School>Hill Road</School>\n<School>①Mill Lane</School>"
        case "invalid": "<Died>①in the spring</Died>"
        case "unmapped": "<Belief>①77</Belief>"
        default: ""
        }
    }

    var code: FindingCode {
        switch kind {
        case "missing": "value-missing"
        case "many": "too-many"
        case "invalid": "date-unreadable"
        default: "code-unmapped"
        }
    }

    var field: String {
        switch kind {
        case "missing", "many": "person.education"
        case "invalid": "person.deathDate"
        default: "person.religion"
        }
    }

    static let all: [PolicyCase] = [
        PolicyCase(kind: "missing", policy: "reject", outcome: .refused, severity: .error, origin: nil),
        PolicyCase(kind: "missing", policy: "quarantine", outcome: .held, severity: .quarantine, origin: nil),
        PolicyCase(kind: "missing", policy: "warn", outcome: .accepted, severity: .warning, origin: nil),
        PolicyCase(kind: "missing", policy: "omit", outcome: .accepted, severity: nil, origin: nil),
        PolicyCase(
            kind: "missing", policy: "{ use: none }", outcome: .accepted, severity: nil, values: ["none"],
            origin: .fallback),
        PolicyCase(kind: "invalid", policy: "reject", outcome: .refused, severity: .error, origin: nil),
        PolicyCase(kind: "invalid", policy: "quarantine", outcome: .held, severity: .quarantine, origin: nil),
        PolicyCase(kind: "invalid", policy: "warn", outcome: .accepted, severity: .warning, origin: nil),
        PolicyCase(kind: "invalid", policy: "omit", outcome: .accepted, severity: nil, origin: nil),
        PolicyCase(
            kind: "invalid", policy: "{ use: 1999-12-31 }", outcome: .accepted, severity: .warning,
            values: ["1999-12-31"],
            origin: .fallback),
        PolicyCase(kind: "unmapped", policy: "reject", outcome: .refused, severity: .error, origin: nil),
        PolicyCase(
            kind: "unmapped", policy: "quarantine", outcome: .held, severity: .quarantine, origin: nil, original: ["77"]
        ),
        PolicyCase(
            kind: "unmapped", policy: "warn", outcome: .accepted, severity: .warning, origin: nil, original: ["77"]),
        PolicyCase(
            kind: "unmapped", policy: "hold-code", outcome: .accepted, severity: .warning, origin: nil, original: ["77"]
        ),
        PolicyCase(kind: "unmapped", policy: "omit", outcome: .accepted, severity: nil, origin: nil),
        PolicyCase(
            kind: "unmapped", policy: "{ use: other }", outcome: .accepted, severity: .warning, values: ["other"],
            origin: .fallback,
            original: ["77"]),
        PolicyCase(kind: "many", policy: "reject", outcome: .refused, severity: .error, origin: nil),
        PolicyCase(kind: "many", policy: "quarantine", outcome: .held, severity: .quarantine, values: ["Hill Road"]),
        PolicyCase(kind: "many", policy: "warn", outcome: .accepted, severity: .warning, values: ["Hill Road"]),
        PolicyCase(kind: "many", policy: "first", outcome: .accepted, severity: nil, values: ["Hill Road"]),
        PolicyCase(kind: "many", policy: "omit", outcome: .accepted, severity: nil, origin: nil),
        PolicyCase(
            kind: "many", policy: "{ use: several }", outcome: .accepted, severity: .warning, values: ["several"],
            origin: .fallback),
    ]
}

@Suite("Policies")
struct TranslationPolicyTests {
    @Test(
        "a policy decides outcome, severity, value and origin, and the finding names both places",
        arguments: PolicyCase.all)
    func policy(_ item: PolicyCase) throws {
        let bench = try TranslationBench(Workshop.xml(person: item.rule))
        let letter = MarkedText(TranslationBench.letter(item.elements))
        let translation = bench.translate(letter.text)
        #expect(translation.outcome == item.outcome)
        let valuePath = item.kind == "unmapped" ? item.field + ".code" : item.field
        #expect(translation.values(valuePath) == item.values)
        #expect(translation.origin(valuePath)?.kind == item.origin)
        if item.kind == "unmapped" { #expect(translation.values("person.religion.original.code") == item.original) }
        let findings = translation.said(item.code).filter { $0.field == item.field }
        #expect(findings.map(\.severity) == (item.severity.map { [$0] } ?? []))
        guard let finding = findings.first else { return }
        #expect(finding.rule?.position == bench.mapping.places.first)
        #expect(finding.rule?.document == "north.yaml")
        #expect(finding.location?.document == "letter")
        #expect(finding.location?.path?.hasPrefix("/Referral") == true)
        #expect(finding.location?.position == letter.places.first ?? SourcePosition(line: 1, column: 1))
    }

    @Test(
        "a group that finds its start several times",
        arguments: [
            ("reject", Translation.Outcome.refused), ("quarantine", .held), ("warn", .accepted), ("omit", .accepted),
            ("first", .accepted),
        ])
    func groups(policy: String, outcome: Translation.Outcome) throws {
        let bench = try TranslationBench(
            Workshop.xml(person: "immigration: { at: \"r:Status\", many: \(policy), note: { from: \".\" } }"))
        let letter = MarkedText(TranslationBench.letter("<Status>one</Status><Status>①two</Status>"))
        let translation = bench.translate(letter.text)
        #expect(translation.outcome == outcome)
        #expect(translation.values("person.immigration.note") == (policy == "omit" ? [] : ["one"]))
        let finding = translation.said("too-many").first
        #expect((finding == nil) == ["omit", "first"].contains(policy))
        if let finding { #expect(finding.location?.position == letter.places.first) }
    }

    @Test(
        "defaults come from the schema",
        arguments: [
            ("", "<DOB/>", "value-missing", Translation.Outcome.refused),
            ("", "<DOB>31/02/1968</DOB>", "date-unreadable", .held),
            ("", "<DOB>1968-02-14</DOB><DOB>1968-02-15</DOB>", "too-many", .held),
            (
                "sex: { from: \"r:Sex\", as: code, table: sex }", "<DOB>1968-02-14</DOB><Sex>Z</Sex>", "code-unmapped",
                .accepted
            ),
        ])
    func defaults(rule: String, dates: String, code: String, outcome: Translation.Outcome) throws {
        let bench = try TranslationBench(Workshop.xml(person: rule))
        let translation = bench.translate(
            "<Referral xmlns=\"urn:example:north\"><Surname>Ashworth</Surname>\(dates)</Referral>")
        #expect(translation.findings.contains { $0.code.rawValue == code }, "\(translation.rendered)")
        #expect(translation.outcome == outcome)
    }
}
