import Testing

@testable import Reporting

@Suite("Rendering findings")
struct RenderingTests {
    static let whole = Finding(
        "value-missing", .error, "the surname is not there",
        at: .init(
            document: "a.xml", span: SourceSpan(start: 3, end: 9), position: SourcePosition(line: 2, column: 5),
            path: "/R/S"),
        why: "it was left out", help: "send it", field: "person.name.family",
        rule: .init(document: "north.yaml", position: SourcePosition(line: 9, column: 7)))

    @Test("a finding as text says what, where, why, how, which field and by which rule")
    func text() {
        #expect(
            FindingPrinter().text(Self.whole) == """
                error[value-missing]: the surname is not there
                  --> a.xml:2:5  /R/S
                  why: it was left out
                  help: send it
                  field: person.name.family, set at north.yaml:9:7
                """)
    }

    @Test("what a finding does not say comes from the catalogue, and what is nowhere is left out")
    func short() throws {
        let entry = try #require(FindingCatalogue.byCode["document-empty"])
        #expect(
            FindingPrinter().text(Finding("document-empty"))
                == "error[document-empty]: \(entry.title)\n  why: \(entry.why)\n  help: \(entry.help)")
        #expect(FindingPrinter().text(Finding("no-such-code", .note, "x")) == "note[no-such-code]: x")
    }

    @Test(
        "places without all their parts",
        arguments: [
            (Finding.Location(document: "a"), "a"), (Finding.Location(document: ""), nil),
            (Finding.Location(document: "", position: SourcePosition(line: 1, column: 2)), "1:2"),
            (Finding.Location(document: "", path: "/a"), "/a"), (Finding.Location(document: "a", path: "/b"), "a  /b"),
        ])
    func places(location: Finding.Location, text: String?) {
        #expect(FindingPrinter.place(location) == text)
    }

    @Test("colours surround the heading and the place, and nothing else")
    func colours() {
        let coloured = FindingPrinter(style: TextStyle(isColoured: true)).text(Self.whole)
        let plain = coloured.replacing(/\u{1B}\[[0-9]+m/, with: "")
        #expect(coloured != plain)
        #expect(plain == FindingPrinter().text(Self.whole))
    }

    @Test("several findings stand apart by an empty line")
    func several() {
        let text = FindingPrinter().text([Finding("no-such-code", .note, "x"), Finding("no-such-code", .note, "y")])
        #expect(text == "note[no-such-code]: x\n\nnote[no-such-code]: y\n")
    }

    @Test("a finding as JSON")
    func json() {
        #expect(
            Self.whole.json.text() == """
                {"code":"value-missing","severity":"error","message":"the surname is not there","why":"it was left out",\
                "help":"send it","field":"person.name.family",\
                "location":{"document":"a.xml","line":2,"column":5,"path":"/R/S","start":3,"end":9},\
                "rule":{"document":"north.yaml","line":9,"column":7}}
                """)
        #expect(
            Finding("no-such-code", .warning, "x").json.text()
                == #"{"code":"no-such-code","severity":"warning","message":"x"}"#)
    }

    @Test(
        "JSON text is escaped as RFC 8259 demands",
        arguments: [
            ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#), ("\n\r\t", #""\n\r\t""#), ("\u{1}\u{1F}", #""\u0001\u001f""#),
            ("é🙂", "\"é🙂\""), ("", "\"\""), ("\u{7F}\u{9B}", #""\u007f\u009b""#),
            ("\u{202E}\u{2028}", #""\u202e\u2028""#), ("</script>", "\"</script>\""),
        ])
    func escaping(text: String, json: String) {
        #expect(JSONValue.string(text).text() == json)
    }

    @Test("names that could mislead a terminal are written out, and stay on their line")
    func misleading() {
        let name = "a\u{1B}[2J\n\u{9B}\u{202E}\u{2028}.xml"
        let finding = Finding(
            "no-such-code", .note, name, at: .init(document: name, path: name), why: name, help: name, field: name,
            rule: .init(document: name))
        let text = FindingPrinter().text(finding)
        #expect(!text.unicodeScalars.contains { $0.isMisleading && $0 != "\n" })
        #expect(text.split(separator: "\n").count == 5)
        #expect(!finding.json.text().unicodeScalars.contains { $0.isMisleading })
    }

    @Test("JSON is laid out by two spaces, and empty things stay on one line")
    func layout() {
        let value = JSONValue.members([
            "a": .array([.number(1), .decimal("0.5"), .null]), "b": .members([:]), "c": .array([]), "d": nil,
            "e": .bool(true),
        ])
        #expect(
            value.text(pretty: true)
                == "{\n  \"a\": [\n    1,\n    0.5,\n    null\n  ],\n  \"b\": {},\n  \"c\": [],\n  \"e\": true\n}")
        #expect(value.text() == #"{"a":[1,0.5,null],"b":{},"c":[],"e":true}"#)
    }

    @Test("the worst of some findings")
    func worst() {
        #expect([Finding]().worst == nil)
        #expect(
            [Finding("a-b", .note, "x"), Finding("a-b", .quarantine, "x"), Finding("a-b", .warning, "x")].worst
                == .quarantine)
        #expect(Finding.Severity.allCases.sorted().map(\.word) == ["note", "warning", "quarantine", "error"])
    }
}

