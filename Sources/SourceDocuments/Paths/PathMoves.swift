/// One move of a path that is walked node by node, without the stack.
enum PathMove: Sendable {
    /// To the children of a name.
    case child(Symbol)
    /// To the children that pass a test.
    case children(PathTest)
    case attribute(Symbol)
    /// To all nodes of a name below; the one move of its path, since from there on nodes would come twice.
    case below(Symbol)
    /// Stays, if the node passes a test.
    case only(PathTest)
    /// Stays, if a condition holds at the node.
    case condition(ExpressionID)
    /// FHIRPath `resolve()`.
    case resolve

    /// Whether it looks at no value.
    var isPlain: Bool {
        switch self {
        case .child, .children, .attribute, .below, .only: true
        case .condition, .resolve: false
        }
    }
}

/// The moves of those paths of a program whose every step judges each node by itself: names, types, conditions without
/// positions. They are most of a mapping's. What comes of such a path is the same, in the same order, whether it is taken
/// step by step or node by node.
struct PathMoves: Sendable {
    private(set) var list: [PathMove] = []
    /// By step, the place of its first move, and past the last step the end; a step without moves cannot be walked.
    private var starts: [Int32] = []
    /// By expression, how many of its path's last steps can be walked.
    private var walkable: [Int32] = []
    /// By expression, how many of its path's last steps look at no value.
    private var plain: [Int32] = []

    init(_ builder: borrowing PathBuilder) {
        for step in builder.steps {
            starts.append(Int32(list.count))
            if let moves = Self.moves(of: step, builder) { list += moves }
        }
        starts.append(Int32(list.count))
        for expression in builder.expressions {
            guard case .path(let start, let steps) = expression else {
                walkable.append(0)
                plain.append(0)
                continue
            }
            let isOne = steps.count == 1
            let canWalk = steps.indices.reversed().prefix { index in
                starts[index] < starts[index + 1] && (isOne || !isBelow(index))
            }
            walkable.append(Int32(canWalk.count))
            let isPlain = canWalk.prefix { list[Int(starts[$0])..<Int(starts[$0 + 1])].allSatisfy(\.isPlain) }
            if case .value = start { plain.append(0) } else { plain.append(Int32(isPlain.count)) }
        }
    }

    /// Whether all steps of a path can be walked, but for some at its beginning.
    @inline(__always) func canWalk(_ id: ExpressionID, _ steps: PathRange, after done: Int32 = 0) -> Bool {
        walkable[Int(id)] >= steps.count - done
    }

    /// The same, with steps that look at no value.
    @inline(__always) func isPlain(_ id: ExpressionID, _ steps: PathRange, after done: Int32 = 0) -> Bool {
        steps.count > done && plain[Int(id)] >= steps.count - done
    }

    /// Whether all of a run of steps can be walked.
    func canWalk(_ steps: PathRange) -> Bool {
        steps.indices.allSatisfy { starts[$0] < starts[$0 + 1] && !isBelow($0) }
    }

    private func isBelow(_ step: Int) -> Bool {
        if case .below = list[Int(starts[step])] { true } else { false }
    }

    /// The moves of a run of steps.
    @inline(__always) func range(_ start: Int32, _ end: Int32) -> Range<Int> {
        Int(starts[Int(start)])..<Int(starts[Int(end)])
    }

    private static func moves(of step: PathStep, _ builder: borrowing PathBuilder) -> [PathMove]? {
        switch step {
        case .walk(.child, .named(let name), let predicates):
            return conditions(predicates, builder).map { [.child(name)] + $0 }
        case .walk(.child, .choice(let range), let predicates):
            return conditions(predicates, builder).map { [.children(.choice(range))] + $0 }
        case .walk(.child, .star, let predicates):
            return conditions(predicates, builder).map { [.children(.star)] + $0 }
        case .walk(.attribute, .named(let name), let predicates):
            return conditions(predicates, builder).map { [.attribute(name)] + $0 }
        case .walk(.descendant, .named(let name), .none): return [.below(name)]
        case .walk(.this, let test, let predicates):
            return conditions(predicates, builder).map { [.only(test)] + $0 }
        case .only(let test): return [.only(test)]
        case .filter(let predicates): return conditions(predicates, builder)
        case .resolve: return [.resolve]
        case .walk, .slice, .project, .distinct, .index, .items, .filterChildren, .each: return nil
        }
    }

