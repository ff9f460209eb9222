package import Referrals
package import Reporting
import SourceDocuments

/// Telling canonical referrals from documents that are still to be mapped.
package enum CanonicalDocument {
    /// Whether a document is JSON that says of itself that it is a canonical referral.
    package static func isCanonical(_ bytes: [UInt8]) -> Bool {
        guard DocumentReader.recognise(bytes) == .json else { return false }
        var document = SourceDocument()
        var findings: [Finding] = []
        guard DocumentReader().read(bytes, as: .json, into: &document, reporting: &findings), let root = document.root
        else { return false }
        var node = root + 1
        while node < document.nodes[Int(root)].next {
            let item = document.nodes[Int(node)]
            if document.symbols.name(item.name) == "schema", let range = document.ownValue(node) {
                return document.text(range).hasPrefix("referral/")
            }
            node = item.next
        }
        return false
    }
}

/// Checking canonical referrals that come as JSON.
package enum CanonicalCheck {
    /// Reads a canonical referral strictly and runs the rules over it.
    /// - Returns: Everything found; an error among it when it cannot be read.
    package static func check(_ bytes: [UInt8], named name: String, profile: Profile, today: CalendarDay) -> [Finding] {
        let (referral, findings) = CanonicalJSON.read(bytes, named: name)
        guard let referral else { return findings }
        let violations = RuleChecker(referral.schema).check(referral, profile: profile, today: today)
        return findings
            + violations.map { violation in
                let path = path(of: violation, in: referral)
                return Finding(violation.code, violation.severity, at: .init(document: name), field: path)
            }
    }

    private static func path(of violation: Violation, in referral: Referral) -> String {
        let above = referral.path(of: violation.node)
        if referral.nodes[Int(violation.node)].field == violation.field { return above }
        let base = referral.schema[referral.nodes[Int(violation.node)].field].path
        let wanted = referral.schema[violation.field].path
        guard !base.isEmpty, wanted.hasPrefix(base + ".") else { return wanted }
        return above + wanted.dropFirst(base.count)
    }
}
