import Custody
import Intake
import Reporting

/// What is told of a document to whoever stands beside the folder: in plain words, without personal data.
enum DocumentNote {
    static func disposition(_ receipt: Receipt, _ decided: Decider.Decided, named name: String) -> Disposition {
        let findings = decided.findings + extra(receipt)
        return Disposition(receipt: receipt, findings: findings, note: note(receipt, findings, named: name))
    }

    /// What only the store could know.
    private static func extra(_ receipt: Receipt) -> [Finding] {
        switch receipt.kind {
        case .new, .retried: []
        case .repeated, .duplicate: [Finding("document-repeated")]
        case .conflict: [Finding("id-reused")]
        case .unknownReferral: [Finding("referral-unknown")]
        }
    }

    private static func note(_ receipt: Receipt, _ findings: [Finding], named name: String) -> String? {
        let named = findings.map { finding in
            var finding = finding
            finding.location?.document = name
            return finding
        }
        let text = FindingPrinter().text(named.gravestFirst)
        switch receipt.state {
        case .held where receipt.heldReferrals > 0:
            return """
                \(receipt.heldReferrals) of the \(receipt.referrals) referrals of this document wait for a person; the others have gone on.
                Its number here is \(receipt.reference). What is said here names the place of each. Put those right and put
                the file back into the inbox: what has gone on is not sent again.

                \(text)
                """
        case .held:
            return """
                This document is held for a person. It was read, and something in it must be looked at first.
                Its number here is \(receipt.reference). Put it right and put the file back into the inbox, or ask the
                sender to send it again.

                \(text)
                """
        case .refused:
            return """
                This document was refused. Nothing of it was passed on.
                Its number here is \(receipt.reference). Put it right and put the file back into the inbox, or ask the
                sender to send it again.

                \(text)
                """
        case .waiting, .delivered, .withheld, .noted, .dead, .dropped:
            guard named.contains(where: { $0.severity >= .warning }) || receipt.state == .withheld else { return nil }
            return """
                This document was taken. What is said here did not stop it, and somebody should look at it one day.
                Its number here is \(receipt.reference).

                \(text)
                """
        }
    }
}
