extension FindingCatalogue {
    /// `docs/errors.md`: every code with what it means, what usually causes it and how to put it right.
    public static func markdown() -> String {
        """
        # What Linkway says, and what to do

        Every finding has a code. A code never changes its meaning; `linkway explain CODE` prints the same text offline.
        The severity shown is the usual one: a mapping's policies and a profile may say another. Printed from the catalogue;
        do not edit by hand.

        | severity | means |
        |---|---|
        | error | the document is refused, or the mapping or configuration cannot be used |
        | quarantine | the referral is held for a person |
        | warning | the referral goes on; somebody should look at it one day |
        | note | worth knowing; changes nothing |

        \(chapters.map { chapter($0.title, $0.entries) }.joined(separator: "\n"))
        """
    }

    private static let chapters: [(title: String, entries: [Entry])] = [
        ("Reading a document", reading), ("Values and code tables", converting), ("Mappings", mapping),
        ("Checking a referral", rules), ("What a route carries", projections), ("Running the gateway", gateway),
        ("What receivers answer", answers),
    ]

    private static func chapter(_ title: String, _ entries: [Entry]) -> String {
        let sorted = entries.sorted { $0.code < $1.code }
        return "## \(title)\n\n" + sorted.map { section($0) }.joined(separator: "\n")
    }

    private static func section(_ entry: Entry) -> String {
        """
        ### \(entry.code)

        **\(entry.severity.word)** – \(entry.title)

        - why: \(entry.why)
        - help: \(entry.help)

        """
    }
}
