import Projections
import Reporting
import Mappings

/// What a route of outcomes must say.
extension ConfigurationReader {
    /// What came of a referral goes nowhere by default: such a route names the consent it needs, carries whole outcomes
    /// for direct care, and where it goes to one practice says which, so that no practice learns of another's patients.
    mutating func guardOutcomes(_ route: Configuration.Route, _ value: YAMLValue) {
        guard value.entries != nil else { return }
        if case .scope = route.consent {
        } else {
            complain(
                "a route of outcomes names the consent it needs", value["consent"]?.position ?? value.position,
                "write `consent: share-back-to-gp`, or another scope")
        }
        if let fields = value["fields"] {
            complain("a route of outcomes carries them whole", fields.position, "leave `fields` out")
        } else if route.purpose != .directCare {
            complain(
                "a route of outcomes is for direct care", value["purpose"]?.position ?? value.position,
                "leave `purpose` out")
        }
        if route.form == Form.itk3Document.name, route.receiver?.odsCode == nil {
            complain(
                "a document for a practice needs to know which one", value["receiver"]?.position ?? value.position,
                "write `receiver: { endpoint: MAILBOX, ods-code: A81001 }`")
        }
    }
}
