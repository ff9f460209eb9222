package import Reporting

extension Outcome {
    /// Reads an outcome from JSON, strictly: what the schema does not have is refused, and what an outcome must say is
    /// asked for.
    ///
    /// - Returns: The outcome, or `nil` when there is an error among the findings; each has its line and column.
    package static func read(_ bytes: [UInt8], named name: String = "") -> (outcome: Outcome?, findings: [Finding]) {
        let reader = CanonicalJSONReader(.outcome, keepsPlaces: true)
        let (record, read) = reader.read(bytes, named: name)
        guard let record, let outcome = Outcome(record) else { return (nil, read) }
        var check = OutcomeCheck(outcome) { reader.location(of: $0) }
        check.run()
        // What is missing is said by the check, of every field.
        let findings = read.filter { $0.code != "canonical-field-missing" } + check.findings
        return (findings.contains { $0.severity >= .error } ? nil : outcome, findings)
    }
}

/// What an outcome must say beyond its schema (standards of PRSB Social Prescribing v1.1, message back).
struct OutcomeCheck {
    private(set) var findings: [Finding] = []
    private let outcome: Outcome
    private let record: Referral
    private let place: (UInt32) -> Finding.Location?

    /// - Parameter place: Where a node of the record stands in the document.
    init(_ outcome: Outcome, place: @escaping (UInt32) -> Finding.Location?) {
        self.outcome = outcome
        record = outcome.record
        self.place = place
    }

    mutating func run() {
        checkRequired()
        checkKind()
        checkNone("requestsOfGp", "outcome-requests-contradict")
        checkNone("risks", "outcome-risks-contradict")
        checkDays()
        checkNumber()
    }

    /// Every field that is required where the group around it is there.
    private mutating func checkRequired() {
        for index in record.nodes.indices where record.schema[record.nodes[index].field].isGroup {
            let node = UInt32(index)
            let present = Set(record.children(of: node).map { record.nodes[Int($0)].field })
            for child in record.schema[record.nodes[index].field].children
            where record.schema[child].row.requirement == .required && !present.contains(child) {
                report("outcome-field-missing", record.schema[child].path, at: node)
            }
        }
    }

    private mutating func checkKind() {
        func isThere(_ path: String) -> Bool { !outcome.texts(path).isEmpty }
        switch outcome.kind {
        case "rejected" where !isThere("reasonCode"): report("outcome-reason-missing", "reasonCode")
        case "correction" where !isThere("corrects"): report("outcome-corrects-missing", "corrects")
        case "closed" where !isThere("clinicalSummary"): report("outcome-summary-missing", "clinicalSummary")
        default: break
        }
        if ["closed", "reviewed"].contains(outcome.kind), record.first(Self.risks) == nil {
            report("outcome-risks-missing", "risks")
        }
    }

    private static let risks = Schema.outcome.require("risks")

    /// A list whose items say something, or of which the one item says that there is nothing.
    private mutating func checkNone(_ list: String, _ code: FindingCode) {
        let items = record.all(record.schema.require(list))
        for item in items {
            let fields = record.children(of: item).map { record.schema[record.nodes[Int($0)].field].name }
            let isNone = record.children(of: item).contains { record.reads($0, "true") } && fields.contains("none")
            if isNone, items.count > 1 || fields.count > 1 { report(code, list, at: item) }
            if !isNone, !fields.contains("text"), !fields.contains("code") { report(code, list, at: item) }
        }
    }

    /// An event is something that has happened: not after the outcome that tells it.
    private mutating func checkDays() {
        guard let today = outcome.text("at").flatMap({ CalendarDay(Array($0.utf8.prefix(10)).span) }) else { return }
        for node in record.all(record.schema.require("work.events.at")) {
            guard let day = record.read(node, { CalendarDay($0) }), today < day else { continue }
            report("outcome-event-not-yet", "work.events.at", at: node)
        }
    }

    private mutating func checkNumber() {
        guard let node = record.first(record.schema.require("person.nhsNumber.value")) else { return }
        if !record.read(node, { NHSNumber.check($0).isValid }) {
            report("nhs-number-check-digit", "person.nhsNumber.value", at: node)
        }
    }

    private mutating func report(_ code: FindingCode, _ field: String, at node: UInt32 = 0) {
        let entry = code.entry
        let words =
            code == "outcome-field-missing" ? "`\(field)` is not there, and an outcome must have it" : entry.title
        findings.append(
            Finding(code, .error, words, at: place(node), why: entry.why, help: entry.help, field: field))
    }
}
