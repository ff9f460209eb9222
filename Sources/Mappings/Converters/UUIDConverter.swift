import Reporting

/// A universally unique identifier.
package struct UUIDConverter: Converter {
    package static let spec = ConverterSpec(
        name: "uuid",
        summary: "A UUID in lower case; capitals, braces, `urn:uuid:` and missing hyphens are spellings of the same.",
        source: "RFC 9562, 4: output in lower case, input in any",
        examples: [
            ConverterExample("7F0C6E4A-0F52-4D0B-9B3E-3B1D7B1E6A55", gives: "7f0c6e4a-0f52-4d0b-9b3e-3b1d7b1e6a55"),
            ConverterExample(
                "urn:uuid:7f0c6e4a-0f52-4d0b-9b3e-3b1d7b1e6a55", gives: "7f0c6e4a-0f52-4d0b-9b3e-3b1d7b1e6a55"),
            ConverterExample(
                "{7F0C6E4A-0F52-4D0B-9B3E-3B1D7B1E6A55}", gives: "7f0c6e4a-0f52-4d0b-9b3e-3b1d7b1e6a55"),
            ConverterExample("7F0C6E4A0F524D0B9B3E3B1D7B1E6A55", gives: "7f0c6e4a-0f52-4d0b-9b3e-3b1d7b1e6a55"),
            ConverterExample("{7F0C6E4A-0F52-4D0B-9B3E-3B1D7B1E6A55", outcome: .invalid(.uuidMalformed)),
            ConverterExample("7F0C6E4A-0F52-4D0B-9B3E-3B1D7B1E6A5G", outcome: .invalid(.uuidMalformed)),
            ConverterExample("7F0C6E4A0-F52-4D0B-9B3E-3B1D7B1E6A55", outcome: .invalid(.uuidMalformed)),
            ConverterExample("R-20451", outcome: .invalid(.uuidMalformed)),
            ConverterExample(" ", outcome: .blank),
        ])

    package init(arguments: [String: String]) throws(ArgumentProblem) {}

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        guard Self.write(input.extracting(Self.unwrapped(input, range)), into: &output.bytes) else {
            return .invalid(.uuidMalformed)
        }
        output.end()
        return .converted
    }

    private static func unwrapped(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        if text.hasPrefix("urn:uuid:", at: range.lowerBound) { return range.lowerBound + 9..<range.upperBound }
        let isBraced = range.count > 2 && text[range.lowerBound] == 0x7B && text[range.upperBound - 1] == 0x7D
        return isBraced ? range.lowerBound + 1..<range.upperBound - 1 : range
    }

    private static func write(_ text: Span<UInt8>, into bytes: inout [UInt8]) -> Bool {
        let hasHyphens = text.count == 36
        guard hasHyphens || text.count == 32 else { return false }
        var digits = 0
        for index in 0..<text.count {
            if hasHyphens, index == 8 || index == 13 || index == 18 || index == 23 {
                guard text[index] == 0x2D else { return false }
                continue
            }
            guard text[index].isHexDigit else { return false }
            if digits == 8 || digits == 12 || digits == 16 || digits == 20 { bytes.append(0x2D) }
            bytes.append(text[index].asciiLowercased)
            digits += 1
        }
        return true
    }
}
