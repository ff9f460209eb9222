/// Patterns: whether a path would select a node, judged backwards from the node through its parents.
extension PathEvaluator {
    /// Whether the pattern, evaluated from the root, selects this node. `false` for a path that is no pattern.
    ///
    /// Marks nothing, so that what a mapping ignores or watches does not count as read.
    package mutating func matches(_ pattern: Path, _ node: NodeID, in document: inout SourceDocument) -> Bool {
        let program = pattern.program
        guard program.isPattern else { return false }
        isMarking = false
        origin = node
        let side = document.side.count
        let result = matches(program.root, node, program, &document)
        isMarking = true
        settle(&document, side: side)
        return result && !isOver
    }

    /// Whether the pattern could select a node of this shape: as ``matches(_:_:in:)``, but with every condition taken to hold.
    package mutating func mayMatch(_ pattern: Path, _ node: NodeID, in document: inout SourceDocument) -> Bool {
        isJudgingShape = true
        defer { isJudgingShape = false }
        return matches(pattern, node, in: &document)
    }

    private mutating func matches(
        _ id: ExpressionID, _ node: NodeID, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        switch program.expressions[Int(id)] {
        case .union(let left, let right):
            if matches(left, node, program, &document) { return true }
            return matches(right, node, program, &document)
        case .path(let start, let steps):
            return matches(start, steps.indices, node, program, &document)
        default: return false
        }
    }

    private mutating func matches(
        _ start: PathStart, _ steps: Range<Int>, _ node: NodeID, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool {
        work += 1
        if isOver { return false }
        guard let last = steps.last else { return isStart(start, node, document) }
        let before = steps.dropLast()
        switch program.steps[last] {
        case .walk(let axis, let test, let predicates):
            guard isOn(axis, test, node, program, document), passesAll(predicates, node, program, &document) else {
                return false
            }
            return matchesBefore(axis, start, before, node, program, &document)
        case .filter(let predicates):
            return passesAll(predicates, node, program, &document)
                && matches(start, before, node, program, &document)
        case .only(let test):
            return mayPass(test, node, program, document) && matches(start, before, node, program, &document)
        case .distinct: return matches(start, before, node, program, &document)
        case .filterChildren, .each:
            return isTaken(program.steps[last], node, program, &document)
                && matchesBefore(.child, start, before, node, program, &document)
        case .slice, .resolve, .project, .index, .items: return false
        }
    }

    /// Whether the steps before lead to a node from which the axis reaches this one.
    private mutating func matchesBefore(
        _ axis: PathAxis, _ start: PathStart, _ before: Range<Int>, _ node: NodeID, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool {
        if axis == .this { return matches(start, before, node, program, &document) }
        if axis == .descendantOrSelf, matches(start, before, node, program, &document) { return true }
        guard node != 0 else { return false }
        var current = document.nodes[Int(node)].parent
        if axis == .child || axis == .attribute { return matches(start, before, current, program, &document) }
        while true {
            if matches(start, before, current, program, &document) { return true }
            if current == 0 { return false }
            current = document.nodes[Int(current)].parent
        }
    }

    private func isStart(_ start: PathStart, _ node: NodeID, _ document: borrowing SourceDocument) -> Bool {
        switch start {
        case .context, .root: node == 1
        case .document: node == 0
        case .rootOfType(let type): node == 1 && Self.isResource(1, of: type, document)
        case .origin, .resource, .rootResource, .value: false
        }
    }

    private func isOn(
        _ axis: PathAxis, _ test: PathTest, _ node: NodeID, _ program: PathProgram,
        _ document: borrowing SourceDocument
    ) -> Bool {
        let item = document.nodes[Int(node)]
        guard axis == .attribute else {
            if item.kind == .attribute, axis != .this { return false }
            return mayPass(test, node, program, document)
        }
        guard item.kind == .attribute else { return false }
        return switch test {
        case .named(let name): item.name == name
        case .namespace(let uri): document.symbols.namespaceSymbol(item.name) == uri
        case .any, .star: true
        case .text, .choice, .resource: false
        }
    }

    /// Text is no part of a shape.
    private func mayPass(
        _ test: PathTest, _ node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> Bool {
        isJudgingShape && test == .text || passes(test, node, program, document)
    }

    private mutating func passesAll(
        _ predicates: PathRange, _ node: NodeID, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        if isJudgingShape { return true }
        for index in predicates.indices {
            guard case .condition(let id) = program.predicates[index],
                logic(id, PathFocus(PathItem(node: node)), program, &document) == true
            else { return false }
        }
        return true
    }

    /// Whether a JSONPath selector takes this child.
    private mutating func isTaken(
        _ step: PathStep, _ node: NodeID, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        switch step {
        case .walk(let axis, let test, let predicates):
            return isOn(axis, test, node, program, document) && passesAll(predicates, node, program, &document)
        case .filterChildren(let id):
            return isJudgingShape || logic(id, PathFocus(PathItem(node: node)), program, &document) == true
        case .each(let range):
            for index in range.indices where isTaken(program.steps[index], node, program, &document) { return true }
            return false
        case .filter, .slice, .only, .resolve, .project, .distinct, .index, .items: return false
        }
    }
}
