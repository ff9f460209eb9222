package import Reporting
import SourceDocuments

extension ConceptMap {
    /// Reads a FHIR R4 ConceptMap in JSON as a code table.
    ///
    /// The system of a group's `source` becomes `key`, that of its `target` `system`. Targets that are `unmatched` or
    /// `disjoint` leave `to` empty. What a table cannot say (several targets for one code, dependencies on other
    /// codes) is an error; a value for unmapped codes is a warning, since policies of rules decide on those.
    ///
    /// - Returns: `nil` when something found is an error.
    package static func table(
        from source: [UInt8], named name: String, reporting findings: inout [Finding]
    ) -> CodeTable? {
        var found: [Finding] = []
        defer { findings += found }
        var document = SourceDocument()
        let reader = DocumentReader()
        guard reader.read(source, named: name, as: .json, into: &document, reporting: &found) else { return nil }
        var importer = ConceptMapImporter(document: document)
        let table = importer.table()
        found += importer.findings
        return found.worst ?? .note < .error ? table : nil
    }
}

/// One walk through one ConceptMap.
private struct ConceptMapImporter {
    private let document: SourceDocument
    var findings: [Finding] = []
    private var bytes: [UInt8] = []
    private var rows: [CodeTable.Row] = []
    /// Where each row's element begins, to place duplicates.
    private var elements: [NodeID] = []

    init(document: SourceDocument) { self.document = document }

    mutating func table() -> CodeTable? {
        guard let root = document.root, text(member("resourceType", of: root)) == "ConceptMap" else {
            report("concept-map-malformed", "this is not a FHIR ConceptMap", at: document.root ?? 0)
            return nil
        }
        for group in items(member("group", of: root)) { readGroup(group) }
        let table = CodeTable(name: document.name, bytes: bytes, rows: rows)
        for (row, first) in table.duplicates() {
            let code = table.text(row, .from)
            report(
                "table-from-duplicate", "the code `\(code)` stands in line \(table.line(first)) already",
                at: elements[row])
        }
        return table
    }

    private mutating func readGroup(_ group: NodeID) {
        if let unmapped = member("unmapped", of: group) {
            report(
                "concept-map-unmapped", "what is to become of codes that are not listed was not taken over",
                at: unmapped)
        }
        let key = append(text(member("source", of: group)))
        let system = append(text(member("target", of: group)))
        for element in items(member("element", of: group)) { readElement(element, key: key, system: system) }
    }

    private mutating func readElement(_ element: NodeID, key: Range<Int>, system: Range<Int>) {
        guard let code = text(member("code", of: element)), !code.isEmpty else {
            return report("concept-map-malformed", "an element has no `code`", at: element)
        }
        let targets = items(member("target", of: element))
        guard targets.count < 2 else {
            return report("concept-map-several-targets", "a code has several targets", at: element)
        }
        var row = CodeTable.Row()
        row.line = document.position(at: document.span(of: element).start).line
        row.values[0] = append(code)
        row.values[2] = key
        row.values[3] = system
        if let target = targets.first { readTarget(target, into: &row) }
        rows.append(row)
        elements.append(element)
    }

    private mutating func readTarget(_ target: NodeID, into row: inout CodeTable.Row) {
        for name in ["dependsOn", "product"] {
            if let node = member(name, of: target) {
                report("concept-map-several-targets", "a target hangs on other codes by `\(name)`", at: node)
            }
        }
        let equivalence = text(member("equivalence", of: target))
        if equivalence != "unmatched", equivalence != "disjoint" {
            row.values[1] = append(text(member("code", of: target)))
        }
        row.values[4] = append(text(member("display", of: target)))
        row.values[5] = append(text(member("comment", of: target)))
    }

    private mutating func append(_ text: String?) -> Range<Int> {
        let start = bytes.count
        bytes += (text ?? "").utf8
        return start..<bytes.count
    }

    // MARK: The tree

    private func member(_ name: String, of object: NodeID) -> NodeID? {
        children(of: object).first { document.symbols.name(document.nodes[Int($0)].name) == name }
    }

    /// The items of an array; none when there is no array.
    private func items(_ array: NodeID?) -> [NodeID] {
        guard let array, document.nodes[Int(array)].kind == .array else { return [] }
        return children(of: array)
    }

    private func children(of node: NodeID) -> [NodeID] {
        var result: [NodeID] = []
        var child = node + 1
        while child < document.nodes[Int(node)].next {
            result.append(child)
            child = document.nodes[Int(child)].next
        }
        return result
    }

    private func text(_ node: NodeID?) -> String? {
        guard let node, document.nodes[Int(node)].kind == .string, let range = document.ownValue(node) else {
            return nil
        }
        return String(decoding: document.bytes(range), as: UTF8.self)
    }

    private mutating func report(_ code: FindingCode, _ message: String, at node: NodeID) {
        findings.append(
            Finding(
                code, nil, message, at: document.location(of: node), why: code.entry.why, help: code.entry.help))
    }
}
