import Reporting

/// A postcode of the United Kingdom.
package struct PostcodeConverter: Converter {
    package static let spec = ConverterSpec(
        name: "postcode",
        summary: "A postcode in capitals with one space; the pseudo postcodes ZZ99 and GIR 0AA are postcodes.",
        source: "BS 7666-2, Annex C; Royal Mail Programmers' Guide; NHS Data Dictionary, POSTCODE",
        examples: [
            ConverterExample("LS1 4AP", gives: "LS1 4AP"),
            ConverterExample("ls14ap", gives: "LS1 4AP"),
            ConverterExample(" SW1A  1AA ", gives: "SW1A 1AA"),
            ConverterExample("M1 1AE", gives: "M1 1AE"),
            ConverterExample("CR2 6XH", gives: "CR2 6XH"),
            ConverterExample("DN55 1PT", gives: "DN55 1PT"),
            ConverterExample("W1A 1HQ", gives: "W1A 1HQ"),
            ConverterExample("GIR 0AA", gives: "GIR 0AA"),
            ConverterExample("ZZ99 3VZ", gives: "ZZ99 3VZ"),
            ConverterExample("ME5 FS3", outcome: .invalid(.postcodeInvalid)),
            ConverterExample("LS1 4CA", outcome: .invalid(.postcodeInvalid)),
            ConverterExample("LS1", outcome: .invalid(.postcodeInvalid)),
            ConverterExample("L S1 4AP", outcome: .invalid(.postcodeInvalid)),
            ConverterExample("", outcome: .blank),
        ])

    package init(arguments: [String: String]) throws(ArgumentProblem) {}

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        guard range.count >= 5 else { return .invalid(.postcodeInvalid) }
        // The inward part is the last three bytes; white space may stand before it and nowhere else.
        let inward = input.extracting(range.upperBound - 3..<range.upperBound)
        let front = input.extracting(range.lowerBound..<range.upperBound - 3)
        let outward = front.extracting(front.trimmed())
        guard Self.isPostcode(outward, inward) else { return .invalid(.postcodeInvalid) }
        for index in 0..<outward.count { output.bytes.append(outward[index].asciiUppercased) }
        output.bytes.append(0x20)
        for index in 0..<3 { output.bytes.append(inward[index].asciiUppercased) }
        output.end()
        return .converted
    }

    private static func isPostcode(_ outward: Span<UInt8>, _ inward: Span<UInt8>) -> Bool {
        if outward.count == 3, outward.hasPrefix("gir") { return inward.hasPrefix("0aa") }
        guard isOutward(outward), inward[0].isDigit, inward[1].isLetter, inward[2].isLetter else { return false }
        // The pseudo postcodes of the NHS, such as ZZ99 3VZ for no fixed abode, use every letter.
        if outward.hasPrefix("zz99") { return true }
        return isInwardLetter(inward[1]) && isInwardLetter(inward[2])
    }

    /// A9, A99, A9A, AA9, AA99, AA9A.
    private static func isOutward(_ text: Span<UInt8>) -> Bool {
        guard (2...4).contains(text.count), text[0].isLetter, !isOneOf("qvx", text[0]) else { return false }
        let digit = text[1].isDigit ? 1 : 2
        if digit == 2 {
            guard text.count > 2, text[1].isLetter, text[2].isDigit, !isOneOf("ij", text[1]) else { return false }
        }
        switch text.count - digit {
        case 1: return true
        case 2: return text[digit + 1].isDigit || text[digit + 1].isLetter
        default: return false
        }
    }

    /// C, I, K, M, O and V look like other signs and are not used.
    private static func isInwardLetter(_ byte: UInt8) -> Bool { !isOneOf("cikmov", byte) }

    private static func isOneOf(_ letters: StaticString, _ byte: UInt8) -> Bool {
        letters.withUTF8Buffer { $0.contains(byte.asciiLowercased) }
    }
}
