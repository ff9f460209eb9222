/// A form of dates as a mapping writes it, such as `dd/MM/yyyy HH:mm[:ss]`.
///
/// | letters | mean |
/// |---|---|
/// | `yyyy` | year, four digits |
/// | `MM`, `M`, `MMM`, `MMMM` | month: two digits; one or two; English short name; English full name |
/// | `dd`, `d` | day: two digits; one or two |
/// | `HH`, `H`, `mm`, `ss` | hour of 24, minute, second |
/// | `S` | fraction of a second, one to nine digits |
/// | `XXX` | offset: `Z`, `+hh`, `+hhmm` or `+hh:mm` |
/// | `[…]` | may be missing |
/// | `T` and every other character that is no letter | itself |
///
/// There is no two-digit year: it would have to be guessed.
struct DatePattern: Sendable {
    private enum Element: Sendable, Equatable {
        case number(DateFields.Precision, shortest: Int, longest: Int)
        case monthName(isFull: Bool)
        case fraction
        case offset
        case literal(UInt8)

        var part: DateFields.Precision? {
            switch self {
            case .number(let part, _, _): part
            case .monthName: .month
            default: nil
            }
        }
    }

    private let elements: [Element]
    /// How much of a date the pattern writes.
    let precision: DateFields.Precision

    /// All patterns of an argument: alternatives separated by `|`, optional parts written out. `nil` when not given.
    static func parse(
        _ arguments: [String: String], _ name: String = "format"
    ) throws(ArgumentProblem) -> [DatePattern]? {
        guard let alternatives = try arguments.alternatives(name) else { return nil }
        var patterns: [DatePattern] = []
        for alternative in alternatives {
            for format in try writtenOut(alternative, name) { patterns.append(try DatePattern(format, name)) }
        }
        return patterns
    }

    /// Reads a text by the one pattern that fits it; two that read different dates are ambiguous.
    static func read(_ text: Span<UInt8>, by patterns: [DatePattern]) -> Result<DateFields, DateProblem> {
        var found: DateFields?
        var problem: DateProblem?
        for pattern in patterns {
            guard let fields = pattern.read(text) else { continue }
            if let wrong = fields.problem {
                problem = wrong
            } else if let found, found != fields {
                return .failure(.ambiguous)
            } else {
                found = fields
            }
        }
        if let found { return .success(found) }
        return .failure(problem ?? .unreadable)
    }

    // MARK: Compiling

    /// `a[b[c]]` is `abc`, `ab` and `a`; the longest first.
    private static func writtenOut(_ format: String, _ name: String) throws(ArgumentProblem) -> [String] {
        guard let open = format.firstIndex(of: "[") else {
            guard !format.contains("]") else { throw ArgumentProblem(name, "`]` has no `[` before it") }
            return [format]
        }
        guard format.last == "]" else {
            throw ArgumentProblem(name, "only the end of a format can be optional", help: "write two formats with `|`")
        }
        let before = String(format[..<open])
        let inside = format[format.index(after: open)...].dropLast()
        return try writtenOut(String(inside), name).map { before + $0 } + [before]
    }

    private init(_ format: String, _ name: String) throws(ArgumentProblem) {
        var elements: [Element] = []
        var rest = Array(format.utf8)[...]
        while let first = rest.first {
            let run = rest.prefix { $0 == first }
            if first.isLetter, first != 0x54 {
                let letters = String(decoding: run, as: UTF8.self)
                guard let element = Self.element(letters) else {
                    throw ArgumentProblem(
                        name, "`\(letters)` is no part of a date format",
                        help: "known are yyyy, MM, M, MMM, MMMM, dd, d, HH, H, mm, ss, S and XXX")
                }
                elements.append(element)
                rest = rest.dropFirst(run.count)
            } else {
                elements.append(.literal(first))
                rest = rest.dropFirst()
            }
        }
        self.elements = elements
        precision = try Self.precision(of: elements, name)
    }

    private static func element(_ letters: String) -> Element? {
        switch letters {
        case "yyyy": .number(.year, shortest: 4, longest: 4)
        case "MM": .number(.month, shortest: 2, longest: 2)
        case "M": .number(.month, shortest: 1, longest: 2)
        case "MMM": .monthName(isFull: false)
        case "MMMM": .monthName(isFull: true)
        case "dd": .number(.day, shortest: 2, longest: 2)
        case "d": .number(.day, shortest: 1, longest: 2)
        case "HH": .number(.hour, shortest: 2, longest: 2)
        case "H": .number(.hour, shortest: 1, longest: 2)
        case "mm": .number(.minute, shortest: 2, longest: 2)
        case "ss": .number(.second, shortest: 2, longest: 2)
        case "S": .fraction
        case "XXX": .offset
        default: nil
        }
    }

    /// Each part once, and none without the larger ones: a day without its month says nothing.
    private static func precision(
        of elements: [Element], _ name: String
    ) throws(ArgumentProblem) -> DateFields.Precision {
        let parts = elements.compactMap(\.part)
        let finest = parts.max() ?? .year
        guard Set(parts).count == parts.count else { throw ArgumentProblem(name, "a part of the date is named twice") }
        guard parts.count == finest.rawValue + 1 else {
            throw ArgumentProblem(name, "a part of the date is missing between the year and the finest one named")
        }
        guard finest == .second || !elements.contains(.fraction) else {
            throw ArgumentProblem(name, "`S` needs `ss`")
        }
        return finest
    }

    // MARK: Reading

    /// What the pattern reads, possible or not; `nil` when the text has another form.
    private func read(_ text: Span<UInt8>) -> DateFields? {
        var fields = DateFields()
        fields.precision = precision
        var at = 0
        for element in elements {
            guard Self.read(element, text, &at, &fields) else { return nil }
        }
        return at == text.count ? fields : nil
    }

    private static func read(
        _ element: Element, _ text: Span<UInt8>, _ at: inout Int, _ fields: inout DateFields
    ) -> Bool {
        switch element {
        case .literal(let byte):
            guard at < text.count, text[at] == byte else { return false }
            at += 1
        case .number(let part, let shortest, let longest):
            let digits = min(text.digitCount(at: at), longest)
            guard digits >= shortest, let value = text.number(at: at, digits: digits) else { return false }
            fields.set(part, value)
            at += digits
        case .monthName(let isFull):
            guard let month = month(text, &at, isFull: isFull) else { return false }
            fields.month = month
        case .fraction:
            let digits = text.digitCount(at: at)
            guard (1...9).contains(digits) else { return false }
            fields.fraction = at..<at + digits
            at += digits
        case .offset:
            StandardDates.readOffset(text, &at, &fields)
            return fields.offset != nil
        }
        return true
    }

    private static let names: [StaticString] = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let shortNames: [StaticString] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    private static func month(_ text: Span<UInt8>, _ at: inout Int, isFull: Bool) -> Int? {
        let names = isFull ? names : shortNames
        for (index, name) in names.enumerated() where text.hasPrefix(name, at: at) {
            at += name.utf8CodeUnitCount
            return index + 1
        }
        return nil
    }
}

extension DateFields {
    fileprivate mutating func set(_ part: Precision, _ value: Int) {
        switch part {
        case .year: year = value
        case .month: month = value
        case .day: day = value
        case .hour: hour = value
        case .minute: minute = value
        case .second: second = value
        }
    }
}
