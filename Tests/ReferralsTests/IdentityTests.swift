import Digests
import Testing

@testable import Referrals

@Suite struct IdentityTests {
    @Test(
        "NHS numbers",
        arguments: [
            ("9476719931", NHSNumber.Verdict.validTest), ("9912003888", .validTest), ("9990004951", .validTest),
            ("9990556512", .validTest), ("9510079685", .validTest), ("9990000018", .validTest),
            ("3478526985", .wrongCheckDigit), ("1234567890", .wrongCheckDigit), ("9057702151", .wrongCheckDigit),
            ("4857773456", .wrongCheckDigit), ("4010232137", .valid), ("4444444444", .repeatedDigit),
            ("0000000000", .repeatedDigit), ("999000001", .wrongLength), ("99900000188", .wrongLength),
            ("", .wrongLength),
            ("999000001X", .notDigits), ("999 000001", .notDigits), ("٩٩٩", .wrongLength),
        ])
    func nhsNumbers(text: String, verdict: NHSNumber.Verdict) {
        let found = NHSNumber.check(Array(text.utf8).span)
        #expect(found == verdict)
    }

    @Test("of each nine digits at most one tenth is valid")
    func checkDigits() {
        for stem in stride(from: 400_000_000, to: 499_999_999, by: 9_999_991) {
            let valid = (0...9).count { NHSNumber.check(Array("\(stem)\($0)".utf8).span).isValid }
            #expect(valid <= 1)
        }
    }

    @Test(
        "SHA-256 as FIPS 180-4 has it",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func sha256(text: String, hex: String) {
        #expect(Digest.sha256(Array(text.utf8)) == hex)
        let digest = Digest()
        var output: [UInt8] = []
        for _ in 0..<2 { digest.sha256(Array(text.utf8).span, into: &output) }
        #expect(String(decoding: output, as: UTF8.self) == hex + hex)
    }

    @Test("the same name gives the same UUID of version 8, another name another")
    func stableID() {
        let first = StableID.uuid(namespace: "referral/1", name: Array("R-20451".utf8))
        #expect(first == StableID.uuid(namespace: "referral/1", name: Array("R-20451".utf8)))
        let isUUID = Lexical.isUUID(Array(first.utf8).span)
        #expect(isUUID)
        let letters = Array(first)
        #expect(letters[14] == "8")
        #expect("89ab".contains(letters[19]))
        #expect(first != StableID.uuid(namespace: "referral/1", name: Array("R-20452".utf8)))
        #expect(first != StableID.uuid(namespace: "referral/2", name: Array("R-20451".utf8)))
        let shifted = StableID.uuid(namespace: "referral/1R", name: Array("-20451".utf8))
        #expect(first != shifted)
    }

    @Test("days that exist", arguments: ["2024-02-29", "2000-02-29", "1900-02-28", "2026-12-31", "0001-01-01"])
    func days(text: String) { #expect(CalendarDay(text)?.description == text) }

    @Test(
        "days that do not",
        arguments: [
            "2023-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01",
            "2026-1-01",
            "20260101", "2026-01-01T", "2026/01/01", "",
        ])
    func noDays(text: String) { #expect(CalendarDay(text) == nil) }

    @Test(
        "ODS codes",
        arguments: [
            ("A81001", true), ("RR8", true), ("RR801", true), ("5FF", true), ("A81001001", true), ("a81001", false),
            ("A8", false),
            ("A81 001", false), ("", false), ("ABCDEFGHIJKLM", false), ("A81001\n", false),
        ])
    func odsCodes(text: String, isValid: Bool) {
        let verdict = Lexical.isODSCode(Array(text.utf8).span)
        #expect(verdict == isValid)
    }

    @Test(
        "postcodes",
        arguments: [
            ("LS1 4AP", true), ("M1 1AE", true), ("B33 8TH", true), ("CR2 6XH", true), ("DN55 1PT", true),
            ("W1A 1HQ", true),
            ("EC1A 1BB", true), ("GIR 0AA", true), ("ME5 FS3", false), ("LS14AP", false), ("ls1 4ap", false),
            ("LS1  4AP", false),
            ("LSX 4AP", false), ("1S1 4AP", false), ("LS111 4AP", false), ("LS1 44P", false), ("", false),
            (" 4AP", false),
            ("AAA 9AA", false),
        ])
    func postcodes(text: String, isValid: Bool) {
        let verdict = Lexical.isPostcode(Array(text.utf8).span)
        #expect(verdict == isValid)
    }

    @Test(
        "SNOMED CT codes carry a Verhoeff check digit",
        arguments: [
            ("871731000000106", true), ("871711000000103", true), ("224363007", true), ("73438004", true),
            ("999002381000000108", true),
            ("365524007", true), ("160910001", true), ("871731000000107", false), ("8717310000001", false),
            ("12345", false),
            ("0224363007", false), ("22436300X", false),
        ])
    func snomed(text: String, isValid: Bool) {
        let verdict = Lexical.isSNOMED(Array(text.utf8).span)
        #expect(verdict == isValid)
    }

    @Test(
        "instants",
        arguments: [
            ("2026-03-02T09:14:00+00:00", true), ("2026-03-02T09:14:00Z", true),
            ("2026-03-02T09:14:00.1234567-01:30", true),
            ("2016-12-31T23:59:60Z", true), ("2026-03-02T09:14:00", false), ("2026-03-02T09:14Z", false),
            ("2026-02-30T09:14:00Z", false),
            ("2026-03-02 09:14:00Z", false), ("2026-03-02T24:00:00Z", false), ("2026-03-02T09:14:00+0000", false),
            ("2026-03-02T09:14:00.Z", false), ("2026-03-02T09:14:00+24:00", false), ("", false),
        ])
    func instants(text: String, isValid: Bool) {
        let verdict = Lexical.isInstant(Array(text.utf8).span)
        #expect(verdict == isValid)
    }

    @Test(
        "partial dates",
        arguments: [
            ("1968", true), ("1968-02", true), ("1968-02-14", true), ("1968-13", false), ("0000", false),
            ("196", false),
            ("1968-2", false), ("1968-02-30", false), ("", false),
        ])
    func partialDates(text: String, isValid: Bool) {
        let verdict = Lexical.isPartialDate(Array(text.utf8).span)
        #expect(verdict == isValid)
    }
}
