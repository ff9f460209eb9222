extension FindingCatalogue {
    /// Findings about configuration, files and delivery.
    static let gateway: [Entry] = [
        Entry(
            "configuration-invalid", .error, "the configuration is not valid",
            why: "nothing is started on a configuration that could mean two things",
            help: "mend the place named; docs/operating.md shows every key"),
        Entry(
            "file-failed", .error, "a file could not be read, written or moved",
            why: "the disk, a permission or a name stood in the way",
            help: "nothing was lost: the document stays where it is and is tried again"),
        Entry(
            "document-repeated", .note, "the same document was taken before",
            why: "its content, or the sender's number for it, is known already",
            help: "nothing needs to be done: it is delivered once"),
        Entry(
            "process-ended", .error, "the gateway ended twice while it read this document",
            why: "it is set aside unread, so that it harms no other",
            help: "send it to whoever looks after the gateway; nothing of it was passed on"),
        Entry(
            "referral-unknown", .quarantine, "the referral this document updates or cancels is not known here",
            why:
                "applying it to nothing would lose it; and another person's referral of the same number is not the one meant",
            help: "look for the earlier referral; when it has arrived, retry this document"),
        Entry(
            "route-none", .quarantine, "no route is for this referral",
            why: "the conditions (`when`) of all routes leave it out",
            help: "add a route, or widen a condition, and retry the document"),
        Entry(
            "referral-repeated", .note, "the same referral is in the queue already",
            why: "the same facts were read before, from this document or from another",
            help: "nothing needs to be done: it is delivered once"),
        Entry(
            "referral-withheld", .note, "the referral is withheld from a queue",
            why: "that queue gets only what the person agreed to share with it",
            help: "nothing needs to be done, unless the person did agree: then ask the sender to say so in the document"
        ),
        Entry(
            "route-without-consent", .warning, "a queue gets every referral, whatever the person agreed to",
            why: "its route names no `consent`",
            help: "add `consent: SCOPE`, or `consent: none-needed` where that is what you want"),
        Entry(
            "id-reused", .quarantine, "another referral with this id and other content is in the queue",
            why: "the same id with other content is a mistake of the sender or an update that does not say so",
            help: "compare the two; if it is an update, ask the sender to mark it as one"),
    ]
}
