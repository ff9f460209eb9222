package import Projections
package import Referrals
import Reporting
import SourceDocuments

/// A route made ready: its condition, projection and form.
package struct CompiledRoute: Sendable {
    package let route: Configuration.Route
    let projection: FieldProjection?
    let form: Form
    let condition: ReferralCondition?

    package var name: String { route.name }

    static func compile(
        _ route: Configuration.Route, file: String, reporting findings: inout [Finding]
    ) -> CompiledRoute? {
        let before = findings.count
        let projection = route.fields.flatMap { FieldProjection.parse($0, file: file, reporting: &findings) }
        let condition = route.when.flatMap {
            ReferralCondition.compile(
                $0.text, of: route.subject == .outcomes ? .outcome : .referral, at: $0.position, in: file,
                reporting: &findings)
        }
        let form = Form.named(route.form, of: route.subject == .outcomes ? .outcomes : .referrals)
        if form == nil {
            findings.append(
                Finding(
                    "configuration-invalid", .error, "there is no form `\(route.form)`",
                    at: .init(document: file, position: route.position),
                    help: "known for \(route.subject.rawValue): \(Self.forms(of: route))"))
        }
        guard let form, !findings[before...].contains(where: { $0.severity == .error }) else { return nil }
        return CompiledRoute(route: route, projection: projection, form: form, condition: condition)
    }

    private static func forms(of route: Configuration.Route) -> String {
        Form.all.filter { $0.carries(route.subject == .outcomes ? .outcomes : .referrals) }.map(\.name)
            .joined(separator: ", ")
    }

    /// Whether a referral may go this way, and if not, why: `consent-absent`, `consent-no` and the like.
    package func withholding(_ referral: Referral, on today: CalendarDay) -> String? {
        guard case .scope(let scope) = route.consent else { return nil }
        let decision = ConsentDecision.decide(scope: scope, referral, on: today)
        return decision == .yes ? nil : "consent-" + decision.word
    }

    /// What the route may carry, in its form.
    package func render(_ referral: Referral, context: RenderContext) -> [UInt8] {
        form.render(projection?.apply(referral) ?? referral, context: context)
    }

    package var contentType: String { form.contentType }
}
