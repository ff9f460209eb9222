/// The lexical rules of identifiers and dates that the canonical referral holds. They check; none repairs.
package enum Lexical {
    /// An ODS code: letters in upper case and digits, 3 (organisation), 5 (site), 6 (practice branch) or up to 12 of them.
    package static func isODSCode(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 3, text.count <= 12 else { return false }
        for index in 0..<text.count where !(isDigit(text[index]) || isUpper(text[index])) { return false }
        return true
    }

    /// A postcode in upper case with one space: `A9 9AA`, `A99 9AA`, `A9A 9AA`, `AA9 9AA`, `AA99 9AA`, `AA9A 9AA` (BS 7666).
    package static func isPostcode(_ text: Span<UInt8>) -> Bool {
        let outward = text.count - 4
        guard outward >= 2, outward <= 4, text[outward] == 0x20 else { return false }
        guard isDigit(text[outward + 1]), isUpper(text[outward + 2]), isUpper(text[outward + 3]) else { return false }
        guard isUpper(text[0]) else { return false }
        // The one postcode of another shape.
        if outward == 3, isUpper(text[1]), isUpper(text[2]) { return text.isWord("GIR 0AA") }
        var digits = 1
        if isUpper(text[1]) { digits = 2 }
        guard digits < outward, isDigit(text[digits]) else { return false }
        let rest = outward - digits - 1
        return rest == 0 || rest == 1 && (isDigit(text[digits + 1]) || isUpper(text[digits + 1]))
    }

    /// A unique property reference number: 1 to 12 digits.
    package static func isUPRN(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 1, text.count <= 12 else { return false }
        for index in 0..<text.count where !isDigit(text[index]) { return false }
        return true
    }

    /// A SNOMED CT identifier: 6 to 18 digits, the last a Verhoeff check digit (SNOMED CT, SCTID check digit).
    package static func isSNOMED(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 6, text.count <= 18, text[0] != 0x30 else { return false }
        var check = 0
        for place in 0..<text.count {
            let byte = text[text.count - 1 - place]
            guard isDigit(byte) else { return false }
            check = Verhoeff.multiply(check, Verhoeff.permute(Int(byte & 0x0F), times: place))
        }
        return check == 0
    }

    /// A UUID in lower case.
    package static func isUUID(_ text: Span<UInt8>) -> Bool {
        guard text.count == 36 else { return false }
        for index in 0..<36 {
            let byte = text[index]
            let isHyphen = index == 8 || index == 13 || index == 18 || index == 23
            if isHyphen ? byte != UInt8(ascii: "-") : !(isDigit(byte) || byte >= 0x61 && byte <= 0x66) { return false }
        }
        return true
    }

    /// `yyyy`, `yyyy-MM` or `yyyy-MM-dd`, of days that exist.
    package static func isPartialDate(_ text: Span<UInt8>) -> Bool {
        if text.count == 10 { return CalendarDay(text) != nil }
        guard text.count == 4 || text.count == 7, let year = CalendarDay.number(text, 0, 4), year > 0 else {
            return false
        }
        guard text.count == 7 else { return true }
        guard text[4] == UInt8(ascii: "-"), let month = CalendarDay.number(text, 5, 7) else { return false }
        return (1...12).contains(month)
    }

    /// RFC 3339 date and time with its offset, of a day that exists; a leap second is allowed.
    package static func isInstant(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 20, CalendarDay(text.extracting(0..<10)) != nil, text[10] == UInt8(ascii: "T") else {
            return false
        }
        guard isTime(text.extracting(11..<19)) else { return false }
        var index = 19
        if text[index] == UInt8(ascii: ".") {
            index += 1
            let first = index
            while index < text.count, isDigit(text[index]) { index += 1 }
            guard index > first else { return false }
        }
        return isOffset(text.extracting(index..<text.count))
    }

    private static func isTime(_ text: Span<UInt8>) -> Bool {
        guard text[2] == UInt8(ascii: ":"), text[5] == UInt8(ascii: ":") else { return false }
        guard let hour = CalendarDay.number(text, 0, 2), let minute = CalendarDay.number(text, 3, 5),
            let second = CalendarDay.number(text, 6, 8)
        else { return false }
        return hour < 24 && minute < 60 && second <= 60
    }

    private static func isOffset(_ text: Span<UInt8>) -> Bool {
        if text.count == 1 { return text[0] == UInt8(ascii: "Z") }
        guard text.count == 6, text[0] == UInt8(ascii: "+") || text[0] == UInt8(ascii: "-"),
            text[3] == UInt8(ascii: ":")
        else { return false }
        guard let hours = CalendarDay.number(text, 1, 3), let minutes = CalendarDay.number(text, 4, 6) else {
            return false
        }
        return hours < 24 && minutes < 60
    }

    /// An integer as JSON writes it (RFC 8259, 6): no sign but minus, no leading zero, at most 18 digits.
    package static func integer(_ text: Span<UInt8>) -> Int? {
        let isNegative = text.count > 1 && text[0] == UInt8(ascii: "-")
        let first = isNegative ? 1 : 0
        guard text.count > first, text.count - first <= 18 else { return nil }
        if text[first] == 0x30, text.count > first + 1 || isNegative { return nil }
        return CalendarDay.number(text, first, text.count).map { isNegative ? -$0 : $0 }
    }

    package static func isBoolean(_ text: Span<UInt8>) -> Bool { text.isWord("true") || text.isWord("false") }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    static func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
}

extension Span<UInt8> {
    /// Whether the bytes are exactly those of a word.
    package func isWord(_ word: String) -> Bool {
        guard count == word.utf8.count else { return false }
        var index = 0
        for byte in word.utf8 {
            if self[index] != byte { return false }
            index += 1
        }
        return true
    }
}
