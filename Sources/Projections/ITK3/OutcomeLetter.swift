import Referrals

/// An outcome as a person at a practice reads it: sections of lines, what is asked of the practice first (PRSB Social
/// Prescribing v1.1, message back). Nothing that the outcome says is left out but what only programs need.
struct OutcomeLetter {
    struct Section {
        var title: String
        var lines: [String]
    }

    private let outcome: Part

    init(_ outcome: Outcome) { self.outcome = Part(outcome.record) }

    func sections() -> [Section] {
        [
            Section(title: "Plan and requested actions", lines: plan()),
            Section(title: "What came of it", lines: summary()),
            Section(title: "Clinical summary", lines: [outcome.text("clinicalSummary")].compactMap { $0 }),
            Section(title: "Support offered", lines: lines("supportOffered", Self.support)),
            Section(title: "Contacts", lines: lines("contacts", Self.contact)),
            Section(title: "Goals", lines: lines("goals", Self.goal)),
            Section(title: "Measures", lines: lines("measures", Self.measure)),
            Section(title: "Work", lines: outcome.part("work").map(Self.work) ?? []),
            Section(title: "Signposts and onward referrals", lines: onward()),
            Section(title: "Safeguarding", lines: lines("safeguarding", Self.safeguarding)),
            Section(title: "Risks", lines: lines("risks", Self.risk)),
        ].filter { !$0.lines.isEmpty }
    }

    private func lines(_ list: String, _ line: (Part) -> String) -> [String] { outcome.parts(list).map(line) }

    // MARK: First

    private func plan() -> [String] {
        let requests = outcome.parts("requestsOfGp").compactMap { request in
            request.text("none") == "true" ? nil : Self.action("The practice is asked", request)
        }
        let own = requests.isEmpty ? ["Nothing is asked of the GP practice."] : requests
        let others = outcome.parts("actionsForProfessionals").map { Self.action("Other professionals", $0) }
        let person = outcome.parts("actionsForPerson").map { Self.action("The person", $0) }
        return own + others + person + [outcome.part("agreed").map(Self.agreement)].compactMap { $0 }
    }

    private static func action(_ who: String, _ part: Part) -> String {
        let what = [part.text("text"), coded(part, "code")].compactMap { $0 }.joined(separator: "; ")
        return "\(who): " + joined([what, part.text("who").map { "by " + $0 }, part.text("when")])
    }

    private static func agreement(_ part: Part) -> String {
        let person =
            switch part.text("person") {
            case "yes": "Agreed with the person"
            case "no": "Not agreed with the person"
            case let other: "Agreement of the person: \(other ?? "unknown")"
            }
        return joined([person] + part.texts("with").map { "agreed with " + $0 } + [part.text("note")])
    }

    private func summary() -> [String] {
        let kind = outcome.text("kind") ?? ""
        let meaning = CodeList.outcomeKind.codes.first { $0.code == kind }?.meaning ?? kind
        let reason = [outcome.text("reasonText"), outcome.text("reasonCode")].compactMap { $0 }
        let corrects = outcome.text("corrects").map { ["It takes the place of the outcome \($0)."] } ?? []
        return [Self.sentence(meaning)] + corrects + (reason.isEmpty ? [] : ["Why: " + reason.joined(separator: " · ")])
    }

    // MARK: The course

    private static func support(_ part: Part) -> String {
        let helped = part.text("helped").flatMap { code in CodeList.helped.codes.first { $0.code == code }?.meaning }
        return joined([
            part.text("text"), coded(part, "code"), part.text("service"), days(part, "from", "to"), helped,
            part.text("note"),
        ])
    }

    private static func contact(_ part: Part) -> String {
        joined([part.text("at"), part.text("method"), part.text("seenBy"), part.text("outcome")])
    }

    private static func goal(_ part: Part) -> String {
        joined([
            part.text("text"), coded(part, "status"), part.text("outcome"),
            part.text("importanceFirst").map { "importance at first \($0) of 10" },
            part.text("importanceNow").map { "now \($0) of 10" },
        ])
    }

    private static func measure(_ part: Part) -> String {
        func score(_ name: String, _ words: String) -> String? {
            part.part(name).map { joined(["\(words) \($0.text("score") ?? "")", $0.text("at")]) }
        }
        return joined([part.text("scale"), score("first", "first"), score("last", "last"), part.text("unit")])
    }

    private func onward() -> [String] {
        outcome.parts("signposts").map { part in
            "Pointed to: " + Self.joined([part.text("to"), part.text("at"), part.text("reason")])
        }
            + outcome.parts("onward").map { part in
                "Referred on: " + Self.joined([part.text("service"), part.text("at"), part.text("reason")])
            }
    }

    private static func safeguarding(_ part: Part) -> String {
        let concern = part.text("concern").map { code in "concern: \(code)" }
        let hidden = part.text("withholdFromPerson") == "true" ? "not to be shown to the person" : nil
        return joined([concern, part.text("text"), coded(part, "code"), days(part, "start", "end"), hidden])
    }

    private static func risk(_ part: Part) -> String {
        if part.text("none") == "true" { return "No known risks." }
        return joined([part.text("text"), coded(part, "code"), part.text("note"), days(part, "start", "end")])
    }

    // MARK: Words

    /// A code in words: of our own lists what it means, else its display, else the code itself.
    static func coded(_ part: Part, _ name: String) -> String? {
        guard let code = part.part(name) else { return nil }
        let own = code.field.codes.flatMap { list in
            code.peek("code").flatMap { value in list.codes.first { $0.code == value }?.meaning }
        }
        return code.text("display") ?? own ?? code.text("code")
    }

    static func days(_ part: Part, _ from: String, _ to: String) -> String? {
        let words = [part.text(from).map { "from \($0)" }, part.text(to).map { "to \($0)" }].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    static func joined(_ words: [String?]) -> String {
        words.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    private static func sentence(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() + "." }
}
