import Reporting

/// A moment, with the offset it was written with.
package struct DateTimeConverter: Converter {
    package static let spec = ConverterSpec(
        name: "date-time",
        summary: "A moment as RFC 3339, its offset and fraction as written. Seconds that were not written are 00. "
            + "Without an offset it is the legal time of the United Kingdom, with a warning; an hour that came twice "
            + "is taken as the first, and one that was skipped when the clocks went forward is refused, as is 24:00.",
        arguments: [
            "format": "one or more of the forms of the section on dates, separated by `|`; left out, those of FHIR, "
                + "ISO 8601 and HL7",
            "offset": "for times written without one: `london` (with a warning), `utc` (the sender is known to mean "
                + "it) or `refuse`; left out, `london`",
            "date-only": "for dates without a time: `refuse`, or `midnight` (with a warning); left out, `refuse`",
        ],
        source: "RFC 3339; FHIR R4 `dateTime` and `instant`; HL7 v2 `DTM`; HL7 v3 `TS`; Summer Time Act 1972",
        examples: [
            ConverterExample("2026-03-02T09:14:00+00:00", gives: "2026-03-02T09:14:00+00:00"),
            ConverterExample("2026-03-02T09:14:00Z", gives: "2026-03-02T09:14:00+00:00"),
            ConverterExample("2021-04-06T12:33:35.1234567+01:00", gives: "2021-04-06T12:33:35.1234567+01:00"),
            ConverterExample("20210406123335+01", gives: "2021-04-06T12:33:35+01:00"),
            ConverterExample("20210406123335+0100", gives: "2021-04-06T12:33:35+01:00"),
            ConverterExample("20210406123335.25-0530", gives: "2021-04-06T12:33:35.25-05:30"),
            ConverterExample("201701012000+00", gives: "2017-01-01T20:00:00+00:00"),
            ConverterExample("20210406123335", gives: "2021-04-06T12:33:35+01:00", .noted(.dateOffsetAssumed)),
            ConverterExample("2021-01-06 12:33", gives: "2021-01-06T12:33:00+00:00", .noted(.dateOffsetAssumed)),
            ConverterExample("2021-01-06T12:33:00", gives: "2021-01-06T12:33:00+00:00", arguments: ["offset": "utc"]),
            ConverterExample(
                "2021-01-06T12:33:00", outcome: .invalid(.dateOffsetMissing), arguments: ["offset": "refuse"]),
            ConverterExample(
                "14/02/2026 09:30", gives: "2026-02-14T09:30:00+00:00", .noted(.dateOffsetAssumed),
                arguments: ["format": "dd/MM/yyyy HH:mm[:ss]"]),
            ConverterExample(
                "14-Jul-2026 09:30:15", gives: "2026-07-14T09:30:15+01:00", .noted(.dateOffsetAssumed),
                arguments: ["format": "dd-MMM-yyyy HH:mm:ss"]),
            ConverterExample(
                "2026-10-25T01:30:00", gives: "2026-10-25T01:30:00+01:00", .noted(.dateOffsetAmbiguous)),
            ConverterExample("2026-03-29T01:30:00", outcome: .invalid(.dateTimeSkipped)),
            ConverterExample("1969-07-20T12:00:00", outcome: .invalid(.dateOffsetMissing)),
            ConverterExample("2016-12-31T23:59:60Z", gives: "2016-12-31T23:59:60+00:00"),
            ConverterExample("2016-12-30T23:59:60Z", outcome: .invalid(.dateImpossible)),
            ConverterExample("2026-03-02T24:00:00Z", outcome: .invalid(.dateImpossible)),
            ConverterExample("202144161244", outcome: .invalid(.dateImpossible)),
            ConverterExample("2026-03-02", outcome: .invalid(.dateTimeHasNoTime)),
            ConverterExample("2026030209", outcome: .invalid(.dateTimeHasNoTime)),
            ConverterExample(
                "20260302", gives: "2026-03-02T00:00:00+00:00", .noted(.dateMidnightAssumed),
                arguments: ["date-only": "midnight"]),
            ConverterExample("202603", outcome: .invalid(.datePartial)),
            ConverterExample("yesterday", outcome: .invalid(.dateUnreadable)),
            ConverterExample("  ", outcome: .blank),
        ])

    private enum MissingOffset { case london, utc, refuse }

    private let patterns: [DatePattern]?
    private let missingOffset: MissingOffset
    private let takesDates: Bool

    package init(arguments: [String: String]) throws(ArgumentProblem) {
        patterns = try DatePattern.parse(arguments)
        switch try arguments.word("offset", of: ["london", "utc", "refuse"], default: "london") {
        case "utc": missingOffset = .utc
        case "refuse": missingOffset = .refuse
        default: missingOffset = .london
        }
        takesDates = try arguments.word("date-only", of: ["refuse", "midnight"], default: "refuse") == "midnight"
    }

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        let text = input.extracting(range)
        switch DateFields.read(text, by: patterns) {
        case .failure(let problem): return .invalid(problem.code)
        case .success(let fields): return write(fields, text: text, into: &output)
        }
    }

    private func write(_ fields: DateFields, text: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        guard fields.precision >= .day else { return .invalid(.datePartial) }
        let isBareDate = fields.precision == .day
        guard fields.precision >= .minute || (isBareDate && takesDates) else { return .invalid(.dateTimeHasNoTime) }
        var outcome = Conversion.converted
        let offset: Int
        switch offsetOf(fields) {
        case .known(let minutes): offset = minutes
        case .assumed(let minutes, let code):
            offset = minutes
            outcome = .noted(code)
        case .refused(let code): return .invalid(code)
        }
        output.write(dateOf: fields)
        output.write(timeOf: fields, offset: offset, text: text)
        output.end()
        return isBareDate ? .noted(.dateMidnightAssumed) : outcome
    }

    private enum Offset {
        case known(Int)
        case assumed(Int, FindingCode)
        case refused(FindingCode)
    }

    private func offsetOf(_ fields: DateFields) -> Offset {
        if let offset = fields.offset { return .known(offset) }
        switch missingOffset {
        case .utc: return .known(0)
        case .refuse: return .refused(.dateOffsetMissing)
        case .london:
            switch UKClock.read(fields) {
            case .offset(let minutes): return .assumed(minutes, .dateOffsetAssumed)
            case .twice: return .assumed(60, .dateOffsetAmbiguous)
            case .never: return .refused(.dateTimeSkipped)
            case .unknown: return .refused(.dateOffsetMissing)
            }
        }
    }
}
