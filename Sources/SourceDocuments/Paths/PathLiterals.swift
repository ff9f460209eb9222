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
        case .child, .children, .attribute: break
        }
        let end = document.nodes[Int(node)].next
        var child = node + 1
        while child < end {
            if isReached(child, by: program.moves.list[first], program, document),
                reaches(literal, by: rest, from: child, program, &document)
            {
                return true
            }
            child = document.nodes[Int(child)].next
        }
        return false
    }

    private func isReached(
        _ child: NodeID, by move: PathMove, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> Bool {
        let isAttribute = document.nodes[Int(child)].kind == .attribute
        switch move {
        case .child(let name): return !isAttribute && document.nodes[Int(child)].name == name
        case .attribute(let name): return isAttribute && document.nodes[Int(child)].name == name
        case .children(let test): return !isAttribute && passes(test, child, program, document)
        case .only, .condition, .resolve: return false
        }
    }
}
