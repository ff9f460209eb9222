@testable import Reporting
@testable import SourceDocuments

/// A tree as text, for comparison: `path kind = value`, one node a line, in document order.
func dump(_ document: SourceDocument, places: Bool = false) -> [String] {
    var lines: [String] = []
    for id in 1..<NodeID(max(document.nodes.count, 1)) {
        let node = document.nodes[Int(id)]
        var line = document.path(of: id)
        if document.format == .xml || document.format == .json { line += " \(node.kind)" }
        if node.flags.contains(.isResource), node.parent != 0 {
            line += " resource \(document.symbols.name(node.resourceType))"
        }
        if node.flags.contains(.isMarkup) { line += " markup" }
        if let value = document.ownValue(id) {
            line += " = " + String(decoding: document.bytes(value), as: UTF8.self)
        }
        if places { line += " @\(node.start)..<\(node.end)" }
        lines.append(line)
    }
    return lines
}

/// What reading gave: the document and what was found.
struct Reading {
    var isRead: Bool
    var document: SourceDocument
    var findings: [Finding]

    init(
        _ bytes: [UInt8], as format: SourceFormat? = nil, limits: Limits = .standard, reader: DocumentReader? = nil,
        symbols: SymbolTable = SymbolTable()
    ) {
        document = SourceDocument(symbols: symbols)
        findings = []
        isRead = (reader ?? DocumentReader(limits: limits)).read(
            bytes, named: "test", as: format, into: &document, reporting: &findings)
    }

    init(_ text: String, as format: SourceFormat? = nil, limits: Limits = .standard) {
        self.init(Array(text.utf8), as: format, limits: limits)
    }

    var lines: [String] { dump(document) }

    /// `code line:column` of each finding.
    var found: [String] { findings.map { "\($0.code) \($0.location?.position?.description ?? "?")" } }
}