@Suite("Places in texts")
struct PlaceTests {
    @Test(
        "line and column of an offset",
        arguments: [
            ("", 0, 1, 1), ("abc", 0, 1, 1), ("abc", 2, 1, 3), ("abc", 3, 1, 4), ("abc", 99, 1, 4), ("abc", -1, 1, 1),
            ("a\nb", 1, 1, 2), ("a\nb", 2, 2, 1), ("a\rb", 2, 2, 1), ("a\r\nb", 2, 1, 3), ("a\r\nb", 3, 2, 1),
            ("a\r\rb", 3, 3, 1),
            ("a\n\rb", 3, 3, 1), ("\n", 1, 2, 1), ("é🙂x", 2, 1, 2), ("é🙂x", 6, 1, 3), ("é🙂x", 7, 1, 4),
            ("é\né", 3, 2, 1),
            ("e\u{301}x", 3, 1, 3),
        ])
    func position(text: String, offset: Int, line: Int, column: Int) {
        #expect(Lines.position(at: offset, in: Array(text.utf8)) == SourcePosition(line: line, column: column))
    }

    @Test("a position found after a mark is the one found from the beginning, wherever the mark stands")
    func marks() {
        let text = Array("a\r\nb\rc\n\r\né🙂 and a line that is longer than thirty-two bytes, on and on\nlast\r\n".utf8)
        for first in 0...text.count {
            for second in stride(from: 0, through: text.count, by: 3) {
                var mark = Lines.Mark()
                #expect(Lines.position(at: first, in: text, after: &mark) == Lines.position(at: first, in: text))
                #expect(Lines.position(at: second, in: text, after: &mark) == Lines.position(at: second, in: text))
            }
        }
    }

    @Test("an offset inside a character counts up to it, and bytes that are no UTF-8 do no harm")
    func odd() {
        #expect(Lines.position(at: 3, in: Array("é🙂x".utf8)) == SourcePosition(line: 1, column: 3))
        #expect(Lines.position(at: 4, in: [0xFF, 0x80, 0x0A, 0xC3, 0x28]) == SourcePosition(line: 2, column: 2))
    }

    @Test("places are ordered and written as line:column")
    func order() {
        #expect(SourcePosition(line: 2, column: 1) > SourcePosition(line: 1, column: 9))
        #expect(SourcePosition(line: 12, column: 7).description == "12:7")
    }
}

@Suite("Suggestions")
struct SuggestionTests {
    @Test(
        "how far two names are apart",
        arguments: [
            ("", "", 0), ("abc", "", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abd", 1), ("abc", "ab", 1),
            ("abc", "abcd", 1),
            ("kitten", "sitting", 3), ("ca", "abc", 3), ("gendre", "gender", 1),
        ])
    func distance(left: String, right: String, distance: Int) {
        #expect(Suggestion.distance(Array(left.utf8), Array(right.utf8)) == distance)
        #expect(Suggestion.distance(Array(right.utf8), Array(left.utf8)) == distance)
    }

    @Test(
        "the nearest name is told, and none that is far",
        arguments: [
            ("gendre", "gender"), ("birthdate", "birthDate"), ("BIRTHDATE", "birthDate"), ("surname", nil), ("x", nil),
            ("", nil), ("nam", "name"),
        ])
    func nearest(name: String, expected: String?) {
        #expect(Suggestion.nearest(to: name, among: ["gender", "birthDate", "name", "telecoms"]) == expected)
    }
}
