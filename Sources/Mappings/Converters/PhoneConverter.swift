import Reporting

/// A telephone number.
package struct PhoneConverter: Converter {
    package static let spec = ConverterSpec(
        name: "phone",
        summary: "A telephone number: its digits as sent, a leading +, and one space wherever spaces, hyphens, dots or "
            + "brackets stood; the (0) of +44 (0)… is not dialled and left out.",
        source: "ITU-T E.123 and E.164; RFC 3966: visual separators mean nothing",
        examples: [
            ConverterExample("0113 496 0000", gives: "0113 496 0000"),
            ConverterExample("(0113) 496-0000", gives: "0113 496 0000"),
            ConverterExample("tel:+441134960000", gives: "+441134960000"),
            ConverterExample("+44 (0)113 496 0000", gives: "+44 113 496 0000"),
            ConverterExample("07700  900000", gives: "07700 900000"),
            ConverterExample("111", gives: "111"),
            ConverterExample("0113 496 0000 ext 5", outcome: .invalid(.phoneMalformed)),
            ConverterExample("0113 496 0000 / 07700 900000", outcome: .invalid(.phoneMalformed)),
            ConverterExample("tel:+441134960000;ext=5", outcome: .invalid(.phoneMalformed)),
            ConverterExample("n/a", outcome: .invalid(.phoneMalformed)),
            ConverterExample("44+113", outcome: .invalid(.phoneMalformed)),
            ConverterExample("12", outcome: .invalid(.phoneMalformed)),
            ConverterExample("tel:", outcome: .blank),
            ConverterExample(" ", outcome: .blank),
        ])

    package init(arguments: [String: String]) throws(ArgumentProblem) {}

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        let start = range.lowerBound + (input.hasPrefix("tel:", at: range.lowerBound) ? 4 : 0)
        guard start < range.upperBound else { return .blank }
        guard Self.write(input.extracting(start..<range.upperBound), into: &output.bytes) else {
            return .invalid(.phoneMalformed)
        }
        output.end()
        return .converted
    }

    /// Three digits (111) to fifteen (E.164) and two more (00 in front of them).
    private static let digits = 3...17

    /// Writes a number; `false` when it is none, and then what was written is taken back.
    static func write(_ text: Span<UInt8>, into bytes: inout [UInt8]) -> Bool {
        let start = bytes.count
        var digitCount = 0
        var isApart = false
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte.isDigit {
                if isApart, bytes.count > start, bytes.last != 0x2B { bytes.append(0x20) }
                bytes.append(byte)
                digitCount += 1
                isApart = false
                index += 1
            } else if byte == 0x2B, bytes.count == start {
                bytes.append(byte)
                index += 1
            } else if bytes.count > start, bytes[start] == 0x2B, text.hasPrefix("(0)", at: index) {
                isApart = true
                index += 3
            } else if let width = separatorWidth(text, at: index) {
                isApart = true
                index += width
            } else {
                break
            }
        }
        guard index == text.count, digits.contains(digitCount) else {
            bytes.removeLast(bytes.count - start)
            return false
        }
        return true
    }

    private static func separatorWidth(_ text: Span<UInt8>, at index: Int) -> Int? {
        switch text[index] {
        case 0x28, 0x29, 0x2D, 0x2E: return 1
        default:
            let width = text.spaceWidth(at: index, end: text.count)
            return width > 0 ? width : nil
        }
    }
}
