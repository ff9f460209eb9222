/// What can be said of a compiled expression as a whole: which names it ends in, whether it is a pattern.
struct PathShape {
    var lastNames: [Symbol] = []
    var isPattern = true
    private var mayEndAnywhere = false

    init(_ builder: borrowing PathBuilder, _ root: ExpressionID) {
        visit(root, builder)
        if mayEndAnywhere || !isPattern && lastNames.isEmpty { lastNames = [] }
    }

    private mutating func visit(_ id: ExpressionID, _ builder: borrowing PathBuilder) {
        switch builder.expressions[Int(id)] {
        case .union(let left, let right):
            visit(left, builder)
            visit(right, builder)
        case .path(let start, let range):
            visit(start, range, builder)
        default:
            isPattern = false
            mayEndAnywhere = true
        }
    }

    private mutating func visit(_ start: PathStart, _ range: PathRange, _ builder: borrowing PathBuilder) {
        switch start {
        case .context, .document, .root, .rootOfType: break
        case .origin, .resource, .rootResource, .value: isPattern = false
        }
        for index in range.indices where !Self.isPatternStep(builder.steps[index], builder) { isPattern = false }
        for index in range.indices.reversed() {
            if addNames(of: builder.steps[index], builder) { return }
        }
        mayEndAnywhere = true
    }

    /// Adds the names a step ends in; `false` when the step before it decides.
    private mutating func addNames(of step: PathStep, _ builder: borrowing PathBuilder) -> Bool {
        switch step {
        case .walk(.child, let test, _), .walk(.attribute, let test, _), .walk(.descendant, let test, _):
            return addNames(of: test, builder)
        case .only(let test):
            if case .resource = test { return false }
            return addNames(of: test, builder)
        case .filter, .slice, .distinct: return false
        case .walk(.this, .any, _): return false
        case .each(let range):
            for index in range.indices where !addNames(of: builder.steps[index], builder) { mayEndAnywhere = true }
            return true
        default:
            mayEndAnywhere = true
            return true
        }
    }

    private mutating func addNames(of test: PathTest, _ builder: borrowing PathBuilder) -> Bool {
        switch test {
        case .named(let symbol): add(symbol)
        case .choice(let range): for index in range.indices { add(builder.symbolPool[index]) }
        case .any, .star, .namespace, .text, .resource: mayEndAnywhere = true
        }
        return true
    }

    private mutating func add(_ symbol: Symbol) { if !lastNames.contains(symbol) { lastNames.append(symbol) } }

    private static func isPatternStep(_ step: PathStep, _ builder: borrowing PathBuilder) -> Bool {
        switch step {
        case .walk(let axis, _, let range):
            let isDown =
                axis == .child || axis == .attribute || axis == .descendant || axis == .descendantOrSelf
                || axis == .this
            return isDown && hasNoPosition(range, builder)
        case .filter(let range): return hasNoPosition(range, builder)
        case .only, .filterChildren, .distinct: return true
        case .each(let range):
            for index in range.indices where !isPatternStep(builder.steps[index], builder) { return false }
            return true
        case .slice, .resolve, .project, .index, .items: return false
        }
    }

    private static func hasNoPosition(_ range: PathRange, _ builder: borrowing PathBuilder) -> Bool {
        for index in range.indices {
            guard case .condition(let id) = builder.predicates[index], !builder.positional.contains(id) else {
                return false
            }
        }
        return true
    }
}

extension PathBuilder {
    /// Whether all conditions ask for nothing of a node but its name, kind and resource type: `[contains(local-name(), 'Risk')]`,
    /// `[not(self::Letter or self::Narrative)]`.
    var asksOnlyForNames: Bool {
        predicates.allSatisfy { predicate in
            if case .condition(let id) = predicate { asksOnlyForName(id) } else { false }
        }
    }

    private func asksOnlyForName(_ id: ExpressionID) -> Bool {
        switch expressions[Int(id)] {
        case .boolean: true
        case .passes(let test): test != .text
        case .not(let operand), .exists(let operand): asksOnlyForName(operand)
        case .connect(_, let left, let right): asksOnlyForName(left) && asksOnlyForName(right)
        case .path(.context, let range): range.indices.allSatisfy { isTestOfItself(steps[$0]) }
        case .compare(let comparison, let left, let right):
            !comparison.isOrder && isNameOrText(left) && isNameOrText(right)
        case .call(.contains, let operands), .call(.startsWith, let operands):
            operands.indices.allSatisfy { isNameOrText(arguments[$0]) }
        default: false
        }
    }

    private func isTestOfItself(_ step: PathStep) -> Bool {
        if case .walk(.this, let test, .none) = step { test != .text } else { false }
    }

    private func isNameOrText(_ id: ExpressionID) -> Bool {
        switch expressions[Int(id)] {
        case .text: true
        case .call(.localName, let operands): operands.indices.allSatisfy { asksOnlyForName(arguments[$0]) }
        default: false
        }
    }
}
