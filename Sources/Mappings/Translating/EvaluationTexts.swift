import Reporting
import SourceDocuments

/// Reading the texts of selected nodes, comparing them, and noting what was read.
extension Evaluation {
    /// Converts the text of a node into ``value``.
    mutating func read(_ node: NodeID, by rule: CompiledMapping.Rule) -> Conversion {
        let range = text(of: node, asMarkup: rule.plan.readsMarkup)
        if document.nodes[Int(node)].isNull || hasOnlyExtensions(node) { return .blank }
        if isStructured(node) { return .invalid("value-structured") }
        return convert(range, with: rule.plan.converter)
    }

    /// Whether a node is an object or a list of JSON or FHIR: run together, its parts would be a value nobody wrote.
    ///
    /// Asked of every value, and changes nothing: mutating, like its neighbours, since to call it otherwise the whole of the
    /// evaluation would be copied.
    private mutating func isStructured(_ node: NodeID) -> Bool {
        let item = document.nodes[Int(node)]
        guard !item.hasValue, item.next > node + 1 else { return false }
        return switch document.format {
        case .json, .fhir: true
        case .xml, .hl7v2, .csv: false
        }
    }

    private mutating func hasOnlyExtensions(_ node: NodeID) -> Bool {
        guard isStructured(node), case .fhir = document.format else { return false }
        var child = node + 1
        while child < document.nodes[Int(node)].next {
            let item = document.nodes[Int(child)]
            guard ["extension", "id"].contains(document.symbols.name(item.name)) else { return false }
            child = item.next
        }
        return true
    }

    /// The text of a node, and the note that it was read.
    mutating func text(of node: NodeID, asMarkup: Bool) -> TextRange {
        let item = document.nodes[Int(node)]
        if asMarkup, item.kind == .element, case .xml = document.format {
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
            if !document.nodes[Int(index)].isAttribute { evaluator.marks[Int(index)] |= PathEvaluator.Mark.value }
            index += 1
        }
    }

    mutating func allBlank(from base: Int) -> Bool {
        for index in base..<selected.count where !isBlank(selected[index]) { return false }
        return true
    }

    /// Whether a node holds no text. JSON's null holds none, though it is written, nor does a FHIR value of which only
    /// extensions say why it is absent.
    private mutating func isBlank(_ node: NodeID) -> Bool {
        if document.nodes[Int(node)].isNull || hasOnlyExtensions(node) { return true }
        // Two steps: in one call `isBlank` would ask a copy made before the value was joined.
        let range = document.stringValue(node)
        return isBlank(range)
    }

    private mutating func isBlank(_ range: TextRange) -> Bool {
        let buffer = range.isAside ? document.side : document.source
        for index in range.start..<range.end where buffer[index] > 0x20 { return false }
        return true
    }

    /// The first of the selected nodes that is not blank, or the first.
    mutating func firstFilled(from base: Int) -> NodeID {
        for index in base..<selected.count where !isBlank(selected[index]) { return selected[index] }
        return selected[base]
    }

    /// The first node that says something else than the one at `base`. Blanks do not count, nor does the same value in
    /// another spelling.
    mutating func contradiction(from base: Int, _ rule: CompiledMapping.Rule) -> NodeID? {
        let first = document.stringValue(selected[base])
        let text = document.bytes(first)
        for index in base + 1..<selected.count {
            let other = document.stringValue(selected[index])
            if !isBlank(selected[index]), !document.equals(other, text.span), !isSame(first, other, rule.plan.converter)
            {
                return selected[index]
            }
            evaluator.marks[Int(selected[index])] |= PathEvaluator.Mark.compared
        }
        return nil
    }

    private mutating func isSame(_ first: TextRange, _ other: TextRange, _ converter: any Converter) -> Bool {
        guard convert(first, with: converter).isValue else { return false }
        let (bytes, parts) = (value.bytes, value.parts)
        return convert(other, with: converter).isValue && value.bytes == bytes && value.parts == parts
    }

    // MARK: Conditions

    /// Whether a condition holds. What it looked at then counts as read, since it decided what is set.
    mutating func holds(_ condition: Path, at node: NodeID) -> Bool {
        guard evaluator.test(condition, from: node, in: &document) else { return false }
        if mapping.plan.watched.isEmpty { return true }
        evaluator.markBit = PathEvaluator.Mark.decided
        defer { evaluator.markBit = PathEvaluator.Mark.compared }
        return evaluator.test(condition, from: node, in: &document)
    }
}

extension Conversion {
    fileprivate var isValue: Bool {
        switch self {
        case .converted, .noted: true
        case .blank, .invalid: false
        }
    }
}
