import Testing

@testable import Mappings

@Suite("Narrative")
struct ConverterNarrativeTests {
    @Test(
        "tags that do not nest, end or begin are refused",
        arguments: [
            "<p>", "</p>", "<p><b></p></b>", "<p", "<p a=\"", "<!-- open", "<![CDATA[ open", "<p><? open</p>",
            "<p>a<b c</p>",
            "<script>alert(1)", "<!ELEMENT p>", "< p>a</p>",
        ])
    func malformed(markup: String) { #expect(text(markup) == nil) }

    @Test("markup nested beyond a hundred tags is refused, not followed")
    func depth() {
        let hundred = String(repeating: "<i>", count: 100) + "x" + String(repeating: "</i>", count: 100)
        #expect(text(hundred) == "x")
        #expect(text("<i>" + hundred + "</i>") == nil)
        #expect(text(String(repeating: "<i>", count: 1_000_000)) == nil)
    }

    @Test(
        "scripts, style sheets, comments and instructions are no text",
        arguments: [
            "<p>a<script>if (a < b) { x('</p>') }</script>b</p>", "<p>a<style/>b</p>", "<p>a<!-- > -->b</p>",
            "<p>a<?x y?>b</p>",
            "<!DOCTYPE html><p>ab</p>",
        ])
    func passedOver(markup: String) { #expect(text(markup) == "ab") }

    @Test(
        "markup as it is sent becomes lines",
        arguments: [
            ("<p>a</p>b<p>c</p>", "a\nb\nc"),
            ("a <b>b</b>c<i> d</i>", "a bc d"),
            ("<P>a<BR>b</P>", "a\nb"),
            ("<div>\n  <p>\n    a\n    b\n  </p>\n</div>", "a b"),
            ("<pre>a\n  b</pre>", "a\nb"),
            ("<p>a</p><p></p><p>b</p>", "a\nb"),
            ("<ol><li><p>one</p></li><li>two</li></ol>after", "- one\n- two\nafter"),
            (
                "<table><caption>Scores</caption><tr><td>a<br/>b</td><td><ul><li>c</li><li>d</li></ul></td></tr></table>",
                "Scores\na b | - c - d"
            ),
            (
                "<table><tr><td><table><tr><td>in</td><td>ner</td></tr></table></td><td>out</td></tr></table>",
                "in ner | out"
            ),
            ("<a href='#top'>up</a>", "up"),
            ("<a href=\"https://x.test\">https://x.test</a>", "https://x.test"),
            ("<a href=\"https://x.test?a=1&amp;b=2\">x</a>", "x (https://x.test?a=1&b=2)"),
            ("<linkHtml href=\"https://x.test\">x</linkHtml>", "x (https://x.test)"),
            ("<img src=x>", "[picture]"),
            ("<p>a<img src=\"x\" alt=\"\"/>b</p>", "ab"),
            ("<renderMultiMedia referencedObject=\"MM1\"><caption>X-ray</caption></renderMultiMedia>", "[MM1]\nX-ray"),
            ("<p>is <del>not </del>safe</p>", "is [deleted: not] safe"),
            ("<p title='a > b'>c</p>", "c"),
            ("<p>3 < 5 && 7 > 6</p>", "3 < 5 && 7 > 6"),
            ("<p>&#0;&#xD800;&#x110000;&#;&;&amp</p>", "&#0;&#xD800;&#x110000;&#;&;&amp"),
            ("<p>&eacute;&Eacute;&szlig;&frac12;</p>", "éÉß½"),
            ("<p>a&#10;&#160;b</p>", "a b"),
            ("<p>&amp;lt;</p>", "&lt;"),
            ("<p>日本 &#x1F600;</p>", "日本 😀"),
        ])
    func lines(markup: String, expected: String) { #expect(text(markup) == expected) }

    @Test("every word outside tags is in the text")
    func nothingIsLost() {
        var random = SeededGenerator(state: 7)
        let tags = [
            "p", "div", "ul", "li", "table", "tr", "td", "b", "a", "content", "item", "list", "pre", "del", "x:y",
        ]
        for _ in 0..<2_000 {
            var words: [String] = []
            var markup = ""
            var open: [String] = []
            for number in 0..<Int.random(in: 1...20, using: &random) {
                if Bool.random(using: &random), let tag = tags.randomElement(using: &random) {
                    markup += "<\(tag)>"
                    open.append(tag)
                } else if let tag = open.popLast() {
                    markup += "</\(tag)>"
                }
                words.append("w\(number)")
                markup += "w\(number)" + (Bool.random(using: &random) ? " " : "<br/>")
            }
            for tag in open.reversed() { markup += "</\(tag)>" }
            let text = text(markup) ?? ""
            let found = text.split { !$0.isLetter && !$0.isNumber }.map(String.init).filter { $0 != "deleted" }
            if found.joined() != words.joined() { Issue.record("\(markup) became \(text)") }
        }
    }

    private func text(_ markup: String) -> String? {
        let bytes = Array(markup.utf8)
        var output = ConvertedValue()
        guard let converter = try? NarrativeConverter(arguments: [:]) else { return nil }
        switch converter.convert(bytes.span, into: &output) {
        case .converted, .noted: return String(decoding: output.bytes, as: UTF8.self)
        case .blank: return ""
        case .invalid: return nil
        }
    }
}
