/// A closed list of codes of our own, such as the urgencies.
public struct CodeList: Sendable, Hashable {
    public let name: String
    /// Code and what it means, in the order they are documented.
    public let codes: [Code]

    public struct Code: Sendable, Hashable {
        public let code: String
        public let meaning: String
    }

    public init(_ name: String, _ codes: KeyValuePairs<String, String>) {
        self.name = name
        self.codes = codes.map { Code(code: $0.key, meaning: $0.value) }
    }

    public func contains(_ code: String) -> Bool { codes.contains { $0.code == code } }
}

/// What a field of the canonical referral may hold.
public enum FieldType: Sendable {
    /// Free text, kept as sent.
    case text
    /// An identifier or code: no white space at its ends, never empty.
    case token
    /// A UUID in lower case.
    case uuid
    /// `yyyy-MM-dd`.
    case date
    /// `yyyy`, `yyyy-MM` or `yyyy-MM-dd`.
    case partialDate
    /// RFC 3339 date and time with its offset.
    case instant
    case integer(ClosedRange<Int>)
    case boolean
    /// One of a closed list, as a plain string.
    case choice(CodeList)
    /// An object of its own type.
    case group(RecordType)
}

/// One type of the canonical referral: its rows, in the order they are written.
public struct RecordType: Sendable {
    public let name: String
    public let documentation: String
    public let rows: [Row]

    public init(_ name: String, _ documentation: String, _ rows: [Row]) {
        self.name = name
        self.documentation = documentation
        self.rows = rows
    }
}

/// One row of a schema table: a field of a type. The only place that lists it.
public struct Row: Sendable {
    public enum Requirement: String, Sendable {
        /// Without it the referral is refused.
        case required
        /// Expected; its absence is counted, not punished.
        case recommended
        case optional
    }

    /// How a value may be shown.
    public enum Sensitivity: String, Sendable {
        /// Says nothing about a person.
        case open
        /// Identifies or describes a person: masked.
        case personal
        /// Must not be seen even by most people who may see the rest: safeguarding, risks, health.
        case sensitive
    }

    public let name: String
    public let type: FieldType
    public let isList: Bool
    public let requirement: Requirement
    public let sensitivity: Sensitivity
    public let documentation: String
    /// Whether the translator sets it without being asked, so that no mapping need have a rule for it.
    package private(set) var isAlwaysFilled = false
    package private(set) var policies = FailurePolicies()
    /// The failures after which a person must look at the referral, whatever a mapping would rather do.
    package private(set) var held: Set<Failure> = []
    /// The value that no mapping may assume where the document does not give it.
    package private(set) var neverAssumed: String?

    public init(
        _ name: String, _ type: FieldType, list isList: Bool = false, _ requirement: Requirement,
        _ sensitivity: Sensitivity, _ documentation: String
    ) {
        self.name = name
        self.type = type
        self.isList = isList
        self.requirement = requirement
        self.sensitivity = sensitivity
        self.documentation = documentation
    }

    /// An optional field.
    public init(
        _ name: String, _ type: FieldType, list isList: Bool = false, _ sensitivity: Sensitivity,
        _ documentation: String
    ) {
        self.init(name, type, list: isList, .optional, sensitivity, documentation)
    }

    /// The same row, which the translator fills by itself.
    package func alwaysFilled() -> Row {
        var row = self
        row.isAlwaysFilled = true
        return row
    }

    /// The same row, with these failures held for a person: by default, and a mapping may say nothing weaker.
    package func holding(_ failures: Failure..., neverAssuming value: String? = nil) -> Row {
        var row = self
        row.held = Set(failures)
        row.neverAssumed = value
        if row.held.contains(.invalid) { row.policies.invalid = row.policies.invalid ?? .quarantine }
        if row.held.contains(.unmapped) { row.policies.unmapped = row.policies.unmapped ?? .quarantine }
        if row.held.contains(.many) { row.policies.many = row.policies.many ?? .quarantine }
        return row
    }

    /// The same row with policies of its own.
    package func onFailure(
        missing: FailurePolicy? = nil, invalid: FailurePolicy? = nil, unmapped: FailurePolicy? = nil,
        many: FailurePolicy? = nil
    ) -> Row {
        var row = self
        row.policies = FailurePolicies(missing: missing, invalid: invalid, unmapped: unmapped, many: many)
        return row
    }
}
