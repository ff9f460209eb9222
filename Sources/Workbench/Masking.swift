package import Referrals

/// Which values a report may show. Reports are for screens, logs and mails: values that say something of a person
/// appear only when they were asked for by name.
package struct Masking: Sendable {
    package let isUnmasked: Bool

    package init(isUnmasked: Bool) { self.isUnmasked = isUnmasked }

    package static let masked = Masking(isUnmasked: false)

    /// A value in quotes, or its shape where it is personal.
    package func show(_ text: String, isOpen: Bool) -> String {
        isUnmasked || isOpen ? "\"\(text)\"" : ValueShape.of(text)
    }

    /// The value or its shape, without quotes.
    package func plain(_ text: String, isOpen: Bool) -> String { isUnmasked || isOpen ? text : ValueShape.of(text) }
}

extension Schema {
    /// The field of a path with places in lists, such as `needs[1].code.code`.
    package func field(at path: String) -> Field? { field(FieldPath.withoutPlaces(path)) }

    /// Whether the value at a path with places in lists says nothing of a person. Unknown paths do not.
    package func isOpen(_ path: String) -> Bool { field(at: path)?.row.sensitivity == .open }
}

/// Paths of canonical fields with places in lists.
package enum FieldPath {
    /// `needs[1].code.code` → `needs.code.code`; `needs[].text` too.
    package static func withoutPlaces(_ path: String) -> String {
        var result = ""
        var isInPlace = false
        for character in path {
            if character == "[" { isInPlace = true }
            if !isInPlace { result.append(character) }
            if character == "]" { isInPlace = false }
        }
        return result
    }

    /// Whether a path lies at or below another in which places may be left open.
    static func isAtOrBelow(_ path: String, _ wanted: String) -> Bool {
        let steps = path.split(separator: ".")
        let wantedSteps = wanted.split(separator: ".")
        guard steps.count >= wantedSteps.count else { return false }
        for (step, wantedStep) in zip(steps, wantedSteps) {
            if step == wantedStep { continue }
            let name = step.prefix { $0 != "[" }
            guard name == wantedStep || wantedStep == name + "[]" else { return false }
        }
        return true
    }
}
