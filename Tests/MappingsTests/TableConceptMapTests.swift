import Reporting
import Testing

@testable import Mappings

@Suite("Code tables as ConceptMap")
struct TableConceptMapTests {
    private static let source = """
        from,to,key,system,display,note
        8T09.,isolation,read2,urn:linkway:need,Isolated,"said ""often"", here"
        LOC7,debt,local,urn:linkway:need,,
        LOC8,,local,urn:linkway:need,,known and left out
        01,male,,,Männlich,"two
        lines\t\\ and a tab"

        """

    @Test("a table is the same after a round trip through a ConceptMap, and through CSV")
    func roundTrip() throws {
        let table = try parse(Self.source)
        var findings: [Finding] = []
        let json = ConceptMap.json(of: table, title: "needs")
        let back = try #require(ConceptMap.table(from: json, named: "needs.json", reporting: &findings))
        #expect(findings.isEmpty)
        #expect(String(decoding: back.csv(), as: UTF8.self) == Self.source)
        #expect(String(decoding: table.csv(), as: UTF8.self) == Self.source)
    }

    @Test("a ConceptMap is written one element a line")
    func form() throws {
        let table = try parse("from,to,key,system,display\nM,male,urn:a,urn:b,Male\nX,,urn:a,urn:b,\n")
        #expect(
            String(decoding: ConceptMap.json(of: table, title: "sex"), as: UTF8.self) == """
                {
                  "resourceType": "ConceptMap",
                  "title": "sex",
                  "status": "active",
                  "group": [
                    { "source": "urn:a", "target": "urn:b", "element": [
                      { "code": "M", "target": [ { "code": "male", "display": "Male", "equivalence": "relatedto" } ] },
                      { "code": "X", "target": [ { "equivalence": "unmatched" } ] }
                    ] }
                  ]
                }

                """)
    }

    @Test("a table without rows is a ConceptMap without groups")
    func empty() throws {
        var findings: [Finding] = []
        let json = ConceptMap.json(of: try parse("from,to\n"), title: "none")
        let back = try #require(ConceptMap.table(from: json, named: "none.json", reporting: &findings))
        #expect(back.count == 0 && findings.isEmpty)
    }

    @Test(
        "what a table cannot hold is found, with its place",
        arguments: [
            (#"{"resourceType":"Patient"}"#, "concept-map-malformed 1:1"),
            (#"{"resourceType":"ConceptMap","group":[{"element":[{"display":"x"}]}]}"#, "concept-map-malformed 1:51"),
            (
                #"{"resourceType":"ConceptMap","group":[{"element":[{"code":"a","target":[{"code":"b"},{"code":"c"}]}]}]}"#,
                "concept-map-several-targets 1:51"
            ),
            (
                #"{"resourceType":"ConceptMap","group":[{"element":[{"code":"a"},{"code":"a"}]}]}"#,
                "table-from-duplicate 1:64"
            ),
            ("{", "json-truncated 1:2"),
        ])
    func faults(json: String, expected: String) {
        var findings: [Finding] = []
        #expect(ConceptMap.table(from: Array(json.utf8), named: "t.json", reporting: &findings) == nil)
        let places = findings.map { "\($0.code) \($0.location?.position?.description ?? "?")" }
        #expect(places.joined(separator: ", ") == expected)
        for finding in findings { #expect(!finding.code.entry.title.isEmpty) }
    }

    @Test("targets that say there is none, and the rule for unlisted codes, are understood")
    func unmatched() throws {
        let json = #"""
            {"resourceType":"ConceptMap","group":[{"unmapped":{"mode":"fixed","code":"z"},"element":[
            {"code":"a","target":[{"code":"b","equivalence":"disjoint"}]},{"code":"c","target":[{"code":"d","equivalence":"wider"}]},
            {"code":"e"}]}]}
            """#
        var findings: [Finding] = []
        let table = try #require(ConceptMap.table(from: Array(json.utf8), named: "t.json", reporting: &findings))
        #expect(findings.map(\.code.rawValue) == ["concept-map-unmapped"])
        #expect(String(decoding: table.csv(), as: UTF8.self) == "from,to\na,\nc,d\ne,\n")
    }

    private func parse(_ source: String) throws -> CodeTable {
        var findings: [Finding] = []
        return try #require(CodeTable.parse(Array(source.utf8), named: "t.csv", reporting: &findings))
    }
}
