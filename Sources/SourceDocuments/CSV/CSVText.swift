/// Signs of comma-separated values, and telling a table from other text.
enum CSVText {
    static let comma = UInt8(ascii: ",")
    static let quote = UInt8(ascii: "\"")
    /// A first line with fewer names could as well be the beginning of a letter.
    private static let fewestColumns = 3
    private static let longestName = 80

    static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        Array(bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || endsLine(byte) }

    /// Whether the first line, from `start` on, names the columns of a table: three or more different short names with commas
    /// between them, quoted or not, and a line after it.
    static func isTable(_ text: [UInt8], from start: Int) -> Bool {
        let line = text[start...].prefix(4096).prefix { !endsLine($0) }
        guard line.endIndex < text.count, endsLine(text[line.endIndex]) else { return false }
        var names = line.split(separator: comma, omittingEmptySubsequences: false).map { trimmed(Array($0)) }
        while let last = names.last, last.isEmpty || last == [quote, quote] { names.removeLast() }
        return names.count >= fewestColumns && Set(names).count == names.count && names.allSatisfy(isName)
    }

    private static func isName(_ name: [UInt8]) -> Bool {
        guard !name.isEmpty, name.count <= longestName else { return false }
        return name.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "{") }
    }
}
