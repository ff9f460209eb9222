/// What happens when a rule of a mapping cannot give its field a value. The words are those of the mapping language.
package enum FailurePolicy: Sendable, Hashable {
    /// The document is refused.
    case reject
    /// The referral is held for a person.
    case quarantine
    /// The referral goes on, with a warning.
    case warn
    /// Nothing is set and nothing is said.
    case omit
    /// This value is set, and its origin says that it was not in the document.
    case use(String)
    /// For codes: what was sent is kept as `original`, with a warning.
    case holdCode
    /// For several values: the first is taken and nothing is said.
    case first
    /// For several values of a text: all of them, in the order of the rule's paths, with this between them.
    case join(String)

    /// The policy as a mapping writes it.
    package var word: String {
        switch self {
        case .reject: "reject"
        case .quarantine: "quarantine"
        case .warn: "warn"
        case .omit: "omit"
        case .use(let value): "use: \(value)"
        case .holdCode: "hold-code"
        case .first: "first"
        case .join(let separator): "join: \(separator)"
        }
    }
}

/// What may go wrong for one field. The words are those of the mapping language.
package enum Failure: String, Sendable, Hashable {
    case missing, invalid, unmapped, many
}

/// The policies a row of the schema sets itself, where the general ones do not suit it.
package struct FailurePolicies: Sendable, Hashable {
    package var missing: FailurePolicy?
    package var invalid: FailurePolicy?
    package var unmapped: FailurePolicy?
    package var many: FailurePolicy?
}

extension Field {
    /// What is done when there is no value and the mapping does not say.
    ///
    /// Required all the way from the root: refused. Required inside something that may be absent: warned. Else omitted.
    package var missingDefault: FailurePolicy {
        if let own = row.policies.missing { return own }
        guard isNeeded else { return .omit }
        return isNeededFromRoot ? .reject : .warn
    }

    /// What is done when the value cannot be read and the mapping does not say.
    package var invalidDefault: FailurePolicy {
        row.policies.invalid ?? (isNeeded ? .quarantine : .warn)
    }

    /// What is done when a code is in no table and the mapping does not say.
    package var unmappedDefault: FailurePolicy {
        if let own = row.policies.unmapped { return own }
        if isNeeded, isClosed { return .quarantine }
        return isCoded ? .holdCode : .warn
    }

    /// What is done when there are several different values for one place and the mapping does not say.
    package var manyDefault: FailurePolicy { row.policies.many ?? .warn }

    /// Whether a policy leaves to a mapping what a person must decide.
    ///
    /// A code kept as it was sent is still there to be seen, so `hold-code` will do where a group can hold it.
    package func isTooWeak(_ policy: FailurePolicy, after failure: Failure) -> Bool {
        if case .use(let value) = policy, value == row.neverAssumed { return true }
        guard row.held.contains(failure) else { return false }
        switch policy {
        case .reject, .quarantine: return false
        case .holdCode: return !isCoded
        default: return true
        }
    }
}
