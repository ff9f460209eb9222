package import Custody
import Referrals

extension Instant {
    /// The day it is in the United Kingdom's standard time. Rules that ask for today mean it to the day.
    var day: CalendarDay {
        // Days to a civil date, after Howard Hinnant: eras of 400 years, years that begin in March.
        let days = milliseconds.floorDivided(by: 86_400_000) + 719_468
        let era = days.floorDivided(by: 146_097)
        let ofEra = Int(days - era * 146_097)
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * ofYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        let year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
        return CalendarDay(year: year, month: month, day: ofYear - (153 * march + 2) / 5 + 1) ?? .last
    }

    /// `2026-03-02T09:14:00Z`.
    package var text: String {
        let seconds = milliseconds.floorDivided(by: 1000)
        let ofDay = Int(seconds - seconds.floorDivided(by: 86_400) * 86_400)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day)T\(two(ofDay / 3600)):\(two(ofDay / 60 % 60)):\(two(ofDay % 60))Z"
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
    }
}
