/// The closed lists of the work block and of consent.
extension CodeList {
    /// Whether work was talked about at all.
    public static let workAsked = CodeList(
        "work-asked",
        [
            "yes": "the person was asked about work",
            "no": "the person was not asked",
            "not-now": "the person was asked and does not want to talk about work now",
            "prefer-not-to-say": "the person was asked and would rather not answer",
            "unknown": "it is not known whether the person was asked",
        ])

    public static let workGoal = CodeList(
        "work-goal",
        [
            "none": "no goal about work",
            "stay": "stay in the present job",
            "return-after-absence": "go back after time off",
            "start": "start to work",
            "change": "change to another kind of work",
            "better-job": "find a better job",
            "volunteering": "volunteer",
            "education-or-training": "learn or train",
            "retire": "retire",
            "not-now": "not now",
            "prefer-not-to-say": "the person was asked and would rather not answer",
            "unknown": "it is not known",
        ])

    /// NHS Data Dictionary, EMPLOYMENT STATUS, with the two answers it cannot tell apart.
    public static let employmentStatus = CodeList(
        "employment-status",
        [
            "01": "employed",
            "02": "unemployed and seeking work",
            "03": "student not working or actively seeking work",
            "04": "long-term sick or disabled",
            "05": "looking after the family or home, not working or actively seeking work",
            "06": "not receiving benefits and not working or actively seeking work",
            "07": "unpaid voluntary work, not working or actively seeking work",
            "08": "retired",
            "ZZ": "not stated: the person was asked and declined to answer",
            "not-asked": "the question was not put",
            "unknown": "it is not known",
        ])

    /// NHS Data Dictionary, WEEKLY HOURS WORKED.
    public static let weeklyHours = CodeList(
        "weekly-hours",
        [
            "01": "30 hours or more", "02": "16 to 29 hours", "03": "5 to 15 hours", "04": "1 to 4 hours",
            "97": "not stated: the person was asked and declined to answer", "98": "not applicable: not employed",
            "99": "not known",
        ])

    public static let workBarrier = CodeList(
        "work-barrier",
        [
            "health-condition": "a health condition or disability", "confidence": "confidence",
            "caring": "caring for others", "transport": "transport",
            "skills-qualifications": "skills or qualifications",
            "digital": "digital access or skills", "debt-money": "debt or money", "housing": "housing",
            "criminal-record": "a criminal record", "immigration-permission": "permission to work",
            "discrimination": "discrimination", "employer-attitude": "an employer's attitude",
            "workplace-conditions": "conditions at the workplace", "language": "language",
            "benefit-rules": "rules about benefits", "other": "something else",
        ])

    /// Dimensions of job quality: Measuring Good Work (Carnegie UK, RSA), with Eurofound's prospects.
    public static let workQuality = CodeList(
        "work-quality",
        [
            "terms-of-employment": "security, hours and contract", "pay-and-benefits": "pay and benefits",
            "health-safety-wellbeing": "health, safety and wellbeing", "job-design": "use of skills, control, purpose",
            "social-support": "support and cohesion", "voice": "voice and representation",
            "work-life-balance": "balance of work and life", "prospects": "prospects",
        ])

    /// What a fit note (Med3) says.
    public static let fitNoteAssessment = CodeList(
        "fit-note-assessment",
        [
            "not-fit": "not fit for work", "may-be-fit": "may be fit for work, taking account of the advice",
        ])

    /// The advice boxes of a fit note (Med3).
    public static let fitNoteAdvice = CodeList(
        "fit-note-advice",
        [
            "phased-return": "a phased return to work", "altered-hours": "altered hours",
            "amended-duties": "amended duties", "workplace-adaptations": "workplace adaptations",
        ])

    /// What the person may be asked to agree to, for each class of recipient. One that is not here is never a yes.
    public static let consentScope = CodeList(
        "consent-scope",
        [
            "referral-onward-to-named-service": "pass the referral to the service it names",
            "share-with-link-worker": "share with the link worker",
            "share-back-to-gp": "tell the GP practice what came of it",
            "share-with-employer": "share with the employer",
            "share-with-employment-support": "share with an employment support service",
            "share-with-benefits-conditionality-body": "share with a body that may make benefits conditional",
            "share-with-housing-landlord": "share with the landlord",
            "research": "use for research",
            "contact-me-by": "get in touch in the way agreed",
        ])

    /// Classes of recipient, as `sharedWith` and `neverTo` name them.
    public static let recipientClass = CodeList(
        "recipient-class",
        [
            "named-service": "the service the referral names",
            "link-worker": "link workers",
            "gp": "the GP practice",
            "employer": "the employer",
            "employment-support": "employment support services",
            "benefits-conditionality-body": "bodies that may make benefits conditional, such as the DWP",
            "housing-landlord": "the landlord",
            "research": "researchers",
            "family": "family and friends",
        ])

    public static let consentDecision = CodeList(
        "consent-decision",
        [
            "yes": "agreed",
            "no": "refused",
            "withdrawn": "agreed once and took it back",
            "not-asked": "was not asked",
            "prefer-not-to-say": "was asked and would rather not answer",
            "unknown": "it is not known",
        ])

    public static let consentGivenBy = CodeList(
        "consent-given-by",
        [
            "person": "the person",
            "representative": "somebody with the power to decide for the person",
            "best-interests": "a best-interests decision (Mental Capacity Act 2005)",
            "unknown": "it is not known",
        ])

    public static let consentMethod = CodeList(
        "consent-method",
        [
            "written": "in writing", "verbal": "spoken", "electronic": "in a form or app",
            "implied": "implied by asking for care",
            "other": "another way",
        ])
}
