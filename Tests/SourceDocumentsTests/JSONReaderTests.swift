import Testing

@testable import Reporting
@testable import SourceDocuments

@Suite("reading JSON")
struct JSONReaderTests {
    @Test("the tree and the place of each node")
    func tree() {
        let reading = Reading(#"{"a": [1, "é", {}], "b c": {"d": null, "e": true}}"#, as: .json)
        #expect(
            dump(reading.document, places: true) == [
                "$ object @0..<51", "$.a array @6..<19", "$.a[0] number = 1 @7..<8", "$.a[1] string = é @10..<14",
                "$.a[2] object @16..<18", "$.‹name withheld› object @28..<50",
                "$.‹name withheld›.d null = null @34..<38",
                "$.‹name withheld›.e boolean = true @45..<49",
            ])
        #expect(reading.document.nodes[0].next == 9 && reading.document.nodes[2].next == 6)
    }

    @Test(
        "numbers stay as written",
        arguments: ["0", "-0", "8E123", "0.10", "1e400", "123456789012345678901234567890.50", "-1.5e-7"])
    func numbers(_ text: String) {
        #expect(Reading("[\(text)]").lines == ["$ array", "$[0] number = \(text)"])
    }

    static let strings: [(String, String, Bool)] = [
        (#""plain""#, "plain", false), (#""""#, "", false), (#""Łukasz 李 😀""#, "Łukasz 李 😀", false),
        (#""a\"b\\c\/d""#, #"a"b\c/d"#, true), (#""\b\f\n\r\t""#, "\u{8}\u{c}\n\r\t", true),
        (#""\u00e9\u674E""#, "é李", true), (#""\ud83d\ude00!""#, "😀!", true), (#""\u0000""#, "\0", true),
        (#""exactly8""#, "exactly8", false), (#""1234567\n""#, "1234567\n", true),
    ]

    @Test("strings without escapes stay in place, the others are decoded", arguments: strings)
    func string(_ text: String, _ expected: String, _ isAside: Bool) {
        let reading = Reading(text, as: .json)
        #expect(reading.lines == ["$ string = \(expected)"])
        #expect(reading.document.ownValue(1)?.isAside == isAside)
    }

    @Test("a key may be spelt with escapes")
    func keys() {
        #expect(Reading(#"{"n\u0068s": 1, "": 2}"#).lines == ["$ object", "$.nhs number = 1", "$[''] number = 2"])
    }

    @Test("the same key in other objects is another key")
    func sameKeyElsewhere() {
        let reading = Reading(#"{"a":{"a":1,"b":{"a":2}},"b":[{"a":3},{"a":4}],"c":{"a":5}}"#)
        #expect(reading.isRead)
    }

    @Test("scalars are documents of their own when JSON is asked for", arguments: ["1", "\"x\"", "null", " true\n"])
    func scalar(_ text: String) {
        #expect(Reading(text, as: .json).isRead)
    }
}
