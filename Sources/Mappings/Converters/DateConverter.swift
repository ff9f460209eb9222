import Reporting

/// A full date.
package struct DateConverter: Converter {
    package static let spec = ConverterSpec(
        name: "date",
        summary: "A full date. Parts that were not written are never invented; a time of day behind it is left out "
            + "with a warning unless it is midnight. A moment whose day is another one by the clock of the United "
            + "Kingdom, or may be, is refused.",
        arguments: [
            "format": "one or more of the forms of the section on dates, separated by `|`; left out, `yyyy-MM-dd`, "
                + "`yyyyMMdd` and the date of a FHIR, ISO 8601 or HL7 date-time",
            "time": "`note` or `drop`: whether leaving out a time of day is worth a warning; `refuse`: a time other "
                + "than midnight with an offset gives no date. Left out, `note`, and for `person.birthDate` always "
                + "`refuse`",
        ],
        source: "FHIR R4 `date`; HL7 v2 `DT`; XML Schema `date`; PRSB: a birth date is a full date",
        examples: [
            ConverterExample("1968-02-14", gives: "1968-02-14"),
            ConverterExample("19680214", gives: "1968-02-14"),
            ConverterExample("1968-02-14T00:00:00", gives: "1968-02-14"),
            ConverterExample("19680214000000+0000", gives: "1968-02-14"),
            ConverterExample("1968-06-13T23:00:00Z", outcome: .invalid(.dateDayUnclear)),
            ConverterExample("1968-06-14T00:00:00+01:00", gives: "1968-06-14"),
            ConverterExample("2026-03-02T09:14:00Z", gives: "2026-03-02", .noted(.dateTimeDropped)),
            ConverterExample("2026-06-14T00:30:00+01:00", gives: "2026-06-14", arguments: ["time": "drop"]),
            ConverterExample(
                "2026-06-14T00:30:00+02:00", outcome: .invalid(.dateDayUnclear), arguments: ["time": "drop"]),
            ConverterExample(
                "1968-06-13T10:00:00Z", outcome: .invalid(.dateDayUnclear), arguments: ["time": "refuse"]),
            ConverterExample(
                "196806131000", gives: "1968-06-13", .noted(.dateTimeDropped), arguments: ["time": "refuse"]),
            ConverterExample("202602140930", gives: "2026-02-14", arguments: ["time": "drop"]),
            ConverterExample("14/02/1968", gives: "1968-02-14", arguments: ["format": "dd/MM/yyyy"]),
            ConverterExample("4/2/1968", gives: "1968-02-04", arguments: ["format": "d/M/yyyy"]),
            ConverterExample("14021968", gives: "1968-02-14", arguments: ["format": "ddMMyyyy"]),
            ConverterExample("14-Feb-1968", gives: "1968-02-14", arguments: ["format": "dd/MM/yyyy|dd-MMM-yyyy"]),
            ConverterExample("14 FEB 1968", gives: "1968-02-14", arguments: ["format": "dd MMM yyyy"]),
            ConverterExample(
                "03/02/1968", outcome: .invalid(.dateAmbiguous), arguments: ["format": "dd/MM/yyyy|MM/dd/yyyy"]),
            ConverterExample("31/02/1968", outcome: .invalid(.dateImpossible), arguments: ["format": "dd/MM/yyyy"]),
            ConverterExample("2023-02-29", outcome: .invalid(.dateImpossible)),
            ConverterExample("2000-02-29", gives: "2000-02-29"),
            ConverterExample("1900-02-29", outcome: .invalid(.dateImpossible)),
            ConverterExample("14/02/1968", outcome: .invalid(.dateUnreadable)),
            ConverterExample("1968-02-14", outcome: .invalid(.dateUnreadable), arguments: ["format": "dd/MM/yyyy"]),
            ConverterExample("1968", outcome: .invalid(.datePartial)),
            ConverterExample("196802", outcome: .invalid(.datePartial)),
            ConverterExample("1968-02", outcome: .invalid(.datePartial)),
            ConverterExample("0001-01-01", outcome: .invalid(.dateYearRange)),
            ConverterExample("", outcome: .blank),
        ])

    private let patterns: [DatePattern]?
    private let notesTime: Bool
    private let refusesTime: Bool

    package init(arguments: [String: String]) throws(ArgumentProblem) {
        patterns = try DatePattern.parse(arguments)
        let time = try arguments.word("time", of: ["note", "drop", "refuse"], default: "note")
        notesTime = time != "drop"
        refusesTime = time == "refuse"
        if let patterns, patterns.contains(where: { $0.precision < .day }) {
            throw ArgumentProblem(
                "format", "a format without a day gives no full date", help: "use `as: partial-date`")
        }
    }

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        let text = input.extracting(range)
        switch DateFields.read(text, by: patterns) {
        case .failure(let problem): return .invalid(problem.code)
        case .success(let fields) where fields.precision < .day: return .invalid(.datePartial)
        case .success(let fields) where !isClear(fields): return .invalid(.dateDayUnclear)
        case .success(let fields):
            output.write(dateOf: fields)
            output.end()
            return notesTime && !fields.isMidnight ? .noted(.dateTimeDropped) : .converted
        }
    }

    private func isClear(_ fields: DateFields) -> Bool {
        guard fields.offset != nil, !fields.isMidnight else { return true }
        return !refusesTime && UKClock.isOnDayWritten(fields)
    }
}
