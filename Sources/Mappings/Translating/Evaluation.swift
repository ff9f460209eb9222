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
    var budget = FindingBudget()
    /// The line of the place that was told last.
    var line = Lines.Mark()
    private(set) var mapping: CompiledMapping
    /// The number of that mapping in its set, once one was chosen.
    private var mappingNumber: Int?
    /// SHA-256 of the bytes as received, in hex.
    var digest: [UInt8] = []
    /// The id made for the referral at hand, where its mapping gives none.
    var id: [UInt8] = []
    /// Nodes selected and not yet done with; each caller takes away what it added.
    var selected: [NodeID] = []
    var value = ConvertedValue()
    /// The gravest that was found wrong with the referral at hand, whether or not it was listed.
    private(set) var worst = Finding.Severity.note
    let nhsNumber: NHSNumberFields?
    /// The code of the first finding as grave as ``worst``; `nil` while nothing is worse than a note.
    private(set) var cause: FindingCode?

    init(symbols: SymbolTable, mapping: CompiledMapping, schema: Schema) {
        document = SourceDocument(symbols: symbols)
        referral = Referral(schema: schema)
        self.mapping = mapping
        nhsNumber = NHSNumberFields(schema)
    }

    /// Takes another mapping of the same set; the one in use stays, since copying one is not free.
    mutating func use(_ other: CompiledMapping, numbered number: Int) {
        if number == mappingNumber { return }
        mapping = other
        mappingNumber = number
    }

    /// Makes one referral, beginning at a node.
    mutating func run(from node: NodeID) {
        referral.clear()
        worst = .note
        cause = nil
        origins.removeAll(keepingCapacity: true)
        if let root = mapping.plan.groups.last { members(of: root, from: node, in: 0) }
        referral.close(0)
    }

    /// Notes how grave something is that was found wrong with the referral at hand.
    mutating func note(_ code: FindingCode, _ severity: Finding.Severity) {
        guard severity > worst else { return }
        (worst, cause) = (severity, code)
    }

    /// Sets the id that was made in ``id``.
    mutating func setID(_ field: FieldID) {
        let number = add(
            Origin(kind: .made, rule: -1, node: 0, span: SourceSpan(start: 0, end: 0), alternative: 0, row: -1))
        let text = id
        referral.append(field, text.span, in: 0, origin: number)
        referral.close(0)
    }

    // MARK: Groups

    /// - Parameter context: `nil` where the group's node is missing and its required fields must say so.
    private mutating func members(of group: CompiledMapping.GroupReference, from context: NodeID?, in parent: UInt32) {
        for member in group.plan.members {
            switch member {
            case .rule(let id): rule(mapping.plan.rules[id], from: context, in: parent)
            case .group(let id): self.group(mapping.plan.groups[id], from: context, in: parent)
            }
        }
    }

    private mutating func group(_ group: CompiledMapping.GroupReference, from context: NodeID?, in parent: UInt32) {
        guard let context else {
            if group.plan.isRequired { open(group, from: nil, in: parent) }
            return
        }
        if let when = group.plan.when, !holds(when, at: context) { return }
        if let each = group.plan.each {
            let base = selected.count
            evaluator.select(each, from: context, in: &document, into: &selected)
            var index = base
            while index < selected.count {
                open(group, from: selected[index], in: parent)
                index += 1
            }
            selected.truncate(to: base)
        } else if let at = group.plan.at {
            guard let node = single(at, from: context, group: group, in: parent) else {
                if group.plan.isRequired { open(group, from: nil, in: parent) }
                return
            }
            open(group, from: node, in: parent)
        } else {
            open(group, from: context, in: parent)
        }
    }

    private mutating func open(_ group: CompiledMapping.GroupReference, from context: NodeID?, in parent: UInt32) {
        let node = referral.open(group.plan.field, in: parent)
        members(of: group, from: context, in: node)
        if group.plan.field == nhsNumber?.group { withdrawVerification(in: node) }
        let isKept = referral.close(node)
        if isKept, group.plan.isConstant, let context, group.plan.each != nil || group.plan.at != nil {
            evaluator.marks[Int(context)] |= PathEvaluator.Mark.decided
        }
    }

    /// The node an `at:` selects, or `nil`; several are a finding.
    private mutating func single(
        _ path: Path, from context: NodeID, group: CompiledMapping.GroupReference, in parent: UInt32
    ) -> NodeID? {
        let base = selected.count
        evaluator.select(path, from: context, in: &document, into: &selected)
        defer { selected.truncate(to: base) }
        guard selected.count > base else { return nil }
        if selected.count > base + 1 {
            if case .omit = group.plan.many { return nil }
            report(
                "too-many", group.plan.many, field: group.plan.field, in: parent, at: selected[base + 1],
                place: group.plan.place)
        }
        return selected[base]
    }

    // MARK: Rules

    private mutating func rule(_ rule: CompiledMapping.Rule, from context: NodeID?, in parent: UInt32) {
        switch rule.plan.origin {
        case .constant(let text):
            guard let context else {
                if rule.plan.isAutomatic { append(text, rule: rule, kind: .constant, in: parent) }
                return
            }
            if let when = rule.plan.when, !holds(when, at: context) { return }
            append(text, rule: rule, kind: .constant, in: parent)
        case .digest: append(digest, rule: rule, kind: .made, in: parent)
        case .paths:
            guard let context else { return missing(rule, in: parent, context: nil) }
            if let when = rule.plan.when, !holds(when, at: context) { return }
            guard let each = rule.plan.each else { return values(rule, from: context, in: parent) }
            let base = selected.count
            evaluator.select(each, from: context, in: &document, into: &selected)
            var index = base
            while index < selected.count {
                values(rule, from: selected[index], in: parent)
                index += 1
            }
            selected.truncate(to: base)
        }
    }

    /// The values of the first path that selects something, each converted and set.
    private mutating func values(_ rule: CompiledMapping.Rule, from context: NodeID, in parent: UInt32) {
        let base = selected.count
        defer { selected.truncate(to: base) }
        if rule.joins, case .join(let separator) = rule.plan.many {
            for path in rule.paths { evaluator.select(path, from: context, in: &document, into: &selected) }
            return join(base..<selected.count, with: separator, rule: rule, context: context, in: parent)
        }
        var alternative = 0
        while alternative < rule.paths.count {
            evaluator.select(rule.paths[alternative], from: context, in: &document, into: &selected)
            if selected.count > base, alternative == rule.paths.count - 1 || !allBlank(from: base) { break }
            selected.truncate(to: base)
            alternative += 1
        }
        guard selected.count > base else { return missing(rule, in: parent, context: context) }
        var count = selected.count - base
        if count > 1, !rule.plan.takesAll {
            selected[base] = firstFilled(from: base)
            if let other = contradiction(from: base, rule) {
                report("too-many", rule.plan.many, rule: rule, in: parent, at: other)
                if case .reject = rule.plan.many { return }
                if case .omit = rule.plan.many { return }
                if case .use(let text) = rule.plan.many {
                    return append(Array(text.utf8), rule: rule, kind: .fallback, in: parent)
                }
            }
            count = 1
        }
        var isSet = false
        for index in 0..<count {
            if convert(selected[base + index], rule: rule, alternative: alternative, context: context, in: parent) {
                isSet = true
            }
        }
        if !isSet { missing(rule, in: parent, context: context) }
    }

    /// Several texts as one, whose origin is the place of the first.
    private mutating func join(
        _ nodes: Range<Int>, with separator: String, rule: CompiledMapping.Rule, context: NodeID, in parent: UInt32
    ) {
        var joined = ConvertedValue()
        var first: NodeID?
        for index in nodes {
            let node = selected[index]
            switch read(node, by: rule) {
            case .blank: continue
            case .invalid(let code): report(code, rule.plan.invalid, rule: rule, in: parent, at: node)
            case .noted(let code):
                report(code, .warn, rule: rule, in: parent, at: node)
                fallthrough
            case .converted:
                if first != nil { joined.bytes.append(contentsOf: separator.utf8) }
                joined.bytes.append(contentsOf: value.bytes)
                first = first ?? node
            }
        }
        guard let first else { return missing(rule, in: parent, context: context) }
        joined.end()
        value = joined
        let origin = Origin(
            kind: .source, rule: rule.id, node: first, span: document.span(of: first), alternative: 0, row: -1)
        setParts(rule: rule, origin: origin, in: parent)
    }

    /// - Returns: `false` when the text was blank.
    private mutating func convert(
        _ node: NodeID, rule: CompiledMapping.Rule, alternative: Int, context: NodeID, in parent: UInt32
    ) -> Bool {
        switch read(node, by: rule) {
        case .blank: return false
        case .converted: break
        case .noted(let code): report(code, .warn, rule: rule, in: parent, at: node)
        case .invalid(let code):
            invalid(code, rule: rule, node: node, in: parent)
            return true
        }
        let origin = Origin(
            kind: .source, rule: rule.id, node: node, span: document.span(of: node), alternative: alternative, row: -1)
        if rule.isCode {
            setCode(rule: rule, node: node, context: context, origin: origin, in: parent)
        } else {
            setParts(rule: rule, origin: origin, in: parent)
        }
        return true
    }

    /// Converts a text into ``value``.
    mutating func convert(_ range: TextRange, with converter: any Converter) -> Conversion {
        value.clear()
        return Self.convert(range, of: &document, with: converter, into: &value)
    }

    /// Parts of the evaluation one by one, since the whole cannot be read and changed at once; nothing is copied.
    private static func convert(
        _ range: TextRange, of document: inout SourceDocument, with converter: any Converter,
        into value: inout ConvertedValue
    ) -> Conversion {
        let bytes = range.start..<range.end
        if range.isAside { return converter.convert(document.side.span.extracting(bytes), into: &value) }
        return converter.convert(document.source.span.extracting(bytes), into: &value)
    }

    // MARK: Setting values

    mutating func setParts(rule: CompiledMapping.Rule, origin: Origin, in parent: UInt32) {
        let number = add(origin)
        let isComposite = rule.plan.isComposite
        let group = isComposite ? referral.open(rule.plan.field, in: parent, origin: number) : parent
        for index in value.parts.indices { set(value.parts[index], rule: rule, origin: number, in: group) }
        if isComposite { referral.close(group) }
    }

    private mutating func set(_ part: ConvertedValue.Part, rule: CompiledMapping.Rule, origin: UInt32, in group: UInt32)
    {
        guard part.end > part.start, part.part < rule.plainFields.count else { return }
        let field = rule.plainFields[part.part]
        if field != 0 {
            return referral.append(part.start..<part.end, of: &value, at: field, in: group, origin: origin)
        }
        guard let target = rule.plan.partFields[part.part] else { return }
        var inner = group
        for field in target.groups { inner = referral.open(field, in: inner, origin: origin) }
        referral.append(part.start..<part.end, of: &value, at: target.field, in: inner, origin: origin)
        while inner != group {
            let outer = referral.nodes[Int(inner)].parent
            referral.close(inner)
            inner = outer
        }
    }

    /// A value that needs no conversion: constants and fallbacks, already checked by the compiler.
    private mutating func append(_ text: [UInt8], rule: CompiledMapping.Rule, kind: Origin.Kind, in parent: UInt32) {
        let number = add(
            Origin(kind: kind, rule: rule.id, node: 0, span: SourceSpan(start: 0, end: 0), alternative: 0, row: -1))
        if let code = rule.plan.code {
            let group = referral.open(rule.plan.field, in: parent, origin: number)
            referral.append(code.code, text.span, in: group, origin: number)
            referral.close(group)
        } else {
            referral.append(rule.plan.field, text.span, in: parent, origin: number)
        }
    }

    mutating func add(_ origin: Origin) -> UInt32 {
        origins.append(origin)
        return UInt32(origins.count - 1)
    }

    // MARK: Policies

    /// - Parameter context: Where it was looked for; `nil` when that is missing itself, and no fallback stands for a part of nothing.
    private mutating func missing(_ rule: CompiledMapping.Rule, in parent: UInt32, context: NodeID?) {
        if case .use(let text) = rule.plan.missing {
            if context != nil { append(Array(text.utf8), rule: rule, kind: .fallback, in: parent) }
            return
        }
        report("value-missing", rule.plan.missing, rule: rule, in: parent, at: context)
    }

    private mutating func invalid(_ code: FindingCode, rule: CompiledMapping.Rule, node: NodeID, in parent: UInt32) {
        report(code, rule.plan.invalid, rule: rule, in: parent, at: node)
        if case .use(let text) = rule.plan.invalid {
            append(Array(text.utf8), rule: rule, kind: .fallback, in: parent)
        }
    }

    mutating func unmapped(
        rule: CompiledMapping.Rule, node: NodeID, key: TextRange?, origin: Origin, in parent: UInt32
    ) {
        let policy = rule.plan.unmapped
        report("code-unmapped", policy, rule: rule, in: parent, at: node)
        switch policy {
        case .omit, .reject: return
        case .use(let text):
            var fallback = origin
            fallback.kind = .fallback
            writeCode(rule, .text(text), key: key, keepsOriginal: true, origin: fallback, in: parent)
        case .holdCode, .warn, .quarantine, .first, .join:
            writeCode(rule, .none, key: key, keepsOriginal: true, origin: origin, in: parent)
        }
    }

    /// The place of a node; of none, that it is in this document.
    mutating func location(of node: NodeID?) -> Finding.Location {
        node.map { document.location(of: $0, after: &line) } ?? Finding.Location(document: document.name)
    }

    private mutating func report(
        _ code: FindingCode, _ policy: FailurePolicy, rule: CompiledMapping.Rule, in parent: UInt32, at node: NodeID?
    ) {
        report(code, policy, field: rule.plan.field, in: parent, at: node, place: rule.plan.place)
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
        case .omit, .first, .join: return
        case .use: severity = code == "value-missing" ? .note : .warning
        }
        note(code, severity)
        guard budget.admits(code, severity, field: UInt32(field)) else { return }
        findings.append(
            Finding(
                code, severity, at: location(of: node),
                field: referral.path(of: parent, then: field), rule: place.location))
    }
}
