import Reporting

/// Looks over XML before libxml2 does, for the two things that must not reach it.
///
/// libxml2 2.9 compares each attribute of a tag with all others: a hundred thousand of them cost it half a minute.
/// And it takes a zero byte for the end of the document.
enum XMLPrecheck {
    /// Below so many attributes a tag is harmless to libxml2; the reader itself counts exactly.
    private static let harmless = 2048

    /// - Throws: `limit-attributes` for a tag with too many, `xml-malformed` for a zero byte.
    static func check(_ bytes: [UInt8], limit: Int) throws(ReadProblem) {
        let text = bytes.span
        let counts = count(text)
        if counts.hasZero, let place = bytes.firstIndex(of: 0) {
            throw ReadProblem("xml-malformed", at: place, "a zero byte stands in the document")
        }
        if counts.equalSigns > max(limit, harmless) { try checkTags(text, limit: max(limit, harmless)) }
    }

    /// Counts `=` eight bytes at a time.
    private static func count(_ text: Span<UInt8>) -> (equalSigns: Int, hasZero: Bool) {
        let raw = text.bytes
        let ones: UInt64 = 0x0101_0101_0101_0101
        let sevens = ones &* 0x7F
        var index = 0
        var equalSigns = 0
        var zeros: UInt64 = 0
        while index + 8 <= text.count {
            let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let marked = word ^ (ones &* 0x3D)
            let others = ((marked & sevens) &+ sevens) | marked | sevens
            equalSigns += (~others).nonzeroBitCount
            zeros |= (word &- ones) & ~word & (ones &* 0x80)
            index += 8
        }
        var hasZero = zeros != 0
        while index < text.count {
            if text[index] == 0x3D { equalSigns += 1 }
            if text[index] == 0 { hasZero = true }
            index += 1
        }
        return (equalSigns, hasZero)
    }

    /// Counts the attributes of each tag, passing over comments, CDATA sections and processing instructions.
    private static func checkTags(_ text: Span<UInt8>, limit: Int) throws(ReadProblem) {
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "<") else {
                index += 1
                continue
            }
            if starts(text, "<!--", at: index) {
                index = end(text, of: "-->", from: index + 4)
            } else if starts(text, "<![CDATA[", at: index) {
                index = end(text, of: "]]>", from: index + 9)
            } else if starts(text, "<?", at: index) {
                index = end(text, of: "?>", from: index + 2)
            } else {
                index = try checkTag(text, at: index, limit: limit)
            }
        }
    }

    /// Counts the `=` outside quotes of one tag. Returns where the tag ends.
    private static func checkTag(_ text: Span<UInt8>, at start: Int, limit: Int) throws(ReadProblem) -> Int {
        var index = start + 1
        var quote: UInt8 = 0
        var attributes = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return index
            } else if byte == UInt8(ascii: "=") {
                attributes += 1
                if attributes > limit { throw tooMany(at: start, limit: limit) }
            }
        }
        return index
    }

    static func tooMany(at offset: Int, limit: Int) -> ReadProblem {
        ReadProblem("limit-attributes", at: offset, "one tag has more than \(limit) attributes")
    }

    private static func starts(_ text: Span<UInt8>, _ mark: String, at index: Int) -> Bool {
        guard index + mark.utf8.count <= text.count else { return false }
        var place = index
        for byte in mark.utf8 {
            if text[place] != byte { return false }
            place += 1
        }
        return true
    }

    private static func end(_ text: Span<UInt8>, of mark: String, from start: Int) -> Int {
        var index = start
        while index < text.count {
            if starts(text, mark, at: index) { return index + mark.utf8.count }
            index += 1
        }
        return text.count
    }
}
