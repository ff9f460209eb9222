package import Mappings
import Referrals
import SourceDocuments

/// What changed between two referrals: changes of fields, each with whether its values may be shown.
package struct DocumentDifference: Sendable {
    /// What differs for reasons of its own: digests, made identifiers, the name of the mapping.
    package static let incidental = ["id", "source.sha256", "source.mapping", "source.format"]

    /// The canonical JSON of a translation, one referral a line where there are several.
    package static func canonical(_ translation: Translation) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in translation.parts {
            CanonicalJSON.write(part.referral, into: &bytes)
            bytes.append(0x0A)
        }
        return bytes
    }

    /// The changes between the referrals of two translations, referral by referral.
    package static func between(_ old: Translation, _ new: Translation) -> [ReferralDifference.Change] {
        var changes: [ReferralDifference.Change] = []
        let count = max(old.parts.count, new.parts.count)
        for index in 0..<count {
            let before = index < old.parts.count ? json(old.parts[index].referral) : Array("{}".utf8)
            let after = index < new.parts.count ? json(new.parts[index].referral) : Array("{}".utf8)
            changes += ReferralDifference.between(before, after, ignoring: incidental).changes.map { change in
                guard count > 1 else { return change }
                var numbered = change
                numbered.path = "referral[\(index)]." + change.path
                return numbered
            }
        }
        return changes
    }

    private static func json(_ referral: Referral) -> [UInt8] {
        var bytes: [UInt8] = []
        CanonicalJSON.write(referral, into: &bytes)
        return bytes
    }
}

/// What a change of mappings does to many documents: lost values first.
package struct CorpusDifference: Sendable {
    /// All changes of one field of one kind.
    package struct Group: Sendable {
        package var kind: ReferralDifference.Change.Kind
        /// List marks left out, `[]` kept.
        package var field: String
        package var count = 0
        package var documents: [String] = []
        /// Old and new value of the changes, each pair once, in clear.
        package var examples: [(old: String?, new: String?)] = []
    }

    package private(set) var documents = 0
    package private(set) var differing = 0
    package private(set) var groups: [Group] = []
    /// Documents whose outcome changed, such as from accepted to refused.
    package private(set) var outcomes: [(document: String, old: Translation.Outcome, new: Translation.Outcome)] = []
    /// Documents that no mapping read, before or after.
    package private(set) var unread: [String] = []

    package init() {}

    package mutating func add(_ document: String, _ old: Translation, _ new: Translation) {
        documents += 1
        if old.mapping == nil, new.mapping == nil { return unread.append(document) }
        let changes = DocumentDifference.between(old, new)
        if old.outcome != new.outcome { outcomes.append((document, old.outcome, new.outcome)) }
        if !changes.isEmpty || old.outcome != new.outcome { differing += 1 }
        for change in changes { add(change, document) }
    }

    private mutating func add(_ change: ReferralDifference.Change, _ document: String) {
        let field = Self.withoutNumbers(change.path)
        let index = groups.firstIndex { $0.kind == change.kind && $0.field == field } ?? groups.count
        if index == groups.count { groups.append(Group(kind: change.kind, field: field)) }
        groups[index].count += 1
        if groups[index].documents.last != document { groups[index].documents.append(document) }
        let isNew = !groups[index].examples.contains { $0.old == change.old && $0.new == change.new }
        if isNew, groups[index].examples.count < 3 { groups[index].examples.append((change.old, change.new)) }
    }

    /// Groups of one kind, the most frequent first.
    package func groups(_ kind: ReferralDifference.Change.Kind) -> [Group] {
        groups.filter { $0.kind == kind }.sorted { ($1.count, $0.field) < ($0.count, $1.field) }
    }

    package var isSame: Bool { differing == 0 }

    /// `needs[1].code.code` → `needs[].code.code`.
    static func withoutNumbers(_ path: String) -> String {
        var result = ""
        var isInPlace = false
        for character in path {
            if character == "]" { isInPlace = false }
            if !isInPlace { result.append(character) }
            if character == "[" { isInPlace = true }
        }
        return result
    }
}
