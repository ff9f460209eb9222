/// References to characters in markup: `&amp;`, `&#163;`, `&#xA3;`.
enum NarrativeReferences {
    /// The character a reference at an offset means, and the offset behind it; `nil` when it is none that is known.
    static func read(_ text: Span<UInt8>, at start: Int) -> (Unicode.Scalar, end: Int)? {
        let longest = 10
        var end = start + 1
        while end < text.count, end - start <= longest, text[end] != 0x3B { end += 1 }
        guard end < text.count, text[end] == 0x3B, end > start + 1 else { return nil }
        let name = text.extracting(start + 1..<end)
        guard let scalar = name[0] == 0x23 ? numbered(name) : named(name) else { return nil }
        return (scalar, end + 1)
    }

    private static func numbered(_ name: Span<UInt8>) -> Unicode.Scalar? {
        let isHex = name.count > 1 && name[1].asciiLowercased == 0x78
        let start = isHex ? 2 : 1
        guard start < name.count else { return nil }
        var number: UInt32 = 0
        for index in start..<name.count {
            guard isHex ? name[index].isHexDigit : name[index].isDigit else { return nil }
            let digit = name[index].isDigit ? name[index] & 0x0F : (name[index] & 0x0F) + 9
            number = number &* (isHex ? 16 : 10) &+ UInt32(digit)
            guard number <= 0x10FFFF else { return nil }
        }
        // XML 1.0, 2.2: no control characters but tab and line ends.
        guard number >= 0x20 || number == 0x09 || number == 0x0A || number == 0x0D else { return nil }
        return Unicode.Scalar(number)
    }

    private static func named(_ name: Span<UInt8>) -> Unicode.Scalar? {
        for (word, scalar) in common where isSame(name, word) { return scalar }
        for (index, word) in latin1.enumerated() where isSame(name, word) { return Unicode.Scalar(0xA0 + UInt8(index)) }
        return nil
    }

    /// Names differ by case: `&Eacute;` is not `&eacute;`.
    private static func isSame(_ name: Span<UInt8>, _ word: StaticString) -> Bool {
        guard name.count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { wanted in
            for index in 0..<wanted.count where name[index] != wanted[index] { return false }
            return true
        }
    }

    private static let common: [(StaticString, Unicode.Scalar)] = [
        ("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("nbsp", "\u{A0}"), ("rsquo", "’"),
        ("lsquo", "‘"), ("ldquo", "“"), ("rdquo", "”"), ("ndash", "–"), ("mdash", "—"), ("hellip", "…"), ("bull", "•"),
        ("euro", "€"), ("trade", "™"), ("ensp", "\u{2002}"), ("emsp", "\u{2003}"), ("thinsp", "\u{2009}"), ("le", "≤"),
        ("ge", "≥"), ("ne", "≠"), ("larr", "←"), ("uarr", "↑"), ("rarr", "→"), ("darr", "↓"), ("check", "✓"),
    ]

    /// U+00A0 to U+00FF in order (HTML 4, 24.2.1).
    private static let latin1: [StaticString] = [
        "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not",
        "shy",
        "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1", "ordm",
        "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring",
        "AElig",
        "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve",
        "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN",
        "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc",
        "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml",
        "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
    ]
}
