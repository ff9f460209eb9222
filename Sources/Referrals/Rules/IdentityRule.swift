import Reporting

/// V05: the person has a name and a date of birth that can be. A cancellation may name the referral alone.
enum IdentityRule: Rule {
    static let number = "V05"
    static let summary = "the person's name and date of birth are there, and the date is possible"
    static let codes = [
        RuleCode("name-missing", minimum: .quarantine, prsb: .reject),
        RuleCode("name-incomplete", minimum: .off, prsb: .quarantine),
        RuleCode("birth-date-missing", minimum: .quarantine, prsb: .reject),
        RuleCode("birth-date-invalid", minimum: .quarantine, prsb: .reject),
        RuleCode("birth-date-future", minimum: .quarantine, prsb: .reject),
        RuleCode("birth-date-unlikely", minimum: .quarantine, prsb: .quarantine),
    ]

    /// Nobody is known to have lived longer than 122 years.
    private static let oldest = 125

    static func check(_ context: inout RuleContext) {
        if !context.reads(context.first(context.fields.kind), "cancellation") { checkPresence(&context) }
        if let node = context.first(context.fields.birthDate) { checkBirthDate(node, &context) }
    }

    private static func checkPresence(_ context: inout RuleContext) {
        let fields = context.fields
        let person = context.first(fields.person) ?? 0
        let name = context.first(fields.name)
        if context.first(fields.family) == nil {
            context.report("name-missing", fields.family, at: name ?? person)
        } else if context.first(fields.given) == nil {
            context.report("name-incomplete", fields.given, at: name ?? person)
        }
        if context.first(fields.birthDate) == nil { context.report("birth-date-missing", fields.birthDate, at: person) }
    }

    private static func checkBirthDate(_ node: UInt32, _ context: inout RuleContext) {
        let field = context.fields.birthDate
        guard let day = context.read(node, { CalendarDay($0) }) else {
            return context.report("birth-date-invalid", field, at: node)
        }
        if day > context.today {
            context.report("birth-date-future", field, at: node)
        } else if context.today.year - day.year > oldest {
            context.report("birth-date-unlikely", field, at: node)
        }
    }
}
