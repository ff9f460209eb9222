/// Undoes the escapes of HL7 v2 text (HL7 v2, chapter 2.7).
enum HL7Escapes {
    /// Appends a text with its escapes undone. An escape that is not known stays as written.
    static func decode(_ text: ArraySlice<UInt8>, _ marks: HL7Delimiters, into output: inout [UInt8]) {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == marks.escape, let end = text[(index + 1)...].firstIndex(of: marks.escape) {
                let body = text[index + 1..<end]
                if !append(body, marks, to: &output) { output.append(contentsOf: text[index...end]) }
                index = end + 1
            } else {
                output.append(text[index])
                index += 1
            }
        }
    }

    /// Appends what an escape stands for, named without its marks. False when it is not known.
    static func append(_ body: ArraySlice<UInt8>, _ marks: HL7Delimiters, to output: inout [UInt8]) -> Bool {
        guard let first = body.first else { return false }
        switch first {
        case UInt8(ascii: "X"): return appendHex(body.dropFirst(), to: &output)
        case UInt8(ascii: "."): return appendFormatting(body.dropFirst(), to: &output)
        default: break
        }
        guard body.count == 1 else { return false }
        switch first {
        case UInt8(ascii: "F"): output.append(marks.field)
        case UInt8(ascii: "S"): output.append(marks.component)
        case UInt8(ascii: "T"): output.append(marks.subcomponent)
        case UInt8(ascii: "R"): output.append(marks.repetition)
        case UInt8(ascii: "E"): output.append(marks.escape)
        case UInt8(ascii: "H"), UInt8(ascii: "N"): break
        default: return false
        }
        return true
    }

    /// Line breaks and spaces keep their meaning; indents and centring have none here.
    private static func appendFormatting(_ command: ArraySlice<UInt8>, to output: inout [UInt8]) -> Bool {
        let count = min(max(Int(String(decoding: command.dropFirst(2), as: UTF8.self).drop { $0 == "+" }) ?? 1, 0), 64)
        switch String(decoding: command.prefix(2), as: UTF8.self) {
        case "br", "ce": output.append(0x0A)
        case "sp": output.append(contentsOf: repeatElement(0x0A, count: count))
        case "sk": output.append(contentsOf: repeatElement(0x20, count: count))
        case "fi", "nf", "in", "ti": break
        default: return false
        }
        return true
    }

    /// Bytes in hexadecimal: UTF-8 where they are that, else ISO-8859-1.
    private static func appendHex(_ digits: ArraySlice<UInt8>, to output: inout [UInt8]) -> Bool {
        guard !digits.isEmpty, digits.count.isMultiple(of: 2) else { return false }
        var bytes: [UInt8] = []
        var index = digits.startIndex
        while index < digits.endIndex {
            guard let high = JSONString.hexDigit(digits[index]), let low = JSONString.hexDigit(digits[index + 1]) else {
                return false
            }
            bytes.append(high << 4 | low)
            index += 2
        }
        if String(validating: bytes, as: UTF8.self) != nil {
            output.append(contentsOf: bytes)
        } else {
            for byte in bytes { TextEncoding.append(UInt32(byte), to: &output) }
        }
        return true
    }
}
