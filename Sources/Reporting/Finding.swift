/// One thing worth telling a person about a document, a mapping or the configuration.
///
/// A finding never holds a value from a document: health data must not reach logs. A command that has
/// the document at hand may show the line itself.
///
/// Its optional members are written out as `Optional<…>`, and so begin without a value: to a `…?` Swift first gives `nil`,
/// and then copies the whole finding once for each that is made.
public struct Finding: Sendable, Hashable {
    /// How much it matters, in rising order.
    public enum Severity: Int, Sendable, Hashable, Comparable, CaseIterable {
        /// Worth knowing; changes nothing.
        case note
        /// The referral goes on; somebody should look at it one day.
        case warning
        /// The referral is held for a person.
        case quarantine
        /// The document is refused, or the mapping cannot be used.
        case error

        public var word: String {
            switch self {
            case .note: "note"
            case .warning: "warning"
            case .quarantine: "quarantine"
            case .error: "error"
            }
        }

        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// A place in a file: its name, the bytes meant, and the path in the document's own terms.
    public struct Location: Sendable, Hashable {
        /// The name a person knows the file by; empty when it has none.
        public var document: String
        public var span: Optional<SourceSpan>
        /// Line and column of the start, once known.
        public var position: Optional<SourcePosition>
        public var path: Optional<String>

        public init(
            document: String, span: SourceSpan? = nil, position: SourcePosition? = nil, path: String? = nil
        ) {
            self.document = document
            self.span = span
            self.position = position
            self.path = path
        }
    }

    public var code: FindingCode
    public var severity: Severity
    /// What is wrong: one lower-case sentence without a full stop.
    public var message: String {
        get { ownMessage ?? code.entry.title }
        set { ownMessage = newValue }
    }
    /// `nil` where the catalogue's title says it; that is looked up when somebody asks.
    private var ownMessage: Optional<String>
    /// Where in the document (or, for a finding about a mapping, in the mapping).
    public var location: Optional<Location>
    public var why: Optional<String>
    /// How to put it right.
    public var help: Optional<String>
    /// The canonical field concerned, such as `person.nhsNumber`.
    public var field: Optional<String>
    /// The line of the mapping that was at work.
    public var rule: Optional<Location>

    /// - Parameters:
    ///   - severity: `nil` for that of the catalogue.
    ///   - message: `nil` for the title in the catalogue.
    public init(
        _ code: FindingCode, _ severity: Severity?, _ message: String? = nil, at location: Location? = nil,
        why: String? = nil, help: String? = nil, field: String? = nil, rule: Location? = nil
    ) {
        let known = severity ?? code.entry.severity
        self.code = code
        self.severity = known
        ownMessage = message
        self.location = location
        self.why = why
        self.help = help
        self.field = field
        self.rule = rule
    }

    /// A finding with the severity of the catalogue.
    public init(
        _ code: FindingCode, _ message: String? = nil, at location: Location? = nil, why: String? = nil,
        help: String? = nil, field: String? = nil, rule: Location? = nil
    ) {
        self.init(code, nil, message, at: location, why: why, help: help, field: field, rule: rule)
    }
}

extension [Finding] {
    /// The gravest severity present, or `nil` when there is no finding.
    public var worst: Finding.Severity? { worst(from: 0) }

    /// The gravest severity from a place on, or `nil` when no finding stands there. Copies no finding.
    package func worst(from start: Int) -> Finding.Severity? {
        var worst: Finding.Severity?
        for index in start..<count {
            let severity = self[index].severity
            worst = Swift.max(worst ?? severity, severity)
        }
        return worst
    }

    /// The gravest first, otherwise in the order they were made: what stopped a document stands at the top.
    public var gravestFirst: [Finding] {
        enumerated().sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }.map(\.element)
    }
}
