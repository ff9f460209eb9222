import Reporting

/// A text with markup, as plain text in which nothing is lost.
package struct NarrativeConverter: Converter {
    package static let spec = ConverterSpec(
        name: "narrative",
        summary:
            "Markup of FHIR narrative (XHTML), CDA sections or HTML as plain text: blocks and rows are lines, items "
            + "begin with -, cells are joined by |, addresses of links and descriptions of pictures stand behind them, "
            + "and deleted passages are marked as such. A text without any tag stays as sent.",
        arguments: [
            "of":
                "`element` (the markup as it stands in the document) or `text` (markup that was sent as text: escaped, "
                + "or in a CDATA section); left out, `element`"
        ],
        takesMarkup: true,
        source: "FHIR R4, Narrative; HL7 CDA R2, 4.3.5 (section narrative block); XML 1.0; HTML, void elements",
        examples: [
            ConverterExample("Plain text: 3 < 5 & so on", gives: "Plain text: 3 < 5 & so on"),
            ConverterExample(
                "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Lives <b>alone</b>.</p><p>Likes&nbsp;walking</p></div>",
                gives: "Lives alone.\nLikes walking"),
            ConverterExample("<p>one<br/>two<br/><br/>three</p>", gives: "one\ntwo\n\nthree"),
            ConverterExample(
                "<ul><li>food</li><li>rent<ul><li>arrears</li></ul></li></ul>", gives: "- food\n- rent\n  - arrears"),
            ConverterExample(
                "<text><list><item>food</item><item><content>debt</content></item></list></text>",
                gives: "- food\n- debt"),
            ConverterExample(
                "<table><tr><th>Score</th><th>Date</th></tr><tr><td>8</td><td><p>2 March</p></td></tr></table>",
                gives: "Score | Date\n8 | 2 March"),
            ConverterExample("<table><tr><td/><td>b</td><td></td><td>d</td></tr></table>", gives: "| b | | d"),
            ConverterExample(
                "<p>a &lt; b &amp; c &#163;5 &#x2013; &pound;6 &unknown; R&D</p>",
                gives: "a < b & c £5 – £6 &unknown; R&D"),
            ConverterExample("<p>x<!-- note <p> -->y<![CDATA[ <raw> & ]]>z</p>", gives: "xy <raw> & z"),
            ConverterExample(
                "<p>see <a href=\"https://example.org/\">our page</a></p>",
                gives: "see our page (https://example.org/)"),
            ConverterExample("<p>before <img src=\"a.png\" alt=\"a map\"/> after</p>", gives: "before [a map] after"),
            ConverterExample(
                "<p>is <content revised=\"delete\">not</content> at risk</p>",
                gives: "is [deleted: not] at risk"),
            ConverterExample("<hl7:text><hl7:paragraph>prefixed</hl7:paragraph></hl7:text>", gives: "prefixed"),
            ConverterExample("<p>open", outcome: .invalid(.narrativeMalformed)),
            ConverterExample("<p><b>crossed</p></b>", outcome: .invalid(.narrativeMalformed)),
            ConverterExample("<p title=\"never closed>text</p>", outcome: .invalid(.narrativeMalformed)),
            ConverterExample(
                "<p>sent in a <b>CDATA</b> section</p>", gives: "sent in a CDATA section", arguments: ["of": "text"]),
            ConverterExample("<div> <p></p> </div>", outcome: .blank),
            ConverterExample(" ", outcome: .blank),
        ])

    package init(arguments: [String: String]) throws(ArgumentProblem) {
        _ = try arguments.word("of", of: ["element", "text"], default: "element")
    }

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        let text = input.extracting(range)
        guard Self.hasTag(text) else {
            output.set(text)
            return .converted
        }
        var reader = NarrativeReader()
        guard reader.read(text, into: &output.bytes) else { return .invalid(.narrativeMalformed) }
        guard !output.bytes.isEmpty else { return .blank }
        output.end()
        return .converted
    }

    private static func hasTag(_ text: Span<UInt8>) -> Bool {
        for index in 0..<text.count where text[index] == 0x3C && NarrativeReader.beginsMarkup(text, at: index) {
            return true
        }
        return false
    }
}
