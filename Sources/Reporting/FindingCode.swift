/// A stable name for a kind of finding, such as `consent-missing`: kebab-case, and it never changes its meaning.
public struct FindingCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }

    /// What the catalogue says of this code. Codes missing there count as errors and explain nothing.
    public var entry: FindingCatalogue.Entry {
        FindingCatalogue.byCode[rawValue] ?? FindingCatalogue.Entry(rawValue, .error, "", why: "", help: "")
    }
}

extension FindingCode: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(rawValue: value) }
}

extension FindingCatalogue {
    /// What a code means in a few words; `nil` when it is none of the catalogue.
    package static func title(of code: String) -> String? {
        // Answers have more codes than there are things to say about them.
        (byCode[code] ?? (code.hasPrefix("ack-") ? byCode["ack-refused"] : nil))?.title
    }
}

extension FindingCatalogue {
    /// What a code means and what to do, in two or three lines; `nil` when it is none of the catalogue.
    package static func about(_ code: String) -> String? {
        byCode[code].map { "\($0.title)\nwhy: \($0.why)\nhelp: \($0.help)" }
    }
}
