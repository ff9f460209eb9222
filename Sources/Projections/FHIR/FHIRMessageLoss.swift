package import Referrals

/// What does not come back when a `fhir-message` is read by the mapping `fhir-bars`, and why. A test compares it with what
/// really happens, field by field; docs/fhir-message.md is a print of it.
package enum FHIRMessageLoss {
    package struct Row: Sendable {
        /// A field, with all that is below it.
        package let path: String
        package let reason: String

        init(_ path: String, _ reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    /// Fields that do not come back.
    package static let lost: [Row] =
        [
            Row("source", "says what a referral was made from: for the reader that is this message"),
            Row("urgency.display", "read only in the words of our own table, which it then gets"),
            Row("person.name.use", "one name is read, whatever it is for"),
            Row("person.contacts.name.use", "one name is read for each contact"),
            Row(
                "person.ethnicity",
                "a national code comes back; another is kept as the code sent, since the mapping checks it by its table"
            ),
            Row("work.employmentStatus.display", "the code says it"),
            Row("work.barriers.code.display", "the words are those of our own table"),
            Row("work.barriers.code.original", "the mapping keeps as the original what the message itself says"),
        ]
        + Schema.referral.fields
        .filter { $0.name == "system" && Schema.referral[$0.parent].isClosed }
        .map { Row($0.path, "the code is of our own list, which has no system in the referral") }

    /// Fields the mapping fills in where the message does not say them.
    package static let filledIn: [Row] =
        [
            Row("referredAt", "when the message was sent"),
            Row("person.nhsNumber.status", "unknown"),
            Row("referrer.odsCode", "that of the sender of the message"),
            Row("referrer.organisation", "that of the sender of the message"),
            Row("referredTo.endpoint", "where the message was sent"),
            Row("reason.text", "the words of the first code"),
            Row("needs.statedBy", "unknown"),
            Row("goals.statedBy", "unknown"),
            Row("work.asked", "unknown"),
            Row("work.goal", "the code of a goal of the domain `work`"),
            Row("work.goalImportance", "that of a goal of the domain `work`"),
            Row("work.confidence", "that of a goal of the domain `work`"),
            Row("work.barriers.code.display", "the words of our own table"),
            Row("safeguarding.concern", "yes"),
            Row("consent.decision", "not asked"),
            Row("assessments.answers.linkId", "the number of the question"),
            Row("assessments.answers.answer", "the words of the code"),
        ]
        + [
            "needs", "goals", "planSuggested", "risks", "safeguarding", "accessibility.reasonableAdjustments",
            "clinicalContext.diagnoses",
            "clinicalContext.medications", "clinicalContext.allergies",
        ].map { Row($0 + ".text", "the words of the code") }

    /// Fields that may come back changed: where the referral says two things at once, or what the mapping may not take.
    package static let changed: [Row] =
        [
            Row("kind", "a status that withdraws (`revoked`, `error`) makes it a cancellation"),
            Row("status", "a cancellation has the status `revoked`, or `error` where it had that"),
            Row(
                "consent.decision",
                "a yes that `neverTo`, `sharedWith` or a government purpose takes back is `not-asked`: no reader may take it for a yes"
            ),
        ]
        + Schema.referral.fields.filter { $0.name == "postcode" }.map {
            Row($0.path, "one that is no postcode of the United Kingdom is left out, with a warning")
        }

    /// Why a field does not come back; `nil` when it does.
    package static func reason(_ field: Field) -> String? { lost.first { $0.covers(field.path) }?.reason }
}

extension FHIRMessageLoss.Row {
    /// Whether it is about a field.
    package func covers(_ field: String) -> Bool { field == path || field.hasPrefix(path + ".") }
}
