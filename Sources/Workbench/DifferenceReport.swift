import Mappings
package import Referrals
package import Reporting

/// Differences on a terminal and for programs; values masked unless they were asked for.
package struct DifferenceReport {
    let style: TextStyle
    let masking: Masking
    let schema: Schema

    package init(style: TextStyle, masking: Masking, schema: Schema = .referral) {
        self.style = style
        self.masking = masking
        self.schema = schema
    }

    // MARK: Two documents

    package func text(_ changes: [ReferralDifference.Change]) -> String {
        guard !changes.isEmpty else { return "no difference" }
        var lines: [String] = []
        for kind in ReferralDifference.Change.Kind.allCases {
            for change in changes where change.kind == kind { lines += self.lines(change) }
        }
        let counts = ReferralDifference.Change.Kind.allCases.map { kind in
            "\(changes.count { $0.kind == kind }) \(kind.rawValue)"
        }
        return (lines + ["", counts.joined(separator: ", ")]).joined(separator: "\n")
    }

    private func lines(_ change: ReferralDifference.Change) -> [String] {
        var lines = ["\(word(change.kind))  \(change.path)"]
        if let old = change.old { lines.append(style.red("    - " + show(old, change.path))) }
        if let new = change.new { lines.append(style.green("    + " + show(new, change.path))) }
        return lines
    }

    private func word(_ kind: ReferralDifference.Change.Kind) -> String {
        switch kind {
        case .lost: style.red("LOST   ")
        case .changed: style.yellow("changed")
        case .filled: style.green("filled ")
        }
    }

    private func show(_ value: String, _ path: String) -> String { masking.show(value, isOpen: isOpen(path)) }

    private func isOpen(_ path: String) -> Bool {
        let plain = path.hasPrefix("referral[") ? String(path.drop { $0 != "." }.dropFirst()) : path
        return schema.isOpen(plain)
    }

    package func json(_ changes: [ReferralDifference.Change]) -> JSONValue {
        .members([
            "schema": .string("linkway.diff/1"), "same": .bool(changes.isEmpty), "masked": .bool(!masking.isUnmasked),
            "changes": .array(
                changes.map { change in
                    .members([
                        "kind": .string(change.kind.rawValue), "field": .string(change.path),
                        "old": .text(change.old.map { masking.plain($0, isOpen: isOpen(change.path)) }),
                        "new": .text(change.new.map { masking.plain($0, isOpen: isOpen(change.path)) }),
                    ])
                }),
        ])
    }

    // MARK: Many documents

    package func text(_ difference: CorpusDifference, onlyLost: Bool) -> String {
        let same = difference.documents - difference.differing - difference.unread.count
        var lines = [
            "\(CoverageText.plural(difference.documents, "document")) · \(same) the same · \(difference.differing) differ"
                + (masking.isUnmasked ? "" : " · values masked")
        ]
        let kinds: [ReferralDifference.Change.Kind] = onlyLost ? [.lost] : [.lost, .changed, .filled]
        for kind in kinds {
            let groups = difference.groups(kind)
            if kind == .lost, groups.isEmpty { lines.append("  \(word(.lost))  0") }
            lines += groups.map { line($0) }
        }
        if !onlyLost { lines += outcomes(difference) }
        if !difference.unread.isEmpty {
            lines.append("  unread   \(difference.unread.count) ×  no mapping reads \(names(difference.unread))")
        }
        return lines.joined(separator: "\n")
    }

    private func line(_ group: CorpusDifference.Group) -> String {
        let examples = group.examples.map { example in
            let parts = [example.old, example.new].compactMap { $0 }.map { show($0, group.field) }
            return parts.joined(separator: " → ")
        }
        let what = group.kind == .filled ? "was empty, now " : group.kind == .lost ? "was " : ""
        return
            "  \(word(group.kind))  \(group.count) ×  \(group.field)   \(what)\(examples.joined(separator: " | "))   \(names(group.documents))"
    }

    private func outcomes(_ difference: CorpusDifference) -> [String] {
        difference.outcomes.map { "  outcome  \($0.old.rawValue) → \($0.new.rawValue)   \($0.document)" }
    }

    private func names(_ documents: [String]) -> String {
        let shown = documents.prefix(3).map { $0.split(separator: "/").last.map { String($0) } ?? $0 }.joined(
            separator: " ")
        return documents.count > 3 ? "\(shown) and \(documents.count - 3) more" : shown
    }

    package func json(_ difference: CorpusDifference) -> JSONValue {
        .members([
            "schema": .string("linkway.diff-corpus/1"), "documents": .number(difference.documents),
            "differing": .number(difference.differing), "masked": .bool(!masking.isUnmasked),
            "changes": .array(
                ReferralDifference.Change.Kind.allCases.flatMap { difference.groups($0) }.map { group in
                    .members([
                        "kind": .string(group.kind.rawValue), "field": .string(group.field),
                        "count": .number(group.count),
                        "documents": .array(group.documents.map { .string($0) }),
                        "examples": .array(group.examples.map { example(group.field, $0.old, $0.new) }),
                    ])
                }),
            "outcomes": .array(
                difference.outcomes.map {
                    .members([
                        "document": .string($0.document), "old": .string($0.old.rawValue),
                        "new": .string($0.new.rawValue),
                    ])
                }),
            "unread": .array(difference.unread.map { .string($0) }),
        ])
    }

    private func example(_ field: String, _ old: String?, _ new: String?) -> JSONValue {
        .members([
            "old": .text(old.map { masking.plain($0, isOpen: isOpen(field)) }),
            "new": .text(new.map { masking.plain($0, isOpen: isOpen(field)) }),
        ])
    }
}
