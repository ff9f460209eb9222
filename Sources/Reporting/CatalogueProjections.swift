extension FindingCatalogue {
    /// Findings about what a route may carry.
    static let projections: [Entry] = [
        Entry(
            "projection-field-unknown", .error, "there is no such field in the canonical referral",
            why: "a route carries only the fields it names, so a name that is wrong would leave something out unseen",
            help: "docs/canonical-referral.md lists all fields, as in `person.name` or `work.goal`"),
        Entry(
            "projection-field-partial", .error, "this field may not be sent without what stands beside it",
            why: "alone it could be taken for more than was said: a number for a verified one, a yes for a yes to all",
            help: "name the whole group"),
        Entry(
            "projection-field-covered", .warning, "this field is sent already, by another entry of the list",
            why: "an entry names a field with all that is below it, so one further down narrows nothing",
            help: "remove one of the two: the wider one, if less is to be sent"),
    ]
}
