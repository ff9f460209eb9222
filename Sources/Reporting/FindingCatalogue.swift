/// Every code a finding may have: the error catalogue, `linkway explain CODE` and `docs/errors.md` are prints of it.
///
/// The rows stand in one file for each room that makes them; a code that stands in none is a defect, which a test finds.
public enum FindingCatalogue {
    /// One row: what the code means, what usually causes it, and how to put it right.
    public struct Entry: Sendable, Hashable {
        public let code: String
        /// The severity when neither a policy nor a profile says another.
        public let severity: Finding.Severity
        /// What it says, as one sentence.
        public let title: String
        public let why: String
        public let help: String

        public init(_ code: String, _ severity: Finding.Severity, _ title: String, why: String, help: String) {
            self.code = code
            self.severity = severity
            self.title = title
            self.why = why
            self.help = help
        }
    }

    /// All rows, in the order of the rooms.
    public static let entries: [Entry] =
        reading + converting + mapping + rules + projections + intake + gateway + answers

    static let byCode: [String: Entry] = Dictionary(
        entries.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
}
