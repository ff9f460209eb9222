/// A day of the Gregorian calendar that exists. Where rules need today, it is handed in.
package struct CalendarDay: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let year: Int
    package let month: Int
    package let day: Int

    /// - Returns: `nil` when there is no such day, such as 30 February.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
        guard day >= 1, day <= Self.days(in: month, of: year) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The last one there is; a clock that says more is broken.
    package static let last = CalendarDay(lastOf: 9999)

    private init(lastOf year: Int) {
        self.year = year
        month = 12
        day = 31
    }

    /// Reads exactly `yyyy-MM-dd`.
    package init?(_ text: Span<UInt8>) {
        guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
        guard let year = Self.number(text, 0, 4), let month = Self.number(text, 5, 7),
            let day = Self.number(text, 8, 10)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Reads exactly `yyyy-MM-dd`.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(bytes.span)
    }

    package static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    package var description: String { Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2) }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// The number that a run of ASCII digits writes, or `nil` when one is no digit.
    static func number(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var value = 0
        for index in start..<end {
            guard text[index] >= 0x30, text[index] <= 0x39 else { return nil }
            value = value * 10 + Int(text[index] & 0x0F)
        }
        return value
    }
}
