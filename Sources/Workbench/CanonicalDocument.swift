import Referrals
import Reporting
import SourceDocuments

/// Telling canonical referrals from documents that are still to be mapped.
package enum CanonicalDocument {
    /// Whether a document is JSON that says of itself that it is a canonical referral.
    package static func isCanonical(_ bytes: [UInt8]) -> Bool {
        guard DocumentReader.recognise(bytes) == .json else { return false }
        var document = SourceDocument()
        var findings: [Finding] = []
        guard DocumentReader().read(bytes, as: .json, into: &document, reporting: &findings), let root = document.root else { return false }
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
