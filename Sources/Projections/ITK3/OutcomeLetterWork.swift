import Referrals

/// What an outcome says of work, in words.
extension OutcomeLetter {
    static func work(_ work: Part) -> [String] {
        [
            coded(work, "statusAtReferral").map { "At the referral: " + $0 },
            coded(work, "statusNow").map { "Now: " + $0 },
            goal(work, "goalFirst").map { "Wanted at first: " + $0 }, goal(work, "goalNow").map { "Wants now: " + $0 },
        ].compactMap { $0 } + work.parts("events").map(event) + work.parts("qualityNow").map(quality)
    }

    private static func goal(_ work: Part, _ name: String) -> String? {
        work.text(name).map { meaning($0, in: .workGoal) }
    }

    private static func event(_ part: Part) -> String {
        joined([
            (part.text("at") ?? "") + ": " + meaning(part.text("kind") ?? "", in: .workEvent),
            part.text("hoursPerWeek").map { "\($0) hours a week" },
            part.text("paid").map { $0 == "true" ? "paid" : "unpaid" },
            part.text("payBelowMinimum").map {
                $0 == "true" ? "pay below the National Living Wage" : "pay not below the National Living Wage"
            },
            part.text("pay"), part.text("definition").map { "by the rule: " + meaning($0, in: .workDefinition) },
            part.text("sustainedWeeks").map { "lasted \($0) weeks" },
            part.text("sustainedTo").map { "known to last to \($0)" },
            part.text("retainedAt13").map { "after 13 weeks: " + meaning($0, in: .retained) },
            part.text("retainedAt26").map { "after 26 weeks: " + meaning($0, in: .retained) }, part.text("note"),
        ])
    }

    private static func quality(_ part: Part) -> String {
        let dimension = meaning(part.text("dimension") ?? "", in: .workQuality)
        return "As the person rates it, \(dimension): \(part.text("rating") ?? "") of 5"
    }

    private static func meaning(_ code: String, in list: CodeList) -> String {
        list.codes.first { $0.code == code }?.meaning ?? code
    }
}
