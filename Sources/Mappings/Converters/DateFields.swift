import Reporting

/// Why a text is no date.
enum DateProblem: Error {
    case unreadable, impossible, yearOutOfRange, ambiguous

    var code: FindingCode {
        switch self {
        case .unreadable: .dateUnreadable
        case .impossible: .dateImpossible
        case .yearOutOfRange: .dateYearRange
        case .ambiguous: .dateAmbiguous
        }
    }
}

/// A date, with or without a time, as it was written: nothing in it was assumed.
struct DateFields: Equatable {
    enum Precision: Int, Comparable {
        case year, month, day, hour, minute, second
        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// The years a referral can speak of; others are typing mistakes or placeholders (0001, 9999).
    static let years = 1800...2200

    var precision = Precision.year
    var year = 0
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    /// The digits of the fraction of a second, as a range of the text that was read.
    var fraction = 0..<0
    /// Minutes east of UTC; `nil` when none was written.
    var offset: Int?

    /// Reads a text by the patterns of a mapping or, where it names none, by the standard forms.
    static func read(_ text: Span<UInt8>, by patterns: [DatePattern]?) -> Result<DateFields, DateProblem> {
        if let patterns { return DatePattern.read(text, by: patterns) }
        return StandardDates.read(text)
    }

    var isMidnight: Bool { hour == 0 && minute == 0 && second == 0 }

    /// Why there was no such date and time; `nil` when there was.
    ///
    /// 24:00 is refused (FHIR R4 forbids it, and whether it ends or begins the day named is a guess). Second 60
    /// is taken only where a leap second may be: at the end of June and December, 23:59:60 UTC.
    var problem: DateProblem? {
        guard Self.years.contains(year) else { return .yearOutOfRange }
        guard (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year), hour < 24, minute < 60,
            second < 60 || (second == 60 && mayBeLeapSecond)
        else { return .impossible }
        // FHIR R4 `instant` and XML Schema: fourteen hours at most.
        if let offset, abs(offset) > 14 * 60 { return .impossible }
        return nil
    }

    private var mayBeLeapSecond: Bool {
        guard let offset else { return false }
        let minuteOfDay = hour * 60 + minute - offset
        let dayShift = minuteOfDay < 0 ? -1 : minuteOfDay / 1440
        guard minuteOfDay - dayShift * 1440 == 1439 else { return false }
        switch (month, day + dayShift) {
        case (6, 30), (12, 31), (7, 0), (1, 0): return true
        default: return false
        }
    }

    static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// 0 is Sunday (Sakamoto's method; years after 1752).
    static func weekday(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifts: [12 of Int] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
        let year = month < 3 ? year - 1 : year
        return (year + year / 4 - year / 100 + year / 400 + shifts[month - 1] + day) % 7
    }
}

extension ConvertedValue {
    /// `yyyy`, `yyyy-MM` or `yyyy-MM-dd`, as far as the date was written.
    mutating func write(dateOf fields: DateFields) {
        write(twoDigits: fields.year / 100)
        write(twoDigits: fields.year)
        guard fields.precision >= .month else { return }
        bytes.append(0x2D)
        write(twoDigits: fields.month)
        guard fields.precision >= .day else { return }
        bytes.append(0x2D)
        write(twoDigits: fields.day)
    }

    /// `Thh:mm:ss[.f…]±hh:mm`; the fraction as written in `text`.
    mutating func write(timeOf fields: DateFields, offset: Int, text: Span<UInt8>) {
        bytes.append(0x54)
        write(twoDigits: fields.hour)
        bytes.append(0x3A)
        write(twoDigits: fields.minute)
        bytes.append(0x3A)
        write(twoDigits: fields.second)
        if !fields.fraction.isEmpty {
            bytes.append(0x2E)
            write(text.extracting(fields.fraction))
        }
        bytes.append(offset < 0 ? 0x2D : 0x2B)
        write(twoDigits: abs(offset) / 60)
        bytes.append(0x3A)
        write(twoDigits: abs(offset) % 60)
    }
}
