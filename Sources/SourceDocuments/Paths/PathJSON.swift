/// What only JSONPath does (RFC 9535): selectors, and comparisons of JSON values.
extension PathEvaluator {
    // MARK: Selectors (section 2.3)

    /// Appends the children of a node that a selector takes.
    mutating func selectChildren(
        _ step: PathStep, of node: NodeID, _ program: PathProgram, _ document: inout SourceDocument
    ) {
        let parent = document.nodes[Int(node)]
        switch step {
        case .walk(let axis, let test, let predicates):
            walk(axis, test, predicates, from: node, program, &document)
        case .index(let index):
            guard parent.kind == .array else { return }
            if let child = child(at: index, of: node, document) { items.append(PathItem(node: child)) }
        case .items(let start, let end, let step):
            if parent.kind == .array { selectItems(start, end, step, of: node, document) }
        case .filterChildren(let condition):
            if parent.kind == .array || parent.kind == .object {
                filterChildren(condition, of: node, program, &document)
            }
        case .each(let range):
            for index in range.indices { selectChildren(program.steps[index], of: node, program, &document) }
        case .filter, .slice, .only, .resolve, .project, .distinct: return
        }
    }

    private func child(at index: Int, of node: NodeID, _ document: borrowing SourceDocument) -> NodeID? {
        var wanted = index
        if index < 0 {
            wanted += childCount(node, document)
            if wanted < 0 { return nil }
        }
        let end = document.nodes[Int(node)].next
        var child = node + 1
        while child < end {
            if wanted == 0 { return child }
            wanted -= 1
            child = document.nodes[Int(child)].next
        }
        return nil
    }

    func childCount(_ node: NodeID, _ document: borrowing SourceDocument) -> Int {
        var count = 0
        let end = document.nodes[Int(node)].next
        var child = node + 1
        while child < end {
            count += 1
            child = document.nodes[Int(child)].next
        }
        return count
    }

    /// A slice, by the arithmetic of section 2.3.4.2.2.
    private mutating func selectItems(
        _ start: Int?, _ end: Int?, _ step: Int, of node: NodeID, _ document: borrowing SourceDocument
    ) {
        if step == 0 { return }
        let base = items.count
        let count = childCount(node, document)
        func normal(_ index: Int) -> Int { index >= 0 ? index : count + index }
        let first = normal(start ?? (step > 0 ? 0 : count - 1))
        let last = normal(end ?? (step > 0 ? count : -count - 1))
        let lower = step > 0 ? min(max(first, 0), count) : min(max(last, -1), count - 1)
        let upper = step > 0 ? min(max(last, 0), count) : min(max(first, -1), count - 1)
        let stop = document.nodes[Int(node)].next
        var child = node + 1
        var index = 0
        while child < stop {
            let isInside = step > 0 ? index >= lower && index < upper : index > lower && index <= upper
            if isInside, (step > 0 ? index - lower : upper - index) % abs(step) == 0 {
                items.append(PathItem(node: child))
            }
            index += 1
            child = document.nodes[Int(child)].next
        }
        work += index
        if step < 0 { items[base...].reverse() }
    }

    private mutating func filterChildren(
        _ condition: ExpressionID, of node: NodeID, _ program: PathProgram, _ document: inout SourceDocument
    ) {
        let end = document.nodes[Int(node)].next
        var child = node + 1
        while child < end, !isOver {
            work += 1
            let item = PathItem(node: child)
            if logic(condition, PathFocus(item), program, &document) == true { items.append(item) }
            child = document.nodes[Int(child)].next
        }
    }

    // MARK: Functions (section 2.4)

