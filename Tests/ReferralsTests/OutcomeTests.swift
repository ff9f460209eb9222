import Foundation
import Reporting
import Testing

@testable import Referrals

@Suite("Outcomes")
struct OutcomeTests {
    /// A whole outcome of somebody who never was.
    static let closed = """
        {
          "schema": "outcome/1",
          "id": "7b0c3a52-5a3a-4d0e-9a53-0c9a6e1d2f10",
          "kind": "closed",
          "referralId": "3aaf8f60-7a35-8e4a-bb8c-557994e496ed",
          "at": "2026-06-01T15:30:00+01:00",
          "from": { "name": "Rosa Quill", "role": "link worker", "organisation": "Kirkgate Community Trust" },
          "requestsOfGp": [ { "text": "Review the fit note." } ],
          "clinicalSummary": "Back at work three days a week.",
          "work": {
            "statusAtReferral": { "code": "04" },
            "statusNow": { "code": "01" },
            "events": [
              { "kind": "returned", "at": "2026-05-04", "hoursPerWeek": 20, "paid": true, "retainedAt13": "not-yet" },
              { "kind": "none", "at": "2026-04-01" }
            ]
          },
          "risks": [ { "none": true } ],
          "consent": [ { "scope": "share-back-to-gp", "decision": "yes", "at": "2026-06-01" } ],
          "shareWith": [ "share-back-to-gp" ]
        }
        """

    private func read(_ changes: [(String, String)]) -> (outcome: Outcome?, findings: [Finding]) {
        var text = Self.closed
        for (old, new) in changes {
            #expect(text.contains(old), "\(old)")
            text = text.replacingOccurrences(of: old, with: new)
        }
        return Outcome.read(Array(text.utf8), named: "o.json")
    }

    @Test("a whole outcome is read, and written as it was")
    func whole() throws {
        let (outcome, findings) = read([])
        let found = try #require(outcome, "\(findings)")
        #expect(findings.isEmpty)
        #expect(found.kind == "closed" && found.asksOfGP && found.id.hasPrefix("7b0c"))
        var bytes: [UInt8] = []
        CanonicalJSON.write(found.record, into: &bytes)
        let again = try #require(Outcome.read(bytes).outcome)
        var twice: [UInt8] = []
        CanonicalJSON.write(again.record, into: &twice)
        #expect(bytes == twice)
        #expect(!"\(found.record)".contains("Quill"))
    }

    @Test("work events are dated rows, after what the status was at the referral and is now")
    func events() throws {
        let events = try #require(read([]).outcome).workEvents
        #expect(events.map(\.kind) == ["status-at-referral", "status-now", "returned", "none"])
        #expect(events.map(\.code) == ["04", "01", nil, nil])
        #expect(events[2].hoursPerWeek == 20 && events[2].isPaid == true && events[2].retainedAt13 == "not-yet")
        #expect(events[2].at == "2026-05-04" && events[3].isPaid == nil)
    }

    @Test(
        "what is wrong is named, with its line, and nothing is taken",
        arguments: [
            ([("\"kind\": \"closed\"", "\"kind\": \"rejected\"")], "outcome-reason-missing", 1),
            ([("\"kind\": \"closed\"", "\"kind\": \"correction\"")], "outcome-corrects-missing", 1),
            ([("\"clinicalSummary\": \"Back at work three days a week.\",\n", "\n")], "outcome-summary-missing", 1),
            ([("\"risks\": [ { \"none\": true } ],\n", "\n")], "outcome-risks-missing", 1),
            ([("{ \"none\": true }", "{ \"none\": true, \"text\": \"falls\" }")], "outcome-risks-contradict", 18),
            ([("{ \"text\": \"Review the fit note.\" }", "{ \"when\": \"soon\" }")], "outcome-requests-contradict", 8),
            (
                [("{ \"text\": \"Review the fit note.\" }", "{ \"text\": \"a\" }, { \"none\": true }")],
                "outcome-requests-contradict", 8
            ),
            ([("\"requestsOfGp\": [ { \"text\": \"Review the fit note.\" } ],\n", "\n")], "outcome-field-missing", 1),
            ([("\"organisation\": \"Kirkgate Community Trust\"", "\"odsCode\": \"X26\"")], "outcome-field-missing", 7),
            ([("\"2026-05-04\"", "\"2026-07-04\"")], "outcome-event-not-yet", 14),
            ([("\"at\": \"2026-05-04\", ", "")], "outcome-field-missing", 14),
            ([("\"returned\"", "\"promoted\"")], "canonical-code-unknown", 14),
            ([("\"hoursPerWeek\": 20", "\"hours\": 20")], "canonical-unknown-field", 14),
            ([("\"kind\": \"closed\"", "\"kind\": 3")], "canonical-wrong-type", 4),
            ([("7b0c3a52-5a3a-4d0e-9a53-0c9a6e1d2f10", "17")], "canonical-value-invalid", 3),
            (
                [
                    (
                        "\"risks\"",
                        "\"person\": { \"name\": { \"family\": \"Dray\" }, \"birthDate\": \"1951-05-05\",\n\"nhsNumber\": { \"value\": \"9990004111\" } },\n\"risks\""
                    )
                ], "nhs-number-check-digit", 19
            ),
        ])
    func wrong(changes: [(String, String)], code: String, line: Int) {
        let (outcome, findings) = read(changes)
        #expect(outcome == nil)
        #expect(findings.map(\.code.rawValue) == [code])
        #expect(findings.first?.location?.position?.line == line)
    }

