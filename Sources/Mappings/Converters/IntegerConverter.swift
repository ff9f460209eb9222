import Reporting

/// A whole number.
package struct IntegerConverter: Converter {
    package static let spec = ConverterSpec(
        name: "integer",
        summary: "A whole number, written without leading zeros or +.",
        arguments: ["min": "the smallest number allowed", "max": "the largest number allowed"],
        source: "XML Schema 1.1 part 2, `long`; FHIR R4 `integer64`",
        examples: [
            ConverterExample("8", gives: "8"),
            ConverterExample("+08", gives: "8"),
            ConverterExample("-0", gives: "0"),
            ConverterExample("-12", gives: "-12"),
            ConverterExample("10", gives: "10", arguments: ["min": "1", "max": "10"]),
            ConverterExample("11", outcome: .invalid(.integerRange), arguments: ["min": "1", "max": "10"]),
            ConverterExample("99999999999999999999", outcome: .invalid(.integerRange)),
            ConverterExample("8.0", outcome: .invalid(.integerMalformed)),
            ConverterExample("1,000", outcome: .invalid(.integerMalformed)),
            ConverterExample("1E3", outcome: .invalid(.integerMalformed)),
            ConverterExample("", outcome: .blank),
        ])

    private let range: ClosedRange<Int>

    package init(arguments: [String: String]) throws(ArgumentProblem) {
        let smallest = try arguments.integer("min") ?? .min
        let largest = try arguments.integer("max") ?? .max
        guard smallest <= largest else { throw ArgumentProblem("min", "`min` is larger than `max`") }
        range = smallest...largest
    }

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let bounds = input.trimmed()
        guard !bounds.isEmpty else { return .blank }
        let text = input.extracting(bounds)
        let start = text[0] == 0x2B || text[0] == 0x2D ? 1 : 0
        let digits = text.digitCount(at: start)
        guard digits > 0, start + digits == text.count else { return .invalid(.integerMalformed) }
        guard let number = Self.number(text, from: start, isNegative: text[0] == 0x2D), range.contains(number) else {
            return .invalid(.integerRange)
        }
        output.write(number)
        output.end()
        return .converted
    }

    /// `nil` when it does not fit 64 bits.
    private static func number(_ text: Span<UInt8>, from start: Int, isNegative: Bool) -> Int? {
        var number = 0
        for index in start..<text.count {
            let digit = Int(text[index] & 0x0F)
            let (product, overflowsProduct) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflowsSum) = product.addingReportingOverflow(isNegative ? -digit : digit)
            if overflowsProduct || overflowsSum { return nil }
            number = sum
        }
        return number
    }
}

extension ConvertedValue {
    /// Writes a number as its digits.
    mutating func write(_ number: Int) {
        if number < 0 { bytes.append(0x2D) }
        let magnitude = number.magnitude
        var divisor: UInt = 1
        while magnitude / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(0x30 + UInt8(magnitude / divisor % 10))
            divisor /= 10
        }
    }
}
