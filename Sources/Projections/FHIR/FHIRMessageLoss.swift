package import Referrals

/// What does not come back when a `fhir-message` is read by the mapping `fhir-bars`, and why. A test compares it with what
/// really happens, field by field; docs/fhir-message.md is a print of it.
package enum FHIRMessageLoss {
    package struct Row: Sendable {
        /// A field, with all that is below it.
        package let path: String
        package let reason: String
    }

    /// Fields that are lost or come back changed.
    package static let rows: [Row] = [
        Row(path: "source", reason: "says what a referral was made from: for the reader that is this message"),
    ]

    /// Fields the mapping fills in where the message does not say them.
    package static let filledIn: [Row] = []

    /// Why a field does not come back; `nil` when it does.
    package static func reason(_ field: Field) -> String? {
        rows.first { field.path == $0.path || field.path.hasPrefix($0.path + ".") }?.reason
    }
}
