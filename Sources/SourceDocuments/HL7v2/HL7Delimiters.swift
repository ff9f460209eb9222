import Reporting

/// The marks between the parts of an HL7 v2 message, as its own MSH-1 and MSH-2 say (HL7 v2, chapter 2.5.4).
struct HL7Delimiters {
    var field = UInt8(ascii: "|")
    var component = UInt8(ascii: "^")
    var repetition = UInt8(ascii: "~")
    var escape = UInt8(ascii: "\\")
    var subcomponent = UInt8(ascii: "&")

    init() {}

    /// Reads them from a header segment that begins with `MSH` at `start`.
    init(header start: Int, of text: [UInt8]) throws(ReadProblem) {
        let head = text[min(start + 3, text.count)..<min(start + 9, text.count)]
        guard let first = head.first, Self.isMark(first) else {
            throw ReadProblem("hl7-malformed", at: start, "MSH is not followed by a field mark such as `|`")
        }
        field = first
        let marks = Array(head.dropFirst().prefix { $0 != first && Self.isMark($0) })
        guard marks.count >= 2, Set(marks).count == marks.count else {
            throw ReadProblem("hl7-malformed", at: start + 4, "MSH-2 must name different marks, such as `^~\\&`")
        }
        component = marks[0]
        repetition = marks[1]
        escape = marks.count > 2 ? marks[2] : 0
        subcomponent = marks.count > 3 ? marks[3] : 0
    }

    func separates(_ byte: UInt8) -> Bool {
        byte == field || byte == component || byte == repetition || byte == subcomponent
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        guard byte > 0x20, byte < 0x7F else { return false }
        let letter = byte | 0x20
        return !(letter >= 0x61 && letter <= 0x7A) && !(byte >= 0x30 && byte <= 0x39)
    }
}
