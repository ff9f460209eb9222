import Reporting

/// How many findings one document may have: enough to see what is wrong, so that a document with a hundred thousand bad
/// values costs no more than one with a few hundred. What is not listed is counted, and its severity is kept.
struct FindingBudget {
    /// Of one code at one field.
    static let mostOfAKind = 25
    static let most = 250

    private struct Kind: Hashable {
        var code: FindingCode
        var field: UInt32
    }

    private var counts: [Kind: Int] = [:]
    private var total = 0
    private var left = 0
    private var worstLeft = Finding.Severity.note

    /// Asks before a finding is made. `field` is any number that tells kinds apart.
    mutating func admits(_ code: FindingCode, _ severity: Finding.Severity, field: UInt32) -> Bool {
        let count = Self.next(&counts[Kind(code: code, field: field), default: 0])
        if count < Self.mostOfAKind, total < Self.most {
            total += 1
            return true
        }
        left += 1
        worstLeft = max(worstLeft, severity)
        return false
    }

    /// The number before it is raised.
    private static func next(_ number: inout Int) -> Int {
        number += 1
        return number - 1
    }

    mutating func clear() {
        if counts.isEmpty { return }
        counts.removeAll(keepingCapacity: true)
        (total, left, worstLeft) = (0, 0, .note)
    }

    /// What is to be said of those that were left out, if any.
    func remainder(in document: String) -> Finding? {
        guard left > 0 else { return nil }
        return Finding(
            "findings-many", worstLeft, "\(left) more findings of the same kinds are not listed",
            at: .init(document: document))
    }
}
