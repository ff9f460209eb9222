import Reporting

/// A doctor's number in the register of the General Medical Council.
package struct GMCNumberConverter: Converter {
    package static let spec = ConverterSpec(
        name: "gmc-number",
        summary: "A GMC reference number: seven digits.",
        source: "NHS Data Dictionary, PROFESSIONAL REGISTRATION ENTRY IDENTIFIER; UK Core `gmc-number`",
        examples: [
            ConverterExample("1234567", gives: "1234567"),
            ConverterExample(" 0123456 ", gives: "0123456"),
            ConverterExample("1234567,", outcome: .invalid(.gmcNumberMalformed)),
            ConverterExample("C1234567", outcome: .invalid(.gmcNumberMalformed)),
            ConverterExample("123456", outcome: .invalid(.gmcNumberMalformed)),
            ConverterExample("", outcome: .blank),
        ])

    package init(arguments: [String: String]) throws(ArgumentProblem) {}

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        let text = input.extracting(range)
        guard text.count == 7, text.digitCount(at: 0) == 7 else { return .invalid(.gmcNumberMalformed) }
        output.set(text)
        return .converted
    }
}
