import Reporting

/// Yes or no.
package struct BooleanConverter: Converter {
    package static let spec = ConverterSpec(
        name: "boolean",
        summary: "Yes or no, as `true` or `false`. Other words than those of XML Schema are named in the mapping and "
            + "match exactly.",
        arguments: [
            "true": "the words for yes, separated by `|`; left out, `true|1`",
            "false": "the words for no, separated by `|`; left out, `false|0`",
        ],
        source: "XML Schema 1.1 part 2, `boolean`",
        examples: [
            ConverterExample("true", gives: "true"),
            ConverterExample(" 0 ", gives: "false"),
            ConverterExample("Y", gives: "true", arguments: ["true": "Y|y", "false": "N|n"]),
            ConverterExample("no", gives: "false", arguments: ["true": "yes", "false": "no"]),
            ConverterExample("yes", outcome: .invalid(.booleanMalformed)),
            ConverterExample("U", outcome: .invalid(.booleanMalformed), arguments: ["true": "Y", "false": "N"]),
            ConverterExample("", outcome: .blank),
        ])

    private let trueWords: [[UInt8]]
    private let falseWords: [[UInt8]]

    package init(arguments: [String: String]) throws(ArgumentProblem) {
        let yes = try arguments.alternatives("true") ?? ["true", "1"]
        let no = try arguments.alternatives("false") ?? ["false", "0"]
        guard Set(yes).isDisjoint(with: no) else {
            throw ArgumentProblem("true", "one word means both yes and no")
        }
        trueWords = yes.map { Array($0.utf8) }
        falseWords = no.map { Array($0.utf8) }
    }

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        let text = input.extracting(range)
        if Self.contains(trueWords, text) {
            output.set("true")
        } else if Self.contains(falseWords, text) {
            output.set("false")
        } else {
            return .invalid(.booleanMalformed)
        }
        return .converted
    }

    private static func contains(_ words: [[UInt8]], _ text: Span<UInt8>) -> Bool {
        for word in words where word.count == text.count {
            var index = 0
            while index < word.count, word[index] == text[index] { index += 1 }
            if index == word.count { return true }
        }
        return false
    }
}
