import Reporting

/// An NHS number with its status.
package struct NHSNumberConverter: Converter {
    package static let spec = ConverterSpec(
        name: "nhs-number",
        summary: "An NHS number: ten digits, alone or as 3-3-4 with a space or hyphen between, and its check digit.",
        parts: ["value", "status"],
        arguments: [
            "status": "what the sender says of the number: " + statuses.map { "`\($0)`" }.joined(separator: ", ")
                + "; left out, `unverified`"
        ],
        source: "NHS Data Dictionary, NHS NUMBER: weights 10 to 2, modulus 11",
        examples: [
            ConverterExample("9990000018", ["value": "9990000018", "status": "unverified"]),
            ConverterExample(
                "999 000 0018", ["value": "9990000018", "status": "verified"], arguments: ["status": "verified"]),
            ConverterExample("999-000-0018", ["value": "9990000018", "status": "unverified"]),
            ConverterExample("9990000019", outcome: .invalid(.nhsNumberCheckDigit)),
            ConverterExample("1111111111", outcome: .invalid(.nhsNumberPlaceholder)),
            ConverterExample("999000001", outcome: .invalid(.nhsNumberMalformed)),
            ConverterExample("99 900 00018", outcome: .invalid(.nhsNumberMalformed)),
            ConverterExample("999OOOOO18", outcome: .invalid(.nhsNumberMalformed)),
            ConverterExample("９９９００００００１８", outcome: .invalid(.nhsNumberMalformed)),
            ConverterExample("Test Harness", outcome: .invalid(.nhsNumberMalformed)),
            ConverterExample(" ", outcome: .blank),
        ])

    /// Those of the canonical field `person.nhsNumber.status`.
    static let statuses = [
        "verified", "present-not-traced", "trace-needed", "trace-failed", "trace-unresolved", "trace-in-progress",
        "not-needed", "trace-postponed", "unverified", "unknown",
    ]

    private let status: String

    package init(arguments: [String: String]) throws(ArgumentProblem) {
        status = try arguments.word("status", of: Self.statuses, default: "unverified")
    }

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        guard Self.writeDigits(input.extracting(range), into: &output.bytes) else {
            return .invalid(.nhsNumberMalformed)
        }
        guard Self.hasRightCheckDigit(output.bytes.span) else { return .invalid(.nhsNumberCheckDigit) }
        guard !Self.isOneDigitRepeated(output.bytes.span) else { return .invalid(.nhsNumberPlaceholder) }
        output.end(part: 0)
        output.set(status, part: 1)
        return .converted
    }

    /// Copies ten digits; a space or hyphen may stand after the third and the sixth, nothing else anywhere.
    private static func writeDigits(_ text: Span<UInt8>, into digits: inout [UInt8]) -> Bool {
        var index = 0
        while index < text.count, digits.count < 10 {
            if text[index].isDigit {
                digits.append(text[index])
                index += 1
                if digits.count == 3 || digits.count == 6 { index += separatorWidth(text, at: index) }
            } else {
                return false
            }
        }
        return digits.count == 10 && index == text.count
    }

    private static func separatorWidth(_ text: Span<UInt8>, at index: Int) -> Int {
        guard index < text.count else { return 0 }
        if text[index] == 0x20 || text[index] == 0x2D { return 1 }
        // A no-break space is the space that word processors put into numbers.
        return text[index] == 0xC2 && index + 1 < text.count && text[index + 1] == 0xA0 ? 2 : 0
    }

    /// Modulus 11 with weights 10 to 2; 11 stands for 0, and a remainder that asks for 10 means no such number.
    static func hasRightCheckDigit(_ digits: Span<UInt8>) -> Bool {
        guard digits.count == 10 else { return false }
        var sum = 0
        for index in 0..<9 { sum += Int(digits[index] & 0x0F) * (10 - index) }
        let check = (11 - sum % 11) % 11
        return check == Int(digits[9] & 0x0F)
    }

    /// 0000000000 and 1111111111 to 9999999999 pass modulus 11, and are what people type to get past a form.
    private static func isOneDigitRepeated(_ digits: Span<UInt8>) -> Bool {
        for index in 1..<digits.count where digits[index] != digits[0] { return false }
        return true
    }
}
