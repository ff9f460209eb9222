/// Steps: from a set of nodes to the next.
extension PathEvaluator {
    mutating func pushPath(
        _ id: ExpressionID, _ start: PathStart, _ steps: PathRange, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        if let node = startNode(start, focus, program, document) {
            if program.moves.canWalk(id, steps) {
                return walk(program.moves.range(steps.start, steps.start + steps.count), from: node, program, &document)
            }
            items.append(PathItem(node: node))
            take(steps, from: items.count - 1, focus, program, &document)
        } else {
            let base = items.count
            switch start {
            case .context: items.append(focus.item)
            case .value(let id): push(id, focus, program, &document)
            case .document, .root, .rootOfType, .origin, .resource, .rootResource: return
            }
            take(steps, from: base, focus, program, &document)
        }
    }

    /// The one node a path starts at; `nil` when there is none, or it starts at something else.
    func startNode(
        _ start: PathStart, _ focus: PathFocus, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> NodeID? {
        switch start {
        case .context: focus.item.isNode ? focus.item.node : nil
        case .document: 0
        case .root: document.nodes.count > 1 ? 1 : nil
        case .rootOfType(let type): Self.isResource(1, of: type, document) ? 1 : nil
        case .origin: origin
        case .resource: holder(of: origin, document)
        case .rootResource: outerHolder(of: origin, program, document)
        case .value: nil
        }
    }

    /// Whether a path selects nothing from any node, since one of its steps goes to a name or a type that stands nowhere.
    @inline(__always) func leadsNowhere(
        _ id: ExpressionID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> Bool {
        guard names.knows(document) else { return false }
        for index in program.needs.ranges[Int(id)].indices where names.first(program.needs.names[index]) == 0 {
            return true
        }
        for index in program.needs.typeRanges[Int(id)].indices where !names.hasResource(program.needs.types[index]) {
            return true
        }
        return false
    }

    /// Goes on, step by step, from the items from `base` on.
    mutating func take(
        _ steps: PathRange, from base: Int, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        for index in steps.indices {
            if items.count == base || isOver { return }
            let end = items.count
            take(program.steps[index], base..<end, focus, program, &document)
            drop(base..<end)
            if program.language == .xpath { order(from: base) }
        }
    }

    /// Appends what a step leads to from the items of a range.
    private mutating func take(
        _ step: PathStep, _ inputs: Range<Int>, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        switch step {
        case .walk(let axis, let test, let predicates):
            if case .named(let name) = test, isNowhere(name, document) { return }
            for index in inputs where items[index].isNode {
                walk(axis, test, predicates, from: items[index].node, program, &document)
                if isOver { return }
            }
        case .filter(let predicates):
            let base = items.count
            for index in inputs { items.append(items[index]) }
            filter(predicates, from: base, program, &document)
        case .slice(let from, let to): takeSlice(from, to, inputs)
        case .only(let test):
            for index in inputs where items[index].isNode && passes(test, items[index].node, program, document) {
                items.append(items[index])
            }
        case .resolve:
            for index in inputs { pushTarget(of: items[index], program, &document) }
        case .project(let id):
            for (place, index) in inputs.enumerated() {
                push(id, PathFocus(items[index], position: place + 1, size: inputs.count), program, &document)
            }
        case .distinct: takeDistinct(inputs, program, &document)
        case .index, .items, .filterChildren, .each:
            for index in inputs where items[index].isNode {
                selectChildren(step, of: items[index].node, program, &document)
                if isOver { return }
            }
        }
    }

    private mutating func takeSlice(_ from: Int32, _ to: Int32, _ inputs: Range<Int>) {
        let count = inputs.count
        let first = from < 0 ? count + Int(from) : Int(from)
        let last = min(to < 0 ? count + Int(to) + 1 : Int(to), count)
        var index = max(first, 0)
        while index < last {
            items.append(items[inputs.lowerBound + index])
            index += 1
        }
    }

    mutating func walk(
        _ axis: PathAxis, _ test: PathTest, _ predicates: PathRange, from node: NodeID, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        let base = items.count
        if predicates.count > 0, case .condition(let id) = program.predicates[Int(predicates.start)],
            holdsNowhere(id, program, document)
        {
            return
        }
        collect(axis, test, from: node, program, document)
        filter(predicates, from: base, program, &document)
    }

    /// Appends the nodes of an axis that pass the test, nearest first.
    private mutating func collect(
        _ axis: PathAxis, _ test: PathTest, from node: NodeID, _ program: PathProgram,
        _ document: borrowing SourceDocument
    ) {
        switch axis {
        case .child: collectChildren(test, from: node, program, document)
        case .attribute: collectAttributes(test, from: node, document)
        case .this: if passes(test, node, program, document) { items.append(PathItem(node: node)) }
        case .parent:
            if node != 0 { keep(document.nodes[Int(node)].parent, if: test, program, document) }
        case .descendant: collectSubtree(test, from: node, program, document)
        case .descendantOrSelf:
            keep(node, if: test, program, document)
            collectSubtree(test, from: node, program, document)
        case .ancestor, .ancestorOrSelf:
            if axis == .ancestorOrSelf { keep(node, if: test, program, document) }
            var current = node
            while current != 0 {
                current = document.nodes[Int(current)].parent
                keep(current, if: test, program, document)
            }
        case .followingSibling: collectFollowing(test, node, program, document)
        case .precedingSibling: collectPreceding(test, node, program, document)
        }
    }

    @inline(__always) private mutating func keep(
        _ node: NodeID, if test: PathTest, _ program: PathProgram, _ document: borrowing SourceDocument
    ) {
        work += 1
        if passes(test, node, program, document) { items.append(PathItem(node: node)) }
    }

    mutating func collectChildren(
        _ test: PathTest, from node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) {
        let nodes = document.nodes.span
        let end = nodes[Int(node)].next
        var child = node + 1
        if case .named(let name) = test {
            if names.knows(document), let first = names.first(name, below: node, end: end) {
                return collectChained(first, from: node, end: end, document)
            }
            while child < end {
                let item = nodes[Int(child)]
                if item.name == name, item.kind != .attribute { items.append(PathItem(node: child)) }
                child = item.next
                work += 1
            }
            return
        }
        if test == .text, Self.isOwnText(node, document) { items.append(PathItem(node: node)) }
        while child < end {
            let item = nodes[Int(child)]
            if item.kind != .attribute, !(test == .text && item.kind != .text) {
                keep(child, if: test, program, document)
            }
            child = item.next
        }
    }

    /// The children of a node, along the chain of their name.
    private mutating func collectChained(
        _ first: NodeID, from node: NodeID, end: NodeID, _ document: borrowing SourceDocument
    ) {
        var child = first
        while child != 0, child < end {
            let item = document.nodes[Int(child)]
            if item.parent == node, item.kind != .attribute { items.append(PathItem(node: child)) }
            child = names.next(child)
            work += 1
        }
    }

    private mutating func collectAttributes(
        _ test: PathTest, from node: NodeID, _ document: borrowing SourceDocument
    ) {
        let nodes = document.nodes.span
        let end = nodes[Int(node)].next
        var child = node + 1
        while child < end {
            let item = nodes[Int(child)]
            guard item.kind == .attribute else { return }
            let isWanted =
                switch test {
                case .named(let name): item.name == name
                case .namespace(let uri): document.symbols.namespaceSymbol(item.name) == uri
                case .any, .star: true
                case .text, .choice, .resource: false
                }
            if isWanted { items.append(PathItem(node: child)) }
            child = item.next
            work += 1
        }
    }

    mutating func collectSubtree(
        _ test: PathTest, from node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) {
        let nodes = document.nodes.span
        let end = nodes[Int(node)].next
        work += Int(end - node)
        if test == .text, Self.isOwnText(node, document) { items.append(PathItem(node: node)) }
        var current = node + 1
        if case .named(let name) = test {
            // No chain is longer than the document, and the work counted is a quarter of it at least.
            if names.knows(document) {
                if let first = names.first(name, below: node, end: end) {
                    return collectNamed(from: first, in: current..<end, document)
                }
                if Int(end - node) * 4 >= nodes.count {
                    return collectNamed(from: names.first(name), in: current..<end, document)
                }
            }
            while current < end {
                let item = nodes[Int(current)]
                if item.name == name, item.kind != .attribute { items.append(PathItem(node: current)) }
                current += 1
            }
            return
        }
        while current < end {
            if nodes[Int(current)].kind != .attribute, passes(test, current, program, document) {
                items.append(PathItem(node: current))
            }
            current += 1
        }
    }

    private mutating func collectNamed(
        from first: NodeID, in range: Range<NodeID>, _ document: borrowing SourceDocument
    ) {
        var node = first
        while node != 0, node < range.upperBound {
            if node >= range.lowerBound, document.nodes[Int(node)].kind != .attribute {
                items.append(PathItem(node: node))
            }
            node = names.next(node)
        }
    }

    private mutating func collectFollowing(
        _ test: PathTest, _ node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) {
        let item = document.nodes[Int(node)]
        if node == 0 || item.kind == .attribute { return }
        let end = document.nodes[Int(item.parent)].next
        var sibling = item.next
        while sibling < end {
            keep(sibling, if: test, program, document)
            sibling = document.nodes[Int(sibling)].next
        }
    }

    private mutating func collectPreceding(
        _ test: PathTest, _ node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) {
        let item = document.nodes[Int(node)]
        if node == 0 || item.kind == .attribute { return }
        let base = items.count
        var sibling = item.parent + 1
        while sibling < node {
            if document.nodes[Int(sibling)].kind != .attribute { keep(sibling, if: test, program, document) }
            sibling = document.nodes[Int(sibling)].next
        }
        items[base...].reverse()
    }

    // MARK: Tests

    /// Whether a node that is no attribute step's result passes a test.
    @inline(__always) func passes(
        _ test: PathTest, _ node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> Bool {
        let item = document.nodes[Int(node)]
        switch test {
        case .any: return true
        case .named(let name): return item.name == name && item.kind != .attribute
        case .star: return item.kind == .element
        case .namespace(let uri):
            return item.kind == .element && document.symbols.namespaceSymbol(item.name) == uri
        case .text: return item.kind == .text || Self.isOwnText(node, document)
        case .choice(let range): return program.holds(item.name, in: range)
        case .resource(let type): return Self.isResource(node, of: type, document)
        }
    }

    static func isOwnText(_ node: NodeID, _ document: borrowing SourceDocument) -> Bool {
        let item = document.nodes[Int(node)]
        return item.kind == .element && item.hasValue && item.valueEnd > item.valueStart
    }

    static func isResource(_ node: NodeID, of type: Symbol, _ document: borrowing SourceDocument) -> Bool {
        guard Int(node) < document.nodes.count else { return false }
        let found = document.nodes[Int(node)].resourceType
        return found != SymbolTable.none && (type == 0 || found == type)
    }

    // MARK: Predicates

    /// Keeps those of the items from `base` on that pass all predicates.
    mutating func filter(
        _ predicates: PathRange, from base: Int, _ program: PathProgram, _ document: inout SourceDocument
    ) {
        for index in predicates.indices {
            if items.count == base || isOver { return }
            switch program.predicates[index] {
            case .index(let wanted): keepOne(Int(wanted), from: base)
            case .last: keepOne(items.count - base, from: base)
            case .condition(let id):
                if holdsNowhere(id, program, document) { return pop(to: base) }
                keep(from: base, program, &document) { evaluator, focus, document in
                    evaluator.logic(id, focus, program, &document) == true
                }
            case .position(let id):
                keep(from: base, program, &document) { evaluator, focus, document in
                    evaluator.number(id, focus, program, &document) == Double(focus.position)
                }
            }
        }
    }

    private mutating func keepOne(_ wanted: Int, from base: Int) {
        guard wanted >= 1, wanted <= items.count - base else { return pop(to: base) }
        items[base] = items[base + wanted - 1]
        pop(to: base + 1)
    }

    @inline(__always) private mutating func keep(
        from base: Int, _ program: PathProgram, _ document: inout SourceDocument,
        if holds: (inout PathEvaluator, PathFocus, inout SourceDocument) -> Bool
    ) {
        let end = items.count
        var target = base
        for index in base..<end {
            work += 1
            let item = items[index]
            let side = document.side.count
            if holds(&self, PathFocus(item, position: index - base + 1, size: end - base), &document) {
                items[target] = item
                target += 1
            }
            document.side.truncate(to: side)
            if isOver { break }
        }
        pop(to: target)
    }
}

extension PathProgram {
    /// Whether a symbol stands in a sorted run of the pool.
    @inline(__always) func holds(_ symbol: Symbol, in range: PathRange) -> Bool {
        var low = Int(range.start)
        var high = low + Int(range.count)
        while low < high {
            let middle = (low + high) / 2
            if symbols[middle] == symbol { return true }
            if symbols[middle] < symbol { low = middle + 1 } else { high = middle }
        }
        return false
    }
}
