package import Referrals
package import Reporting
package import SourceDocuments

/// Where a value of a referral came from: the bytes of the source, or the mapping itself, and the rule at work.
package struct Origin: Sendable, Hashable {
    package enum Kind: UInt8, Sendable {
        /// Read from the source document.
        case source
        /// Taken by a policy `{ use: … }`.
        case fallback
        /// Written in the mapping as a constant.
        case constant
        /// Made by Linkway: digests and identifiers.
        case made

        /// How it is called in a trace and in reports.
        package var word: String {
            switch self {
            case .source: "source"
            case .fallback: "fallback"
            case .constant: "constant"
            case .made: "made"
            }
        }
    }

    package var kind: Kind
    /// The number of the rule in the compiled mapping.
    package var rule: Int
    /// The node the value was read from; 0 when none.
    package var node: NodeID
    /// The bytes of the value in the source; empty when none.
    package var span: SourceSpan
    /// Which of the rule's paths selected it.
    package var alternative: Int
    /// The row of the rule's code table, or -1.
    package var row: Int
}

/// How much of a source document was accounted for. Counts nodes that carry a value or are empty.
package struct Coverage: Sendable, Hashable {
    package enum State: String, Sendable {
        /// A value of the referral came from it, or it decided one.
        case read
        /// Looked at and passed over: it was not what a condition asked for.
        case compared
        /// Left alone for a stated reason.
        case ignored
        case unread
    }

    /// One node, listed only when a translation was asked for details.
    package struct Item: Sendable, Hashable {
        package var state: State
        package var path: String
        /// The path without places in lists, to group by.
        package var shape: String
        package var position: SourcePosition
        /// Why it is ignored.
        package var because: String?
    }

    package var read = 0
    package var compared = 0
    package var ignored = 0
    package var unread = 0
    package var items: [Item] = []

    package init() {}
    package var total: Int { read + compared + ignored + unread }
    /// All but the unread, of all; 1 for an empty document.
    package var accounted: Double { total == 0 ? 1 : Double(total - unread) / Double(total) }

    /// `168 of 170 source values read, 1 compared, 1 ignored for a reason, 0 unread`.
    package var summary: String {
        "\(read) of \(total) source values read, \(compared == 0 ? "" : "\(compared) compared, ")\(ignored) ignored for a reason, \(unread) unread"
    }
}

/// What became of a document: its referrals as far as they could be filled, and everything there is to say.
package struct Translation: Sendable {
    package enum Outcome: String, Sendable {
        /// Goes on.
        case accepted
        /// Kept for a person, with quarantine findings.
        case held
        /// Cannot be used; the findings say why.
        case refused

        init(worst: Finding.Severity?) {
            switch worst {
            case .error: self = .refused
            case .quarantine: self = .held
            default: self = .accepted
            }
        }
    }

    /// One referral of the document with the origin of each of its values.
    package struct Part: Sendable {
        package var referral: Referral
        package var origins: [Origin]
        /// The gravest that was found wrong with this referral by itself, the document's other parts left aside.
        package var worst: Finding.Severity
        /// The code of the first finding that is as grave; `nil` when nothing is worse than a note.
        package var cause: FindingCode?

        /// What would become of this referral if it stood alone.
        package var outcome: Outcome { Outcome(worst: worst) }
    }

    /// The document's name, as given.
    package var document: String
    package var format: SourceFormat?
    /// Name and version of the mapping that read it.
    package var mapping: String?
    /// The number of that mapping in its set.
    package var mappingIndex: Int?
    package var parts: [Part] = []
    package var findings: [Finding] = []
    /// The gravest that was found wrong with the document itself, whatever is wrong with one of its referrals.
    package var wholeWorst = Finding.Severity.note
    package var coverage = Coverage()

    package init(document: String) { self.document = document }

    /// What becomes of the document where it is taken or left as a whole.
    package var outcome: Outcome { Outcome(worst: findings.worst) }

    /// Whether each referral goes its own way: some are in order, some are not, and the document itself is.
    package var isMixed: Bool {
        parts.count > 1 && wholeWorst < .quarantine && outcome != .accepted
            && parts.contains { $0.outcome == .accepted }
    }
}
