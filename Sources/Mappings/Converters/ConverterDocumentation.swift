import Reporting

/// `docs/converters.md`: a print of what the converters say of themselves.
package enum ConverterDocumentation {
    /// The whole page.
    package static func markdown() -> String {
        ([introduction, dates] + AllConverters.all.map { section($0.spec) }).joined(separator: "\n")
    }

    private static let introduction = """
        # Converters

        A converter makes one canonical value out of one source text. A rule names it after `as:`; its arguments stand
        beside it. None repairs and none guesses without saying so: a text is read, refused with a code (the policy
        `invalid` decides what follows), or read with a warning. A text of nothing but white space is missing. White
        space at the ends of a text is never part of a value.

        Some converters fill several fields below the one their rule stands at; a rule that stands at one of these fields
        itself takes that part alone, as in `size: { from: "@.data", as: base64 }`.

        This page is made from the converters themselves, and every example on it runs as a test.

        | converter | makes |
        |---|---|
        \(AllConverters.all.map { "| [`\($0.spec.name)`](#\($0.spec.name)) | \(oneLine($0.spec.summary)) |" }.joined(separator: "\n"))

        """

    private static let dates = """
        ## Forms of dates

        Without `format` only forms that mean the same to everyone are read: those of FHIR, ISO 8601, XML Schema and HL7.
        `02/03/2026` is not one of them. A `format` is made of these parts; alternatives are separated by `|`, and a text
        that means different days by two of them is refused.

        | written | means |
        |---|---|
        | `yyyy` | year, four digits, 1800 to 2200; there is no two-digit year, it would have to be guessed |
        | `MM`, `M`, `MMM`, `MMMM` | month: two digits, one or two, English short name, English full name |
        | `dd`, `d` | day: two digits, one or two |
        | `HH`, `H`, `mm`, `ss`, `S` | hour of 24, minute, second, fraction of a second |
        | `XXX` | offset: `Z`, `+hh`, `+hhmm` or `+hh:mm` |
        | `[…]` | the end of a format that may be missing, such as `HH:mm[:ss]` |
        | `T` and every sign that is no letter | itself |

        A time without an offset is the legal time of the United Kingdom: since 1996 an hour ahead of UTC from 01:00 UTC on
        the last Sunday of March to 01:00 UTC on the last Sunday of October; from 1972 by the days of those years; before
        1972 nothing is assumed. In October one hour comes twice: the first is taken, with its own warning. In March
        one hour never was: such a time is refused. So is 24:00, and second 60 anywhere but at a possible leap second.

        """

    private static func section(_ spec: ConverterSpec) -> String {
        var lines = ["## \(spec.name)", "", spec.summary, "", "Source: \(spec.source).", ""]
        if !spec.parts.isEmpty {
            lines += ["Fills: \(spec.parts.map { "`\($0)`" }.joined(separator: ", ")).", ""]
        }
        if spec.takesMarkup { lines += ["It is given the markup as it stands in the document.", ""] }
        if !spec.arguments.isEmpty {
            lines += ["| argument | means |", "|---|---|"]
            lines += spec.arguments.sorted { $0.key < $1.key }.map { "| `\($0.key)` | \(oneLine($0.value)) |" }
            lines.append("")
        }
        lines += ["| text | gives |", "|---|---|"]
        lines += spec.examples.map { "| \(input($0)) | \(result($0, spec)) |" }
        return (lines + [""]).joined(separator: "\n")
    }

    private static func input(_ example: ConverterExample) -> String {
        let arguments = example.arguments.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        let text = code(example.input)
        return arguments.isEmpty ? text : "\(text) with \(code(arguments.joined(separator: ", ")))"
    }

    private static func result(_ example: ConverterExample, _ spec: ConverterSpec) -> String {
        switch example.outcome {
        case .blank: "missing"
        case .invalid(let finding): "refused: `\(finding)`"
        case .converted: output(example, spec)
        case .noted(let finding): "\(output(example, spec)), warning `\(finding)`"
        }
    }

    private static func output(_ example: ConverterExample, _ spec: ConverterSpec) -> String {
        guard !spec.parts.isEmpty else { return code(example.output[""] ?? "") }
        return spec.parts.compactMap { part in example.output[part].map { "\(part) \(code($0))" } }.joined(
            separator: ", ")
    }

    /// A text as it can stand in a cell of a table, its white space made visible.
    private static func code(_ text: String) -> String {
        if text.isEmpty { return "(empty)" }
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": shown += "⏎"
            case "\t": shown += "⇥"
            case "\u{A0}": shown += "⍽"
            case "|": shown += "\\|"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        if text.allSatisfy(\.isWhitespace) { shown = shown.map { $0 == " " ? "␣" : String($0) }.joined() }
        return "`\(shown)`"
    }

    private static func oneLine(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
