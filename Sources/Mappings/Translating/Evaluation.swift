import Referrals
import Reporting
import SourceDocuments

/// One pass of a compiled mapping over one document. Total: whatever the document holds, it ends with a value and findings.
///
/// Everything here is reused from document to document; after the first few nothing is allocated per value.
struct Evaluation {
    var document: SourceDocument
    var evaluator = PathEvaluator()
    var referral: Referral
    var origins: [Origin] = []
    var findings: [Finding] = []
    var mapping: CompiledMapping
    /// SHA-256 of the bytes as received, in hex.
    var digest: [UInt8] = []
    /// The id made for the referral at hand, where its mapping gives none.
    var id: [UInt8] = []
    /// Nodes selected and not yet done with; each caller takes away what it added.
    private var selected: [NodeID] = []
    private var value = ConvertedValue()

    init(symbols: SymbolTable, mapping: CompiledMapping, schema: Schema) {
        document = SourceDocument(symbols: symbols)
        referral = Referral(schema: schema)
        self.mapping = mapping
    }

    /// Makes one referral, beginning at a node.
    mutating func run(from node: NodeID) {
        referral.clear()
        origins.removeAll(keepingCapacity: true)
        members(of: mapping.groups.count - 1, from: node, in: 0)
        referral.close(0)
    }

    /// Sets the id that was made in ``id``.
    mutating func setID(_ field: FieldID) {
        let number = add(Origin(kind: .made, rule: -1, node: 0, span: SourceSpan(start: 0, end: 0), alternative: 0, row: -1))
        let text = id
        referral.append(field, text.span, in: 0, origin: number)
        referral.close(0)
    }

    // MARK: Groups

    /// - Parameter context: `nil` where the group's node is missing and its required fields must say so.
    private mutating func members(of group: Int, from context: NodeID?, in parent: UInt32) {
        for index in 0..<mapping.groups[group].members.count {
            switch mapping.groups[group].members[index] {
            case .rule(let id): rule(id, from: context, in: parent)
            case .group(let id): self.group(id, from: context, in: parent)
            }
        }
    }

    private mutating func group(_ id: Int, from context: NodeID?, in parent: UInt32) {
        guard let context else {
            if mapping.groups[id].isRequired { open(id, from: nil, in: parent) }
            return
        }
        if let when = mapping.groups[id].when, !evaluator.test(when, from: context, in: &document) { return }
        if let each = mapping.groups[id].each {
            let base = selected.count
            evaluator.select(each, from: context, in: &document, into: &selected)
            var index = base
            while index < selected.count {
                open(id, from: selected[index], in: parent)
                index += 1
            }
            selected.removeLast(selected.count - base)
        } else if let at = mapping.groups[id].at {
            guard let node = single(at, from: context, group: id, in: parent) else {
                if mapping.groups[id].isRequired { open(id, from: nil, in: parent) }
                return
            }
            open(id, from: node, in: parent)
        } else {
            open(id, from: context, in: parent)
        }
    }

    private mutating func open(_ id: Int, from context: NodeID?, in parent: UInt32) {
        let group = referral.open(mapping.groups[id].field, in: parent)
        members(of: id, from: context, in: group)
        referral.close(group)
    }

    /// The node an `at:` selects, or `nil`; several are a finding.
    private mutating func single(_ path: Path, from context: NodeID, group id: Int, in parent: UInt32) -> NodeID? {
        let base = selected.count
        evaluator.select(path, from: context, in: &document, into: &selected)
        defer { selected.removeLast(selected.count - base) }
        guard selected.count > base else { return nil }
        if selected.count > base + 1 {
            report(
                "too-many", mapping.groups[id].many, field: mapping.groups[id].field, in: parent, at: selected[base + 1],
                place: mapping.groups[id].place)
        }
        return selected[base]
    }

    // MARK: Rules

    private mutating func rule(_ id: Int, from context: NodeID?, in parent: UInt32) {
        switch mapping.rules[id].origin {
        case .constant(let text):
            guard let context else {
                if mapping.rules[id].isAutomatic { append(text, rule: id, kind: .constant, in: parent) }
                return
            }
            if let when = mapping.rules[id].when, !evaluator.test(when, from: context, in: &document) { return }
            append(text, rule: id, kind: .constant, in: parent)
        case .digest: append(digest, rule: id, kind: .made, in: parent)
        case .paths(let paths):
            guard let context else { return missing(id, in: parent, isAbsent: true) }
            if let when = mapping.rules[id].when, !evaluator.test(when, from: context, in: &document) { return }
            guard let each = mapping.rules[id].each else { return values(id, paths, from: context, in: parent) }
            let base = selected.count
            evaluator.select(each, from: context, in: &document, into: &selected)
            var index = base
            while index < selected.count {
                values(id, paths, from: selected[index], in: parent)
                index += 1
            }
            selected.removeLast(selected.count - base)
        }
    }

