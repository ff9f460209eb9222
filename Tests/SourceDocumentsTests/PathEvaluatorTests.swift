import Reporting
import Testing

@testable import SourceDocuments

/// A document with paths over it.
struct PathBench {
    var document: SourceDocument
    var evaluator = PathEvaluator()
    var context: PathContext

    init(_ text: String, _ context: PathContext, as format: SourceFormat) {
        document = SourceDocument()
        self.context = context
        var findings: [Finding] = []
        #expect(
            DocumentReader().read(Array(text.utf8), as: format, into: &document, reporting: &findings), "\(findings)")
        evaluator.begin(document)
    }

    mutating func path(_ text: String) throws -> Path {
        try Path.compile(text, in: context, symbols: &document.symbols).get()
    }

    /// The places selected, as paths.
    mutating func select(_ text: String, from node: NodeID = 1) throws -> [String] {
        try nodes(text, from: node).map { document.path(of: $0) }
    }

    mutating func nodes(_ text: String, from node: NodeID = 1) throws -> [NodeID] {
        var result: [NodeID] = []
        evaluator.select(try path(text), from: node, in: &document, into: &result)
        return result
    }

    mutating func test(_ text: String, from node: NodeID = 1) throws -> Bool {
        let condition = try Path.compileCondition(text, in: context, symbols: &document.symbols).get()
        return evaluator.test(condition, from: node, in: &document)
    }

    /// The nodes a pattern matches, judged one by one.
    mutating func matched(_ text: String) throws -> [String] {
        let pattern = try path(text)
        var result: [String] = []
        for node in 1..<NodeID(document.nodes.count) where evaluator.matches(pattern, node, in: &document) {
            result.append(document.path(of: node))
        }
        return result
    }
}

@Suite("path evaluator")
struct PathEvaluatorTests {
    static let letter = """
        <r:Referral xmlns:r="urn:r"><r:Id system="HTTPS://fhir.nhs.uk/Id/ods" value="A81001"/><r:Id system="urn:x" value="2"/>
        <r:Need code="a"><r:Note>one</r:Note></r:Need><r:Need code="b"><r:Need code="c"/></r:Need></r:Referral>
        """
    private static func bench() -> PathBench {
        PathBench(
            letter,
            PathContext(
                language: .xpath, namespaces: ["r": "urn:r"],
                systems: ["ods": ["urn:none", "http://fhir.nhs.uk/id/ODS"], "x": ["urn:x"]]), as: .xml)
    }

    @Test("a systems constant agrees without case and with http for https, and the place is noted")
    func systems() throws {
        var bench = Self.bench()
        #expect(try bench.select("r:Id[@system=$ods]/@value") == ["/Referral/Id[1]/@value"])
        #expect(bench.evaluator.looseMatches.map { bench.document.path(of: $0) } == ["/Referral/Id[1]/@system"])
        bench.evaluator.begin(bench.document)
        #expect(try bench.select("r:Id[@system=$x]/@value") == ["/Referral/Id[2]/@value"])
        #expect(bench.evaluator.looseMatches == [])
        #expect(try bench.select("r:Id[@system!=$x]/@value") == ["/Referral/Id[1]/@value"])
    }

    @Test("values looked at in a predicate are marked, those only stepped over are not")
    func marks() throws {
        var bench = Self.bench()
        _ = try bench.select("r:Need[@code='a'][r:Note]")
        let marked = bench.evaluator.marks.indices.filter { bench.evaluator.marks[$0] & 1 != 0 }
        #expect(
            marked.map { bench.document.path(of: NodeID($0)) } == [
                "/Referral/Need[1]/@code", "/Referral/Need[2]/@code",
            ])
        bench.evaluator.begin(bench.document)
        #expect(bench.evaluator.marks.allSatisfy { $0 == 0 })
        _ = try bench.matched("r:Need[@code='a']")
        #expect(bench.evaluator.marks.allSatisfy { $0 == 0 }, "a pattern marks nothing")
    }

    static let patterns = [
        "r:Need", "//r:Need", "r:Need/@code", "//@code", "r:*", "//r:Need[@code='c']", "r:Need[r:Note]/r:Note",
        "r:Need//r:Need",
        "/r:Referral/r:Id", "//r:Note | r:Id", "//*", ".", "r:Need[not(r:Note)]", "/r:Referral", "r:Need/r:Need/@code",
        "//r:Need//@code",
    ]

    @Test("a pattern matches just the nodes it selects", arguments: patterns)
    func matching(_ pattern: String) throws {
        var bench = Self.bench()
        #expect(try bench.path(pattern).isPattern)
        #expect(try bench.matched(pattern) == bench.select(pattern))
    }

    @Test("positions and steps upwards make no pattern")
    func noPatterns() throws {
        var bench = Self.bench()
        for text in ["r:Need[1]", "r:Need[last()]", "r:Need/..", "r:Need[position()>1]", "//r:Note/ancestor::r:Need"] {
            #expect(try bench.path(text).isPattern == false, "\(text)")
        }
    }

    @Test("the last names of a path are known")
    func lastNames() throws {
        var bench = Self.bench()
        let need = bench.document.symbols.intern("Need", namespace: "urn:r")
        let code = bench.document.symbols.intern("code")
        #expect(try bench.path("r:Id/r:Need[@code]").lastName == need)
        #expect(try bench.path("//r:Need/@code").lastName == code)
        #expect(try bench.path("r:Need | @code").lastNames == [need, code])
        #expect(try bench.path("r:Need | r:*").lastNames == [])
        #expect(try bench.path("r:Need/*").lastName == nil)
    }

    @Test("a document cannot make an evaluation go on for ever")
    func exhaustion() throws {
        var bench = PathBench(
            "<a>" + String(repeating: "<b/>", count: 2000) + "</a>", PathContext(language: .xpath), as: .xml)
        bench.evaluator.limit = 100_000
        #expect(try bench.select("//b[count(//b) = 1]") == [])
        #expect(bench.evaluator.isExhausted)
        bench.evaluator.begin(bench.document)
        #expect(try bench.select("b[2000]").count == 1)
        #expect(bench.evaluator.isExhausted == false)
    }

    @Test("JSONPath selects in document order, each node once; `@` is the node at hand")
    func json() throws {
        var bench = PathBench(
            #"{"needs":[{"code":"a","n":1},{"code":"b","n":2.0},{"code":"c"}],"x":{"code":"d"}}"#,
            PathContext(language: .jsonPath), as: .json)
        #expect(try bench.select("$.needs[2,0,0].code") == ["$.needs[0].code", "$.needs[2].code"])
        #expect(try bench.select("$.needs[::-1].code") == ["$.needs[0].code", "$.needs[1].code", "$.needs[2].code"])
        let second = try #require(try bench.nodes("$.needs[1]").first)
        #expect(try bench.select("@.code", from: second) == ["$.needs[1].code"])
        #expect(try bench.select("$.x.code", from: second) == ["$.x.code"])
        #expect(try bench.select("$.needs[?@.n==2].code") == ["$.needs[1].code"])
        #expect(try bench.test("@.n == 2", from: second))
        #expect(try bench.test("$.x.code == 'd' && $.needs"))
        #expect(try !bench.test("$.y || ?@.n > 2".replacing("?", with: ""), from: second))
        for pattern in ["$..code", "$.needs[*].code", "$.x", "$.needs[?@.n].n", "$.*", "$.needs[*]['n','code']"] {
            #expect(try bench.matched(pattern).sorted() == bench.select(pattern).sorted(), "\(pattern)")
        }
    }
}
