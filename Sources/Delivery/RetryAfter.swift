package import Custody

/// Reads `Retry-After`: seconds or a date (RFC 9110, section 10.2.3).
package enum RetryAfter {
    /// How long the receiver wants us to wait, in milliseconds from now; `nil` when it is neither form.
    ///
    /// - Parameters:
    ///   - date: The answer's own `Date`. The receiver reckons by its clock, so where it tells the time, its time counts
    ///     and not ours. A `Date` is cut to seconds, so that the wait is never too short.
    ///   - now: Our wall clock, for receivers that do not tell the time.
    package static func milliseconds(_ value: String, date: String?, now: Instant) -> Int64? {
        let text = Array(value.utf8).trimmed()
        if let seconds = seconds(text) { return seconds }
        guard let until = HTTPDate.seconds(text) else { return nil }
        let from = date.flatMap { HTTPDate.seconds(Array($0.utf8).trimmed()) }.map { $0 * 1000 } ?? now.milliseconds
        return max(0, until * 1000 - from)
    }

    /// Digits alone; more of them than a wait can have are as good as for ever.
    private static func seconds(_ text: [UInt8]) -> Int64? {
        guard !text.isEmpty, text.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        guard text.count <= 12 else { return Int64.max / 2 }
        return text.reduce(0) { $0 * 10 + Int64($1 - 0x30) } * 1000
    }
}

/// Reads the three forms of an HTTP date (RFC 9110, section 5.6.7). Names of weekdays are not looked at.
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds since 1970; `nil` when it is no such date.
    static func seconds(_ text: [UInt8]) -> Int64? {
        let words = String(decoding: text, as: UTF8.self).split { " ,-".contains($0) }
        guard words.count == 6 || words.count == 5 else { return nil }
        // `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`; and `Sun Nov  6 08:49:37 1994`.
        let isNamedFirst = words.count == 5
        if !isNamedFirst, words[5] != "GMT" { return nil }
        guard let day = number(words[isNamedFirst ? 2 : 1], 1...31),
            let month = months.firstIndex(of: String(words[isNamedFirst ? 1 : 2])),
            let year = year(words[isNamedFirst ? 4 : 3]), let time = time(words[isNamedFirst ? 3 : 4])
        else { return nil }
        return days(year, Int64(month) + 1, day) * 86_400 + time
    }

    private static func number(_ word: Substring, _ range: ClosedRange<Int64>) -> Int64? {
        guard word.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let value = Int64(word), range ~= value else { return nil }
        return value
    }

    /// Two digits are of the years 1970 to 2069.
    private static func year(_ word: Substring) -> Int64? {
        guard let value = number(word, 0...9999) else { return nil }
        return word.utf8.count == 4 ? value : word.utf8.count == 2 ? value + (value < 70 ? 2000 : 1900) : nil
    }

    private static func time(_ word: Substring) -> Int64? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = number(parts[0], 0...23), let minute = number(parts[1], 0...59),
            let second = number(parts[2], 0...60)
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    /// Days from 1970-01-01 in the Gregorian calendar; years begin in March, so that the leap day is a year's last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let ofEra = shifted - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }
}

extension [UInt8] {
    /// Without spaces and tabs at either end.
    func trimmed() -> [UInt8] {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return []
        }
        return Array(self[first...last])
    }
}
