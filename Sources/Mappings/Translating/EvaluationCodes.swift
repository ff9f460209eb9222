import Referrals
import Reporting
import SourceDocuments

/// Setting coded values: looked up in a table, with their system and what was sent.
extension Evaluation {
    mutating func setCode(
        rule: CompiledMapping.Rule, node: NodeID, context: NodeID, origin: Origin, in parent: UInt32
    ) {
        guard let number = rule.plan.table else {
            if let list = rule.plan.list, !list.contains(where: { $0 == value.bytes }) {
                return unmapped(rule: rule, node: node, key: nil, origin: origin, in: parent)
            }
            if rule.plan.code == nil { return setParts(rule: rule, origin: origin, in: parent) }
            return writeCode(rule, .converted, key: nil, keepsOriginal: false, origin: origin, in: parent)
        }
        let key = self.key(rule: rule, from: context)
        let row = lookUp(number, key: key)
        guard let row else { return unmapped(rule: rule, node: node, key: key, origin: origin, in: parent) }
        var withRow = origin
        withRow.row = row
        let isSame = mapping.plan.tables[number].holds(value.bytes, at: mapping.plan.tables[number].to(row))
        writeCode(rule, .row(row, of: number), key: key, keepsOriginal: !isSame, origin: withRow, in: parent)
    }

    private mutating func key(rule: CompiledMapping.Rule, from context: NodeID) -> TextRange? {
        guard let path = rule.plan.key else { return nil }
        let base = selected.count
        evaluator.select(path, from: context, in: &document, into: &selected)
        defer { selected.truncate(to: base) }
        return selected.count > base ? text(of: selected[base], asMarkup: false) : nil
    }

    private mutating func lookUp(_ table: Int, key: TextRange?) -> Int? {
        guard let key else { return mapping.plan.tables[table].lookup(value.bytes.span) }
        let range = key.start..<key.end
        if key.isAside {
            return mapping.plan.tables[table].lookup(value.bytes.span, key: document.side.span.extracting(range))
        }
        return mapping.plan.tables[table].lookup(value.bytes.span, key: document.source.span.extracting(range))
    }

    /// Where the parts of a coded value come from.
    enum Code {
        /// The text as it was converted.
        case converted
        /// A row of the table of a number.
        case row(Int, of: Int)
        case text(String)
        /// Only what was sent is kept.
        case none
    }

    /// Sets the parts of a coded value; what was sent is kept where it differs from what is set.
    mutating func writeCode(
        _ rule: CompiledMapping.Rule, _ code: Code, key: TextRange?, keepsOriginal: Bool, origin: Origin,
        in parent: UInt32
    ) {
        let number = add(origin)
        guard let target = rule.plan.code else { return setCode(code, at: rule.plan.field, in: parent, origin: number) }
        let group = referral.open(rule.plan.field, in: parent, origin: number)
        if case .row(let row, let table) = code, !mapping.plan.tables[table].to(row).isEmpty {
            setCell(row, .system, of: table, at: target.system, in: group, origin: number)
            setCell(row, .to, of: table, at: target.code, in: group, origin: number)
            setCell(row, .display, of: table, at: target.display, in: group, origin: number)
        } else {
            setCode(code, at: target.code, in: group, origin: number)
        }
        if keepsOriginal {
            let original = referral.open(target.original, in: group, origin: number)
            if let key {
                let bytes = document.bytes(key)
                referral.appendIfAny(target.originalSystem, bytes.span, in: original, origin: number)
            }
            referral.append(0..<value.bytes.count, of: &value, at: target.originalCode, in: original, origin: number)
            referral.close(original)
        }
        referral.close(group)
    }

    private mutating func setCode(_ code: Code, at field: FieldID, in group: UInt32, origin: UInt32) {
        switch code {
        case .converted:
            referral.append(0..<value.bytes.count, of: &value, at: field, in: group, origin: origin)
        case .row(let row, let table): setCell(row, .to, of: table, at: field, in: group, origin: origin)
        case .text(let text):
            let bytes = Array(text.utf8)
            referral.appendIfAny(field, bytes.span, in: group, origin: origin)
        case .none: return
        }
    }

    private mutating func setCell(
        _ row: Int, _ column: CodeTable.Column, of table: Int, at field: FieldID, in group: UInt32, origin: UInt32
    ) {
        let bytes = mapping.plan.tables[table].bytes
        let range = mapping.plan.tables[table][row, column]
        referral.appendIfAny(field, bytes.span.extracting(range), in: group, origin: origin)
    }
}

extension Referral {
    /// Adds some of a converted value below an open group, unless it is empty.
    mutating func append(
        _ range: Range<Int>, of value: inout ConvertedValue, at field: FieldID, in group: UInt32, origin: UInt32
    ) {
        appendIfAny(field, value.bytes.span.extracting(range), in: group, origin: origin)
    }

    /// Adds a value below an open group, unless it is empty.
    mutating func appendIfAny(_ field: FieldID, _ text: Span<UInt8>, in group: UInt32, origin: UInt32) {
        if !text.isEmpty { append(field, text, in: group, origin: origin) }
    }
}
