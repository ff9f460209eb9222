import Custody
import Referrals

extension Instant {
    /// The day it is in the United Kingdom's standard time. Rules that ask for today mean it to the day.
    var day: CalendarDay { CalendarDay(daysSince1970: Int(milliseconds.floorDivided(by: 86_400_000))) }

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
