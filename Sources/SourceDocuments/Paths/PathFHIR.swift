/// What only FHIRPath does: collections, three-valued comparisons and its functions.
extension PathEvaluator {
    // MARK: Truth

    /// Singleton evaluation (FHIRPath, section 4.5) of the items from `base` on.
    mutating func singleLogic(_ base: Int, _ program: PathProgram, _ document: inout SourceDocument) -> Bool? {
        guard items.count - base == 1 else { return nil }
        return truth(items[base], program, &document)
    }

    private mutating func truth(_ item: PathItem, _ program: PathProgram, _ document: inout SourceDocument) -> Bool {
        switch item.kind {
        case .boolean: return item.boolean
        case .node:
            guard document.ownValue(item.node) != nil else { return true }
            let text = value(of: item.node, &document)
            return bytes(text, program, document) != Self.falseBytes[...]
        case .text, .date, .number, .decimal, .null: return true
        }
    }

    private static let falseBytes = Array("false".utf8)
    private static let trueBytes = Array("true".utf8)

    // MARK: Equality (section 6.1)

    mutating func compareFHIR(
        _ comparison: PathComparison, _ left: Range<Int>, _ right: Range<Int>, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool? {
        switch comparison {
        case .equal: return areEqual(left, right, program, &document)
        case .notEqual: return areEqual(left, right, program, &document).map { !$0 }
        case .equivalent: return areEquivalent(left, right, program, &document)
        case .notEquivalent: return !areEquivalent(left, right, program, &document)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard left.count == 1, right.count == 1 else { return nil }
            let order = order(items[left.lowerBound], items[right.lowerBound], program, &document)
            return order.map { Self.holds(comparison, $0, 0) }
        }
    }

    /// Whether an expression gives one item and that is a literal: the commonest comparison, without the literal's detour
    /// over the stack.
    mutating func isOne(
        _ id: ExpressionID, _ literal: PathText, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool? {
        if case .path(.context, .none) = program.expressions[Int(id)] {
            return isEqual(focus.item, PathItem(text: literal), program, &document)
        }
        let base = items.count
        push(id, focus, program, &document)
        defer { pop(to: base) }
        if items.count == base { return nil }
        return items.count == base + 1 && isEqual(items[base], PathItem(text: literal), program, &document) == true
    }

    private mutating func areEqual(
        _ left: Range<Int>, _ right: Range<Int>, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool? {
        if left.isEmpty || right.isEmpty { return nil }
        guard left.count == right.count else { return false }
        var result: Bool? = true
        for place in 0..<left.count {
            let (a, b) = (items[left.lowerBound + place], items[right.lowerBound + place])
            let one = isEqual(a, b, program, &document)
            if one == false { return false }
            if one == nil { result = nil }
        }
        return result
    }

    /// `nil` when it cannot be said, since one of two dates is more precise.
    mutating func isEqual(
        _ left: PathItem, _ right: PathItem, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool? {
        work += 1
        if isOver { return false }
        if left.isNode { return isEqual(node: left.node, right, program, &document) }
        if right.isNode { return isEqual(node: right.node, left, program, &document) }
        switch (left.kind, right.kind) {
        case (.text, .text):
            return isEqual(left.text, right.text, program, document)
        case (.decimal, .decimal), (.decimal, .number), (.number, .decimal), (.number, .number):
            return compareNumbers(left, right, program, &document) == 0
        case (.boolean, .boolean): return left.boolean == right.boolean
        case (.date, .date): return areEqualDates(left.text, right.text, program, document)
        default: return false
        }
    }

    private func areEqualDates(
        _ left: PathText, _ right: PathText, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> Bool? {
        guard let first = PathDate(bytes(left, program, document)),
            let second = PathDate(bytes(right, program, document)),
            first.isTime == second.isTime
        else { return false }
        return PathDate.compare(first, second).map { $0 == 0 }
    }

    /// A node's value takes the type of what it is compared with; two nodes compare as text, or part by part.
    private mutating func isEqual(
        node: NodeID, _ other: PathItem, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool? {
        guard document.ownValue(node) != nil else {
            return other.isNode ? areEqualParts(node, other.node, program, &document) : false
        }
        let text = value(of: node, &document)
        switch other.kind {
        case .text: return isEqual(text, other.text, program, document)
        case .decimal, .number:
            guard PathNumber.isDecimal(bytes(text, program, document)) else { return false }
            return compareNumbers(PathItem(.decimal, text), other, program, &document) == 0
        case .boolean:
            return bytes(text, program, document) == (other.boolean ? Self.trueBytes : Self.falseBytes)[...]
        case .date: return areEqualDates(text, other.text, program, document)
        case .null: return false
        case .node:
            guard document.ownValue(other.node) != nil else { return false }
            let second = value(of: other.node, &document)
            if isEqual(text, second, program, document) { return true }
            return areEqualMoments(text, second, program, document)
        }
    }

    /// Two different texts are equal only if both are moments with a time of day, written differently.
    private func areEqualMoments(
        _ left: PathText, _ right: PathText, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> Bool? {
        guard let first = PathDate(bytes(left, program, document)), first.precision > 3,
            let second = PathDate(bytes(right, program, document)), second.precision > 3
        else { return false }
        return PathDate.compare(first, second).map { $0 == 0 }
    }

    private mutating func areEqualParts(
        _ left: NodeID, _ right: NodeID, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool? {
        if left == right { return true }
        guard document.ownValue(right) == nil, childCount(left, document) == childCount(right, document) else {
            return false
        }
        var (first, second) = (left + 1, right + 1)
        let end = document.nodes[Int(left)].next
        while first < end {
            guard document.nodes[Int(first)].name == document.nodes[Int(second)].name else { return false }
            let one = isEqual(PathItem(node: first), PathItem(node: second), program, &document)
            if one != true { return one }
            first = document.nodes[Int(first)].next
            second = document.nodes[Int(second)].next
        }
        return true
    }

    // MARK: Equivalence (section 6.1.3)

    private mutating func areEquivalent(
        _ left: Range<Int>, _ right: Range<Int>, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        guard left.count == right.count else { return false }
        var taken: Set<Int> = []
        for first in left {
            let match = right.first { second in
                !taken.contains(second) && isEquivalent(items[first], items[second], program, &document)
            }
            guard let match else { return false }
            taken.insert(match)
        }
        return true
    }

    private mutating func isEquivalent(
        _ left: PathItem, _ right: PathItem, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        let areNumbers = isNumber(left, program, &document) && isNumber(right, program, &document)
        if areNumbers, left.kind != .node || right.kind != .node {
            let first = text(of: left, &document)
            let second = text(of: right, &document)
            return PathNumber.areEquivalent(bytes(first, program, document), bytes(second, program, document))
        }
        if isText(left, document), isText(right, document) {
            let first = text(of: left, &document)
            let second = text(of: right, &document)
            return PathBytes.areEquivalent(bytes(first, program, document), bytes(second, program, document))
        }
        return isEqual(left, right, program, &document) == true
    }

    private func isText(_ item: PathItem, _ document: borrowing SourceDocument) -> Bool {
        item.kind == .text || item.isNode && document.ownValue(item.node) != nil
    }

    private mutating func isNumber(_ item: PathItem, _ program: PathProgram, _ document: inout SourceDocument) -> Bool {
        switch item.kind {
        case .number, .decimal: return true
        case .node:
            guard document.ownValue(item.node) != nil else { return false }
            let text = value(of: item.node, &document)
            return PathNumber.isDecimal(bytes(text, program, document))
        case .text, .date, .boolean, .null: return false
        }
    }

    // MARK: Order (section 6.2)

    /// -1, 0 or 1; `nil` when the two have no order, or it cannot be said.
    private mutating func order(
        _ left: PathItem, _ right: PathItem, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Int? {
        if left.isNode && document.ownValue(left.node) == nil || right.isNode && document.ownValue(right.node) == nil {
            return nil
        }
        let first = text(of: left, &document)
        let second = text(of: right, &document)
        let (a, b) = (bytes(first, program, document), bytes(second, program, document))
        if left.kind == .boolean || right.kind == .boolean { return nil }
        if isNumeric(left) || isNumeric(right) || left.isNode && right.isNode && PathNumber.isDecimal(a) {
            guard !isPlainText(left), !isPlainText(right), PathNumber.isDecimal(a), PathNumber.isDecimal(b) else {
                return nil
            }
            return PathNumber.compare(a, b)
        }
        if left.kind == .date || right.kind == .date || left.isNode && right.isNode {
            if let one = PathDate(a), let other = PathDate(b) { return PathDate.compare(one, other) }
            if left.kind == .date || right.kind == .date { return nil }
        }
        if left.isNode != right.isNode,
            PathNumber.isDecimal(left.isNode ? a : b) != PathNumber.isDecimal(left.isNode ? b : a)
        {
            return nil
        }
        if a == b { return 0 }
        return a.lexicographicallyPrecedes(b) ? -1 : 1
    }

    private func isNumeric(_ item: PathItem) -> Bool { item.kind == .number || item.kind == .decimal }
    private func isPlainText(_ item: PathItem) -> Bool { item.kind == .text || item.kind == .date }

    // MARK: Membership and sets

    mutating func isIn(
        _ left: ExpressionID, _ right: ExpressionID, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool? {
        let base = items.count
        push(left, focus, program, &document)
        defer { pop(to: base) }
        guard items.count - base == 1 else { return nil }
        let item = items[base]
        if case .constant(let aliases) = program.expressions[Int(right)] {
            return agrees(item, with: aliases, program, &document)
        }
        let first = items.count
        push(right, focus, program, &document)
        return holds(item, first..<items.count, program, &document)
    }

    private mutating func holds(
        _ item: PathItem, _ range: Range<Int>, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        for index in range where isEqual(item, items[index], program, &document) == true { return true }
        return false
    }

    /// Appends each different item of a range once.
    mutating func takeDistinct(_ inputs: Range<Int>, _ program: PathProgram, _ document: inout SourceDocument) {
        let base = items.count
        let wasMarking = isMarking
        isMarking = false
        for index in inputs where !isOver {
            let item = items[index]
            if !holds(item, base..<items.count, program, &document) { items.append(item) }
        }
        isMarking = wasMarking
    }

    // MARK: Texts

    mutating func pushJoined(
        _ left: ExpressionID, _ right: ExpressionID, _ emptyIsText: Bool, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        let first = singleText(left, focus, program, &document)
        let second = singleText(right, focus, program, &document)
        if !emptyIsText, first == nil || second == nil { return }
        let start = scratch.count
        let nothing = PathText(.literal, 0, 0)
        let (a, b) = (first ?? nothing, second ?? nothing)
        append(a, program, document)
        append(b, program, document)
        items.append(PathItem(text: PathText(.scratch, start, scratch.count)))
    }

    /// The text of the one item an expression gives; `nil` for none, several, or an element with parts.
    mutating func singleText(
        _ id: ExpressionID, _ focus: PathFocus, _ program: PathProgram, _ document: inout SourceDocument
    ) -> PathText? {
        let base = items.count
        push(id, focus, program, &document)
        defer { pop(to: base) }
        guard items.count - base == 1 else { return nil }
        let item = items[base]
        if item.isNode, document.ownValue(item.node) == nil { return nil }
        return text(of: item, &document)
    }
}

extension PathBytes {
    /// FHIRPath equivalence of texts: without regard to case, white space being white space.
    static func areEquivalent(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var other = right.startIndex
        for byte in left {
            let (a, b) = (lowered(byte), lowered(right[other]))
            if a != b, !(PathScanner.isSpace(a) && PathScanner.isSpace(b)) { return false }
            other += 1
        }
        return true
    }
}

extension PathNumber {
    /// FHIRPath equivalence of decimals: equal when rounded to the places of the less precise one.
    static func areEquivalent(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        if compare(left, right) == 0 { return true }
        let common = min(places(left), places(right))
        guard common < 15, common < max(places(left), places(right)) else { return false }
        var scale = 1.0
        for _ in 0..<common { scale *= 10 }
        let first = signed(left) * scale
        let second = signed(right) * scale
        return first.rounded() == second.rounded()
    }

    private static func signed(_ bytes: ArraySlice<UInt8>) -> Double {
        bytes.first == 0x2D ? -decimal(bytes.dropFirst()) : decimal(bytes)
    }

    private static func places(_ bytes: ArraySlice<UInt8>) -> Int {
        guard let point = bytes.firstIndex(of: 0x2E) else { return 0 }
        return bytes[(point + 1)...].prefix { PathScanner.isDigit($0) }.count
    }
}
