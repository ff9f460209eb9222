import Reporting

extension TextEncoding {
    /// Writes a document as UTF-8 into `text`, which is emptied first. Strict: what cannot be read is a problem at its
    /// place in `text`.
    ///
    /// UTF-8 costs the check and at most one copy.
    ///
    /// - Parameter sharing: Whether UTF-8 without a mark may share the caller's bytes. XML is written to while it is
    ///   read, so a copy into the buffer at hand is cheaper for it.
    static func decode(
        _ bytes: [UInt8], as found: Found, sharing: Bool, into text: inout [UInt8]
    ) throws(ReadProblem) {
        switch found.encoding {
        case .utf8, .ascii:
            if sharing, found.markLength == 0 {
                text = bytes
            } else {
                text.removeAll(keepingCapacity: true)
                text.reserveCapacity(bytes.count + 1)
                text.append(contentsOf: bytes[found.markLength...])
            }
            try checkUTF8(text, asciiOnly: found.encoding == .ascii)
        case .utf16LittleEndian: try decodeUTF16(bytes, from: found.markLength, lowFirst: true, into: &text)
        case .utf16BigEndian: try decodeUTF16(bytes, from: found.markLength, lowFirst: false, into: &text)
        case .latin1: try decodeSingleBytes(bytes, high: nil, into: &text)
        case .latin9: try decodeSingleBytes(bytes, high: latin9Table, into: &text)
        case .windows1252: try decodeSingleBytes(bytes, high: windows1252Table, into: &text)
        }
    }

    private static func checkUTF8(_ bytes: [UInt8], asciiOnly: Bool) throws(ReadProblem) {
        let text = bytes.span
        var index = text.firstNonASCII(from: 0)
        if asciiOnly, index < text.count {
            throw invalid(at: index, "a byte here is not US-ASCII, which the document says it is")
        }
        while index < text.count {
            let end = text.nextASCIIWord(from: index)
            try checkRun(text, index..<end)
            index = text.firstNonASCII(from: end)
        }
    }

    /// Checks a run of bytes before which and after which a character ends.
    private static func checkRun(_ text: Span<UInt8>, _ run: Range<Int>) throws(ReadProblem) {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: text.extracting(run))
        } catch {
            throw invalid(at: run.lowerBound + error.byteOffsets.lowerBound, "the bytes here are not valid UTF-8")
        }
    }

    private static func decodeUTF16(
        _ bytes: [UInt8], from start: Int, lowFirst: Bool, into text: inout [UInt8]
    ) throws(ReadProblem) {
        text.removeAll(keepingCapacity: true)
        text.reserveCapacity(bytes.count / 2 + 16)
        var index = start
        while index + 1 < bytes.count {
            let unit = unit(bytes, index, lowFirst)
            index += 2
            guard unit & 0xF800 == 0xD800 else {
                append(unit, to: &text)
                continue
            }
            guard unit < 0xDC00, index + 1 < bytes.count, case let low = self.unit(bytes, index, lowFirst),
                low & 0xFC00 == 0xDC00
            else { throw invalid(at: text.count, "half of a UTF-16 character stands alone here") }
            index += 2
            append(0x10000 + ((unit & 0x3FF) << 10 | low & 0x3FF), to: &text)
        }
        if index < bytes.count {
            throw invalid(at: text.count, "the document was cut inside a UTF-16 character")
        }
    }

    private static func unit(_ bytes: [UInt8], _ index: Int, _ lowFirst: Bool) -> UInt32 {
        let first = UInt32(bytes[index])
        let second = UInt32(bytes[index + 1])
        return lowFirst ? second << 8 | first : first << 8 | second
    }

    /// - Parameter high: The characters of the bytes 0x80...0xFF, 0 for none; `nil` when each is its own number.
    private static func decodeSingleBytes(_ bytes: [UInt8], high: [UInt16]?, into text: inout [UInt8])
        throws(ReadProblem)
    {
        text.removeAll(keepingCapacity: true)
        text.reserveCapacity(bytes.count + bytes.count / 8 + 16)
        for byte in bytes {
            if byte < 0x80 {
                text.append(byte)
                continue
            }
            let scalar = high.map { UInt32($0[Int(byte) - 0x80]) } ?? UInt32(byte)
            if scalar == 0 { throw invalid(at: text.count, "a byte here is no character of windows-1252") }
            append(scalar, to: &text)
        }
    }

    /// Appends a scalar value, which must not be a surrogate, as UTF-8.
    static func append(_ scalar: UInt32, to text: inout [UInt8]) {
        switch scalar {
        case ..<0x80:
            text.append(UInt8(scalar))
        case ..<0x800:
            text.append(UInt8(0xC0 | scalar >> 6))
            text.append(UInt8(0x80 | scalar & 0x3F))
        case ..<0x10000:
            text.append(UInt8(0xE0 | scalar >> 12))
            text.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            text.append(UInt8(0x80 | scalar & 0x3F))
        default:
            text.append(UInt8(0xF0 | scalar >> 18))
            text.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            text.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            text.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    private static func invalid(at offset: Int, _ message: String) -> ReadProblem {
        ReadProblem("encoding-invalid", at: offset, message)
    }

    /// ISO-8859-15 differs from ISO-8859-1 in eight characters.
    private static let latin9Table: [UInt16] = {
        var table = (0x80...0xFF).map { UInt16($0) }
        let changed: [Int: UInt16] = [
            0xA4: 0x20AC, 0xA6: 0x160, 0xA8: 0x161, 0xB4: 0x17D, 0xB8: 0x17E, 0xBC: 0x152, 0xBD: 0x153, 0xBE: 0x178,
        ]
        for (byte, scalar) in changed { table[byte - 0x80] = scalar }
        return table
    }()

    /// windows-1252 differs from ISO-8859-1 in 0x80...0x9F; five bytes are no character.
    private static let windows1252Table: [UInt16] =
        [
            0x20AC, 0, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17D, 0,
            0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0, 0x17E,
            0x178,
        ] + (0xA0...0xFF).map { UInt16($0) }
}
