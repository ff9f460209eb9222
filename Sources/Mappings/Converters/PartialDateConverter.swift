import Reporting

/// A date as far as it is known.
package struct PartialDateConverter: Converter {
    package static let spec = ConverterSpec(
        name: "partial-date",
        summary: "A date as far as it was written: a year, a month or a day.",
        arguments: [
            "format": "one or more of the forms of the section on dates, separated by `|`; left out, those of FHIR, "
                + "ISO 8601 and HL7",
            "time": "`note` or `drop`: whether leaving out a time of day is worth a warning; left out, `note`",
        ],
        source: "FHIR R4 `date`; HL7 v3 `TS`",
        examples: [
            ConverterExample("1998", gives: "1998"),
            ConverterExample("199803", gives: "1998-03"),
            ConverterExample("1998-03", gives: "1998-03"),
            ConverterExample("19980302", gives: "1998-03-02"),
            ConverterExample("1998-03-02T00:00:00Z", gives: "1998-03-02"),
            ConverterExample("199803021415", gives: "1998-03-02", .noted(.dateTimeDropped)),
            ConverterExample("03/1998", gives: "1998-03", arguments: ["format": "dd/MM/yyyy|MM/yyyy|yyyy"]),
            ConverterExample("Mar 1998", gives: "1998-03", arguments: ["format": "MMM yyyy"]),
            ConverterExample("19980000", outcome: .invalid(.dateImpossible)),
            ConverterExample("98", outcome: .invalid(.dateUnreadable)),
            ConverterExample("spring 1998", outcome: .invalid(.dateUnreadable)),
            ConverterExample(" ", outcome: .blank),
        ])

    private let patterns: [DatePattern]?
    private let notesTime: Bool

    package init(arguments: [String: String]) throws(ArgumentProblem) {
        patterns = try DatePattern.parse(arguments)
        notesTime = try arguments.word("time", of: ["note", "drop"], default: "note") == "note"
    }

    package func convert(_ input: Span<UInt8>, into output: inout ConvertedValue) -> Conversion {
        let range = input.trimmed()
        guard !range.isEmpty else { return .blank }
        switch DateFields.read(input.extracting(range), by: patterns) {
        case .failure(let problem): return .invalid(problem.code)
        case .success(let fields):
            output.write(dateOf: fields)
            output.end()
            return notesTime && !fields.isMidnight ? .noted(.dateTimeDropped) : .converted
        }
    }
}