    // MARK: Consent

    private func referral(_ consent: String) throws -> Referral {
        let text = """
            {"schema":"referral/1","id":"3aaf8f60-7a35-8e4a-bb8c-557994e496ed","status":"active","kind":"new",
            "source":{"format":"a","mapping":"a@1","sha256":"x"},"consent":[\(consent)]}
            """
        return try #require(CanonicalJSON.read(Array(text.utf8)).referral)
    }

    private static let yes = "\"scope\":\"share-back-to-gp\",\"decision\":\"yes\""

    @Test(
        "the practice is told only what the person agrees to, in the referral and since",
        arguments: [
            ("{\(yes)}", nil, nil), ("", nil, nil),
            ("{\"scope\":\"share-back-to-gp\",\"decision\":\"no\"}", "", "consent-no"),
            (
                "{\"scope\":\"share-back-to-gp\",\"decision\":\"withdrawn\",\"at\":\"2026-05-01\"}", "",
                "consent-withdrawn"
            ),
            ("{\"scope\":\"share-back-to-gp\",\"decision\":\"withdrawn\",\"at\":\"2026-05-01\"}", nil, nil),
            ("{\"scope\":\"research\",\"decision\":\"no\",\"neverTo\":[\"gp\"]}", nil, "consent-no"),
            ("{\(yes)}", "{ \"scope\": \"share-back-to-gp\", \"decision\": \"withdrawn\" }", "consent-withdrawn"),
            ("{\(yes),\"at\":\"2026-01-01\",\"expires\":\"2026-02-01\"}", "", "consent-expired"),
        ] as [(String, String?, String?)])
    func consent(inReferral: String, inOutcome: String?, expected: String?) throws {
        let own = "{ \"scope\": \"share-back-to-gp\", \"decision\": \"yes\", \"at\": \"2026-06-01\" }"
        let changes = inOutcome.map { $0.isEmpty ? [("\"consent\": [ \(own) ],\n", "\n")] : [(own, $0)] } ?? []
        let outcome = try #require(read(changes).outcome)
        let today = try #require(CalendarDay("2026-06-02"))
        #expect(outcome.withholding(scope: .shareBackToGP, about: try referral(inReferral), on: today) == expected)
    }

    @Test("an outcome travels by the scopes it names, and when nothing else is known by a yes of its own")
    func shareWith() throws {
        let today = try #require(CalendarDay("2026-06-02"))
        let referral = try referral("")
        let plain = try #require(read([]).outcome)
        #expect(plain.withholding(scope: .shareBackToGP, about: nil, on: today) == nil)
        #expect(plain.withholding(scope: .shareWithEmployer, about: referral, on: today) == "consent-not-shared")
        let unshared = try #require(read([("[ \"share-back-to-gp\" ]", "[ \"research\" ]")]).outcome)
        #expect(unshared.withholding(scope: .shareBackToGP, about: referral, on: today) == "consent-not-shared")
        let own =
            "\"consent\": [ { \"scope\": \"share-back-to-gp\", \"decision\": \"yes\", \"at\": \"2026-06-01\" } ],\n"
        let silent = try #require(read([(own, "\n")]).outcome)
        #expect(silent.withholding(scope: .shareBackToGP, about: referral, on: today) == nil)
        #expect(silent.withholding(scope: .shareBackToGP, about: nil, on: today) == "consent-absent")
    }

    // MARK: Documentation

    /// With `LINKWAY_WRITE_DOCS=1` the tables in the page are written anew instead of compared.
    @Test("docs/outcome.md lists the fields of the schema")
    func documentation() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/outcome.md")
        let written = try String(contentsOf: page, encoding: .utf8)
        let parts = written.components(separatedBy: "<!-- fields -->\n")
        try #require(parts.count == 3)
        let fields = SchemaDocumentation.ownFields(of: .outcome, beside: .referral)
        let current = [parts[0], fields, parts[2]].joined(separator: "<!-- fields -->\n")
        if ProcessInfo.processInfo.environment["LINKWAY_WRITE_DOCS"] == "1" {
            try current.write(to: page, atomically: true, encoding: .utf8)
        } else {
            #expect(written == current, "run the tests once with LINKWAY_WRITE_DOCS=1")
        }
    }
}
