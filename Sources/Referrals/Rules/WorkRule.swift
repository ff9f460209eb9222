import Reporting

/// V23: work was asked about, or it is said that it was not.
enum WorkRule: Rule {
    static let number = "V23"
    static let summary = "the work block is there, or says that work was not asked about"
    static let codes = [RuleCode("work-not-recorded", minimum: .warn, prsb: .warn)]

    static func check(_ context: inout RuleContext) {
        guard context.first(context.fields.workAsked) == nil else { return }
        guard !context.reads(context.first(context.fields.kind), "cancellation") else { return }
        context.report("work-not-recorded", context.fields.workAsked, at: context.first(context.fields.work) ?? 0)
    }
}
