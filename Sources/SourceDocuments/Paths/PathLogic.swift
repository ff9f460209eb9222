/// Conditions. `nil` is FHIRPath's third value, "not known"; the other languages never give it.
extension PathEvaluator {
    mutating func logic(
        _ id: ExpressionID, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool? {
        switch program.expressions[Int(id)] {
        case .boolean(let value): return value
        case .nothing: return nil
        case .hasValue(let axis, let name, let text):
            return hasValue(axis, name, text, focus.item, program, &document)
        case .passes(let test):
            return focus.item.isNode && passes(test, focus.item.node, program, document)
        case .connect(let connective, let left, let right):
            return connect(connective, left, right, focus, program, &document)
        case .not(let operand): return logic(operand, focus, program, &document).map { !$0 }
        case .exists(let operand):
            if case .member(let node) = member(operand, focus, program, document) { return node != nil }
            return selectsAny(operand, focus, program, &document)
        case .compare(let comparison, let left, let right):
            return compare(comparison, left, right, focus, program, &document)
        case .isIn(let left, let right): return isIn(left, right, focus, program, &document)
        case .call(let function, let operands):
            return callLogic(function, operands, id, focus, program, &document)
        default: return itemsLogic(id, focus, program, &document)
        }
    }

    private mutating func connect(
        _ connective: PathConnective, _ left: ExpressionID, _ right: ExpressionID, _ focus: PathFocus,
        _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool? {
        let first = logic(left, focus, program, &document)
        switch connective {
        case .and:
            if first == false { return false }
            let second = logic(right, focus, program, &document)
            return second == false ? false : (first == nil ? nil : second)
        case .or:
            if first == true { return true }
            let second = logic(right, focus, program, &document)
            return second == true ? true : (first == nil ? nil : second)
        case .xor:
            guard let first, let second = logic(right, focus, program, &document) else { return nil }
            return first != second
        case .implies:
            if first == false { return true }
            let second = logic(right, focus, program, &document)
            return second == true ? true : (first == nil ? nil : second)
        }
    }

    mutating func selectsAny(
        _ id: ExpressionID, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        let base = items.count
        push(id, focus, program, &document)
        defer { pop(to: base) }
        return items.count > base
    }

    /// The truth of what an expression gives.
    mutating func itemsLogic(
        _ id: ExpressionID, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool? {
        let base = items.count
        push(id, focus, program, &document)
        defer { pop(to: base) }
        switch program.language {
        case .jsonPath: return items.count > base
        case .fhirPath: return singleLogic(base, program, &document)
        case .xpath:
            guard items.count > base else { return false }
            let item = items[base]
            switch item.kind {
            case .node: return true
            case .number: return !(item.number == 0 || item.number.isNaN)
            case .boolean: return item.boolean
            case .text, .date, .decimal: return item.text.count > 0
            case .null: return false
            }
        }
    }

    /// XPath: whether any such child or attribute holds the text. FHIRPath: of none it is not known, of several false.
    private mutating func hasValue(
        _ axis: PathAxis, _ name: Symbol, _ text: PathText, _ item: PathItem, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool? {
        let isFHIR = program.language == .fhirPath
        if isNowhere(name, document) { return isFHIR ? nil : false }
        var found = 0
        var isEqual = false
        if item.isNode {
            let end = document.nodes[Int(item.node)].next
            var child = item.node + 1
            let wantsAttribute = axis == .attribute
            while child < end {
                let node = document.nodes[Int(child)]
                let isAttribute = node.kind == .attribute
                if wantsAttribute, !isAttribute { break }
                work += 1
                if node.name == name, isAttribute == wantsAttribute, !isFHIR || node.hasValue {
                    let value = value(of: child, &document)
                    isEqual = self.isEqual(value, text, program, document)
                    if isEqual, !isFHIR { return true }
                    found += 1
                }
                child = node.next
            }
        }
        if !isFHIR { return false }
        return found == 0 ? nil : isEqual && found == 1
    }

    /// Whether a condition holds of no node of the document, since the names it asks for stand nowhere. Only where judging
    /// it would look at nothing either.
    func holdsNowhere(_ id: ExpressionID, _ program: PathProgram, _ document: borrowing SourceDocument) -> Bool {
        switch program.expressions[Int(id)] {
        case .hasValue(_, let name, _): isNowhere(name, document)
        case .connect(.or, let left, let right):
            holdsNowhere(left, program, document) && holdsNowhere(right, program, document)
        case .connect(.and, let left, _): program.language == .xpath && holdsNowhere(left, program, document)
        default: false
        }
    }

    /// Whether no node of the document has a name.
    @inline(__always) func isNowhere(_ name: Symbol, _ document: borrowing SourceDocument) -> Bool {
        names.knows(document) && names.first(name) == 0
    }

    // MARK: Comparisons

    mutating func compare(
        _ comparison: PathComparison, _ left: ExpressionID, _ right: ExpressionID, _ focus: PathFocus,
        _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool? {
        if case .constant(let range) = program.expressions[Int(right)] {
            return compareConstant(comparison, left, range, focus, program, &document)
        }
        if case .constant(let range) = program.expressions[Int(left)] {
            return compareConstant(comparison, right, range, focus, program, &document)
        }
        if comparison == .equal, program.language == .fhirPath,
            case .text(let literal) = program.expressions[Int(right)]
        {
            return isOne(left, literal, focus, program, &document)
        }
        if comparison == .equal, program.language == .xpath, focus.item.isNode,
            case .text(let literal) = program.expressions[Int(right)],
            case .path(.context, let steps) = program.expressions[Int(left)], program.moves.isPlain(left, steps)
        {
            if leadsNowhere(left, program, document) { return false }
            let moves = program.moves.range(steps.start, steps.start + steps.count)
            return reaches(literal, by: moves, from: focus.item.node, program, &document)
        }
        if comparison == .equal || comparison == .notEqual, program.language == .jsonPath,
            case .text(let literal) = program.expressions[Int(right)],
            let isEqual = isMember(left, literal, focus, program, &document)
        {
            return isEqual == (comparison == .equal)
        }
        let base = items.count
        push(left, focus, program, &document)
        let middle = items.count
        // XPath: of no node against nodes no pair is there to agree.
        if middle == base, program.language == .xpath, case .path = program.expressions[Int(right)] { return false }
        push(right, focus, program, &document)
        defer { pop(to: base) }
        let first = base..<middle
        let second = middle..<items.count
        switch program.language {
        case .xpath: return compareXPath(comparison, first, second, program, &document)
        case .jsonPath: return compareJSON(comparison, first, second, program, &document)
        case .fhirPath: return compareFHIR(comparison, first, second, program, &document)
        }
    }

    /// XPath 1.0, section 3.4. Booleans among the operands were pushed as such; node sets compare by any pair.
    private mutating func compareXPath(
        _ comparison: PathComparison, _ left: Range<Int>, _ right: Range<Int>, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool {
        if let value = soleBoolean(left) {
            return compareWithBoolean(comparison, value, right, isFlipped: false, program, &document)
        }
        if let value = soleBoolean(right) {
            return compareWithBoolean(comparison, value, left, isFlipped: true, program, &document)
        }
        for first in left {
            for second in right {
                work += 1
                if isOver { return false }
                if compareXPath(comparison, items[first], items[second], program, &document) { return true }
            }
        }
        return false
    }

    private func soleBoolean(_ range: Range<Int>) -> Bool? {
        guard range.count == 1, items[range.lowerBound].kind == .boolean else { return nil }
        return items[range.lowerBound].boolean
    }

    private mutating func compareWithBoolean(
        _ comparison: PathComparison, _ value: Bool, _ other: Range<Int>, isFlipped: Bool, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool {
        let truth: Bool
        if other.isEmpty {
            truth = false
        } else {
            let item = items[other.lowerBound]
            switch item.kind {
            case .node: truth = true
            case .boolean: truth = item.boolean
            case .number: truth = !(item.number == 0 || item.number.isNaN)
            case .text, .date, .decimal: truth = item.text.count > 0
            case .null: truth = false
            }
        }
        if comparison == .equal { return truth == value }
        if comparison == .notEqual { return truth != value }
        let numbers = isFlipped ? (truth ? 1.0 : 0, value ? 1.0 : 0) : (value ? 1.0 : 0, truth ? 1.0 : 0)
        return Self.holds(comparison, numbers.0, numbers.1)
    }

    private mutating func compareXPath(
        _ comparison: PathComparison, _ left: PathItem, _ right: PathItem, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool {
        let isNumeric = comparison.isOrder || left.kind == .number || right.kind == .number
        if isNumeric {
            let first = number(of: left, program, &document)
            let second = number(of: right, program, &document)
            return Self.holds(comparison, first, second)
        }
        let first = text(of: left, &document)
        let second = text(of: right, &document)
        return isEqual(first, second, program, document) == (comparison == .equal)
    }

    static func holds<Value: Comparable>(_ comparison: PathComparison, _ left: Value, _ right: Value) -> Bool {
        switch comparison {
        case .equal, .equivalent: left == right
        case .notEqual, .notEquivalent: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    // MARK: Systems constants

    /// Whether any value agrees with an alias (`=`), or any agrees with none (`!=`).
    mutating func compareConstant(
        _ comparison: PathComparison, _ id: ExpressionID, _ aliases: PathRange, _ focus: PathFocus,
        _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool? {
        let base = items.count
        push(id, focus, program, &document)
        defer { pop(to: base) }
        if program.language == .fhirPath, items.count == base { return nil }
        for index in base..<items.count {
            let agrees = agrees(items[index], with: aliases, program, &document)
            if agrees == (comparison == .equal || comparison == .equivalent) { return true }
        }
        return false
    }

    /// Whether a value is one of the aliases, without regard to case and to `http` or `https`.
    mutating func agrees(
        _ item: PathItem, with aliases: PathRange, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        let text = text(of: item, &document)
        for index in aliases.indices where isEqual(text, program.aliases[index], program, document) { return true }
        // `http` and `https` differ by one byte, and case by none.
        for index in aliases.indices
        where abs(program.aliases[index].count - text.count) < 2
            && PathBytes.agreeLoosely(
                bytes(text, program, document), bytes(program.aliases[index], program, document))
        {
            if item.isNode, isMarking { looseMatches.append(item.node) }
            return true
        }
        return false
    }
}
