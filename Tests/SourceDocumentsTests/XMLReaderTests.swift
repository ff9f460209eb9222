import Testing

@testable import Reporting
@testable import SourceDocuments

@Suite("reading XML")
struct XMLReaderTests {
    @Test("the tree and the place of each node")
    func tree() {
        let reading = Reading("<r a='1' xmlns:x='u'>\n  <x:b c=\"é\">text</x:b>\n  <e/>\n</r>", as: .xml)
        #expect(
            dump(reading.document, places: true) == [
                "/r element @0..<58", "/r/@a attribute = 1 @3..<8", "/r/b element = text @24..<46",
                "/r/b/@c attribute = é @29..<35", "/r/e element @49..<53",
            ])
        #expect(reading.document.symbols.namespace(reading.document.nodes[3].name) == "u")
        #expect(reading.document.nodes[0].next == 6)
    }

    static let values: [(String, String, Bool)] = [
        ("<a>plain</a>", "plain", false),
        ("<a>999<!-- -->0000018</a>", "9990000018", true),
        ("<a>999<?pi x?>0000018</a>", "9990000018", true),
        ("<a><![CDATA[9990000018]]></a>", "9990000018", false),
        ("<a>999<![CDATA[000]]>0018</a>", "9990000018", true),
        ("<a>x &amp; y</a>", "x & y", true),
        ("<a>&#x1F600;é</a>", "😀é", true),
        ("<a>&#59;b</a>", ";b", false),
        ("<a>Zoë Łukasz 李</a>", "Zoë Łukasz 李", false),
        ("<a>one\r\ntwo\rthree</a>", "one\ntwo\nthree", true),
        ("<a>é\r\né\r\n</a>", "é\né\n", true),
        ("<a> </a>", " ", false),
        ("<a>\n</a>", "\n", false),
        ("<a>]] &gt;</a>", "]] >", true),
        ("<a>" + String(repeating: "é", count: 1000) + "</a>", String(repeating: "é", count: 1000), false),
        ("<a>" + String(repeating: "xé&lt;", count: 500) + "</a>", String(repeating: "xé<", count: 500), true),
    ]

    @Test("the text of an element is one value, whatever stands between", arguments: values)
    func value(_ text: String, _ expected: String, _ isAside: Bool) {
        let reading = Reading(text, as: .xml)
        #expect(reading.lines == ["/a element = \(expected)"])
        #expect(reading.document.ownValue(1)?.isAside == isAside)
    }

    @Test("mixed content keeps its text as nodes, and white space alone between tags is left out")
    func mixed() {
        let reading = Reading("<p>\n one <b>two</b> <i/>&amp;<!-- c -->three\n</p>", as: .xml)
        #expect(
            dump(reading.document, places: true) == [
                "/p element @0..<49", "/p/text() text = \n one  @3..<9", "/p/b element = two @9..<19",
                "/p/i element @20..<24", "/p/text() text = &three\n @24..<45",
            ])
    }

    @Test("an empty element has no value")
    func empty() {
        #expect(
            Reading("<a><b></b><c/><d><![CDATA[]]></d></a>", as: .xml).lines == [
                "/a element", "/a/b element", "/a/c element", "/a/d element",
            ])
    }

    @Test("attributes: entities and line ends are undone, and the place is still right")
    func attributes() {
        let text = "<a xmlns='u' b = \"1&lt;2\"\n xmlns:x=\"y&amp;z\" c='x\ny' x:d='plain'/>"
        let reading = Reading(text, as: .xml)
        #expect(
            dump(reading.document, places: true) == [
                "/a element @0..<66", "/a/@b attribute = 1<2 @13..<25", "/a/@c attribute = x y @45..<52",
                "/a/@d attribute = plain @53..<64",
            ])
        #expect(reading.document.ownValue(2)?.isAside == true)
        #expect(reading.document.ownValue(4)?.isAside == false)
    }

    @Test("an ampersand in an attribute is one character, however it is spelt")
    func ampersands() {
        let text = "<a b='x &amp; y' c='&#38;#38;' d='&#x26;&amp;&lt;é' e='&amp;amp;'/>"
        #expect(
            Reading(text, as: .xml).lines == [
                "/a element", "/a/@b attribute = x & y", "/a/@c attribute = &#38;", "/a/@d attribute = &&<é",
                "/a/@e attribute = &amp;",
            ])
    }

    @Test("comments before, between and after do not move places")
    func comments() {
        let text = "<?xml version='1.0'?>\n<!-- <x> --><a><!-- > --><b/><?p <q>?><c>t</c></a><!-- end -->"
        let reading = Reading(text, as: .xml)
        #expect(reading.isRead)
        for id in 1..<reading.document.nodes.count {
            let node = reading.document.nodes[id]
            let name = reading.document.symbols.name(node.name)
            let written = String(decoding: reading.document.source[Int(node.start)..<Int(node.end)], as: UTF8.self)
            #expect(written.hasPrefix("<\(name)") && written.hasSuffix(">"))
        }
    }

    @Test("one reader reads one document after another, failed ones between, and tables may differ")
    func again() {
        let reader = DocumentReader()
        for round in 0..<3 {
            var document = SourceDocument()
            var findings: [Finding] = []
            for index in 0..<round * 3 { _ = document.symbols.intern("other\(index)") }
            #expect(reader.read(Array("<a xmlns='u'><b>1</b></a>".utf8), into: &document, reporting: &findings))
            #expect(dump(document) == ["/a element", "/a/b element = 1"])
            #expect(document.symbols.namespace(document.nodes[2].name) == "u")
            #expect(!reader.read(Array("<a xmlns='u'><b>1</a>".utf8), into: &document, reporting: &findings))
            #expect(reader.read(Array("<a><b>2</b><b/></a>".utf8), into: &document, reporting: &findings))
            #expect(dump(document) == ["/a element", "/a/b[1] element = 2", "/a/b[2] element"])
            #expect(document.symbols.namespace(document.nodes[2].name) == "")
        }
    }

    @Test("names a hostile sender invents are forgotten by the parser and the table")
    func manyNames() {
        let reader = DocumentReader()
        var document = SourceDocument()
        var findings: [Finding] = []
        let known = document.symbols.count
        for round in 0..<4 {
            let text = "<r>" + (0..<15_000).map { "<n\(round)x\($0)/>" }.joined() + "<keep>v</keep></r>"
            #expect(reader.read(Array(text.utf8), into: &document, reporting: &findings))
            #expect(document.nodes.count == 15_003)
            #expect(document.symbols.name(document.nodes[15_002].name) == "keep")
            document.symbols.forget(past: known)
        }
        #expect(document.symbols.count == known)
        #expect(reader.read(Array("<r><keep>v</keep></r>".utf8), into: &document, reporting: &findings))
        #expect(dump(document) == ["/r element", "/r/keep element = v"])
    }

    @Test("a text of more than ten million bytes stays where it is")
    func longText() {
        var limits = Limits()
        limits.bytes = 64 << 20
        let long = String(repeating: "QUJD", count: 3_000_000)
        for text in ["<a><b>\(long)</b></a>", "<a><b x='\(long)'/></a>", "<a><b><![CDATA[\(long)]]></b></a>"] {
            let reading = Reading(text, as: .xml, limits: limits)
            #expect(reading.isRead, "\(reading.findings.first?.message ?? "")")
            #expect(reading.document.side.isEmpty)
            let last = NodeID(reading.document.nodes.count - 1)
            #expect(reading.document.isReadWhole(last, 12_000_000))
        }
    }
}

extension SourceDocument {
    fileprivate func isReadWhole(_ node: NodeID, _ count: Int) -> Bool {
        ownValue(node).map { $0.count == count && !$0.isAside } ?? false
    }
}
