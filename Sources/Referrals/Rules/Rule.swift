package import Reporting

/// What becomes of a referral in which a rule finds something.
package enum RuleSeverity: String, Sendable, Hashable, CaseIterable {
    case reject
    case quarantine
    case warn
    case off

    /// As the severity of a finding; `nil` for ``off``.
    package var finding: Finding.Severity? {
        switch self {
        case .reject: .error
        case .quarantine: .quarantine
        case .warn: .warning
        case .off: nil
        }
    }
}

/// What a rule finds, and how the profiles that come with Linkway take it.
package struct RuleCode: Sendable, Hashable {
    package var code: FindingCode
    package var minimum: RuleSeverity
    package var prsb: RuleSeverity

    package init(_ code: FindingCode, minimum: RuleSeverity, prsb: RuleSeverity) {
        self.code = code
        self.minimum = minimum
        self.prsb = prsb
    }
}

/// One check on a canonical referral. Pure, and cheap where nothing is wrong.
///
/// Adding one is one new file, one row in ``AllRules`` and a row for each code in the catalogue.
package protocol Rule: Sendable {
    /// The number in the list of validation rules, such as `V05`.
    static var number: String { get }
    /// One sentence for the documentation.
    static var summary: String { get }
    static var codes: [RuleCode] { get }

    static func check(_ context: inout RuleContext)
}

/// Something a rule found: what, and at which field and node, so that the translator can say at which line.
package struct Violation: Sendable, Hashable {
    package var code: FindingCode
    package var severity: Finding.Severity
    /// The field meant, which may have no node: it is what is missing.
    package var field: FieldID
    /// The node itself, or where it is missing the nearest group that is there; 0 is the whole referral.
    package var node: UInt32
}

/// A referral with its nodes sorted by field, as rules look at it.
package struct RuleContext {
    package let referral: Referral
    package let fields: ReferralFields
    package let today: CalendarDay
    /// What the route needs consent for; empty where nothing is to be sent yet.
    package let scopes: [ConsentScope]
    package private(set) var violations: [Violation] = []
    private let profile: Profile
    private let index: FieldIndex

    init(_ referral: Referral, _ index: FieldIndex, profile: Profile, today: CalendarDay, scopes: [ConsentScope]) {
        self.referral = referral
        self.index = index
        self.profile = profile
        self.today = today
        self.scopes = scopes
        fields = .referral
    }

    /// Notes a violation, unless the profile has the code off.
    package mutating func report(_ code: FindingCode, _ field: FieldID, at node: UInt32 = 0) {
        guard let severity = profile.severity(of: code).finding else { return }
        violations.append(Violation(code: code, severity: severity, field: field, node: node))
    }

    /// The first node at a field, in document order.
    package func first(_ field: FieldID) -> UInt32? { index.first(field) }

    /// The first node at a field below a group.
    package func first(_ field: FieldID, in group: UInt32) -> UInt32? {
        let end = referral.nodes[Int(group)].next
        for node in all(field) where node > group { return node < end ? node : nil }
        return nil
    }

    /// All nodes at a field, in document order.
    package func all(_ field: FieldID) -> FieldIndex.Nodes { index.all(field) }

    /// Reads the bytes of a value without copying them.
    package func read<Result>(_ node: UInt32, _ body: (Span<UInt8>) -> Result) -> Result {
        referral.read(node, body)
    }

    /// Whether a value is exactly this word.
    package func reads(_ node: UInt32?, _ word: String) -> Bool {
        guard let node else { return false }
        return referral.reads(node, word)
    }
}
