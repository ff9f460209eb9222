import Reporting

/// The code of a general practitioner.
package struct GMPCodeConverter: Converter {
    package static let spec = ConverterSpec(
        name: "gmp-code",
        summary: "A general practitioner's code: a letter and seven digits, in capitals; written in lower case it is "
            + "put into capitals, with a warning.",
        source: "NHS Data Dictionary, GENERAL MEDICAL PRACTITIONER PPD CODE; UK Core `gmp-number`",
        examples: [
            ConverterExample("G1234567", gives: "G1234567"),
            ConverterExample("g1234567", gives: "G1234567", .noted(.gmpCodeCase)),
            ConverterExample("1234567", outcome: .invalid(.gmpCodeMalformed)),
            ConverterExample("G12345678", outcome: .invalid(.gmpCodeMalformed)),
            ConverterExample(" ", outcome: .blank),
        ])

    package init(arguments: [String: String]) throws(ArgumentProblem) {}

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        let text = input.extracting(range)
        guard text.count == 8, text[0].isLetter, text.digitCount(at: 1) == 7 else { return .invalid(.gmpCodeMalformed) }
        output.bytes.append(text[0].asciiUppercased)
        output.set(text.extracting(1..<8))
        return text[0].asciiUppercased == text[0] ? .converted : .noted(.gmpCodeCase)
    }
}
