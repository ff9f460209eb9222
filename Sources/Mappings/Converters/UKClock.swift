/// The legal time of the United Kingdom, for times that were written without an offset.
///
/// Summer Time Act 1972 and the orders under it; since 1996 (Directive 2000/84/EC, kept in force) from 01:00 UTC on
/// the last Sunday of March to 01:00 UTC on the last Sunday of October. Before 1972 the clocks followed other
/// laws, and nothing is assumed. Years to come are taken to follow the law of today.
enum UKClock {
    enum Reading: Equatable {
        /// Minutes east of UTC.
        case offset(Int)
        /// The clocks went back, so this hour came twice.
        case twice
        /// The clocks went forward, so this hour never was.
        case never
        case unknown
    }

    /// What the clock on the wall says of the offset.
    static func read(_ fields: DateFields) -> Reading {
        guard fields.year >= 1972 else { return .unknown }
        let now = hours(month: fields.month, day: fields.day, hour: fields.hour)
        let change = hourOfChange(fields.year)
        let start = hours(month: 3, day: sunday(fields.year, 3, from: firstDayOfStart(fields.year)), hour: change)
        let end = hours(month: 10, day: sunday(fields.year, 10, from: firstDayOfEnd(fields.year)), hour: change)
        if now == start { return .never }
        if now == end { return .twice }
        return .offset(now > start && now < end ? 60 : 0)
    }

    /// Whether a moment falls, by the legal time, on the day it was written with. Where that time is not known for
    /// certain, it must be so an hour ahead of UTC and at UTC.
    static func isOnDayWritten(_ fields: DateFields) -> Bool {
        guard let offset = fields.offset else { return true }
        if case .offset(let minutes) = read(fields), minutes == offset { return true }
        let minute = fields.hour * 60 + fields.minute - offset
        return minute >= 0 && minute + 60 < 24 * 60
    }

    /// The hour of UTC at which the clocks change. In March the hour of that number is skipped on the wall; in
    /// October it is shown twice.
    private static func hourOfChange(_ year: Int) -> Int { year <= 1980 ? 2 : 1 }

    private static func firstDayOfStart(_ year: Int) -> Int { year <= 1980 ? 16 : 25 }

    private static func firstDayOfEnd(_ year: Int) -> Int {
        switch year {
        case ...1989: 23
        case ...1995: 22
        default: 25
        }
    }

    /// The first Sunday on or after a day.
    private static func sunday(_ year: Int, _ month: Int, from day: Int) -> Int {
        day + (7 - DateFields.weekday(year, month, day)) % 7
    }

    /// Not a count of hours: only a number that grows with the hours of one year.
    private static func hours(month: Int, day: Int, hour: Int) -> Int { (month * 32 + day) * 24 + hour }
}
