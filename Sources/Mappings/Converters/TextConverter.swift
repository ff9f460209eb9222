import Reporting

/// Free text, kept as it was sent.
package struct TextConverter: Converter {
    package static let spec = ConverterSpec(
        name: "text",
        summary: "Free text as sent; only white space at its ends is taken away.",
        arguments: [
            "space": "`keep` (as sent) or `collapse` (each run of white space and line ends becomes one space)"
        ],
        source: "STYLE: trust nothing, trim nothing; keep what was written",
        examples: [
            ConverterExample("Feels cut off since retiring", gives: "Feels cut off since retiring"),
            ConverterExample("  likes\n walking \n", gives: "likes\n walking"),
            ConverterExample("  likes\n walking \n", gives: "likes walking", arguments: ["space": "collapse"]),
            ConverterExample("<b>not markup</b> & so kept", gives: "<b>not markup</b> & so kept"),
            ConverterExample("\u{A0} \t", outcome: .blank),
        ])

    private let collapses: Bool

    package init(arguments: [String: String]) throws(ArgumentProblem) {
        collapses = try arguments.word("space", of: ["keep", "collapse"], default: "keep") == "collapse"
    }

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        if collapses {
            writeCollapsed(input.extracting(range), into: &output)
        } else {
            output.write(input.extracting(range))
        }
        output.end()
        return .converted
    }

    private func writeCollapsed(_ text: Span<UInt8>, into output: inout ConvertedValue) {
        var index = 0
        var afterSpace = false
        while index < text.count {
            let width = text.spaceWidth(at: index, end: text.count)
            if width == 0 {
                if afterSpace { output.bytes.append(0x20) }
                output.bytes.append(text[index])
            }
            afterSpace = width > 0
            index += max(width, 1)
        }
    }
}
