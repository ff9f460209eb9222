package import Reporting
package import SourceDocuments

extension CanonicalJSON {
    /// Reads one canonical referral, for those who have only one; ``CanonicalJSONReader`` keeps its buffers.
    ///
    /// - Returns: The referral, or `nil` when there is an error among the findings, each with line and column.
    package static func read(_ bytes: [UInt8], named name: String = "") -> (referral: Referral?, findings: [Finding]) {
        CanonicalJSONReader().read(bytes, named: name)
    }
}

/// Reads canonical referrals from JSON, strictly: what the schema does not have is refused, not dropped.
///
/// Reports everything it finds, not only the first. Not for use by two threads at once.
package final class CanonicalJSONReader {
    private let schema: Schema
    private let reader: DocumentReader
    private var document: SourceDocument
    /// For each field the names of those below it, parallel to ``Field/children``.
    private let names: [[Symbol]]
    private let knownNames: Int
    /// Whether it is remembered where each node of what is read stood, for ``location(of:)``.
    private let keepsPlaces: Bool
    private var findings: [Finding] = []

    package init(_ schema: Schema = .referral, limits: Limits = .standard, keepsPlaces: Bool = false) {
        self.keepsPlaces = keepsPlaces
        var symbols = SymbolTable()
        names = schema.fields.map { field in field.children.map { symbols.intern(schema[$0].name) } }
        knownNames = symbols.count
        self.schema = schema
        reader = DocumentReader(limits: limits)
        document = SourceDocument(symbols: symbols)
    }

    /// - Returns: The referral, or `nil` when there is an error among the findings.
    package func read(_ bytes: [UInt8], named name: String = "") -> (referral: Referral?, findings: [Finding]) {
        findings = []
        defer { document.symbols.forget(past: knownNames) }
        guard reader.read(bytes, named: name, as: .json, into: &document, reporting: &findings),
            let root = document.root
        else { return (nil, findings) }
        var referral = Referral(schema: schema)
        places = [root]
        if isObject(root, .root) {
            members(of: root, .root, in: 0, &referral)
            referral.close(0)
        }
        let isRead = findings.allSatisfy { $0.severity < .error }
        return (isRead ? referral : nil, findings)
    }

    /// Where a node of what was read last stands in its document; the whole where places are not kept.
    package func location(of node: UInt32) -> Finding.Location? {
        Int(node) < places.count ? document.location(of: places[Int(node)]) : nil
    }

    /// Where each node of what was read last stood, by its number.
    private var places: [NodeID] = []

    private func keepPlace(_ node: NodeID, of item: Int) {
        guard keepsPlaces else { return }
        // A group in which nothing was set was taken away again.
        places.removeLast(max(0, places.count - item))
        places.append(node)
    }

    // MARK: Structure

    private func members(of object: NodeID, _ field: FieldID, in group: UInt32, _ referral: inout Referral) {
        var met: Set<FieldID> = []
        var node = object + 1
        while node < document.nodes[Int(object)].next {
            if let child = child(node, of: field) {
                met.insert(child)
                member(node, child, in: group, &referral)
            }
            node = document.nodes[Int(node)].next
        }
        for child in schema.fields[Int(field)].children where schema.fields[Int(child)].isAlwaysFilled {
            if !met.contains(child) { report("canonical-field-missing", child, at: object, .warning) }
        }
    }

    private func child(_ node: NodeID, of field: FieldID) -> FieldID? {
        if let place = names[Int(field)].firstIndex(of: document.nodes[Int(node)].name) {
            return schema.fields[Int(field)].children[place]
        }
        let name = document.symbols.name(document.nodes[Int(node)].name)
        let known = schema.fields[Int(field)].children.map { schema[$0].name }
        let help = Suggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" }
        report("canonical-unknown-field", field, at: node, help: help)
        return nil
    }

    private func member(_ node: NodeID, _ field: FieldID, in group: UInt32, _ referral: inout Referral) {
        guard schema.fields[Int(field)].isList else { return item(node, field, in: group, &referral) }
        guard document.nodes[Int(node)].kind == .array else { return report("canonical-not-a-list", field, at: node) }
        var item = node + 1
        if item == document.nodes[Int(node)].next { report("canonical-value-empty", field, at: node, .warning) }
        while item < document.nodes[Int(node)].next {
            self.item(item, field, in: group, &referral)
            item = document.nodes[Int(item)].next
        }
    }

    private func item(_ node: NodeID, _ field: FieldID, in group: UInt32, _ referral: inout Referral) {
        guard schema.fields[Int(field)].isGroup else { return value(node, field, in: group, &referral) }
        guard isObject(node, field) else { return }
        keepPlace(node, of: referral.nodes.count)
        let opened = referral.open(field, in: group)
        members(of: node, field, in: opened, &referral)
        referral.close(opened)
        if document.nodes[Int(node)].next == node + 1 { report("canonical-value-empty", field, at: node, .warning) }
    }

    private func isObject(_ node: NodeID, _ field: FieldID) -> Bool {
        if document.nodes[Int(node)].kind == .object { return true }
        report("canonical-not-an-object", field, at: node)
        return false
    }

    // MARK: Values

    private func value(_ node: NodeID, _ field: FieldID, in group: UInt32, _ referral: inout Referral) {
        let type = schema.fields[Int(field)].row.type
        guard document.nodes[Int(node)].kind == type.jsonKind, let range = document.ownValue(node) else {
            return report("canonical-wrong-type", field, at: node)
        }
        if range.count == 0 { return report("canonical-value-empty", field, at: node, .warning) }
        let bytes = document.bytes(range)
        guard type.accepts(bytes.span) else {
            if case .choice(let list) = type { return reportCode(bytes, list, field, at: node) }
            return report("canonical-value-invalid", field, at: node)
        }
        keepPlace(node, of: referral.nodes.count)
        referral.append(field, bytes.span, in: group)
    }

    private func reportCode(_ bytes: [UInt8], _ list: CodeList, _ field: FieldID, at node: NodeID) {
        let near = Suggestion.nearest(to: String(decoding: bytes, as: UTF8.self), among: list.codes.map(\.code))
        let all = list.codes.map { "`\($0.code)`" }.joined(separator: ", ")
        report(
            "canonical-code-unknown", field, at: node, help: near.map { "did you mean `\($0)`?" } ?? "it may be " + all)
    }

    private func report(
        _ code: FindingCode, _ field: FieldID, at node: NodeID, _ severity: Finding.Severity? = nil, help: String? = nil
    ) {
        let entry = code.entry
        findings.append(
            Finding(
                code, severity, entry.title, at: document.location(of: node), why: entry.why, help: help ?? entry.help,
                field: field == .root ? nil : schema[field].path))
    }
}

