import Referrals

/// What of an outcome goes as coded entries beside the words: work, measures, goals.
extension ITK3Document {
    /// An Observation (FHIR STU3): what, when, and its value as a concept, a number or words.
    private struct Entry {
        var role: String
        var section: String
        var code: XMLNode
        var at: String?
        var value: XMLNode?
    }

    func coded() -> [XMLNode?] {
        entries().map { item in
            entry(
                id(item.role), "Observation",
                [
                    .value("id", id(item.role)),
                    Self.profile(ITK3Terms.careConnect + "CareConnect-Observation-1"), .value("status", "final"),
                    item.code, reference("subject", "Patient"), .value("effectiveDateTime", item.at), item.value,
                ])
        }
    }

    /// The roles of the entries that belong to a section.
    func codedEntries(of section: String) -> [String] { entries().filter { $0.section == section }.map(\.role) }

    private func entries() -> [Entry] { goals() + measures() + work() }

    private func goals() -> [Entry] {
        Part(outcome.record).parts("goals").enumerated().compactMap { index, goal in
            guard let status = goal.part("status") else { return nil }
            return Entry(
                role: "Goal.\(index)", section: "Goals",
                code: Self.concept(
                    ITK3Terms.own + "outcome", "goal-status", goal.text("text")), at: nil,
                value: Self.value(of: status))
        }
    }

    private func measures() -> [Entry] {
        Part(outcome.record).parts("measures").enumerated().flatMap { index, measure -> [Entry] in
            let (scale, code, unit) = (measure.text("scale"), measure.part("code"), measure.text("unit"))
            return ["first", "last"].compactMap { (name: String) -> Entry? in
                guard let score = measure.part(name), let value = score.text("score") else { return nil }
                return Entry(
                    role: "Measure.\(index).\(name)", section: "Measures",
                    code: Self.concept(code?.text("system"), code?.text("code"), scale), at: score.text("at"),
                    value: Self.quantity(value, unit))
            }
        }
    }

    private func work() -> [Entry] {
        guard let work = Part(outcome.record).part("work") else { return [] }
        let statuses = [("statusAtReferral", "status-at-referral"), ("statusNow", "status-now")].compactMap {
            (field: String, code: String) -> Entry? in
            work.part(field).map { status in
                Entry(
                    role: "Work.\(code)", section: "Work", code: Self.concept(ITK3Terms.own + "work", code, nil),
                    at: nil,
                    value: Self.value(of: status))
            }
        }
        let events = work.parts("events").enumerated().map { index, event in
            Entry(
                role: "Work.event.\(index)", section: "Work",
                code: Self.concept(ITK3Terms.own + "work", "event", nil), at: event.text("at"),
                value: Self.concept(
                    ITK3Terms.own + "work-event", event.text("kind"), nil, named: "valueCodeableConcept"))
        }
        return statuses + events
    }

    // MARK: Values

    private static func concept(_ system: String?, _ code: String?, _ text: String?, named name: String = "code")
        -> XMLNode
    {
        .of(name, [code == nil ? nil : coding("coding", system, code, nil), .value("text", text)])
    }

    private static func value(of part: Part) -> XMLNode {
        let system = part.text("system") ?? part.field.codes.map { ITK3Terms.own + $0.name }
        let meaning = part.peek("code").flatMap { code in part.field.codes?.codes.first { $0.code == code }?.meaning }
        return concept(system, part.text("code"), part.text("display") ?? meaning, named: "valueCodeableConcept")
    }

    /// A score that is a number as FHIR writes one (no sign in front of nothing, no exponent); else as words.
    private static func quantity(_ score: String, _ unit: String?) -> XMLNode? {
        let parts = score.split(separator: ".", omittingEmptySubsequences: false)
        let isNumber =
            parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
        guard isNumber else { return .value("valueString", score) }
        return .of("valueQuantity", [.value("value", score), .value("unit", unit)])
    }
}

extension ITK3Terms {
    /// Our closed lists, each by its name.
    static let own = "https://linkway.example/CodeSystem/"
}
