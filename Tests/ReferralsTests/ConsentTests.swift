import Testing

@testable import Referrals

@Suite struct ConsentTests {
    private func decide(_ scope: ConsentScope, _ entries: [[String: Any]]) -> ConsentDecision {
        ConsentDecision.decide(
            scope: scope, Sample.with(["consent": entries.isEmpty ? nil : entries]), on: Sample.today)
    }

    private func entry(_ scope: ConsentScope, _ decision: String, _ more: [String: Any] = [:]) -> [String: Any] {
        ["scope": scope.rawValue, "decision": decision].merging(more) { $1 }
    }

    @Test("absent is not yes", arguments: ConsentScope.allCases)
    func absent(scope: ConsentScope) { #expect(decide(scope, []) == .absent) }

    @Test("a yes for one scope is none for another", arguments: ConsentScope.allCases)
    func otherScope(scope: ConsentScope) {
        for given in ConsentScope.allCases {
            #expect(decide(scope, [entry(given, "yes")]) == (given == scope ? .yes : .absent))
        }
    }

    @Test(
        "decisions",
        arguments: [
            ("yes", ConsentDecision.yes), ("no", .no), ("withdrawn", .withdrawn), ("not-asked", .notAsked),
            ("unknown", .notAsked),
            ("prefer-not-to-say", .notAsked),
        ])
    func decisions(word: String, expected: ConsentDecision) {
        #expect(decide(.research, [entry(.research, word)]) == expected)
    }

    @Test("neverTo wins over every yes, even from another entry and a later day")
    func never() {
        let never = entry(.research, "yes", ["neverTo": ["employer"], "at": "2026-01-01"])
        let yes = entry(.shareWithEmployer, "yes", ["at": "2026-03-01"])
        #expect(decide(.shareWithEmployer, [never, yes]) == .no)
        #expect(decide(.shareWithEmployer, [yes, never]) == .no)
        #expect(decide(.research, [yes, never]) == .yes)
    }

    @Test(
        "a purpose of government is no yes, least of all for a body that may make benefits conditional",
        arguments: ["GOV", "gov"])
    func government(purpose: String) {
        let scope = ConsentScope.shareWithBenefitsConditionalityBody
        #expect(decide(scope, [entry(scope, "yes", ["purpose": ["TREAT", purpose]])]) == .notAsked)
        #expect(decide(scope, [entry(.shareWithLinkWorker, "yes", ["purpose": [purpose]])]) == .absent)
        #expect(decide(scope, [entry(scope, "yes", ["purpose": ["TREAT"]])]) == .yes)
    }

    @Test("a yes whose first day has not come is none", arguments: ["at", "starts"])
    func notYet(field: String) {
        #expect(decide(.research, [entry(.research, "yes", [field: "2026-03-10"])]) == .yes)
        #expect(decide(.research, [entry(.research, "yes", [field: "2026-03-11"])]) == .notAsked)
    }

    @Test("a yes shared with others only is none")
    func sharedWith() {
        let scope = ConsentScope.referralOnwardToNamedService
        #expect(decide(scope, [entry(scope, "yes", ["sharedWith": ["gp", "named-service"]])]) == .yes)
        #expect(decide(scope, [entry(scope, "yes", ["sharedWith": ["gp"]])]) == .notAsked)
        #expect(decide(.contactMeBy, [entry(.contactMeBy, "yes", ["sharedWith": ["gp"]])]) == .yes)
    }

    @Test(
        "the last day decides; of one day, and without a day, the more restrictive",
        arguments: [
            ([("yes", "2026-01-01"), ("withdrawn", "2026-02-01")], ConsentDecision.withdrawn),
            ([("no", "2026-01-01"), ("yes", "2026-02-01")], .yes),
            ([("yes", "2026-02-01"), ("no", "2026-02-01")], .no),
            ([("yes", nil), ("no", nil)], .no),
            ([("no", "2026-01-01"), ("yes", nil), ("yes", "2026-02-01")], .yes),
            ([("yes", "2026-01-01"), ("no", nil), ("yes", "2026-02-01")], .no),
            ([("yes", "2026-01-01"), ("not-asked", nil)], .notAsked),
        ] as [([(String, String?)], ConsentDecision)])
    func several(entries: [(String, String?)], expected: ConsentDecision) {
        let items = entries.map { entry(.research, $0.0, $0.1.map { ["at": $0] } ?? [:]) }
        #expect(decide(.research, items) == expected)
        #expect(decide(.research, items.reversed()) == expected)
        #expect(decide(.research, Array(items.dropFirst()) + items.prefix(1)) == expected)
    }

    @Test("a yes that has run out is none")
    func expiry() {
        #expect(decide(.research, [entry(.research, "yes", ["expires": "2026-03-09"])]) == .expired)
        #expect(decide(.research, [entry(.research, "yes", ["expires": "2026-03-10"])]) == .yes)
        #expect(decide(.research, [entry(.research, "no", ["expires": "2026-03-09"])]) == .no)
    }
}
