/// What paths within conditions select, kept as long as one path is evaluated, where it is the same whatever node the condition
/// is asked of: those that begin at the document or at the node the whole is asked of.
///
/// `person[id = //user[id = current()/user]/userPerson]` would else look for the user again for each person.
struct PathConstants: Sendable {
    private var kept: [(id: ExpressionID, nodes: Range<Int>)] = []
    private(set) var nodes: [NodeID] = []

    /// Forgets everything kept.
    @inline(__always) mutating func clear() {
        if kept.isEmpty { return }
        kept.removeAll(keepingCapacity: true)
        nodes.removeAll(keepingCapacity: true)
    }

    /// What a path selects, as a run of ``nodes``; `nil` when that was not asked yet.
    func nodes(of id: ExpressionID) -> Range<Int>? {
        for index in kept.indices where kept[index].id == id { return kept[index].nodes }
        return nil
    }

    /// Keeps what a path selected.
    mutating func keep(_ selected: ArraySlice<PathItem>, of id: ExpressionID) {
        guard selected.allSatisfy(\.isNode) else { return }
        let start = nodes.count
        for item in selected { nodes.append(item.node) }
        kept.append((id, start..<nodes.count))
    }
}

/// Which paths of a program are worth keeping in ``PathConstants``.
struct PathConstancy: Sendable {
    /// By expression.
    private var isConstant: [Bool]

    init(_ builder: borrowing PathBuilder) {
        isConstant = Array(repeating: false, count: builder.expressions.count)
        for predicate in builder.predicates {
            guard case .condition(let id) = predicate else { continue }
            mark(id, builder)
        }
    }

    @inline(__always) subscript(id: ExpressionID) -> Bool { isConstant[Int(id)] }

    /// Marks the operands of the comparisons of a condition.
    private mutating func mark(_ id: ExpressionID, _ builder: borrowing PathBuilder) {
        switch builder.expressions[Int(id)] {
        case .path(let start, let steps): isConstant[Int(id)] = Self.isConstant(start, steps, builder)
        case .compare(_, let left, let right), .connect(_, let left, let right), .union(let left, let right):
            mark(left, builder)
            mark(right, builder)
        case .not(let operand), .exists(let operand): mark(operand, builder)
        default: return
        }
    }

    /// Whether a path begins at what stays the same, and is not sooner taken again than looked up.
    private static func isConstant(_ start: PathStart, _ steps: PathRange, _ builder: borrowing PathBuilder) -> Bool {
        switch start {
        case .document, .root, .rootOfType, .origin: break
        case .context, .resource, .rootResource, .value: return false
        }
        guard builder.context.language == .xpath else { return false }
        return steps.count > 1 || steps.indices.contains { isLong(builder.steps[$0]) }
    }

    private static func isLong(_ step: PathStep) -> Bool {
        switch step {
        case .walk(.child, _, let predicates), .walk(.attribute, _, let predicates): predicates.count > 0
        default: true
        }
    }
}

extension PathEvaluator {
    /// Pushes what a path within a condition selects, unless it must be evaluated.
    @inline(__always) mutating func pushKept(_ id: ExpressionID) -> Bool {
        guard let kept = constants.nodes(of: id) else { return false }
        for index in kept { items.append(PathItem(node: constants.nodes[index])) }
        work += kept.count
        return true
    }
}
