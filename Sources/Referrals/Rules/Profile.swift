package import Reporting

/// How gravely each code is taken. A route may start from one and set single codes.
package struct Profile: Sendable {
    package let name: String
    private var severities: [FindingCode: RuleSeverity]

    private init(_ name: String, _ severity: (RuleCode) -> RuleSeverity) {
        self.name = name
        let codes = AllRules.all.flatMap { $0.codes }
        severities = Dictionary(codes.map { ($0.code, severity($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// What no referral should go without, and nothing more: for formats that carry little.
    package static let minimum = Profile("minimum", \.minimum)
    /// The mandatory items of the PRSB Social Prescribing Information Standard v1.1.
    package static let prsbSP11 = Profile("prsb-sp-1.1", \.prsb)

    package static let all = [minimum, prsbSP11]

    /// Off for a code that no rule has.
    package func severity(of code: FindingCode) -> RuleSeverity { severities[code] ?? .off }

    /// The same profile with one code taken otherwise.
    /// - Returns: `nil` when no rule has that code.
    package func setting(_ code: FindingCode, to severity: RuleSeverity) -> Profile? {
        guard severities[code] != nil else { return nil }
        var profile = self
        profile.severities[code] = severity
        return profile
    }

    /// All codes with how they are taken, by name.
    package var rows: [(code: FindingCode, severity: RuleSeverity)] {
        severities.map { ($0.key, $0.value) }.sorted { $0.code.rawValue < $1.code.rawValue }
    }
}
