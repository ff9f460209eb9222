/// Signs of comma-separated values, and telling a table from other text.
enum CSVText {
    static let comma = UInt8(ascii: ",")
    static let quote = UInt8(ascii: "\"")
    /// A first line with fewer names could as well be the beginning of a letter.
    private static let fewestColumns = 3
    private static let longestName = 80
    private static let longestLine = 4096

    static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        Array(bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || endsLine(byte) }

    /// The same of a run of bytes, as a run.
    static func trimmed(_ range: Range<Int>, of bytes: Span<UInt8>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isSpace(bytes[start]) { start += 1 }
        while start < end, isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    /// Whether the first line, from `start` on, names the columns of a table: three or more different short names with commas
    /// between them, quoted or not, and a line after it.
    static func isTable(_ text: [UInt8], from start: Int) -> Bool {
        let bytes = text.span
        guard var names = firstLine(of: bytes, from: start) else { return false }
        while let last = names.last, last.isEmpty || isEmptyQuoted(bytes.extracting(last)) { names.removeLast() }
        guard names.count >= fewestColumns else { return false }
        for index in names.indices {
            let name = bytes.extracting(names[index])
            guard isName(name) else { return false }
            for other in names[..<index] where other.count == name.count {
                if bytes.extracting(other).isEqual(to: name) { return false }
            }
        }
        return true
    }

    /// What stands between the commas of the first line; `nil` when the line does not end soon.
    private static func firstLine(of bytes: Span<UInt8>, from start: Int) -> [Range<Int>]? {
        var names: [Range<Int>] = []
        var first = start
        for index in start..<min(bytes.count, start + longestLine + 1) {
            let ends = endsLine(bytes[index])
            if ends || bytes[index] == comma {
                names.append(trimmed(first..<index, of: bytes))
                first = index + 1
            }
            if ends { return names }
        }
        return nil
    }

    private static func isEmptyQuoted(_ name: Span<UInt8>) -> Bool {
        name.count == 2 && name[0] == quote && name[1] == quote
    }

    private static func isName(_ name: Span<UInt8>) -> Bool {
        guard !name.isEmpty, name.count <= longestName else { return false }
        for index in name.indices {
            if name[index] < 0x20 || name[index] == UInt8(ascii: "<") || name[index] == UInt8(ascii: "{") {
                return false
            }
        }
        return true
    }
}
