/// A cursor over the bytes of a path.
struct PathScanner: Sendable {
    let bytes: [UInt8]
    private(set) var offset = 0
    /// How deep the parser is nested, to refuse what no person writes.
    var depth = 0

    static let deepest = 60

    init(_ text: String) { bytes = Array(text.utf8) }

    var atEnd: Bool { offset >= bytes.count }
    var isBlank: Bool { bytes.allSatisfy(Self.isSpace) }
    /// The byte at the cursor, or 0 at the end.
    var current: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    /// The byte `distance` after the cursor, or 0.
    func peek(_ distance: Int = 1) -> UInt8 {
        offset + distance < bytes.count ? bytes[offset + distance] : 0
    }

    mutating func advance(_ count: Int = 1) { offset = min(offset + count, bytes.count) }
    mutating func move(to place: Int) { offset = place }

    mutating func skipSpace() { while Self.isSpace(current), !atEnd { offset += 1 } }

    func starts(with text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            guard offset + wanted.count <= bytes.count else { return false }
            for index in 0..<wanted.count where bytes[offset + index] != wanted[index] { return false }
            return true
        }
    }

    /// Passes over the text when it stands here.
    mutating func take(_ text: StaticString) -> Bool {
        guard starts(with: text) else { return false }
        offset += text.utf8CodeUnitCount
        return true
    }

    /// Passes over a word when it stands here and ends here.
    mutating func takeWord(_ word: StaticString) -> Bool {
        guard starts(with: word) else { return false }
        let after = offset + word.utf8CodeUnitCount
        if after < bytes.count, Self.isNamePart(bytes[after]) { return false }
        offset = after
        return true
    }

    /// The name at the cursor; XML names may hold `-` and `.`.
    mutating func takeName(xml: Bool = false) -> String? {
        guard Self.isNameStart(current) else { return nil }
        let start = offset
        while !atEnd, Self.isNamePart(current) || (xml && (current == 0x2D || current == 0x2E)) { offset += 1 }
        return text(start..<offset)
    }

    mutating func takeDigits() -> Range<Int> {
        let start = offset
        while Self.isDigit(current) { offset += 1 }
        return start..<offset
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }
    static func isNameStart(_ byte: UInt8) -> Bool { isLetter(byte) || byte == 0x5F || byte >= 0x80 }
    static func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }
}

extension PathBuilder {
    /// Guards the recursion of a parser against paths nested beyond reason.
    mutating func nested<Value>(
        _ body: (inout PathBuilder) throws(PathProblem) -> Value
    ) throws(PathProblem) -> Value {
        scanner.depth += 1
        defer { scanner.depth -= 1 }
        if scanner.depth > PathScanner.deepest { throw problem("the path is nested too deep") }
        return try body(&self)
    }
}
