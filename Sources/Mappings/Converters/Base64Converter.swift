import Reporting

/// An attachment written as base64: only measured and checked, its bytes stay where they are.
package struct Base64Converter: Converter {
    package static let spec = ConverterSpec(
        name: "base64",
        summary:
            "The size in bytes of an attachment, once its base64 was checked; line ends and spaces in it are nothing.",
        parts: ["size"],
        source: "RFC 4648, 4; FHIR R4 `base64Binary`; XML Schema 1.1 part 2, `base64Binary`",
        examples: [
            ConverterExample("SGVsbG8=", ["size": "5"]),
            ConverterExample("SGVs\n  bG8hIQ==\n", ["size": "7"]),
            ConverterExample("AAAA", ["size": "3"]),
            ConverterExample("SGVsbG8", outcome: .invalid(.base64Malformed)),
            ConverterExample("SGVs=G8=", outcome: .invalid(.base64Malformed)),
            ConverterExample("SGVsbG8===", outcome: .invalid(.base64Malformed)),
            ConverterExample("SGV-bG8_", outcome: .invalid(.base64Malformed)),
            ConverterExample("report.pdf", outcome: .invalid(.base64Malformed)),
            ConverterExample(" \n", outcome: .blank),
        ])

    package init(arguments: [String: String]) throws(ArgumentProblem) {}

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        var letters = 0
        var padding = 0
        for index in 0..<input.count {
            switch input[index] {
            case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x2B, 0x2F:
                guard padding == 0 else { return .invalid(.base64Malformed) }
                letters += 1
            case 0x3D: padding += 1
            case 0x20, 0x09, 0x0A, 0x0D: break
            default: return .invalid(.base64Malformed)
            }
        }
        guard letters + padding > 0 else { return .blank }
        guard padding <= 2, (letters + padding) % 4 == 0, letters % 4 != 1, letters > 0 else {
            return .invalid(.base64Malformed)
        }
        output.write(letters * 3 / 4)
        output.end()
        return .converted
    }
}
