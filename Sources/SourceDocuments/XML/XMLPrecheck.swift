import Reporting

/// Looks over XML before libxml2 does, for the two things that must not reach it.
///
/// libxml2 2.9 compares each attribute of a tag with all others: a hundred thousand of them cost it half a minute.
/// And it takes a zero byte for the end of the document.
enum XMLPrecheck {
    /// Below so many attributes a tag is harmless to libxml2; the reader itself counts exactly.
    private static let harmless = 2048
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// - Throws: `limit-attributes` for a tag with too many, `xml-malformed` for a zero byte.
    static func check(_ bytes: [UInt8], limit: Int) throws(ReadProblem) {
        let text = bytes.span
        let found = survey(text, limit: max(limit, harmless))
        if found.hasZero, let place = bytes.firstIndex(of: 0) {
            throw ReadProblem("xml-malformed", at: place, "a zero byte stands in the document")
        }
        if found.isSuspicious { try checkTags(text, limit: max(limit, harmless)) }
    }

    /// Looks for zero bytes, and for more `=` than the limit between one `<` and the next: only there can a tag have
    /// too many attributes. Eight bytes at a time, in blocks; where a `<` stands in its block is not asked, so it may
    /// suspect too much but never too little.
    private static func survey(_ text: Span<UInt8>, limit: Int) -> (isSuspicious: Bool, hasZero: Bool) {
        var index = 0
        var equalSigns = 0
        var isSuspicious = false
        var hasZero = false
        while index < text.count {
            let block = block(text, from: index)
            index = block.end
            hasZero = hasZero || block.hasZero
            isSuspicious = isSuspicious || equalSigns + block.equalSigns > limit
            equalSigns = block.hasOpening ? block.equalSigns : equalSigns + block.equalSigns
        }
        return (isSuspicious, hasZero)
    }

    private struct Block {
        var end: Int
        var equalSigns = 0
        var hasOpening = false
        var hasZero = false
    }

    /// Counts in at most 254 words, so that no byte of the sum overflows; the last few bytes are a block of their own.
    private static func block(_ text: Span<UInt8>, from start: Int) -> Block {
        guard start &+ 8 <= text.count else { return lastBlock(text, from: start) }
        let raw = text.bytes
        let stop = min(text.count &- 8, start &+ 8 &* 253)
        var index = start
        var sums: UInt64 = 0
        var openings: UInt64 = 0
        var zeros: UInt64 = 0
        while index <= stop {
            let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            sums &+= zeroBytes(word ^ (ones &* 0x3D)) >> 7
            openings |= zeroBytes(word ^ (ones &* 0x3C))
            zeros |= zeroBytes(word)
            index &+= 8
        }
        return Block(end: index, equalSigns: sum(sums), hasOpening: openings != 0, hasZero: zeros != 0)
    }

    private static func lastBlock(_ text: Span<UInt8>, from start: Int) -> Block {
        var block = Block(end: text.count)
        for index in start..<text.count {
            if text[index] == 0x3D { block.equalSigns += 1 }
            if text[index] == 0x3C { block.hasOpening = true }
            if text[index] == 0 { block.hasZero = true }
        }
        return block
    }

    /// The top bit of each byte that is zero.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        ~(((word & (ones &* 0x7F)) &+ (ones &* 0x7F)) | word) & (ones &* 0x80)
    }

    private static func sum(_ bytes: UInt64) -> Int {
        let pairs = (bytes & 0x00FF_00FF_00FF_00FF) &+ ((bytes >> 8) & 0x00FF_00FF_00FF_00FF)
        return Int((pairs &* 0x0001_0001_0001_0001) >> 48)
    }

    /// Counts the attributes of each tag, passing over comments, CDATA sections and processing instructions.
    private static func checkTags(_ text: Span<UInt8>, limit: Int) throws(ReadProblem) {
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "<") else {
                index += 1
                continue
            }
            if starts(text, comment, at: index) {
                index = end(text, of: commentEnd, from: index + comment.count)
            } else if starts(text, section, at: index) {
                index = end(text, of: sectionEnd, from: index + section.count)
            } else if starts(text, instruction, at: index) {
                index = end(text, of: instructionEnd, from: index + instruction.count)
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

    private static let comment = Array("<!--".utf8)
    private static let commentEnd = Array("-->".utf8)
    private static let section = Array("<![CDATA[".utf8)
    private static let sectionEnd = Array("]]>".utf8)
    private static let instruction = Array("<?".utf8)
    private static let instructionEnd = Array("?>".utf8)

    private static func starts(_ text: Span<UInt8>, _ mark: [UInt8], at index: Int) -> Bool {
        guard index + mark.count <= text.count, text[index] == mark[0] else { return false }
        for place in 1..<mark.count where text[index + place] != mark[place] { return false }
        return true
    }

    private static func end(_ text: Span<UInt8>, of mark: [UInt8], from start: Int) -> Int {
        var index = start
        while index < text.count {
            if starts(text, mark, at: index) { return index + mark.count }
            index += 1
        }
        return text.count
    }
}
