import Reporting

/// The code of an organisation or site.
package struct ODSCodeConverter: Converter {
    package static let spec = ConverterSpec(
        name: "ods-code",
        summary: "An ODS code: three to nine letters and digits, in capitals; written in lower case it is put into "
            + "capitals, with a warning.",
        source:
            "NHS Data Dictionary, ORGANISATION IDENTIFIER (an3 to an8) and ORGANISATION SITE IDENTIFIER (an5 to an9)",
        examples: [
            ConverterExample("A81001", gives: "A81001"),
            ConverterExample(" RXX ", gives: "RXX"),
            ConverterExample("A81001001", gives: "A81001001"),
            ConverterExample("a81001", gives: "A81001", .noted(.odsCodeCase)),
            ConverterExample("A81", gives: "A81"),
            ConverterExample("A8", outcome: .invalid(.odsCodeMalformed)),
            ConverterExample("A81 001", outcome: .invalid(.odsCodeMalformed)),
            ConverterExample("Riverside Medical Practice", outcome: .invalid(.odsCodeMalformed)),
            ConverterExample(" ", outcome: .blank),
        ])

    package init(arguments: [String: String]) throws(ArgumentProblem) {}

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        return Self.write(input.extracting(range), into: &output)
    }

    static func write(_ text: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        guard (3...9).contains(text.count) else { return .invalid(.odsCodeMalformed) }
        var hadLowerCase = false
        for index in 0..<text.count {
            let byte = text[index]
            guard byte.isDigit || byte.isLetter else { return .invalid(.odsCodeMalformed) }
            hadLowerCase = hadLowerCase || byte.asciiUppercased != byte
            output.bytes.append(byte.asciiUppercased)
        }
        output.end()
        return hadLowerCase ? .noted(.odsCodeCase) : .converted
    }
}
