import Reporting

/// A web address that a person may open.
package struct URLConverter: Converter {
    package static let spec = ConverterSpec(
        name: "url",
        summary: "An absolute web address as sent. Only schemes that are safe to open are taken.",
        arguments: ["schemes": "the schemes allowed, in lower case, separated by `|`; left out, `https|http`"],
        source: "RFC 3986",
        examples: [
            ConverterExample("https://example.org/s?q=a%20b#top", gives: "https://example.org/s?q=a%20b#top"),
            ConverterExample(" HTTP://example.org ", gives: "HTTP://example.org"),
            ConverterExample("urn:oid:2.16.840.1", gives: "urn:oid:2.16.840.1", arguments: ["schemes": "urn"]),
            ConverterExample("javascript:alert(1)", outcome: .invalid(.urlScheme)),
            ConverterExample("ftp://example.org", outcome: .invalid(.urlScheme)),
            ConverterExample("www.example.org", outcome: .invalid(.urlMalformed)),
            ConverterExample("https://", outcome: .invalid(.urlMalformed)),
            ConverterExample("https://example.org/a b", outcome: .invalid(.urlMalformed)),
            ConverterExample("https://example.org/%zz", outcome: .invalid(.urlMalformed)),
            ConverterExample("", outcome: .blank),
        ])

    private let schemes: [[UInt8]]

    package init(arguments: [String: String]) throws(ArgumentProblem) {
        schemes = (try arguments.alternatives("schemes") ?? ["https", "http"]).map { Array($0.utf8) }
    }

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        let text = input.extracting(range)
        guard let colon = Self.schemeLength(text) else { return .invalid(.urlMalformed) }
        guard isAllowed(text, colon) else { return .invalid(.urlScheme) }
        guard Self.hasContent(text, after: colon), Self.isWellFormed(text) else { return .invalid(.urlMalformed) }
        output.set(text)
        return .converted
    }

    private static func schemeLength(_ text: Span<UInt8>) -> Int? {
        guard text[0].isLetter else { return nil }
        for index in 0..<text.count {
            if text[index] == 0x3A { return index }
            let isSign = text[index] == 0x2B || text[index] == 0x2D || text[index] == 0x2E
            guard text[index].isLetter || text[index].isDigit || isSign else { return nil }
        }
        return nil
    }

    private func isAllowed(_ text: Span<UInt8>, _ length: Int) -> Bool {
        for scheme in schemes where scheme.count == length {
            var index = 0
            while index < length, text[index].asciiLowercased == scheme[index] { index += 1 }
            if index == length { return true }
        }
        return false
    }

    /// Something stands behind the scheme; where it is `//`, a host.
    private static func hasContent(_ text: Span<UInt8>, after colon: Int) -> Bool {
        guard text.hasPrefix("//", at: colon + 1) else { return colon + 1 < text.count && !text.hasPrefix("http") }
        guard colon + 3 < text.count else { return false }
        return text[colon + 3].isLetter || text[colon + 3].isDigit || text[colon + 3] == 0x5B
    }

    private static func isWellFormed(_ text: Span<UInt8>) -> Bool {
        for index in 0..<text.count {
            switch text[index] {
            case 0x25:
                guard index + 2 < text.count, text[index + 1].isHexDigit, text[index + 2].isHexDigit else {
                    return false
                }
            case 0...0x20, 0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B...0x7D, 0x7F...: return false
            default: break
            }
        }
        return true
    }
}
