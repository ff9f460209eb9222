import Custody

/// Whether a source is silent for longer than it is wont to be.
///
/// Only working hours count, Monday to Friday from 8 to 18 UTC, or every weekend would look like a fault. Bank holidays
/// are not known: the day after one may show a source that is well.
enum Silence {
    /// So many gaps must be known before one is called long.
    static let gapsNeeded = 20
    private static let hour: Int64 = 3_600_000

    /// - Parameter arrivals: When its latest documents came, the newest first.
    static func isUnusual(_ arrivals: [Instant], at now: Instant) -> Bool {
        guard let last = arrivals.first, arrivals.count > gapsNeeded else { return false }
        let gaps = zip(arrivals.dropFirst(), arrivals).map { workingTime(from: $0.milliseconds, to: $1.milliseconds) }
            .sorted()
        let usual = gaps[min(gaps.count - 1, gaps.count * 99 / 100)]
        return workingTime(from: last.milliseconds, to: now.milliseconds) > max(usual, hour)
    }

    /// Milliseconds of working hours between two times.
    static func workingTime(from start: Int64, to end: Int64) -> Int64 {
        guard end > start else { return 0 }
        return workingTime(until: end) - workingTime(until: start)
    }

    /// Milliseconds of working hours since Monday 5 January 1970.
    private static func workingTime(until time: Int64) -> Int64 {
        let sinceMonday = time - 4 * 24 * hour
        let week = sinceMonday / (7 * 24 * hour)
        let inWeek = sinceMonday % (7 * 24 * hour)
        let day = inWeek / (24 * hour)
        let inDay = min(max(inWeek % (24 * hour) - 8 * hour, 0), 10 * hour)
        return week * 50 * hour + min(day, 5) * 10 * hour + (day < 5 ? inDay : 0)
    }
}
