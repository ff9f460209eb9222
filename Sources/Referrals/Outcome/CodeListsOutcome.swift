/// The closed lists of `outcome/1`.
extension CodeList {
    public static let outcomeSchema = CodeList("outcome-schema", ["outcome/1": "the first version of the outcome"])

    public static let outcomeKind = CodeList(
        "outcome-kind",
        [
            "receipt": "the referral arrived and will be looked at",
            "accepted": "the service takes the person on",
            "rejected": "the service does not take the person on, and says why",
            "declined-by-person": "the person does not want it",
            "could-not-contact": "the person could not be reached",
            "in-progress": "support goes on",
            "reviewed": "how it went was looked at with the person, and support goes on",
            "closed": "support has ended",
            "correction": "what an earlier outcome said was wrong",
        ])

    public static let helped = CodeList(
        "helped",
        [
            "yes": "it helped", "partly": "it helped in part", "no": "it was tried and did not help",
            "unknown": "it is not known; the person was not followed up",
        ])

    /// What happened about work. "Nothing happened" and "nobody asked" are two answers.
    public static let workEvent = CodeList(
        "work-event",
        [
            "entered": "the person began to work",
            "retained": "the person kept their job",
            "returned": "the person went back after time off",
            "changed-job": "the person changed to another job",
            "started-volunteering": "the person began to volunteer",
            "started-course": "the person began to learn or train",
            "ended": "work ended",
            "goal-changed": "the person wants something else now",
            "none": "the person was asked, and nothing has changed",
            "unknown": "the person was not followed up",
        ])

    /// Whose rule for a work outcome was used.
    public static let workDefinition = CodeList(
        "work-definition",
        [
            "ips-grow-job-start": "IPS Grow: at least four hours of paid work",
            "ipspc-baseline": "IPSPC: 7 hours a week for 13 weeks of 16, at the National Living Wage",
            "workwell": "WorkWell",
            "local": "a rule of the service's own",
            "none": "no rule was applied",
        ])

    /// Whether somebody is still in work after a time.
    public static let retained = CodeList(
        "retained",
        [
            "yes": "still in work", "no": "not in work", "not-yet": "the time has not passed",
            "unknown": "the person was not followed up",
        ])
}
