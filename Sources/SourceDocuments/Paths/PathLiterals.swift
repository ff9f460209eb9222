/// XPath comparisons of a plain path with a literal, such as `hl7:code/@code = 'GOAL'`: the commonest condition of a
/// mapping, judged without the stack.
extension PathEvaluator {
    /// Whether any node that the moves lead to holds the text. Looks at no node past the first that does.
    mutating func reaches(
        _ literal: PathText, by moves: Range<Int>, from node: NodeID, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool {
        work += 1
        if isOver { return false }
        guard let first = moves.first else {
            let value = value(of: node, &document)
            return isEqual(value, literal, program, document)
        }
        let rest = first + 1..<moves.upperBound
        switch program.moves.list[first] {
        case .only(let test):
            return passes(test, node, program, document) && reaches(literal, by: rest, from: node, program, &document)
        case .condition, .resolve: return false
        case .child(let name):
            return reaches(literal, named: name, isBelow: false, rest, from: node, program, &document)
        case .below(let name):
            return reaches(literal, named: name, isBelow: true, rest, from: node, program, &document)
        case .attribute(let name): return reaches(literal, attribute: name, rest, from: node, program, &document)
        case .children(let test):
            let end = document.nodes[Int(node)].next
            var child = node + 1
            while child < end {
                if document.nodes[Int(child)].kind != .attribute, passes(test, child, program, document),
                    reaches(literal, by: rest, from: child, program, &document)
                {
                    return true
                }
                child = document.nodes[Int(child)].next
            }
            return false
        }
    }

    /// Whether one of the children of a name, or of all nodes of it below, leads there.
    private mutating func reaches(
        _ literal: PathText, named name: Symbol, isBelow: Bool, _ rest: Range<Int>, from node: NodeID,
        _ program: PathProgram, _ document: inout SourceDocument
    ) -> Bool {
        let end = document.nodes[Int(node)].next
        let chained = names.knows(document) ? names.first(name, below: node, end: end) : nil
        var child = chained ?? node + 1
        while child != 0, child < end {
            let item = document.nodes[Int(child)]
            if item.name == name, item.kind != .attribute, isBelow || item.parent == node,
                reaches(literal, by: rest, from: child, program, &document)
            {
                return true
            }
            child = chained != nil ? names.next(child) : isBelow ? child + 1 : item.next
        }
        return false
    }

    /// Whether the attribute of a name, which stand before all children, leads there.
    private mutating func reaches(
        _ literal: PathText, attribute name: Symbol, _ rest: Range<Int>, from node: NodeID, _ program: PathProgram,
        _ document: inout SourceDocument
    ) -> Bool {
        let end = document.nodes[Int(node)].next
        var child = node + 1
        while child < end, document.nodes[Int(child)].kind == .attribute {
            if document.nodes[Int(child)].name == name {
                return reaches(literal, by: rest, from: child, program, &document)
            }
            child = document.nodes[Int(child)].next
        }
        return false
    }
}
