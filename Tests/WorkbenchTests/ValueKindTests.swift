import Testing

@testable import Workbench

@Suite("shapes and kinds of values")
struct ValueKindTests {
    @Test(
        "a shape keeps the form and loses the value",
        arguments: [
            ("07/11/1951", "99/99/9999"), ("Dray", "Aaaa"), ("O'Brien-Ní", "A'Aaaaa-Aa"), ("a  b\n c", "a a a"),
            ("", ""),
            ("abcdefghijklmnopqrstuvwxyz", "aaaaaaaaaaaaaaaaaaaaaaaa… (26 characters)"), ("LS1 4AP", "AA9 9AA"),
        ])
    func shapes(_ text: String, _ shape: String) { #expect(ValueShape.of(text) == shape) }

    @Test(
        "the most telling kind of a text",
        arguments: [
            ("9990004110", ValueKind.nhsNumber), ("999 000 4110", .nhsNumber), ("07/11/1951", .dateUK),
            ("31/02/1951", .text), ("07-Nov-1951", .dateNamed), ("07-NOV-1951", .dateNamed),
            ("07-11-1951", .dateDashed), ("31-Feb-1951", .code), ("07-Nvo-1951", .code),
            ("1951-11-07", .dateISO), ("19511107", .dateCompact), ("2026-03-02T09:14:00+00:00", .dateTime),
            ("LS1 4AP", .postcode),
            ("ls14ap", .postcode), ("07700 900000", .phone), ("a.b@example.org", .email), ("A81001", .odsCode),
            ("true", .boolean),
            ("17", .integer), ("349ac611-7391-8fdc-abd5-670385d514a6", .uuid), ("73211009", .snomed),
            ("NOT_ASKED", .code),
            ("Feels cut off", .text), ("2.16.840.1.113883", .oid), ("urn:example:x", .uri),
        ])
    func kinds(_ text: String, _ kind: ValueKind) {
        let all = ValueKind.all(of: text)
        #expect(ValueKind.allCases.first { all.contains($0) } == kind)
    }
}

@Suite("identifiers")
struct IdentifierCheckTests {
    @Test(
        "what a text is and is not",
        arguments: [
            ("9990004110", IdentifierCheck.Kind.nhsNumber, true), ("9990004111", .nhsNumber, false),
            ("999000411", .nhsNumber, false),
            ("1111111111", .nhsNumber, false), ("A81001", .odsCode, true), ("a81001", .odsCode, false),
            ("LS1 4AP", .postcode, true),
            ("LS14AP", .postcode, false), ("73211009", .snomed, true), ("73211008", .snomed, false),
            ("7012345", .gmc, true),
            ("349ac611-7391-8fdc-abd5-670385d514a6", .uuid, true), ("349ac611-7391-8fdc-abd5-670385d514", .uuid, false),
        ])
    func verdicts(_ text: String, _ kind: IdentifierCheck.Kind, _ isValid: Bool) throws {
        let verdict = try #require(IdentifierCheck(text).verdicts.first { $0.kind == kind })
        #expect(verdict.isValid == isValid)
    }

    @Test("nothing is made of a word") func words() { #expect(IdentifierCheck("hello").verdicts.isEmpty) }
}
