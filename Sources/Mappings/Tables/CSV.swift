import Reporting

/// A text of comma-separated values (RFC 4180), cut into records and fields.
///
/// Lines end with CR LF, LF or CR. Empty lines are passed over. Nothing is trimmed.
struct CSV {
    struct Field {
        /// The value in ``CSV/bytes``, quotation marks undone.
        var value: Range<Int>
        /// Where the field begins in the file.
        var offset: Int
    }

    struct Record {
        var fields: Range<Int>
        /// 1-based.
        var line: Int
        var offset: Int
    }

    /// The values, one behind the other.
    private(set) var bytes: [UInt8] = []
    private(set) var fields: [Field] = []
    private(set) var records: [Record] = []
    /// Where quotation marks break the rules.
    private(set) var badQuotes: [Int] = []

    private var line = 1

    init(_ source: [UInt8], from start: Int) {
        var at = start
        while at < source.count {
            if Self.isLineEnd(source[at]) {
                passLineEnd(source, &at)
            } else {
                readRecord(source, &at)
            }
        }
    }

    private mutating func readRecord(_ source: [UInt8], _ at: inout Int) {
        let first = fields.count
        let (line, offset) = (self.line, at)
        while true {
            readField(source, &at)
            guard at < source.count, source[at] == 0x2C else { break }
            at += 1
        }
        records.append(Record(fields: first..<fields.count, line: line, offset: offset))
        if at < source.count { passLineEnd(source, &at) }
    }

    private mutating func readField(_ source: [UInt8], _ at: inout Int) {
        let (offset, start) = (at, bytes.count)
        if at < source.count, source[at] == 0x22 { readQuoted(source, &at) }
        while at < source.count, source[at] != 0x2C, !Self.isLineEnd(source[at]) {
            // After a closing mark only a comma or a line end may stand, and no mark inside an unquoted value.
            if badQuotes.last ?? -1 < offset, source[at] == 0x22 || source[offset] == 0x22 { badQuotes.append(at) }
            bytes.append(source[at])
            at += 1
        }
        fields.append(Field(value: start..<bytes.count, offset: offset))
    }

    private mutating func readQuoted(_ source: [UInt8], _ at: inout Int) {
        let open = at
        at += 1
        while at < source.count {
            if source[at] == 0x22 {
                at += 1
                guard at < source.count, source[at] == 0x22 else { return }
            } else if source[at] == 0x0A || (source[at] == 0x0D && !(at + 1 < source.count && source[at + 1] == 0x0A)) {
                line += 1
            }
            bytes.append(source[at])
            at += 1
        }
        badQuotes.append(open)
    }

    private mutating func passLineEnd(_ source: [UInt8], _ at: inout Int) {
        at += source[at] == 0x0D && at + 1 < source.count && source[at + 1] == 0x0A ? 2 : 1
        line += 1
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    func text(_ field: Int) -> String { String(decoding: bytes[fields[field].value], as: UTF8.self) }
}
