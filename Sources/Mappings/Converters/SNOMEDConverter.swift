import Reporting

/// The identifier of a SNOMED CT concept.
package struct SNOMEDConverter: Converter {
    package static let spec = ConverterSpec(
        name: "snomed",
        summary: "The identifier of a SNOMED CT concept: 6 to 18 digits, its check digit, and that it names a concept.",
        source: "SNOMED CT Release File Specifications, 6: SCTID data type, partition identifier, Verhoeff check digit",
        examples: [
            ConverterExample("871731000000106", gives: "871731000000106"),
            ConverterExample(" 224363007 ", gives: "224363007"),
            ConverterExample("224363008", outcome: .invalid(.snomedCheckDigit)),
            ConverterExample("871731000000000", outcome: .invalid(.snomedCheckDigit)),
            ConverterExample("680946014", outcome: .invalid(.snomedNotAConcept)),
            ConverterExample("8T09.", outcome: .invalid(.snomedMalformed)),
            ConverterExample("000000000000000", outcome: .invalid(.snomedMalformed)),
            ConverterExample("12345", outcome: .invalid(.snomedMalformed)),
            ConverterExample("", outcome: .blank),
        ])

    package init(arguments: [String: String]) throws(ArgumentProblem) {}

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        let text = input.extracting(range)
        guard (6...18).contains(text.count), text.digitCount(at: 0) == text.count, text[0] != 0x30 else {
            return .invalid(.snomedMalformed)
        }
        guard Self.hasRightCheckDigit(text) else { return .invalid(.snomedCheckDigit) }
        // The two digits before the last: 00 and 10 are concepts, of the core and of an extension.
        guard text[text.count - 2] == 0x30, text[text.count - 3] <= 0x31 else { return .invalid(.snomedNotAConcept) }
        output.set(text)
        return .converted
    }

    /// The check of Verhoeff (1969): it finds every wrong digit and every swap of neighbours.
    static func hasRightCheckDigit(_ digits: Span<UInt8>) -> Bool {
        var check: UInt8 = 0
        for index in 0..<digits.count {
            var digit = digits[digits.count - 1 - index] & 0x0F
            // The permutation of a place is that of place 1, applied as often as the place's number; its order is 8.
            for _ in 0..<index % 8 { digit = permutation[Int(digit)] }
            check = product(check, digit)
        }
        return check == 0
    }

    private static let permutation: [10 of UInt8] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

    /// The product of two elements of the dihedral group of the pentagon: 0 to 4 turn it, 5 to 9 turn it over.
    private static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        switch (left < 5, right < 5) {
        case (true, true): (left + right) % 5
        case (true, false): 5 + (left + right) % 5
        case (false, true): 5 + (left - right) % 5
        case (false, false): (left + 5 - right) % 5
        }
    }
}
