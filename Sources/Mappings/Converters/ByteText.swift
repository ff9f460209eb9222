/// Reading bytes of UTF-8 text without making strings of them.
extension Span where Element == UInt8 {
    /// How many bytes the white space at an offset takes; 0 when there is none.
    ///
    /// ASCII white space, the Unicode spaces (no-break space, en space, …), line and paragraph marks, and the two
    /// marks of no width that word processors leave behind (U+200B, U+FEFF).
    func spaceWidth(at index: Int, end: Int) -> Int {
        let first = self[index]
        if first < 0x80 { return first == 0x20 || (first >= 0x09 && first <= 0x0D) ? 1 : 0 }
        if first == 0xC2, index + 1 < end { return self[index + 1] == 0xA0 || self[index + 1] == 0x85 ? 2 : 0 }
        guard first == 0xE2 || first == 0xE3 || first == 0xEF, index + 2 < end else { return 0 }
        switch (first, self[index + 1], self[index + 2]) {
        case (0xE2, 0x80, 0x80...0x8B), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF),
            (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF):
            return 3
        default: return 0
        }
    }

    /// The bytes between the white space at both ends; empty when there is nothing else.
    func trimmed() -> Range<Int> {
        var start = 0
        var end = count
        while start < end {
            let width = spaceWidth(at: start, end: end)
            if width == 0 { break }
            start += width
        }
        while end > start {
            let width = spaceWidth(before: end, start: start)
            if width == 0 { break }
            end -= width
        }
        return start..<end
    }

    private func spaceWidth(before end: Int, start: Int) -> Int {
        if self[end - 1] < 0x80 { return spaceWidth(at: end - 1, end: end) }
        for width in 2...3 where end - width >= start {
            if spaceWidth(at: end - width, end: end) == width { return width }
        }
        return 0
    }

    /// Whether the text continues with these bytes, ASCII letters compared without case.
    ///
    /// - Parameter prefix: In lower case.
    func hasPrefix(_ prefix: StaticString, at index: Int = 0) -> Bool {
        guard index + prefix.utf8CodeUnitCount <= count else { return false }
        return prefix.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count where self[index + offset].asciiLowercased != wanted[offset] { return false }
            return true
        }
    }

    /// How many ASCII digits stand from an offset on.
    func digitCount(at index: Int) -> Int {
        var end = index
        while end < count, self[end].isDigit { end += 1 }
        return end - index
    }

    /// The number written with exactly `digits` digits at an offset (at most 18), or `nil`.
    func number(at index: Int, digits: Int) -> Int? {
        guard index + digits <= count else { return nil }
        var value = 0
        for offset in index..<index + digits {
            guard self[offset].isDigit else { return nil }
            value = value * 10 + Int(self[offset] & 0x0F)
        }
        return value
    }
}

extension UInt8 {
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isLetter: Bool { asciiLowercased >= 0x61 && asciiLowercased <= 0x7A }
    var isHexDigit: Bool { isDigit || (asciiLowercased >= 0x61 && asciiLowercased <= 0x66) }
    var isControl: Bool { self < 0x20 || self == 0x7F }
    var asciiLowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
    var asciiUppercased: UInt8 { self >= 0x61 && self <= 0x7A ? self & 0xDF : self }
}

extension ConvertedValue {
    /// Writes bytes of the input.
    mutating func write(_ text: Span<UInt8>) {
        text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    /// Writes bytes of the input as a whole part.
    mutating func set(_ text: Span<UInt8>, part: Int = 0) {
        write(text)
        end(part: part)
    }

    /// Writes the last two digits of a number.
    mutating func write(twoDigits number: Int) {
        bytes.append(0x30 + UInt8(truncatingIfNeeded: number / 10 % 10))
        bytes.append(0x30 + UInt8(truncatingIfNeeded: number % 10))
    }
}
