/// Paths that end in nothing but names and types: `name.family`, `entry.resource.ofType(Patient).birthDate`. Most paths of a
/// mapping do; what they select goes straight into the result.
extension PathEvaluator {
    /// Selects by a path that is plain after those of its beginnings that are shared. `false` when it is not.
    mutating func selectPlain(
        _ program: PathProgram, from node: NodeID, _ document: inout SourceDocument, into result: inout [NodeID]
    ) -> Bool {
        guard case .path(let start, let steps) = program.expressions[Int(program.root)] else { return false }
        if steps.count == 0, case .context = start {
            result.append(node)
            return true
        }
        let numbers = sharable(program.root, program, document)
        let done = Int32(numbers.count)
        guard program.moves.isPlain(program.root, steps, after: done) else { return false }
        let moves = program.moves.range(steps.start + done, steps.start + steps.count)
        prepare(node, document)
        if numbers.isEmpty {
            if let first = startNode(start, PathFocus(PathItem(node: node)), program, document) {
                descend(moves, from: first, program, document, into: &result)
            }
            return true
        }
        let side = document.side.count
        let base = result.count
        for index in shared(program.root, numbers, program, steps, &document) {
            descend(moves, from: sharing.nodes[index], program, document, into: &result)
        }
        settle(&document, side: side)
        Self.order(&result, from: base)
        return true
    }

    /// Appends what plain moves lead to.
    private mutating func descend(
        _ moves: Range<Int>, from node: NodeID, _ program: PathProgram, _ document: borrowing SourceDocument,
        into result: inout [NodeID]
    ) {
        if moves.isEmpty { return result.append(node) }
        let rest = moves.lowerBound + 1..<moves.upperBound
        switch program.moves.list[moves.lowerBound] {
        case .child(let name):
            descend(name, isAttribute: false, rest, from: node, program, document, into: &result)
        case .attribute(let name):
            descend(name, isAttribute: true, rest, from: node, program, document, into: &result)
        case .below(let name): below(name, node, document, into: &result)
        case .children(let test):
            var child = node + 1
            while child < document.nodes[Int(node)].next {
                if document.nodes[Int(child)].kind != .attribute, passes(test, child, program, document) {
                    descend(rest, from: child, program, document, into: &result)
                }
                child = document.nodes[Int(child)].next
            }
        case .only(let test):
            if passes(test, node, program, document) { descend(rest, from: node, program, document, into: &result) }
        case .condition, .resolve: return
        }
    }

    private mutating func descend(
        _ name: Symbol, isAttribute: Bool, _ rest: Range<Int>, from node: NodeID, _ program: PathProgram,
        _ document: borrowing SourceDocument, into result: inout [NodeID]
    ) {
        let nodes = document.nodes.span
        let end = nodes[Int(node)].next
        if names.knows(document), var child = names.first(name, below: node, end: end) {
            while child != 0, child < end {
                if nodes[Int(child)].parent == node, (nodes[Int(child)].kind == .attribute) == isAttribute {
                    descend(rest, from: child, program, document, into: &result)
                }
                child = names.next(child)
            }
            return
        }
        var child = node + 1
        while child < end {
            let isOne = nodes[Int(child)].kind == .attribute
            if isAttribute, !isOne { return }
            if nodes[Int(child)].name == name, isOne == isAttribute {
                descend(rest, from: child, program, document, into: &result)
            }
            child = nodes[Int(child)].next
        }
    }

    /// Appends the nodes of a name below a node.
    private mutating func below(
        _ name: Symbol, _ node: NodeID, _ document: borrowing SourceDocument, into result: inout [NodeID]
    ) {
        let nodes = document.nodes.span
        let end = nodes[Int(node)].next
        work += 1
        if names.knows(document), var found = names.first(name, below: node, end: end) {
            while found != 0, found < end {
                work += 1
                if nodes[Int(found)].kind != .attribute { result.append(found) }
                found = names.next(found)
            }
            return
        }
        work += Int(end - node)
        for index in node + 1..<max(end, node + 1) {
            if nodes[Int(index)].name == name, nodes[Int(index)].kind != .attribute { result.append(index) }
        }
    }
}