    /// The conditions of a run of predicates; `nil` when one of them asks for positions.
    private static func conditions(_ predicates: PathRange, _ builder: borrowing PathBuilder) -> [PathMove]? {
        var result: [PathMove] = []
        for index in predicates.indices {
            guard case .condition(let id) = builder.predicates[index], !builder.positional.contains(id) else {
                return nil
            }
            result.append(.condition(id))
        }
        return result
    }
}

extension PathEvaluator {
    /// Appends what moves lead to from a node.
    mutating func walk(
        _ moves: Range<Int>, from start: NodeID, _ program: PathProgram, _ document: inout SourceDocument
    ) {
        var node = start
        var place = moves.lowerBound
        while place < moves.upperBound {
            let rest = place + 1..<moves.upperBound
            switch program.moves.list[place] {
            case .child(let name): return walkChildren(name, rest, from: node, program, &document)
            case .children(let test): return walkChildren(test, rest, from: node, program, &document)
            case .attribute(let name): return walkAttributes(name, rest, from: node, program, &document)
            case .below(let name): return collectSubtree(.named(name), from: node, program, document)
            case .only(let test): if !passes(test, node, program, document) { return }
            case .condition(let id): if !holds(id, at: node, program, &document) { return }
            case .resolve:
                guard let target = target(of: node, program, &document) else { return }
                node = target
            }
            place += 1
        }
        items.append(PathItem(node: node))
    }

    private mutating func holds(
        _ id: ExpressionID, at node: NodeID, _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        work += 1
        if isOver { return false }
        let side = document.side.count
        let result = logic(id, PathFocus(PathItem(node: node)), program, &document)
        document.side.truncate(to: side)
        return result == true
    }

    private mutating func walkChildren(
        _ name: Symbol, _ rest: Range<Int>, from node: NodeID, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        if rest.isEmpty { return collectChildren(.named(name), from: node, program, document) }
        let end = document.nodes[Int(node)].next
        if names.knows(document), var child = names.first(name, below: node, end: end) {
            while child != 0, child < end {
                work += 1
                if document.nodes[Int(child)].parent == node, document.nodes[Int(child)].kind != .attribute {
                    walk(rest, from: child, program, &document)
                }
                child = names.next(child)
            }
            return
        }
        var child = node + 1
        while child < end, !isOver {
            work += 1
            let next = document.nodes[Int(child)].next
            if document.nodes[Int(child)].name == name, document.nodes[Int(child)].kind != .attribute {
                walk(rest, from: child, program, &document)
            }
            child = next
        }
    }

    private mutating func walkChildren(
        _ test: PathTest, _ rest: Range<Int>, from node: NodeID, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        let end = document.nodes[Int(node)].next
        var child = node + 1
        while child < end, !isOver {
            work += 1
            let next = document.nodes[Int(child)].next
            if document.nodes[Int(child)].kind != .attribute, passes(test, child, program, document) {
                walk(rest, from: child, program, &document)
            }
            child = next
        }
    }

    private mutating func walkAttributes(
        _ name: Symbol, _ rest: Range<Int>, from node: NodeID, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        let end = document.nodes[Int(node)].next
        var child = node + 1
        while child < end, document.nodes[Int(child)].kind == .attribute {
            work += 1
            if document.nodes[Int(child)].name == name { walk(rest, from: child, program, &document) }
            child = document.nodes[Int(child)].next
        }
    }
}