    /// The values of the first path that selects something, each converted and set.
    private mutating func values(_ id: Int, _ paths: [Path], from context: NodeID, in parent: UInt32) {
        let base = selected.count
        defer { selected.removeLast(selected.count - base) }
        var alternative = 0
        while alternative < paths.count {
            evaluator.select(paths[alternative], from: context, in: &document, into: &selected)
            if selected.count > base, alternative == paths.count - 1 || !allBlank(from: base) { break }
            selected.removeLast(selected.count - base)
            alternative += 1
        }
        guard selected.count > base else { return missing(id, in: parent, isAbsent: false) }
        var count = selected.count - base
        if count > 1, !mapping.rules[id].takesAll {
            if differ(from: base) {
                report(
                    "too-many", mapping.rules[id].many, field: mapping.rules[id].field, in: parent, at: selected[base + 1],
                    place: mapping.rules[id].place)
                if case .reject = mapping.rules[id].many { return }
                if case .omit = mapping.rules[id].many { return }
                if case .use(let text) = mapping.rules[id].many {
                    return append(Array(text.utf8), rule: id, kind: .fallback, in: parent)
                }
            }
            count = 1
        }
        var isSet = false
        for index in 0..<count {
            if convert(selected[base + index], rule: id, alternative: alternative, context: context, in: parent) { isSet = true }
        }
        if !isSet { missing(id, in: parent, isAbsent: false) }
    }

    /// - Returns: `false` when the text was blank.
    private mutating func convert(
        _ node: NodeID, rule id: Int, alternative: Int, context: NodeID, in parent: UInt32
    ) -> Bool {
        let range = text(of: node, asMarkup: mapping.rules[id].readsMarkup)
        let outcome = convert(range, with: mapping.rules[id].converter)
        switch outcome {
        case .blank: return false
        case .converted: break
        case .noted(let code): report(code, .warn, rule: id, in: parent, at: node)
        case .invalid(let code):
            invalid(code, rule: id, node: node, in: parent)
            return true
        }
        let origin = Origin(
            kind: .source, rule: id, node: node, span: document.span(of: node), alternative: alternative, row: -1)
        let isPlain = mapping.rules[id].partFields.count == 1
        if isPlain, mapping.rules[id].code != nil || mapping.rules[id].list != nil || mapping.rules[id].table != nil {
            setCode(rule: id, node: node, context: context, origin: origin, in: parent)
        } else {
            setParts(rule: id, origin: origin, in: parent)
        }
        return true
    }

    /// Converts a text into ``value``.
    private mutating func convert(_ range: TextRange, with converter: any Converter) -> Conversion {
        var output = ConvertedValue()
        swap(&output, &value)
        defer { swap(&output, &value) }
        output.clear()
        let buffer = range.isAside ? document.side : document.source
        return converter.convert(buffer.span.extracting(range.start..<range.end), into: &output)
    }

    // MARK: Setting values

    private mutating func setParts(rule id: Int, origin: Origin, in parent: UInt32) {
        let number = add(origin)
        let isComposite = referral.schema[mapping.rules[id].field].isGroup
        let group = isComposite ? referral.open(mapping.rules[id].field, in: parent, origin: number) : parent
        let bytes = value.bytes
        for part in value.parts where part.end > part.start && part.part < mapping.rules[id].partFields.count {
            guard let target = mapping.rules[id].partFields[part.part] else { continue }
            var inner = group
            for field in target.groups { inner = referral.open(field, in: inner, origin: number) }
            referral.append(target.field, bytes.span.extracting(part.start..<part.end), in: inner, origin: number)
            var level = inner
            while level != group {
                let outer = referral.nodes[Int(level)].parent
                referral.close(level)
                level = outer
            }
        }
        if isComposite { referral.close(group) }
    }

