package import Mappings
package import Reporting

/// Why a field of a referral has its value, or has none. Holds values in clear: whoever prints it masks them.
package struct Explanation: Sendable {
    /// One value and the field it stands in.
    package struct Value: Sendable {
        /// With places in lists: `needs[1].code.code`.
        package var field: String
        package var text: String
        /// Whether it says nothing of a person.
        package var isOpen: Bool
    }

    /// One thing that was done to the text on its way.
    package struct Step: Sendable {
        package var name: String
        package var result: String?
        /// `file:line` of the table row.
        package var place: String?
    }

    /// Values that one rule made of one place in the document.
    package struct Source: Sendable {
        package var kind: Origin.Kind
        package var values: [Value]
        package var location: Finding.Location?
        package var asSent: String?
        /// What the rule says, in short, and where it stands; absent for what Linkway makes itself.
        package var rule: String?
        package var place: Mapping.Place?
        /// Which of the rule's paths it was, when there are several.
        package var alternative: String?
        package var steps: [Step]
    }

    /// One reason for a field to be empty.
    package struct Reason: Sendable, Hashable {
        package var text: String
        package var place: Mapping.Place?
        package var help: String?
    }

    /// The field as asked for.
    package var field: String
    /// What it is for, from the schema.
    package var documentation: String
    package var sources: [Source] = []
    /// Why it is empty; none when it has a value.
    package var reasons: [Reason] = []
    /// What was found at the field or in it.
    package var findings: [Finding] = []

    package var isEmpty: Bool { sources.isEmpty }
}