extension FieldID {
    /// The whole referral.
    package static let root: FieldID = 0
}

extension FieldType {
    /// How a value of this type stands in JSON.
    var jsonKind: SourceNode.Kind {
        switch self {
        case .integer: .number
        case .boolean: .boolean
        case .group: .object
        case .text, .token, .uuid, .date, .partialDate, .instant, .choice: .string
        }
    }

    /// Whether bytes, which are not empty, are a value of this type. A group has none.
    package func accepts(_ bytes: Span<UInt8>) -> Bool {
        switch self {
        case .text: true
        case .token: !Self.isSpace(bytes[0]) && !Self.isSpace(bytes[bytes.count - 1])
        case .uuid: Lexical.isUUID(bytes)
        case .date: CalendarDay(bytes) != nil
        case .partialDate: Lexical.isPartialDate(bytes)
        case .instant: Lexical.isInstant(bytes)
        case .integer(let range): Lexical.integer(bytes).map(range.contains) ?? false
        case .boolean: Lexical.isBoolean(bytes)
        case .choice(let list): list.holds(bytes)
        case .group: false
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }
}

extension CodeList {
    /// Whether bytes are one of the codes.
    package func holds(_ bytes: Span<UInt8>) -> Bool {
        for code in codes where bytes.isWord(code.code) { return true }
        return false
    }
}
