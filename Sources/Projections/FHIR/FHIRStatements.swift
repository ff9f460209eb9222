import Referrals

/// One kind of statement about the person that R4 has no resource of its own for: it goes out as an Observation with a code
/// of ours. The rows below are the only list of them.
struct Statement {
    /// The group of the referral, such as `work`, and the field in it.
    let group: String
    let field: String
    /// The code of the Observation, in the code system of its group.
    let code: String
    /// Which members of an item are its value, its words, its day, and its first and last day. What is left out goes
    /// out as extensions.
    var value: String?
    var text: String?
    var at: String?
    var from: String?
    var to: String?

    /// A field that is a value, or a list of values.
    init(_ group: String, _ field: String, as code: String? = nil) {
        self.group = group
        self.field = field
        self.code = code ?? (group == "work" ? "" : Terms.kebab(group) + "-") + Terms.kebab(field)
    }

    init(
        _ group: String, _ field: String, as code: String? = nil, value: String?, text: String? = nil,
        at: String? = nil,
        from: String? = nil, to: String? = nil
    ) {
        self.init(group, field, as: code)
        (self.value, self.text, self.at, self.from, self.to) = (value, text, at, from, to)
    }

    /// The code systems: that of the work block, and that of all other statements.
    var system: String { Terms.codeSystem + (group == "work" ? "work" : "statement") }

    static let work = [
        Statement("work", "statement"),
        Statement("work", "weeklyHours"),
        Statement("work", "occupation"),
        Statement("work", "sicknessAbsence", value: "isOff", text: "note"),
        Statement("work", "fitNotes", as: "fit-note", value: "assessment", text: "text", at: "issued"),
        Statement("work", "strengths", as: "strength"),
        Statement("work", "employerContact", value: "allowed"),
        Statement("work", "qualityPreferences", as: "quality-preference", value: "dimension", text: "text"),
        Statement("work", "mustNots", as: "must-not"),
        Statement("work", "benefits", as: "benefit", value: "code", text: "text", at: "at"),
    ]

    static let others =
        ["impairments", "mobility", "communication"].map {
            Statement("accessibility", $0, value: "code", text: "text")
        } + ["transport", "advocate", "other"].map { Statement("accessibility", $0) }
        + [
            "text", "mostImportant", "people", "communication", "wellness", "doAndDont", "support", "worthKnowing",
            "supportedBy", "media", "strengths",
        ].map { Statement("aboutMe", $0) }
        + ["household", "housing", "occupationHistory", "smoking", "alcohol", "drugs"].map {
            Statement("socialContext", $0, value: "code", text: "text", from: "from", to: "to")
        } + ["education", "dependants", "lifestyle", "circumstances"].map { Statement("socialContext", $0) }
        + ["services", "signposts"].map { Statement("socialContext", $0, value: nil, text: "name", at: "at") }
        + ["summary", "medicationNote", "pregnancy"].map { Statement("clinicalContext", $0) }
}

extension FHIRMessage {
    /// Statements outside the work block. What of a group is no statement stays in it for those who come after.
    mutating func addStatements() {
        for name in ["accessibility", "aboutMe", "socialContext"] {
            guard let group = referral.part(name) else { continue }
            if name == "accessibility" { addAdjustments(group) }
            addStatements(Statement.others.filter { $0.group == name }, of: group)
            addLeftOver(of: group)
        }
    }

    mutating func addStatements(_ statements: [Statement], of group: Part) {
        for statement in statements {
            if statement.isPlain {
                for element in group.values(statement.field) { addObservation(statement, value: element) }
            } else {
                for part in group.parts(statement.field) { addObservation(statement, part) }
            }
        }
    }

    /// A field that is new in the schema and no row is for.
    mutating func addLeftOver(of group: Part) {
        guard let leftOver = group.restAsExtension() else { return }
        add(
            "Observation", nil,
            [
                "extension": .list([leftOver]), "status": "final",
                "code": Terms.concept(Terms.codeSystem + "statement", "other"), "subject": subject,
            ])
    }

    private mutating func addObservation(_ statement: Statement, _ part: Part) {
        let text = statement.text.flatMap { part.text($0) }
        let value = statement.value.flatMap { part.concept($0, text: text) } ?? .members(["text": .text(text)])
        let at = statement.at.flatMap { part.text($0) }
        let period = part.period(statement.from, statement.to)
        addObservation(
            statement, value: value.map { ("valueCodeableConcept", $0) }, at: at, period: period, rest: part.rest())
    }

    mutating func addObservation(
        _ statement: Statement, value: (type: String, value: Element)?, at: String? = nil, period: Element? = nil,
        rest: Element? = nil
    ) {
        add(
            "Observation", nil,
            [
                "extension": rest, "status": "final", "category": .list([Self.socialHistory]),
                "code": Terms.concept(statement.system, statement.code), "subject": subject,
                "effectiveDateTime": .text(at), "effectivePeriod": period,
                "valueString": value?.type == "valueString" ? value?.value : nil,
                "valueCodeableConcept": value?.type == "valueCodeableConcept" ? value?.value : nil,
                "valueBoolean": value?.type == "valueBoolean" ? value?.value : nil,
            ])
    }
}

extension Statement {
    /// Whether the field holds values, not groups with members of their own.
    var isPlain: Bool { value == nil && text == nil }
}

extension Part {
    /// Takes a value, a code or a list of either as values of Observations.
    func values(_ name: String) -> [(type: String, value: Element)] {
        guard let child = Schema.referral.child(name, of: field.id) else { return [] }
        if child.isGroup { return parts(name).compactMap { $0.codeableConcept().map { ("valueCodeableConcept", $0) } } }
        if let codes = child.codes {
            return texts(name).compactMap { Terms.concept(codes, $0).map { ("valueCodeableConcept", $0) } }
        }
        return texts(name).map { ("valueString", .text($0)) }
    }
}