    /// A value that needs no conversion: constants and fallbacks, already checked by the compiler.
    private mutating func append(_ text: [UInt8], rule id: Int, kind: Origin.Kind, in parent: UInt32) {
        let number = add(Origin(kind: kind, rule: id, node: 0, span: SourceSpan(start: 0, end: 0), alternative: 0, row: -1))
        if let code = mapping.rules[id].code {
            let group = referral.open(mapping.rules[id].field, in: parent, origin: number)
            referral.append(code.code, text.span, in: group, origin: number)
            referral.close(group)
        } else {
            referral.append(mapping.rules[id].field, text.span, in: parent, origin: number)
        }
    }

    private mutating func add(_ origin: Origin) -> UInt32 {
        origins.append(origin)
        return UInt32(origins.count - 1)
    }

    // MARK: Codes

    private mutating func setCode(rule id: Int, node: NodeID, context: NodeID, origin: Origin, in parent: UInt32) {
        guard let number = mapping.rules[id].table else {
            if let list = mapping.rules[id].list, !list.contains(where: { $0 == value.bytes }) {
                return unmapped(rule: id, node: node, key: nil, origin: origin, in: parent)
            }
            let target = mapping.rules[id].code
            if target == nil { return setParts(rule: id, origin: origin, in: parent) }
            return writeCode(id, value.bytes, row: nil, key: nil, keepsOriginal: false, origin: origin, in: parent)
        }
        let key = self.key(rule: id, from: context)
        let row = lookUp(number, key: key)
        guard let row else { return unmapped(rule: id, node: node, key: key, origin: origin, in: parent) }
        var withRow = origin
        withRow.row = row
        let to = mapping.tables[number].bytes(of: mapping.tables[number].to(row))
        writeCode(id, to, row: row, key: key, keepsOriginal: to != value.bytes, origin: withRow, in: parent)
    }

    private mutating func key(rule id: Int, from context: NodeID) -> TextRange? {
        guard let path = mapping.rules[id].key else { return nil }
        let base = selected.count
        evaluator.select(path, from: context, in: &document, into: &selected)
        defer { selected.removeLast(selected.count - base) }
        return selected.count > base ? text(of: selected[base], asMarkup: false) : nil
    }

    private func lookUp(_ table: Int, key: TextRange?) -> Int? {
        guard let key else { return mapping.tables[table].lookup(value.bytes.span) }
        let buffer = key.isAside ? document.side.span : document.source.span
        return mapping.tables[table].lookup(value.bytes.span, key: buffer.extracting(key.start..<key.end))
    }

    /// Sets the parts of a coded value; what was sent is kept where it differs from what is set.
    private mutating func writeCode(
        _ id: Int, _ code: [UInt8]?, row: Int?, key: TextRange?, keepsOriginal: Bool, origin: Origin, in parent: UInt32
    ) {
        let number = add(origin)
        guard let target = mapping.rules[id].code else {
            if let code, !code.isEmpty {
                referral.append(mapping.rules[id].field, code.span, in: parent, origin: number)
            }
            return
        }
        let group = referral.open(mapping.rules[id].field, in: parent, origin: number)
        if let row, let table = mapping.rules[id].table, code?.isEmpty == false {
            let rows = mapping.tables[table]
            setIfAny(target.system, rows.bytes(of: rows.system(row)), in: group, origin: number)
            setIfAny(target.code, code ?? [], in: group, origin: number)
            setIfAny(target.display, rows.bytes(of: rows.display(row)), in: group, origin: number)
        } else {
            setIfAny(target.code, code ?? [], in: group, origin: number)
        }
        if keepsOriginal {
            let original = referral.open(target.original, in: group, origin: number)
            if let key { setIfAny(target.originalSystem, document.bytes(key), in: original, origin: number) }
            setIfAny(target.originalCode, value.bytes, in: original, origin: number)
            referral.close(original)
        }
        referral.close(group)
    }

    private mutating func setIfAny(_ field: FieldID, _ text: [UInt8], in group: UInt32, origin: UInt32) {
        if !text.isEmpty { referral.append(field, text.span, in: group, origin: origin) }
    }

    // MARK: Policies

    private mutating func missing(_ id: Int, in parent: UInt32, isAbsent: Bool) {
        if case .use(let text) = mapping.rules[id].missing {
            if !isAbsent { append(Array(text.utf8), rule: id, kind: .fallback, in: parent) }
            return
        }
        report("value-missing", mapping.rules[id].missing, rule: id, in: parent, at: nil)
    }

    private mutating func invalid(_ code: FindingCode, rule id: Int, node: NodeID, in parent: UInt32) {
        report(code, mapping.rules[id].invalid, rule: id, in: parent, at: node)
        if case .use(let text) = mapping.rules[id].invalid {
            append(Array(text.utf8), rule: id, kind: .fallback, in: parent)
        }
    }

