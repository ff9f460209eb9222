import Reporting

/// An e-mail address.
package struct EmailConverter: Converter {
    package static let spec = ConverterSpec(
        name: "email",
        summary: "One e-mail address as sent, `mailto:` left out.",
        source: "RFC 5321, 4.1.2 and 4.5.3.1, without quoted local parts and address literals",
        examples: [
            ConverterExample("aisha@example.org", gives: "aisha@example.org"),
            ConverterExample("mailto:Aisha.Ashworth+gp@example.org", gives: "Aisha.Ashworth+gp@example.org"),
            ConverterExample(" o'neil_1@mail.example.co.uk ", gives: "o'neil_1@mail.example.co.uk"),
            ConverterExample("aisha@example", outcome: .invalid(.emailMalformed)),
            ConverterExample("aisha.example.org", outcome: .invalid(.emailMalformed)),
            ConverterExample("aisha@home@example.org", outcome: .invalid(.emailMalformed)),
            ConverterExample("aisha@example.org; ben@example.org", outcome: .invalid(.emailMalformed)),
            ConverterExample("mailto:aisha@example.org?subject=x", outcome: .invalid(.emailMalformed)),
            ConverterExample(".aisha@example.org", outcome: .invalid(.emailMalformed)),
            ConverterExample("aisha@-example.org", outcome: .invalid(.emailMalformed)),
            ConverterExample("mailto:", outcome: .blank),
            ConverterExample("", outcome: .blank),
        ])

    package init(arguments: [String: String]) throws(ArgumentProblem) {}

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        let start = range.lowerBound + (input.hasPrefix("mailto:", at: range.lowerBound) ? 7 : 0)
        guard start < range.upperBound else { return .blank }
        let address = input.extracting(start..<range.upperBound)
        guard Self.isAddress(address) else { return .invalid(.emailMalformed) }
        output.set(address)
        return .converted
    }

    static func isAddress(_ text: Span<UInt8>) -> Bool {
        var at = 0
        while at < text.count, text[at] != 0x40 { at += 1 }
        guard text.count <= 254, (1...64).contains(at) else { return false }
        return isLocalPart(text.extracting(0..<at)) && isDomain(text.extracting(min(at + 1, text.count)..<text.count))
    }

    /// Words of RFC 5321 `atext`, joined by single dots.
    private static func isLocalPart(_ text: Span<UInt8>) -> Bool {
        var isAfterDot = true
        for index in 0..<text.count {
            let byte = text[index]
            if byte == 0x2E {
                if isAfterDot { return false }
                isAfterDot = true
            } else {
                guard byte.isDigit || byte.isLetter || isAtomSign(byte) else { return false }
                isAfterDot = false
            }
        }
        return !isAfterDot
    }

    private static func isAtomSign(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    /// At least two labels of letters, digits and inner hyphens.
    private static func isDomain(_ text: Span<UInt8>) -> Bool {
        var labels = 1
        var length = 0
        for index in 0..<text.count {
            let byte = text[index]
            if byte == 0x2E {
                guard length > 0, text[index - 1] != 0x2D else { return false }
                labels += 1
                length = 0
            } else {
                guard byte.isDigit || byte.isLetter || (byte == 0x2D && length > 0), length < 63 else { return false }
                length += 1
            }
        }
        return labels > 1 && length > 0 && text[text.count - 1] != 0x2D
    }
}
