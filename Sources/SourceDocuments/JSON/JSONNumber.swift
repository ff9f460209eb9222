import Reporting

/// Checks the grammar of JSON numbers (RFC 8259, section 6). The value stays as written.
enum JSONNumber {
    /// Where the number that begins at `start` ends.
    static func end(_ text: Span<UInt8>, at start: Int) throws(ReadProblem) -> Int {
        var index = start
        if text[index] == UInt8(ascii: "-") { index += 1 }
        if index < text.count, text[index] == UInt8(ascii: "0") {
            index += 1
            if isDigit(text, index) { throw wrong(at: start, "a number begins with a zero that does not belong there") }
        } else {
            index = try digits(text, from: index, of: start)
        }
        if index < text.count, text[index] == UInt8(ascii: ".") { index = try digits(text, from: index + 1, of: start) }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
            index = try digits(text, from: index, of: start)
        }
        return index
    }

    /// Passes at least one digit.
    private static func digits(_ text: Span<UInt8>, from first: Int, of start: Int) throws(ReadProblem) -> Int {
        var index = first
        while isDigit(text, index) { index += 1 }
        if index > first { return index }
        if index == text.count {
            throw ReadProblem("json-truncated", at: index, "the document ends inside a number")
        }
        throw wrong(at: start, "this is not a number as JSON writes them")
    }

    @inline(__always)
    private static func isDigit(_ text: Span<UInt8>, _ index: Int) -> Bool {
        index < text.count && text[index] >= 0x30 && text[index] <= 0x39
    }

    private static func wrong(at offset: Int, _ message: String) -> ReadProblem {
        ReadProblem("json-number", at: offset, message)
    }
}