    /// `nil` is the RFC's Nothing.
    mutating func callJSON(
        _ function: PathFunction, _ operands: PathRange, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> PathItem? {
        guard let first = operands.indices.first else { return nil }
        let base = items.count
        push(program.arguments[first], focus, program, &document)
        defer { pop(to: base) }
        let count = items.count - base
        switch function {
        case .count: return PathItem(Double(count))
        case .value: return count == 1 ? items[base] : nil
        case .length: return count == 1 ? length(of: items[base], program, &document) : nil
        default: return nil
        }
    }

    private mutating func length(
        of item: PathItem, _ program: PathProgram, _ document: inout SourceDocument
    ) -> PathItem? {
        if item.isNode {
            let kind = document.nodes[Int(item.node)].kind
            if kind == .array || kind == .object { return PathItem(Double(childCount(item.node, document))) }
            if kind != .string { return nil }
        } else if item.kind != .text {
            return nil
        }
        let text = text(of: item, &document)
        return PathItem(Double(PathBytes.characterCount(bytes(text, program, document))))
    }

    // MARK: Comparisons (section 2.3.5.2.2)

    mutating func compareJSON(
        _ comparison: PathComparison, _ left: Range<Int>, _ right: Range<Int>, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool {
        guard let first = left.first, let second = right.first else {
            let areBothNothing = left.isEmpty && right.isEmpty
            switch comparison {
            case .equal, .lessOrEqual, .greaterOrEqual, .equivalent: return areBothNothing
            case .notEqual, .notEquivalent: return !areBothNothing
            case .less, .greater: return false
            }
        }
        let (a, b) = (items[first], items[second])
        switch comparison {
        case .equal, .equivalent: return areEqualJSON(a, b, program, &document)
        case .notEqual, .notEquivalent: return !areEqualJSON(a, b, program, &document)
        case .less: return isLessJSON(a, b, program, &document)
        case .greater: return isLessJSON(b, a, program, &document)
        case .lessOrEqual: return isLessJSON(a, b, program, &document) || areEqualJSON(a, b, program, &document)
        case .greaterOrEqual: return isLessJSON(b, a, program, &document) || areEqualJSON(a, b, program, &document)
        }
    }

    /// What a path that leads no further than to a member of the node at hand comes to.
    enum Member {
        case member(NodeID?)
        /// The path is another.
        case other
    }

    /// The commonest of what conditions look at: `@`, and `@.name` or `@['name']`.
    mutating func member(
        _ id: ExpressionID, _ focus: PathFocus, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> Member {
        guard focus.item.isNode, case .path(.context, let steps) = program.expressions[Int(id)] else { return .other }
        if steps.count == 0 { return .member(focus.item.node) }
        guard steps.count == 1, case .walk(.child, .named(let name), .none) = program.steps[Int(steps.start)] else {
            return .other
        }
        return .member(child(name, of: focus.item.node, document))
    }

    private mutating func child(_ name: Symbol, of node: NodeID, _ document: borrowing SourceDocument) -> NodeID? {
        work += 1
        let end = document.nodes[Int(node)].next
        guard names.knows(document), var child = names.first(name, below: node, end: end) else {
            return member(name, of: node, document)
        }
        while child != 0, child < end {
            if document.nodes[Int(child)].parent == node { return child }
            child = names.next(child)
        }
        return nil
    }

    /// Whether a member of the node at hand, or that itself, is a text and this one; `nil` where the path leads elsewhere.
    mutating func isMember(
        _ id: ExpressionID, _ literal: PathText, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool? {
        guard case .member(let node) = member(id, focus, program, document) else { return nil }
        guard let node, document.nodes[Int(node)].kind == .string else { return false }
        let text = value(of: node, &document)
        return isEqual(text, literal, program, document)
    }

    private enum JSONKind { case text, number, boolean, null, object, array }

    private func kind(_ item: PathItem, _ document: borrowing SourceDocument) -> JSONKind {
        switch item.kind {
        case .text, .date: return .text
        case .number, .decimal: return .number
        case .boolean: return .boolean
        case .null: return .null
        case .node:
            switch document.nodes[Int(item.node)].kind {
            case .number: return .number
            case .boolean: return .boolean
            case .null: return .null
            case .object: return .object
            case .array: return .array
            case .string, .document, .element, .attribute, .text: return .text
            }
        }
    }

    private mutating func areEqualJSON(
        _ left: PathItem, _ right: PathItem, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        work += 1
        let kind = kind(left, document)
        guard kind == self.kind(right, document), !isOver else { return false }
        switch kind {
        case .null: return true
        case .text, .boolean:
            let first = text(of: left, &document)
            let second = text(of: right, &document)
            return isEqual(first, second, program, document)
        case .number: return compareNumbers(left, right, program, &document) == 0
        case .array: return areEqualArrays(left.node, right.node, program, &document)
        case .object: return areEqualObjects(left.node, right.node, program, &document)
        }
    }

    private mutating func areEqualArrays(
        _ left: NodeID, _ right: NodeID, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        guard childCount(left, document) == childCount(right, document) else { return false }
        var (first, second) = (left + 1, right + 1)
        let end = document.nodes[Int(left)].next
        while first < end {
            if !areEqualJSON(PathItem(node: first), PathItem(node: second), program, &document) { return false }
            first = document.nodes[Int(first)].next
            second = document.nodes[Int(second)].next
        }
        return true
    }

    private mutating func areEqualObjects(
        _ left: NodeID, _ right: NodeID, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        guard childCount(left, document) == childCount(right, document) else { return false }
        var first = left + 1
        let end = document.nodes[Int(left)].next
        while first < end {
            guard let other = member(document.nodes[Int(first)].name, of: right, document),
                areEqualJSON(PathItem(node: first), PathItem(node: other), program, &document)
            else { return false }
            first = document.nodes[Int(first)].next
        }
        return true
    }

    private mutating func member(_ name: Symbol, of node: NodeID, _ document: borrowing SourceDocument) -> NodeID? {
        let end = document.nodes[Int(node)].next
        var child = node + 1
        while child < end {
            work += 1
            if document.nodes[Int(child)].name == name { return child }
            child = document.nodes[Int(child)].next
        }
        return nil
    }

    private mutating func isLessJSON(
        _ left: PathItem, _ right: PathItem, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        let kind = kind(left, document)
        guard kind == self.kind(right, document) else { return false }
        switch kind {
        case .number: return compareNumbers(left, right, program, &document) < 0
        case .text:
            let first = text(of: left, &document)
            let second = text(of: right, &document)
            return bytes(first, program, document).lexicographicallyPrecedes(bytes(second, program, document))
        case .boolean, .null, .object, .array: return false
        }
    }

    /// -1, 0 or 1; numbers as written are compared digit by digit.
    mutating func compareNumbers(
        _ left: PathItem, _ right: PathItem, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Int {
        let first = text(of: left, &document)
        let second = text(of: right, &document)
        return PathNumber.compare(bytes(first, program, document), bytes(second, program, document))
    }
}
