import Reporting
import Testing

@testable import Mappings

@Suite("Code tables")
struct TableTests {
    @Test("a code is found as written, by its system first and for any system else")
    func lookup() throws {
        let table = try parse(
            """
            from,key,to,display
            01,,first,"One, and only"
            8T09.,read2,isolation,Isolated
            8T09.,local,debt,
            LOC7,,debt,
            X,,,known and left out
            """)
        #expect(find(table, "01") == "first")
        #expect(find(table, "1") == nil)
        #expect(find(table, "8T09.", "read2") == "isolation")
        #expect(find(table, "8T09.", "local") == "debt")
        #expect(find(table, "8T09.", "other") == nil)
        #expect(find(table, "8T09.") == nil)
        #expect(find(table, "8t09.", "read2") == nil)
        #expect(find(table, "LOC7", "anything") == "debt")
        #expect(find(table, "X") == "")
        #expect(table.text(0, .display) == "One, and only")
        #expect(table.line(2) == 4)
    }

    @Test("quotation marks, line ends of all kinds, empty lines and a byte order mark are read as RFC 4180 says")
    func dialect() throws {
        var findings: [Finding] = []
        let source = Array("\u{FEFF}from,to\r\n\"a \"\"b\"\"\",\"x\r\ny\"\r\n\r\nc,\"\"\nd,z".utf8)
        let table = try #require(CodeTable.parse(source, named: "t.csv", reporting: &findings))
        #expect(findings.map(\.code.rawValue) == ["table-byte-order-mark"])
        #expect(find(table, "a \"b\"") == "x\r\ny")
        #expect(find(table, "c") == "")
        #expect((0..<3).map { table.line($0) } == [2, 5, 6])
    }

    @Test("the columns may stand in any order, and only `from` and `to` are needed")
    func order() throws {
        #expect(try find(parse("to,from\nmale,M\n"), "M") == "male")
    }

    @Test(
        "whatever is wrong is found, with its place",
        arguments: [
            ("", "table-empty 1:1"),
            ("from,display\nM,male", "table-column-missing 1:1"),
            ("from,to,dispaly\nM,male,Male", "table-column-unknown 1:9"),
            ("from;to\nM;male", "table-column-unknown 1:1, table-column-missing 1:1, table-column-missing 1:1"),
            ("from,to,to\nM,male,x", "table-column-duplicate 1:9"),
            ("from,to\nM,male,Male\nF", "table-row-ragged 2:1, table-row-ragged 3:1"),
            ("from,to\nM,male\n,female", "table-from-empty 3:1"),
            ("from,to\nM,male\nM,man", "table-from-duplicate 3:1"),
            ("from,to,key\nM,male,a\nM,male,b\nM,man,a", "table-from-duplicate 4:1"),
            ("from,to\nM,\"male", "table-quote 2:3"),
            ("from,to\nM,\"male\"x", "table-quote 2:9"),
            ("from,to\nM,ma\"le\"", "table-quote 2:5"),
            ("from,to\nM ,male", "table-space 2:1"),
            ("from,to\né,male\nM,x,y", "table-row-ragged 3:1"),
        ])
    func faults(source: String, expected: String) {
        var findings: [Finding] = []
        let table = CodeTable.parse(Array(source.utf8), named: "t.csv", reporting: &findings)
        #expect(places(findings) == expected)
        #expect((table == nil) == (findings.worst == .error))
    }

    @Test("a table that is not UTF-8 is refused at its first wrong byte")
    func encoding() {
        var findings: [Finding] = []
        #expect(
            CodeTable.parse(Array("from,to\nM,m".utf8) + [0xE9, 0x0A], named: "t.csv", reporting: &findings) == nil)
        #expect(places(findings) == "table-encoding 2:4")
    }

    @Test("a misspelt column brings the nearest name")
    func suggestion() {
        var findings: [Finding] = []
        _ = CodeTable.parse(Array("from,to,sytem\n".utf8), named: "t.csv", reporting: &findings)
        #expect(findings.first?.help == "did you mean `system`?")
    }

    @Test("ten thousand codes are each found")
    func many() throws {
        let lines = (0..<10_000).map { "C\($0),T\($0)" }
        let table = try parse("from,to\n" + lines.joined(separator: "\n"))
        for number in 0..<10_000 where find(table, "C\(number)") != "T\(number)" { Issue.record("C\(number)") }
        #expect(find(table, "C10000") == nil)
    }

    private func parse(_ source: String) throws -> CodeTable {
        var findings: [Finding] = []
        let table = CodeTable.parse(Array(source.utf8), named: "t.csv", reporting: &findings)
        #expect(findings.isEmpty)
        return try #require(table)
    }

    private func find(_ table: CodeTable, _ code: String, _ key: String = "") -> String? {
        let (code, key) = (Array(code.utf8), Array(key.utf8))
        return table.lookup(code.span, key: key.span).map { table.text($0, .to) }
    }

    private func places(_ findings: [Finding]) -> String {
        findings.map { "\($0.code) \($0.location?.position?.description ?? "?")" }.joined(separator: ", ")
    }
}
