/// A canonical outcome, held flat like a ``Referral``, by the fields of ``Schema/outcome``.
///
/// It cannot print itself either.
package struct Outcome: Sendable {
    /// Its fields; the schema is ``Schema/outcome``.
    package let record: Referral

    /// - Returns: `nil` when the record is of another schema.
    package init?(_ record: Referral) {
        guard record.schema.name == Schema.outcome.name else { return nil }
        self.record = record
    }

    /// The first value at a path such as `work.goalNow`, in clear.
    package func text(_ path: String) -> String? {
        record.schema.field(path).flatMap { record.first($0.id) }.map { record.text($0) }
    }

    /// All values at a path.
    package func texts(_ path: String) -> [String] {
        record.schema.field(path).map { record.all($0.id).map { record.text($0) } } ?? []
    }

    package var id: String { text("id") ?? "" }
    package var kind: String { text("kind") ?? "" }
    package var referralID: String { text("referralId") ?? "" }

    /// Whether the practice is asked to do something.
    package var asksOfGP: Bool { !texts("requestsOfGp.text").isEmpty || !texts("requestsOfGp.code.code").isEmpty }
}

extension Outcome {
    /// What happened about work, as it is kept for measuring: codes, days and numbers, no words.
    package struct WorkEvent: Sendable, Hashable {
        package var kind: String
        package var at: String?
        /// Code of employment status, with `status-at-referral` and `status-now`.
        package var code: String?
        package var hoursPerWeek: Int?
        package var isPaid: Bool?
        package var isBelowMinimum: Bool?
        package var definition: String?
        package var sustainedWeeks: Int?
        package var sustainedTo: String?
        package var retainedAt13: String?
        package var retainedAt26: String?

        init(kind: String) { self.kind = kind }
    }

    /// The events in the order they were told, after the statuses at the referral and now.
    package var workEvents: [WorkEvent] {
        let statuses = [("statusAtReferral", "status-at-referral"), ("statusNow", "status-now")].compactMap {
            field, kind -> WorkEvent? in
            text("work.\(field).code").map { code in
                var event = WorkEvent(kind: kind)
                event.code = code
                event.at = kind == "status-now" ? text("at").map { String($0.prefix(10)) } : nil
                return event
            }
        }
        return statuses + record.all(Self.events).map(event)
    }

    private static let events = Schema.outcome.require("work.events")

    private func event(_ group: UInt32) -> WorkEvent {
        var values: [String: String] = [:]
        for node in record.children(of: group) {
            values[record.schema[record.nodes[Int(node)].field].name] = record.text(node)
        }
        var event = WorkEvent(kind: values["kind"] ?? "")
        event.at = values["at"]
        event.hoursPerWeek = values["hoursPerWeek"].flatMap { Int($0) }
        event.isPaid = values["paid"].map { $0 == "true" }
        event.isBelowMinimum = values["payBelowMinimum"].map { $0 == "true" }
        event.definition = values["definition"]
        event.sustainedWeeks = values["sustainedWeeks"].flatMap { Int($0) }
        event.sustainedTo = values["sustainedTo"]
        event.retainedAt13 = values["retainedAt13"]
        event.retainedAt26 = values["retainedAt26"]
        return event
    }
}
