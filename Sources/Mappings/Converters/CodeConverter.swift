import Reporting

/// A code as the sender wrote it; its table, when the rule has one, is looked up by the evaluator.
package struct CodeConverter: Converter {
    package static let spec = ConverterSpec(
        name: "code",
        summary: "A code exactly as written, letters and leading zeros included; with `table`, its row there.",
        source: "FHIR R4 datatypes, `code`: spaces inside are part of it, line ends are not",
        examples: [
            ConverterExample(" 01 ", gives: "01"),
            ConverterExample("13Z8.", gives: "13Z8."),
            ConverterExample("Delayed priority", gives: "Delayed priority"),
            ConverterExample("2\n3", outcome: .invalid(.codeMalformed)),
            ConverterExample("", outcome: .blank),
        ])

    package init(arguments: [String: String]) throws(ArgumentProblem) {}

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        for index in range where input[index].isControl { return .invalid(.codeMalformed) }
        output.set(input.extracting(range))
        return .converted
    }
}
