import Reporting

/// An identifier: a text without white space.
package struct TokenConverter: Converter {
    package static let spec = ConverterSpec(
        name: "token",
        summary: "An identifier: white space at its ends is taken away, inside it is refused.",
        source: "FHIR R4 datatypes, `id` and `Identifier.value`",
        examples: [
            ConverterExample(" R-20451 ", gives: "R-20451"),
            ConverterExample("000123", gives: "000123"),
            ConverterExample("R 20451", outcome: .invalid(.tokenMalformed)),
            ConverterExample("  ", outcome: .blank),
        ])

    package init(arguments: [String: String]) throws(ArgumentProblem) {}

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        for index in range {
            if input[index].isControl || input.spaceWidth(at: index, end: range.upperBound) > 0 {
                return .invalid(.tokenMalformed)
            }
        }
        output.set(input.extracting(range))
        return .converted
    }
}
