import Reporting

/// How many findings one document may have: enough to see what is wrong, so that a document with a hundred thousand bad
/// values costs no more than one with a few hundred. What is not listed is counted, and its severity is kept.
struct FindingBudget {
    /// Of one code at one field.
    static let mostOfAKind = 25
    static let most = 250

    private struct Kind {
        var code: FindingCode
        var field: UInt32
        var count = 0
    }

    /// No more than findings are admitted, and most often two or three: looked through faster than hashed.
    private var kinds: [Kind] = []
    private var total = 0
    private var left = 0
    private var worstLeft = Finding.Severity.note

    /// Asks before a finding is made. `field` is any number that tells kinds apart.
    mutating func admits(_ code: FindingCode, _ severity: Finding.Severity, field: UInt32) -> Bool {
        if total < Self.most, count(code, field) <= Self.mostOfAKind {
            total += 1
            return true
        }
        left += 1
        worstLeft = max(worstLeft, severity)
        return false
    }

    /// How many of a kind there are with this one.
    private mutating func count(_ code: FindingCode, _ field: UInt32) -> Int {
        for index in kinds.indices where kinds[index].field == field && kinds[index].code == code {
            kinds[index].count += 1
            return kinds[index].count
        }
        kinds.append(Kind(code: code, field: field, count: 1))
        return 1
    }

    mutating func clear() {
        if total == 0, left == 0 { return }
        kinds.removeAll(keepingCapacity: true)
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
