import Reporting

/// How the bytes of a document stand for text: the encodings read here, and no others.
///
/// Decided before any parser sees the bytes: first by byte order mark, then by the shape of `<?xml`, then by the
/// encoding that the XML declaration names (XML 1.0, appendix F); without any of them it is UTF-8.
enum TextEncoding: Sendable {
    case utf8
    case ascii
    case utf16LittleEndian
    case utf16BigEndian
    case latin1
    case latin9
    case windows1252

    /// An encoding, and how many bytes of mark to skip.
    struct Found {
        var encoding: TextEncoding
        var markLength: Int
    }

    /// The encoding of a document.
    /// - Throws: `encoding-unsupported` for one that is not read here, `encoding-invalid` for a false claim.
    static func detect(_ bytes: [UInt8]) throws(ReadProblem) -> Found {
        if let marked = try marked(bytes) {
            if marked.encoding == .utf8, try declared(in: bytes, from: 3)?.isUTF16 == true { throw falseUTF16() }
            return marked
        }
        if bytes.starts(with: [0x3C, 0x00, 0x3F, 0x00]) { return Found(encoding: .utf16LittleEndian, markLength: 0) }
        if bytes.starts(with: [0x00, 0x3C, 0x00, 0x3F]) { return Found(encoding: .utf16BigEndian, markLength: 0) }
        if bytes.count >= 2, bytes[0] == 0 || bytes[1] == 0 {
            throw unsupported("UTF-16 or UTF-32 without a byte order mark")
        }
        if bytes.starts(with: [0x4C, 0x6F, 0xA7, 0x94]) { throw unsupported("EBCDIC") }
        guard let declared = try declared(in: bytes, from: 0) else { return Found(encoding: .utf8, markLength: 0) }
        if declared.isUTF16 { throw falseUTF16() }
        return Found(encoding: declared, markLength: 0)
    }

    private var isUTF16: Bool { self == .utf16LittleEndian || self == .utf16BigEndian }

    private static func marked(_ bytes: [UInt8]) throws(ReadProblem) -> Found? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Found(encoding: .utf8, markLength: 3) }
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
            throw unsupported("UTF-32")
        }
        if bytes.starts(with: [0xFF, 0xFE]) { return Found(encoding: .utf16LittleEndian, markLength: 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return Found(encoding: .utf16BigEndian, markLength: 2) }
        return nil
    }

    /// The encoding that an XML declaration at `start` names, or `nil` without declaration or name.
    private static func declared(in bytes: [UInt8], from start: Int) throws(ReadProblem) -> TextEncoding? {
        guard bytes[start...].starts(with: declaration) else { return nil }
        let head = bytes[start...].prefix(512)
        guard let name = encodingName(in: head[..<(head.firstIndex(of: UInt8(ascii: ">")) ?? head.startIndex)]) else {
            return nil
        }
        if name.elementsEqual(utf8Name) { return .utf8 }
        guard let encoding = named[String(decoding: name, as: UTF8.self).lowercased()] else {
            throw unsupported("the encoding that it names")
        }
        return encoding
    }

    /// What stands in quotes after the word `encoding`. The XML reader judges the declaration itself.
    private static func encodingName(in declaration: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var index = declaration.startIndex
        while index + word.count < declaration.endIndex, !declaration[index...].starts(with: word) { index += 1 }
        index += word.count
        while index < declaration.endIndex, declaration[index] != UInt8(ascii: "\""),
            declaration[index] != UInt8(ascii: "'")
        {
            index += 1
        }
        guard index < declaration.endIndex else { return nil }
        let quote = declaration[index]
        return declaration[(index + 1)...].prefix { $0 != quote }
    }

    private static let declaration = Array("<?xml".utf8)
    private static let word = Array("encoding".utf8)
    private static let utf8Name = Array("UTF-8".utf8)

    private static let named: [String: TextEncoding] = [
        "utf-8": .utf8, "utf8": .utf8, "us-ascii": .ascii, "ascii": .ascii, "iso646-us": .ascii,
        "utf-16": .utf16LittleEndian, "utf-16le": .utf16LittleEndian, "utf-16be": .utf16BigEndian,
        "iso-8859-1": .latin1, "iso_8859-1": .latin1, "iso8859-1": .latin1, "latin1": .latin1, "l1": .latin1,
        "iso-8859-15": .latin9, "iso_8859-15": .latin9, "iso8859-15": .latin9, "latin-9": .latin9,
        "windows-1252": .windows1252, "cp1252": .windows1252,
    ]

    private static func unsupported(_ what: String) -> ReadProblem {
        ReadProblem("encoding-unsupported", at: 0, "the document is written in \(what), which is not read here")
    }

    private static func falseUTF16() -> ReadProblem {
        ReadProblem(
            "encoding-invalid", at: 0, "the document says it is UTF-16 but its bytes are not",
            help: "write the encoding that is really used, or save the document as UTF-8")
    }
}
