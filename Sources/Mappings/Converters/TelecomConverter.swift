import Reporting

/// A contact whose kind stands in front of it, as in CDA.
package struct TelecomConverter: Converter {
    package static let spec = ConverterSpec(
        name: "telecom",
        summary:
            "A contact with its kind: `tel:` is a phone, `mailto:` an email, and so on; without a scheme, a "
            + "number is a phone and an address with @ an email. What its kind does not allow is kept as sent, with a "
            + "warning.",
        parts: ["system", "value"],
        source: "HL7 v3 `TEL`; FHIR R4 `ContactPoint.system`",
        examples: [
            ConverterExample("tel:0113 496 0000", ["system": "phone", "value": "0113 496 0000"]),
            ConverterExample("mailto:aisha@example.org", ["system": "email", "value": "aisha@example.org"]),
            ConverterExample("fax:01134960001", ["system": "fax", "value": "01134960001"]),
            ConverterExample("sms:+447700900000", ["system": "sms", "value": "+447700900000"]),
            ConverterExample("https://example.org/", ["system": "url", "value": "https://example.org/"]),
            ConverterExample("07700 900000", ["system": "phone", "value": "07700 900000"]),
            ConverterExample("aisha@example.org", ["system": "email", "value": "aisha@example.org"]),
            ConverterExample("ask at the desk", ["system": "other", "value": "ask at the desk"]),
            ConverterExample(
                "tel:0113 496 0000 ext 5", ["system": "phone", "value": "0113 496 0000 ext 5"],
                .noted(.telecomMalformed)),
            ConverterExample("mailto:none", ["system": "email", "value": "none"], .noted(.telecomMalformed)),
            ConverterExample("tel:", outcome: .blank),
            ConverterExample(" ", outcome: .blank),
        ])

    private enum Kind: String {
        case phone, email, fax, sms, url, other
    }

    private static let schemes: [(StaticString, Kind)] = [
        ("tel:", .phone), ("mailto:", .email), ("fax:", .fax), ("x-text-fax:", .fax), ("sms:", .sms),
        ("http:", .url), ("https:", .url),
    ]

    package init(arguments: [String: String]) throws(ArgumentProblem) {}

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        let text = input.extracting(range)
        for (scheme, kind) in Self.schemes where text.hasPrefix(scheme) {
            if kind == .url { return Self.write(kind, text, into: &output) }
            let rest = text.extracting(scheme.utf8CodeUnitCount..<text.count)
            let value = rest.trimmed()
            return value.isEmpty ? .blank : Self.write(kind, rest.extracting(value), into: &output)
        }
        return Self.writeBare(text, into: &output)
    }

    private static func write(_ kind: Kind, _ text: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        output.set(kind.rawValue, part: 0)
        let isRight: Bool
        switch kind {
        case .phone, .fax, .sms:
            isRight = PhoneConverter.write(text, into: &output.bytes)
            if !isRight { output.write(text) }
        case .email:
            isRight = EmailConverter.isAddress(text)
            output.write(text)
        case .url, .other:
            isRight = true
            output.write(text)
        }
        output.end(part: 1)
        return isRight ? .converted : .noted(.telecomMalformed)
    }

    private static func writeBare(_ text: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        if EmailConverter.isAddress(text) { return write(.email, text, into: &output) }
        output.set(Kind.phone.rawValue, part: 0)
        if PhoneConverter.write(text, into: &output.bytes) {
            output.end(part: 1)
            return .converted
        }
        output.clear()
        return write(.other, text, into: &output)
    }
}
