package import Referrals
package import Reporting

/// What a route may carry: an allow-list of canonical fields. What it does not name is not sent.
///
/// The list is exact. Beside the fields it names, a referral keeps only its ``envelope``, which says what the message
/// is, and any mark of confidentiality beside a field that is kept. A required field that is not named is left out like
/// any other: nothing is made up for it, and the result is canonical JSON still (the JSON Schema without `complete`).
package struct FieldProjection: Sendable {
    /// The fields every message needs, whatever its route may carry.
    package static let envelope = [
        "schema", "id", "status", "kind", "urgency", "confidentiality", "referredAt", "journeyId",
    ]

    /// How much of a field is kept.
    private enum Part: Sendable {
        case nothing, some, all
    }

    /// By the number of the field.
    private let parts: [Part]

    /// The projection that keeps everything: that of a route which names no fields.
    package static let whole = FieldProjection(parts: [Part](repeating: .all, count: Schema.referral.fields.count))

    private init(parts: [Part]) { self.parts = parts }

    /// - Parameter fields: Fields of the referral schema. Those above them are kept as far as needed to hold them.
    private init(keeping fields: [FieldID], in schema: Schema) {
        var parts = [Part](repeating: .nothing, count: schema.fields.count)
        for id in fields { Self.keep(id, in: schema, &parts) }
        for field in schema.fields where field.codes == .confidentiality && field.isGroup {
            if parts[Int(field.parent)] != .nothing { Self.keep(field.id, in: schema, &parts) }
        }
        self.parts = parts
    }

    private static func keep(_ id: FieldID, in schema: Schema, _ parts: inout [Part]) {
        for below in schema.subtree(of: id) { parts[Int(below)] = .all }
        var above = id
        while above != .root {
            above = schema[above].parent
            if parts[Int(above)] == .nothing { parts[Int(above)] = .some }
        }
    }

    /// Whether the values of a field are kept; of a group, whether all of it is.
    package func keeps(_ field: FieldID) -> Bool { parts[Int(field)] == .all }

    /// The referral with only the allowed fields. Groups in which nothing is left are gone.
    package func apply(_ referral: Referral) -> Referral {
        var kept = Referral(schema: referral.schema)
        copy(below: 0, of: referral, into: 0, &kept)
        kept.close(0)
        return kept
    }

    private func copy(below group: UInt32, of referral: Referral, into parent: UInt32, _ kept: inout Referral) {
        var node = group + 1
        while node < referral.nodes[Int(group)].next {
            let item = referral.nodes[Int(node)]
            if parts[Int(item.field)] != .nothing {
                if referral.schema[item.field].isGroup {
                    let opened = kept.open(item.field, in: parent, origin: item.origin)
                    copy(below: node, of: referral, into: opened, &kept)
                    kept.close(opened)
                } else {
                    kept.append(item.field, referral.bytes(node).span, in: parent, origin: item.origin)
                }
            }
            node = item.next
        }
    }
}

extension FieldProjection {
    /// Reads the list of a route, such as `person.name`, `needs` and `work.goal`; a group stands for all that is in it.
    ///
    /// - Parameters:
    ///   - file: The name of the file the list stands in, for the findings.
    ///   - findings: Gets every mistake in the list, not only the first.
    /// - Returns: `nil` when there is an error among them. An empty list keeps the envelope alone.
    package static func parse(
        _ fields: [(text: String, position: SourcePosition?)], file: String, reporting findings: inout [Finding]
    ) -> FieldProjection? {
        let schema = Schema.referral
        var reader = ListReader(schema: schema, file: file)
        for entry in fields { reader.read(entry.text, at: entry.position) }
        reader.warnOfCovered()
        findings += reader.findings
        guard reader.findings.allSatisfy({ $0.severity < .error }) else { return nil }
        let always = envelope.map { schema.require($0) }
        return FieldProjection(keeping: always + reader.entries.map(\.field), in: schema)
    }
}

/// Reads the entries of an allow-list one by one.
private struct ListReader {
    let schema: Schema
    let file: String
    private(set) var entries: [(field: FieldID, position: SourcePosition?)] = []
    private(set) var findings: [Finding] = []

    init(schema: Schema, file: String) {
        self.schema = schema
        self.file = file
    }

    mutating func read(_ text: String, at position: SourcePosition?) {
        guard !text.isEmpty, let field = schema.field(text) else { return reportUnknown(text, at: position) }
        if let group = schema.inseparable(around: field) {
            report(
                "projection-field-partial", "`\(field.path)` may not be sent without the rest of `\(group.path)`",
                at: position, help: "name `\(group.path)`", field: field.path)
        }
        entries.append((field.id, position))
    }

    private mutating func reportUnknown(_ text: String, at position: SourcePosition?) {
        let bare = text.split(separator: ".").map { $0.prefix { $0 != "[" } }.joined(separator: ".")
        let near =
            schema.field(bare)?.path ?? Suggestion.nearest(to: bare, among: schema.fields.dropFirst().map(\.path))
        report(
            "projection-field-unknown", "there is no field `\(text)` in the canonical referral", at: position,
            help: near.map { "did you mean `\($0)`?" })
    }

    /// Entries that stand twice, or below another.
    mutating func warnOfCovered() {
        for (place, entry) in entries.enumerated() {
            let wider = entries.enumerated().first { other in
                let covers = schema.subtree(of: other.element.field).contains(entry.field)
                return covers && (other.element.field != entry.field || other.offset < place)
            }
            guard let wider else { continue }
            let (narrow, wide) = (schema[entry.field].path, schema[wider.element.field].path)
            let message =
                narrow == wide
                ? "`\(narrow)` stands in the list twice" : "`\(narrow)` narrows nothing: `\(wide)` is sent whole"
            report("projection-field-covered", message, at: entry.position, help: nil, field: narrow)
        }
    }

    private mutating func report(
        _ code: FindingCode, _ message: String, at position: SourcePosition?, help: String?, field: String? = nil
    ) {
        findings.append(
            Finding(
                code, message, at: Finding.Location(document: file, position: position), why: code.entry.why,
                help: help ?? code.entry.help, field: field))
    }
}

extension Schema {
    /// A field and all below it: numbers rise in the order of the table, so they are one run.
    fileprivate func subtree(of id: FieldID) -> ClosedRange<FieldID> {
        var last = id
        while let next = self[last].children.last { last = next }
        return id...last
    }

    /// The group that a field must not be taken out of, because one of its rows says how the others are to be understood:
    /// how sure a number is, whether a call is welcome, what a decision is about. `nil` where there is none.
    fileprivate func inseparable(around field: Field) -> Field? {
        var found: Field?
        var current = field
        while current.id != .root {
            current = self[current.parent]
            if current.id != .root, current.children.contains(where: { self[$0].row.neverAssumed != nil }) {
                found = current
            }
        }
        return found
    }
}
