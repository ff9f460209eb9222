/// The forms of dates and times that mean the same to everyone: those of FHIR, XML Schema, RFC 3339 and HL7.
///
/// - `yyyy`, `yyyy-MM`, `yyyy-MM-dd`, then `Thh:mm[:ss[.f]]` and an offset (FHIR R4 `dateTime`, RFC 3339)
/// - `yyyy[MM[dd[HH[mm[ss[.f]]]]]]` and an offset (HL7 v2 `DTM`, HL7 v3 `TS`), also with `T` before the hour (ISO 8601)
///
/// Offsets are `Z`, `±hh`, `±hhmm` or `±hh:mm`, and may also stand behind a bare date (XML Schema `date`).
enum StandardDates {
    /// Reads a whole text, white space at its ends already taken away.
    static func read(_ text: Span<UInt8>) -> Result<DateFields, DateProblem> {
        var fields = DateFields()
        var at = 0
        guard let year = text.number(at: 0, digits: 4) else { return .failure(.unreadable) }
        fields.year = year
        if text.count > 4, text[4] == 0x2D {
            readDashed(text, &at, &fields)
        } else {
            readDigits(text, &at, &fields)
        }
        if fields.precision == .day { readClock(text, &at, &fields) }
        if fields.precision == .second { readFraction(text, &at, &fields) }
        if fields.precision >= .day { readOffset(text, &at, &fields) }
        guard at == text.count else { return .failure(.unreadable) }
        if let problem = fields.problem { return .failure(problem) }
        return .success(fields)
    }

    private static func readDashed(_ text: Span<UInt8>, _ at: inout Int, _ fields: inout DateFields) {
        guard let month = text.number(at: 5, digits: 2) else { return at = 4 }
        fields.month = month
        fields.precision = .month
        at = 7
        guard at < text.count, text[at] == 0x2D, let day = text.number(at: 8, digits: 2) else { return }
        fields.day = day
        fields.precision = .day
        at = 10
    }

    private static func readDigits(_ text: Span<UInt8>, _ at: inout Int, _ fields: inout DateFields) {
        let count = text.digitCount(at: 0)
        guard count <= 14, count % 2 == 0 else { return }
        fields.precision = DateFields.Precision(rawValue: (count - 4) / 2) ?? .year
        fields.month = text.number(at: 4, digits: 2) ?? 1
        fields.day = count < 8 ? 1 : text.number(at: 6, digits: 2) ?? 1
        fields.hour = count < 10 ? 0 : text.number(at: 8, digits: 2) ?? 0
        fields.minute = count < 12 ? 0 : text.number(at: 10, digits: 2) ?? 0
        fields.second = count < 14 ? 0 : text.number(at: 12, digits: 2) ?? 0
        at = count
    }

    /// `Thh:mm[:ss]`, `Thhmm[ss]`, or a space instead of `T` (RFC 3339, 5.6, note).
    private static func readClock(_ text: Span<UInt8>, _ at: inout Int, _ fields: inout DateFields) {
        guard at + 5 <= text.count, text[at].asciiLowercased == 0x74 || text[at] == 0x20,
            let hour = text.number(at: at + 1, digits: 2)
        else { return }
        let colon = text[at + 3] == 0x3A ? 1 : 0
        guard let minute = text.number(at: at + 3 + colon, digits: 2) else { return }
        (fields.hour, fields.minute, fields.precision) = (hour, minute, .minute)
        at += 5 + colon
        if colon == 1 {
            guard at < text.count, text[at] == 0x3A else { return }
        }
        guard let second = text.number(at: at + colon, digits: 2) else { return }
        (fields.second, fields.precision) = (second, .second)
        at += 2 + colon
    }

    /// At most nine digits: a longer fraction is no time that any system meant.
    private static func readFraction(_ text: Span<UInt8>, _ at: inout Int, _ fields: inout DateFields) {
        guard at < text.count, text[at] == 0x2E || text[at] == 0x2C else { return }
        let digits = text.digitCount(at: at + 1)
        guard (1...9).contains(digits) else { return }
        fields.fraction = at + 1..<at + 1 + digits
        at += 1 + digits
    }

    static func readOffset(_ text: Span<UInt8>, _ at: inout Int, _ fields: inout DateFields) {
        var index = at
        if index + 1 < text.count, text[index] == 0x20 { index += 1 }
        guard index < text.count else { return }
        if text[index].asciiLowercased == 0x7A {
            fields.offset = 0
            return at = index + 1
        }
        guard text[index] == 0x2B || text[index] == 0x2D, let hours = text.number(at: index + 1, digits: 2)
        else { return }
        let sign = text[index] == 0x2D ? -1 : 1
        index += 3
        let minutesAt = index < text.count && text[index] == 0x3A ? index + 1 : index
        var minutes = 0
        if let written = text.number(at: minutesAt, digits: 2) {
            guard written < 60 else { return }
            minutes = written
            index = minutesAt + 2
        }
        fields.offset = sign * (hours * 60 + minutes)
        at = index
    }
}
