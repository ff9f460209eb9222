import Custody
import Foundation
import Referrals
import Testing

@testable import Gateway

@Suite("Instants as days and texts")
struct InstantTests {
    private static let utc: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        return calendar
    }()

    /// From 1600 to 2500 in steps that meet every hour and second, and the borders of days, months and leap years.
    private static let instants: [Int64] = {
        let steps = stride(from: Int64(-11_676_096_000_000), to: 16_725_225_600_000, by: 987_654_321_123).map { $0 }
        let years = [1600, 1700, 1899, 1900, 1904, 1968, 1969, 1970, 1972, 1999, 2000, 2001, 2024, 2026, 2100, 2400]
        let borders = years.flatMap { year in
            [(1, 1), (2, 28), (2, 29), (3, 1), (12, 31)].flatMap { month, day -> [Int64] in
                let parts = DateComponents(year: year, month: month, day: day)
                guard let date = utc.date(from: parts) else { return [] }
                let start = Int64((date.timeIntervalSince1970 * 1000).rounded())
                return [start - 1, start, start + 1, start + 999, start + 43_200_000, start + 86_399_999]
            }
        }
        return steps + borders + [-1, 0, 1]
    }()

    @Test("a day and a text are those of the calendar")
    func calendar() throws {
        #expect(Self.instants.count > 400)
        for milliseconds in Self.instants {
            let seconds = (Double(milliseconds) / 1000).rounded(.down)
            let parts = Self.utc.dateComponents(
                [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: seconds))
            let (year, month, day) = (parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            let instant = Instant(milliseconds: milliseconds)
            #expect(instant.day == CalendarDay(year: year, month: month, day: day), "\(milliseconds)")
            let text = String(
                format: "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, parts.hour ?? 0, parts.minute ?? 0,
                parts.second ?? 0)
            #expect(instant.text == text, "\(milliseconds)")
        }
    }

    @Test("days follow one another without a gap")
    func everyDay() throws {
        var last = Instant(milliseconds: -86_400_000).day
        for day in Int64(0)..<60_000 {
            let now = Instant(milliseconds: day * 86_400_000).day
            #expect(last < now)
            last = now
        }
        #expect(last.description == "2134-04-10")
    }
}
