import Reporting

/// Finds the end of JSON strings and undoes their escapes (RFC 8259, section 7).
package enum JSONString {
    /// A string as it stands in the text, between its quotes.
    struct Token {
        var start: Int
        var end: Int
        var hasEscapes: Bool
    }

    /// The string whose opening quote stands at `quote`.
    @inline(__always)
    static func scan(_ text: Span<UInt8>, at quote: Int, limit: Int) throws(ReadProblem) -> Token {
        let end = nextSpecial(text, from: quote + 1)
        guard end < text.count, text[end] == UInt8(ascii: "\""), end - quote <= limit else {
            return try scanRest(text, at: quote, from: end, limit: limit)
        }
        return Token(start: quote + 1, end: end, hasEscapes: false)
    }

    /// The same for a string that is not plain, `first` being the first place where that shows.
    private static func scanRest(
        _ text: Span<UInt8>, at quote: Int, from first: Int, limit: Int
    ) throws(ReadProblem) -> Token {
        let start = quote + 1
        var index = first
        var hasEscapes = false
        while true {
            index = nextSpecial(text, from: index)
            guard index < text.count else {
                throw ReadProblem("json-truncated", at: text.count, "the document ends inside a string")
            }
            let byte = text[index]
            if byte == UInt8(ascii: "\"") { break }
            guard byte == UInt8(ascii: "\\") else {
                throw ReadProblem(
                    "json-malformed", at: index, "a control character stands in a string",
                    help: #"write it as an escape, such as \n for a new line, or add the closing quote that is missing"#
                )
            }
            hasEscapes = true
            index += 2
        }
        guard index - start <= limit else {
            throw ReadProblem("limit-text", at: quote, "one string is longer than \(limit) bytes")
        }
        return Token(start: start, end: index, hasEscapes: hasEscapes)
    }

    /// The next quote, backslash or control character, or the end. Eight bytes at a time.
    @inline(__always)
    package static func nextSpecial(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index &+ 8 <= text.count {
            let found = specials(in: text.word(at: index))
            if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < text.count {
            let byte = text[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
            index += 1
        }
        return text.count
    }

    /// The top bit of each byte that is special; exact for the lowest one, which is all that is asked for.
    @inline(__always)
    private static func specials(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let quotes = word ^ (ones &* 0x22)
        let slashes = word ^ (ones &* 0x5C)
        let controls = (word &- (ones &* 0x20)) & ~word
        return (controls | ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)) & tops
    }

    /// Appends a string with its escapes undone.
    static func decode(_ text: Span<UInt8>, _ token: Token, into output: inout [UInt8]) throws(ReadProblem) {
        var index = token.start
        while index < token.end {
            let byte = text[index]
            if byte != UInt8(ascii: "\\") {
                output.append(byte)
                index += 1
            } else if text[index + 1] == UInt8(ascii: "u") {
                index = try decodeUnicode(text, at: index, end: token.end, into: &output)
            } else {
                output.append(try plainEscape(text[index + 1], at: index))
                index += 2
            }
        }
    }

    private static func plainEscape(_ letter: UInt8, at offset: Int) throws(ReadProblem) -> UInt8 {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: throw ReadProblem("json-malformed", at: offset, "JSON has no such escape after a backslash")
        }
    }

    /// Decodes `\uXXXX`, or two of them that make one character. Returns where the text goes on.
    private static func decodeUnicode(
        _ text: Span<UInt8>, at start: Int, end: Int, into output: inout [UInt8]
    ) throws(ReadProblem) -> Int {
        let unit = try hex(text, at: start, end: end)
        guard unit & 0xF800 == 0xD800 else {
            TextEncoding.append(unit, to: &output)
            return start + 6
        }
        let next = start + 6
        guard unit < 0xDC00, next + 1 < end, text[next] == UInt8(ascii: "\\"), text[next + 1] == UInt8(ascii: "u"),
            case let low = try hex(text, at: next, end: end), low & 0xFC00 == 0xDC00
        else { throw ReadProblem("json-surrogate", at: start, "this escape names half a character") }
        TextEncoding.append(0x10000 + ((unit & 0x3FF) << 10 | low & 0x3FF), to: &output)
        return next + 6
    }

    private static func hex(_ text: Span<UInt8>, at escape: Int, end: Int) throws(ReadProblem) -> UInt32 {
        var value: UInt32 = 0
        for index in escape + 2..<escape + 6 {
            guard index < end, let digit = hexDigit(text[index]) else {
                throw ReadProblem("json-malformed", at: escape, #"four hexadecimal digits belong after \u"#)
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
