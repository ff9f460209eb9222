import Reporting
import Testing

@testable import Referrals

/// Each rule on the complete sample, which breaks none, and on the same with one thing changed.
@Suite struct RuleTests {
    private func codes(
        _ changes: [String: Any?] = [:], profile: Profile = .prsbSP11, scopes: [ConsentScope] = []
    ) -> [String] {
        AllRules.check(Sample.with(changes), profile: profile, today: Sample.today, scopes: scopes).map(\.code.rawValue)
    }

    @Test("a complete referral breaks no rule", arguments: Profile.all.map(\.name))
    func complete(profile: String) throws {
        let profile = try #require(Profile.all.first { $0.name == profile })
        #expect(
            AllRules.check(Sample.referral, profile: profile, today: Sample.today, scopes: [.shareWithLinkWorker]) == []
        )
    }

    @Test(
        "V03, V04: NHS number",
        arguments: [
            ("9990000018", "verified", []), ("9990000019", "verified", ["nhs-number-contradicted"]),
            ("3478526985", "verified", ["nhs-number-contradicted"]),
            ("9990000019", "unverified", ["nhs-number-invalid", "nhs-number-unverified"]),
            ("9990000018", "unverified", ["nhs-number-unverified"]),
            ("9990000018", "trace-needed", ["nhs-number-untraced"]),
            ("999 000 0018", "verified", ["nhs-number-contradicted"]),
            ("9999999999", "verified", ["nhs-number-contradicted"]),
        ])
    func nhsNumber(value: String, status: String, expected: [String]) {
        #expect(codes(["person.nhsNumber": ["value": value, "status": status]]) == expected)
    }

    @Test("V03: without a number, and a test number where that is looked for")
    func nhsNumberPresence() throws {
        #expect(codes(["person.nhsNumber": nil]) == ["nhs-number-missing"])
        #expect(codes(["person.nhsNumber.status": nil]) == ["nhs-number-untraced"])
        let live = try #require(Profile.minimum.setting("nhs-number-test", to: .quarantine))
        #expect(codes(profile: live) == ["nhs-number-test"])
        #expect(codes(["person.nhsNumber.value": "4010232137"], profile: live) == [])
    }

    @Test(
        "V03: another identifier that is an NHS number, and a different one",
        arguments: [
            ("9990000018", []), ("999 000 0018", []), ("9990000026", ["second-nhs-number"]),
            ("999 000-0026", ["second-nhs-number"]), ("9990000027", []), ("MV-9990000026", []), ("99900000261", []),
        ])
    func secondNumber(value: String, expected: [String]) {
        #expect(codes(["person.localIds": [["value": value]]]) == expected)
    }

    @Test(
        "V10: a yes is held while it is not in force",
        arguments: [
            ("at", "2026-03-10", []), ("at", "2026-03-11", ["consent-out-of-time"]), ("starts", "2026-03-10", []),
            ("starts", "2026-03-11", ["consent-out-of-time"]), ("expires", "2026-03-10", []),
            ("expires", "2026-03-09", ["consent-out-of-time"]),
        ])
    func consentInForce(field: String, day: String, expected: [String]) {
        #expect(codes(["consent.0.\(field)": day]) == expected)
        #expect(codes(["consent.0.\(field)": day, "consent.0.decision": "no"]) == [])
    }

    @Test(
        "V05: name and date of birth",
        arguments: [
            ("person.name.family", nil, ["name-missing"]), ("person.name.given", nil, ["name-incomplete"]),
            ("person.birthDate", nil, ["birth-date-missing"]),
            ("person.birthDate", "2026-03-11", ["birth-date-future"]),
            ("person.birthDate", "2026-03-10", []), ("person.birthDate", "1900-01-01", ["birth-date-unlikely"]),
            ("person.birthDate", "1901-01-01", []),
        ] as [(String, String?, [String])])
    func identity(path: String, value: String?, expected: [String]) {
        #expect(codes([path: value as Any?]) == expected)
    }

    @Test("V05: a date that a mapping let through is caught here too")
    func impossibleBirthDate() {
        var referral = Referral(schema: .referral)
        let person = referral.open(Schema.referral.require("person"), in: 0)
        referral.add("person.birthDate", "1968-02-30", in: person)
        referral.close(person)
        referral.close(0)
        let found = AllRules.check(referral, profile: .minimum, today: Sample.today).map(\.code.rawValue)
        #expect(found.contains("birth-date-invalid"))
    }

    @Test("a cancellation may name the referral alone")
    func cancellation() {
        let changes: [String: Any?] = [
            "kind": "cancellation", "person.name": nil, "person.birthDate": nil, "reason": nil, "risks": nil,
            "work": nil,
        ]
        #expect(codes(changes) == [])
    }

    @Test(
        "V06: organisations",
        arguments: [
            ("gpPractice.odsCode", nil, ["practice-missing"]), ("referrer.odsCode", nil, ["referrer-ods-missing"]),
            ("gpPractice.odsCode", "a81001", ["ods-code-invalid"]), ("returnTo.odsCode", "??", ["ods-code-invalid"]),
            ("referrer.odsCode", "RR8", ["referrer-is-recipient"]), ("returnTo.odsCode", "A81001", []),
        ] as [(String, String?, [String])])
    func organisations(path: String, value: String?, expected: [String]) {
        #expect(codes([path: value as Any?]) == expected)
    }

    @Test("V06: a person registered with no practice by choice needs none")
    func optOut() { #expect(codes(["gpPractice": ["optOut": true]]) == []) }

    @Test(
        "V07: referrer, recipient, reason",
        arguments: [
            ("referrer.name", ["referrer-incomplete"]), ("referrer.contact", ["referrer-incomplete"]),
            ("referrer.organisation", []), ("referredTo", ["recipient-missing"]), ("reason", ["reason-missing"]),
        ])
    func referrer(path: String, expected: [String]) { #expect(codes([path: nil]) == expected) }

    @Test("V08: risks") func risks() {
        #expect(codes(["risks": nil]) == ["risk-not-stated"])
        #expect(codes(["risks": [["text": "a dog that bites"]]]) == [])
        #expect(codes(["risks": [["none": true], ["text": "a dog that bites"]]]) == ["risk-contradiction"])
        #expect(codes(["risks": [["none": true, "text": "a dog that bites"]]]) == ["risk-contradiction"])
        #expect(codes(["risks": [["text": "a dog that bites"], ["none": true]]]) == ["risk-contradiction"])
        #expect(codes(["risks": [["none": true], ["none": true]]]) == [])
        #expect(codes(["risks": [["none": false, "text": "a dog that bites"]]]) == [])
    }

    @Test(
        "V10: consent for what the route needs",
        arguments: [
            (ConsentScope.shareWithLinkWorker, [], "yes"), (.shareWithLinkWorker, ["consent-refused"], "no"),
            (.shareWithLinkWorker, ["consent-refused"], "withdrawn"),
            (.shareWithLinkWorker, ["consent-missing"], "not-asked"),
            (.shareWithLinkWorker, ["consent-missing"], "prefer-not-to-say"),
            (.shareWithLinkWorker, ["consent-missing"], "unknown"),
            (.shareWithEmployer, ["consent-missing"], "yes"),
        ])
    func consent(scope: ConsentScope, expected: [String], decision: String) {
        #expect(codes(["consent.0.decision": decision], scopes: [scope]) == expected)
    }

    @Test("V10: nothing recorded, run out, or for government") func consentOther() {
        #expect(codes(["consent": nil]) == ["consent-not-recorded"])
        #expect(
            codes(["consent.0.expires": "2026-03-09"], scopes: [.shareWithLinkWorker])
                == ["consent-out-of-time", "consent-expired"])
        #expect(codes(["consent.0.expires": "2026-03-10"], scopes: [.shareWithLinkWorker]) == [])
        #expect(
            codes(["consent.0.purpose": ["GOV"]], scopes: [.shareWithLinkWorker])
                == ["consent-for-government", "consent-missing"])
    }

    @Test(
        "V15: codes",
        arguments: [
            (["system": "http://snomed.info/sct", "code": "871731000000106"], []),
            (["system": "http://snomed.info/sct", "code": "871731000000107"], ["snomed-code-invalid"]),
            (["system": "http://snomed.info/sct", "code": "8.71731E+14"], ["snomed-code-invalid"]),
            (["code": "13Z8."], ["code-system-missing"]),
            (["system": "urn:example:local", "code": "LOC7"], ["code-system-unknown"]),
            (["display": "in words only"], []),
        ])
    func codes(coded: [String: String], expected: [String]) {
        #expect(codes(["needs": [["code": coded]]]) == expected)
    }

    @Test("V15: a code held unmapped") func unmapped() {
        #expect(codes(["needs": [["code": ["original": ["code": "LOC7"]]]]]) == ["code-unmapped"])
        #expect(codes(["person.gender": ["original": ["code": "Q"]]]) == ["code-unmapped"])
        #expect(codes(["person.gender": ["code": "male", "original": ["code": "M"]]]) == [])
    }

    @Test(
        "V16: marks",
        arguments: [
            ("N", [], ReferralMarks()), ("R", ["confidentiality-restricted"], .restricted),
            ("V", ["confidentiality-restricted"], .veryRestricted),
            ("NOPAT", ["confidentiality-restricted"], .notForPerson),
        ])
    func confidentiality(code: String, expected: [String], marks: ReferralMarks) {
        for path in ["confidentiality", "documents.0.confidentiality"] {
            let changes: [String: Any?] = [path: ["code": code]]
            #expect(codes(changes) == expected)
            #expect(Sample.with(changes).marks == marks)
        }
    }

    @Test("V16: safeguarding and benefits are marked") func otherMarks() {
        #expect(Sample.with(["safeguarding": [["text": "a concern"]]]).marks == .safeguarding)
        #expect(Sample.with(["work.benefits": [["text": "UC"]]]).marks == .benefits)
        #expect(Sample.referral.marks == [])
    }

    @Test(
        "V17: attachments",
        arguments: [
            (["contentType": "application/pdf"], []), (["contentType": "TEXT/Plain; charset=utf-8"], []),
            (["title": "Letter"], ["attachment-type-missing"]),
            (["contentType": "application/zip"], ["attachment-type-refused"]),
            (["contentType": "application/javascript"], ["attachment-active"]),
            (["contentType": "image/svg+xml"], ["attachment-active"]),
            (["contentType": "application/vnd.ms-word.document.macroEnabled.12"], ["attachment-active"]),
        ])
    func attachments(document: [String: String], expected: [String]) {
        #expect(codes(["documents": [document]]) == expected)
    }

    @Test("V17: size") func attachmentSize() {
        #expect(codes(["documents.0.size": 20 << 20]) == [])
        #expect(codes(["documents.0.size": (20 << 20) + 1]) == ["attachment-too-large"])
    }

    @Test(
        "V19: addresses",
        arguments: [
            (["postcode": "LS1 4AP"], []), (["postcode": "ME5 FS3"], ["postcode-invalid"]),
            (["uprn": "72000123456"], []),
            (["uprn": "7200012345678"], ["uprn-invalid"]),
        ])
    func addresses(address: [String: String], expected: [String]) {
        #expect(codes(["person.addresses": [address]]) == expected)
        #expect(codes(["gpPractice.address": address]) == expected)
    }

    @Test(
        "V21: marks that a template left",
        arguments: [
            "@@name@@", "Dear @@patient.name@@,", "__FAMILY__", "%%x%%", "_baseUrl_/ReferralRequest/1", "see _BASEURL_",
        ])
    func templateMarks(text: String) { #expect(codes(["reason.text": text]) == ["template-mark"]) }

    @Test(
        "V21: what only looks like one",
        arguments: [
            "a.ashworth@example.org", "sign here: ______________", "__ no word __", "50%% of 100%%", "@@", "@@@@@@",
            "snake__case",
            "_base_", "100 %% sure", "__a b__", "%%", "x_b",
        ])
    func noTemplateMarks(text: String) { #expect(codes(["reason.text": text]) == []) }

    @Test("V21: two values side by side make no mark, and what was taken back is not looked at") func markBoundaries() {
        var referral = Sample.referral
        let count = referral.nodes.count
        referral.add("sections", "__NAME__")
        referral.truncate(to: count)
        referral.close(0)
        #expect(AllRules.check(referral, profile: .prsbSP11, today: Sample.today) == [])
        #expect(codes(["person.name.given": ["a@", "@b@", "@c"]]) == [])
    }

    @Test("V23: work") func work() {
        #expect(codes(["work": nil]) == ["work-not-recorded"])
        for answer in ["yes", "no", "not-now", "prefer-not-to-say"] { #expect(codes(["work.asked": answer]) == []) }
        #expect(codes(["work": ["statement": "I miss the workshop"]]) == ["work-not-recorded"])
    }

    @Test("V24: benefits") func benefits() {
        #expect(codes(["work.benefits": [["text": "Universal Credit"]]]) == ["benefit-indicator"])
        #expect(codes(["work.sicknessAbsence": ["isOff": "yes", "pay": "SSP"]]) == ["benefit-indicator"])
        #expect(codes(["work.sicknessAbsence": ["isOff": "yes"]]) == [])
    }

    @Test("a violation points at the node, or where it is missing at the group around it") func places() throws {
        let fields = ReferralFields.referral
        let invalid = Sample.with(["referredTo": [["odsCode": "RR8"], ["odsCode": "?"]]])
        let shape = try #require(AllRules.check(invalid, profile: .minimum, today: Sample.today).first)
        #expect(invalid.path(of: shape.node) == "referredTo[1].odsCode")
        let missing = Sample.with(["person.name.family": nil])
        let absent = try #require(AllRules.check(missing, profile: .minimum, today: Sample.today).first)
        #expect(absent.field == fields.family)
        #expect(missing.path(of: absent.node) == "person.name")
    }

    @Test("a profile decides how grave a code is") func severities() throws {
        let minimum = AllRules.check(Sample.with(["person.name": nil]), profile: .minimum, today: Sample.today)
        #expect(minimum.map(\.severity) == [.quarantine])
        let prsb = AllRules.check(Sample.with(["person.name": nil]), profile: .prsbSP11, today: Sample.today)
        #expect(prsb.map(\.severity) == [.error])
        let off = try #require(Profile.minimum.setting("name-missing", to: .off))
        #expect(AllRules.check(Sample.with(["person.name": nil]), profile: off, today: Sample.today) == [])
        #expect(Profile.minimum.setting("no-such-code", to: .off) == nil)
    }

    @Test("one checker checks many, and remembers none of them") func reuse() {
        let checker = RuleChecker()
        for _ in 0..<2 {
            #expect(checker.check(Sample.with(["work": nil]), profile: .minimum, today: Sample.today).count == 1)
            #expect(checker.check(Sample.referral, profile: .minimum, today: Sample.today) == [])
        }
    }

    @Test("every code has one rule and a row in the catalogue") func catalogue() {
        let codes = AllRules.all.flatMap { $0.codes.map(\.code) }
        #expect(Set(codes).count == codes.count)
        for code in codes { #expect(FindingCatalogue.entries.contains { $0.code == code.rawValue }, "\(code)") }
    }
}
