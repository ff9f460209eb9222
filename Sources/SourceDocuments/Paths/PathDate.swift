/// A FHIR date, dateTime, instant or time, as precise as it is written.
struct PathDate {
    /// Year, month, day, hour, minute, in this order; a time of day begins at the hour.
    private var parts: (Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0)
    /// Thousandths of a millisecond; seconds with or without fractions have one precision.
    private var microseconds = 0
    /// How many of year, month, day, hour, minute, second are given.
    private(set) var precision = 0
    /// Minutes east of UTC, or `nil` when not said.
    private var offset: Int?
    private(set) var isTime = false

    /// `nil` when the bytes are no date or time.
    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        if rest.first == 0x54 {
            isTime = true
        } else {
            guard let year = Self.digits(4, &rest) else { return nil }
            parts.0 = year
            precision = 1
            if Self.take(0x2D, &rest) {
                guard let month = Self.digits(2, &rest), (1...12).contains(month) else { return nil }
                parts.1 = month
                precision = 2
                if Self.take(0x2D, &rest) {
                    guard let day = Self.digits(2, &rest), (1...31).contains(day) else { return nil }
                    parts.2 = day
                    precision = 3
                }
            }
        }
        if Self.take(0x54, &rest), !rest.isEmpty { guard readTime(&rest) else { return nil } }
        guard rest.isEmpty else { return nil }
    }

    private mutating func readTime(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let hour = Self.digits(2, &rest), hour < 25 else { return false }
        parts.3 = hour
        precision = 4
        if Self.take(0x3A, &rest) {
            guard let minute = Self.digits(2, &rest), minute < 60 else { return false }
            parts.4 = minute
            precision = 5
            if Self.take(0x3A, &rest) { guard readSeconds(&rest) else { return false } }
        }
        return readOffset(&rest)
    }

    private mutating func readSeconds(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let second = Self.digits(2, &rest), second < 61 else { return false }
        microseconds = second * 1_000_000
        precision = 6
        guard Self.take(0x2E, &rest) else { return true }
        var scale = 100_000
        var count = 0
        while let byte = rest.first, PathScanner.isDigit(byte) {
            microseconds += Int(byte - 0x30) * scale
            scale /= 10
            count += 1
            rest.removeFirst()
        }
        return count > 0
    }

    private mutating func readOffset(_ rest: inout ArraySlice<UInt8>) -> Bool {
        if Self.take(0x5A, &rest) {
            offset = 0
            return true
        }
        let sign = rest.first == 0x2B ? 1 : rest.first == 0x2D ? -1 : 0
        if sign == 0 { return true }
        rest.removeFirst()
        guard let hours = Self.digits(2, &rest), Self.take(0x3A, &rest), let minutes = Self.digits(2, &rest) else {
            return false
        }
        offset = sign * (hours * 60 + minutes)
        return true
    }

    private static func digits(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> Int? {
        guard rest.count >= count else { return nil }
        var value = 0
        for byte in rest.prefix(count) {
            guard PathScanner.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        rest.removeFirst(count)
        return value
    }

    private static func take(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    /// -1, 0 or 1, or `nil` when it cannot be said: one is more precise, or only one names its time zone.
    static func compare(_ left: PathDate, _ right: PathDate) -> Int? {
        guard left.isTime == right.isTime else { return nil }
        if left.precision > 3, right.precision > 3, (left.offset == nil) != (right.offset == nil) { return nil }
        let (first, second) = (left.components, right.components)
        let common = min(left.precision, right.precision)
        for index in (left.isTime ? 3 : 0)..<max(common, left.isTime ? 3 : 0) where first[index] != second[index] {
            return first[index] < second[index] ? -1 : 1
        }
        return left.precision == right.precision ? 0 : nil
    }

    /// All six parts; moved to UTC when the zone is known.
    private var components: [Int] {
        guard let offset, precision > 3 else {
            return [parts.0, parts.1, parts.2, parts.3, parts.4, microseconds]
        }
        var minutes = Self.days(parts.0, parts.1, parts.2) * 1440 + parts.3 * 60 + parts.4 - offset
        let day = minutes >= 0 ? minutes / 1440 : (minutes - 1439) / 1440
        minutes -= day * 1440
        let date = Self.date(day)
        return [date.0, date.1, date.2, minutes / 60, minutes % 60, microseconds]
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(_ days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
