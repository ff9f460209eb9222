extension FindingCatalogue {
    /// Causes of dead letters that answers of receivers and reports of MESH make, and findings about outcomes.
    static let answers: [Entry] =
        [
            Entry(
                "mesh-failed", .error, "MESH could not hand a message over",
                why: "MESH reports an error of the message",
                help: "look at the report in the inbox's `done/`; mend the route, then `linkway dead retry`"),
            Entry(
                "mesh-06", .error, "MESH could not read the control file of a message",
                why: "a mailbox or workflow of the route is not written as MESH wants it",
                help: "mend `from`, `to` and `workflow` of the route, then `linkway dead retry`"),
            Entry(
                "mesh-12", .error, "the mailbox a message was sent to is not registered for it",
                why: "`to` or `workflow` of the route is wrong, or the receiver has not been set up",
                help: "ask the receiver for mailbox and workflow; mend the route, then `linkway dead retry`"),
            Entry(
                "mesh-14", .error, "a message was not collected from its mailbox in time",
                why: "the receiver has not looked into its mailbox for five days",
                help: "telephone the receiver, then `linkway dead retry`"),
        ]
        + epl.map { code, title in
            Entry(
                code, .error, title, why: "MESH looks the person up to find their practice, and could not",
                help: "check the person's NHS number, date of birth and name with the sender; send it in another way")
        } + acknowledged + outcomes

    private static let epl: KeyValuePairs<String, String> = [
        "mesh-epl-150": "MESH found no practice for the person of a message",
        "mesh-epl-151": "MESH found more than one person for a message",
        "mesh-epl-152": "MESH says that the NHS number of a message is not valid",
        "mesh-epl-153": "MESH says that the NHS number of a message is not in use",
        "mesh-epl-154": "MESH says that the person's details do not agree with the NHS number",
    ]

    private static let acknowledged: [Entry] =
        [
            Entry(
                "ack-refused", .error, "the receiver refused a message it was sent",
                why: "its answer says that something is wrong with the message",
                help: "`linkway messages trace` shows the code; mend what it is about, then `linkway dead retry`"),
            Entry(
                "ack-wrong-target", .error, "the receiver says that a message is not for it",
                why: "the person, the place or the state of things is not what the message takes it to be",
                help: "ask the receiver; send the message where it belongs"),
            Entry(
                "ack-try-later", .error, "the receiver could not work on a message it was sent",
                why: "something of theirs failed for a time, and nobody tries again by themselves",
                help: "`linkway dead retry` when the receiver is well again"),
        ]
        + ["ae", "ar", "ce", "cr"].map { code in
            Entry(
                "ack-" + code, .error,
                code.hasSuffix("e")
                    ? "the receiver found an error in a message it was sent (HL7 \(code.uppercased()))"
                    : "the receiver rejected a message it was sent (HL7 \(code.uppercased()))",
                why: "its acknowledgement says so", help: "ask the receiver what it found, then `linkway dead retry`")
        }
        + (30001...30003).map { code in
            Entry(
                "ack-\(code)", .error, "the receiver did not accept a message it was sent (ITK3 \(code))",
                why: "its business acknowledgement says so; most often the person is not known or not registered there",
                help: "check with the receiver who the person's practice is; send the message where it belongs")
        }

    private static let outcomes: [Entry] = [
        Entry(
            "outcome-field-missing", .error, "an outcome lacks a field that every outcome must have",
            why: "without it nobody can tell what the outcome says, or of what",
            help: "docs/outcome.md lists the fields"),
        Entry(
            "outcome-reason-missing", .error, "an outcome rejects a referral and gives no reason",
            why: "the practice must know why, to do something else for the person",
            help: "add `reasonCode`, and `reasonText` in words"),
        Entry(
            "outcome-corrects-missing", .error, "a correction does not say which outcome it corrects",
            why: "both are kept, and nobody could tell which holds",
            help: "add `corrects` with the other outcome's `id`"),
        Entry(
            "outcome-summary-missing", .error, "support has ended, and the outcome does not say what came of it",
            why: "PRSB wants a summary in the message back", help: "add `clinicalSummary`"),
        Entry(
            "outcome-risks-missing", .error, "support was reviewed or has ended, and the outcome says nothing of risks",
            why: "silence would be taken for none", help: "add `risks`; where none is known, `[ { \"none\": true } ]`"),
        Entry(
            "outcome-requests-contradict", .error, "what is asked of the practice is unclear",
            why: "an item says nothing, or the list says that nothing is asked and asks something",
            help: "write what is asked, or `[ { \"none\": true } ]` alone"),
        Entry(
            "outcome-risks-contradict", .error, "what the outcome says of risks is unclear",
            why: "an item says nothing, or the list says that none is known and names one",
            help: "write the risks, or `[ { \"none\": true } ]` alone"),
        Entry(
            "outcome-event-not-yet", .error, "an event about work lies after the outcome that tells it",
            why: "a plan is no event, and would be measured as one", help: "tell it when it has happened"),
        Entry(
            "outcome-unmatched", .quarantine, "the referral this outcome answers is not known here",
            why: "its `referralId` or correlation belongs to nothing that was taken here",
            help: "ask the service which referral it means; when that has arrived, `linkway dead retry`"),
        Entry(
            "outcome-contradicts", .quarantine, "an outcome names one referral and answers another",
            why: "its `referralId`, correlation, `inReplyTo` or `journeyId` do not belong together",
            help: "ask the service which referral it means, and to send the outcome again under a new `id`"),
        Entry(
            "outcome-person-differs", .quarantine, "an outcome is about another person than its referral",
            why: "the NHS number or date of birth in it is not that of the referral",
            help: "ask the service at once whose outcome it is; nothing of it was passed on"),
        Entry(
            "outcome-person-unknown", .quarantine, "it is not known any more whom an outcome is about",
            why: "the content of the referral was removed in its time, and the outcome does not say who the person is",
            help: "ask the service to send the outcome with `person` and `gpPractice`"),
    ]
}