    private mutating func unmapped(rule id: Int, node: NodeID, key: TextRange?, origin: Origin, in parent: UInt32) {
        let policy = mapping.rules[id].unmapped
        report("code-unmapped", policy, rule: id, in: parent, at: node)
        switch policy {
        case .omit, .reject: return
        case .use(let text):
            var fallback = origin
            fallback.kind = .fallback
            writeCode(id, Array(text.utf8), row: nil, key: key, keepsOriginal: true, origin: fallback, in: parent)
        case .holdCode, .warn, .quarantine, .first:
            writeCode(id, nil, row: nil, key: key, keepsOriginal: true, origin: origin, in: parent)
        }
    }

    private mutating func report(
        _ code: FindingCode, _ policy: FailurePolicy, rule id: Int, in parent: UInt32, at node: NodeID?
    ) {
        report(code, policy, field: mapping.rules[id].field, in: parent, at: node, place: mapping.rules[id].place)
    }

    private mutating func report(
        _ code: FindingCode, _ policy: FailurePolicy, field: FieldID, in parent: UInt32, at node: NodeID?,
        place: Mapping.Place
    ) {
        let severity: Finding.Severity
        switch policy {
        case .reject: severity = .error
        case .quarantine: severity = .quarantine
        case .warn, .holdCode: severity = .warning
        case .omit, .first: return
        case .use: severity = code == "value-missing" ? .note : .warning
        }
        let above = referral.path(of: parent)
        let name = referral.schema[field].name
        findings.append(
            Finding(
                code, severity, at: node.map { document.location(of: $0) } ?? Finding.Location(document: document.name),
                field: above.isEmpty ? name : above + "." + name, rule: place.location))
    }

    // MARK: Texts

    /// The text of a node, and the note that it was read.
    private mutating func text(of node: NodeID, asMarkup: Bool) -> TextRange {
        let item = document.nodes[Int(node)]
        if asMarkup, item.kind == .element, document.format == .xml {
            evaluator.marks[Int(node)] |= PathEvaluator.Mark.subtree
            return TextRange(start: Int(item.start), end: Int(item.end), isAside: false)
        }
        if item.hasValue {
            evaluator.marks[Int(node)] |= PathEvaluator.Mark.value
        } else if item.next > node + 1 {
            markTexts(of: node)
        } else {
            evaluator.marks[Int(node)] |= PathEvaluator.Mark.value
        }
        return document.stringValue(node)
    }

    /// Marks what a string value is made of: every text below, not the attributes.
    private mutating func markTexts(of node: NodeID) {
        var index = node + 1
        let end = document.nodes[Int(node)].next
        while index < end {
            if document.nodes[Int(index)].kind != .attribute { evaluator.marks[Int(index)] |= PathEvaluator.Mark.value }
            index += 1
        }
    }

    private mutating func allBlank(from base: Int) -> Bool {
        for index in base..<selected.count {
            // Two steps: in one call `isBlank` would ask a copy made before the value was joined.
            let range = document.stringValue(selected[index])
            if !isBlank(range) { return false }
        }
        return true
    }

    private func isBlank(_ range: TextRange) -> Bool {
        let buffer = range.isAside ? document.side.span : document.source.span
        for index in range.start..<range.end where buffer[index] > 0x20 { return false }
        return true
    }

    /// Whether the selected nodes hold different texts; blanks do not count.
    private mutating func differ(from base: Int) -> Bool {
        let first = document.bytes(document.stringValue(selected[base]))
        for index in base + 1..<selected.count {
            let other = document.stringValue(selected[index])
            if !isBlank(other), !document.equals(other, first.span) { return true }
        }
        return false
    }
}

extension Referral {
    /// The referral's id; empty only before it was given one.
    package var id: String {
        guard let field = schema.field("id"), let node = first(field.id) else { return "" }
        return text(node)
    }

    /// Appends every field and value, one group left out: what makes two referrals the same.
    func appendContent(leavingOut group: FieldID?, to output: inout [UInt8]) {
        var index = 1
        while index < nodes.count {
            let node = nodes[index]
            if node.field == group {
                index = Int(node.next)
                continue
            }
            output.append(contentsOf: schema[node.field].name.utf8)
            output.append(0x1F)
            output.append(contentsOf: textBytes[Int(node.textStart)..<Int(node.textEnd)])
            output.append(0x1E)
            index += 1
        }
    }
}
