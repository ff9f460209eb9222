import Reporting

/// Calls of FHIRPath functions.
extension PathBuilder {
    /// How a function is called: its arguments, whether they are judged for each item, and what it gives.
    private struct FHIRFunction {
        var function: PathFunction
        var arity: ClosedRange<Int>
        var type: PathType
    }

    /// Functions that give a value; their arguments are evaluated once.
    private static let valueFunctions: [String: FHIRFunction] = [
        "count": FHIRFunction(function: .count, arity: 0...0, type: .number),
        "empty": FHIRFunction(function: .empty, arity: 0...0, type: .boolean),
        "hasValue": FHIRFunction(function: .hasValue, arity: 0...0, type: .boolean),
        "allTrue": FHIRFunction(function: .allTrue, arity: 0...0, type: .boolean),
        "anyTrue": FHIRFunction(function: .anyTrue, arity: 0...0, type: .boolean),
        "allFalse": FHIRFunction(function: .allFalse, arity: 0...0, type: .boolean),
        "anyFalse": FHIRFunction(function: .anyFalse, arity: 0...0, type: .boolean),
        "isDistinct": FHIRFunction(function: .isDistinct, arity: 0...0, type: .boolean),
        "subsetOf": FHIRFunction(function: .subsetOf, arity: 1...1, type: .boolean),
        "supersetOf": FHIRFunction(function: .supersetOf, arity: 1...1, type: .boolean),
        "startsWith": FHIRFunction(function: .startsWith, arity: 1...1, type: .boolean),
        "endsWith": FHIRFunction(function: .endsWith, arity: 1...1, type: .boolean),
        "contains": FHIRFunction(function: .contains, arity: 1...1, type: .boolean),
        "lower": FHIRFunction(function: .lower, arity: 0...0, type: .text),
        "upper": FHIRFunction(function: .upper, arity: 0...0, type: .text),
        "trim": FHIRFunction(function: .trim, arity: 0...0, type: .text),
        "length": FHIRFunction(function: .length, arity: 0...0, type: .number),
        "indexOf": FHIRFunction(function: .indexOf, arity: 1...1, type: .number),
        "substring": FHIRFunction(function: .substring, arity: 1...2, type: .text),
        "replace": FHIRFunction(function: .replace, arity: 2...2, type: .text),
        "toString": FHIRFunction(function: .string, arity: 0...0, type: .text),
    ]

    /// Functions that choose among items, or go on to others.
    private static let otherFunctions = [
        "where", "select", "exists", "all", "not", "first", "last", "tail", "skip", "take", "ofType", "as", "is",
        "resolve",
        "extension", "children", "descendants", "distinct", "union", "iif",
    ]

    private static let refused: [String: String] = [
        "matches": "no regular expression is run on what a sender wrote; use `startsWith`, `contains` or `=`",
        "matchesFull": "no regular expression is run on what a sender wrote; use `=`",
        "replaceMatches": "no regular expression is run on what a sender wrote; use `replace`",
        "now": "a mapping does not know the time", "today": "a mapping does not know the time",
        "timeOfDay": "a mapping does not know the time", "memberOf": "use a code table",
        "repeat": "write `descendants()`",
    ]

    mutating func parseCall(
        _ name: String, on chain: inout Chain, at start: Int, isFirst: Bool
    ) throws(PathProblem) {
        scanner.advance()
        if let known = Self.valueFunctions[name] {
            chain = Chain(try parseValueCall(name, known, on: chain, at: start))
            return
        }
        switch name {
        case "where": try parseWhere(&chain)
        case "select": try parseSelect(&chain)
        case "exists": chain = Chain(try parseExists(chain))
        case "all":
            let condition = try parseLambda(of: chain)
            chain = Chain(addCall(.all, [finish(chain), condition], .boolean))
        case "not": chain = Chain(add(.not(finish(chain).id), .boolean))
        case "first": try appendSlice(0, 1, &chain, at: start)
        case "last": try appendSlice(-1, .max, &chain, at: start)
        case "tail": try appendSlice(1, .max, &chain, at: start)
        case "skip": try appendSlice(try parseCount(), .max, &chain, at: start)
        case "take": try appendSlice(0, try parseCount(), &chain, at: start)
        case "distinct": chain.append(.distinct)
        case "ofType", "as": try appendOfType(try parseTypeName(), to: &chain, at: start)
        case "is": chain = Chain(try addTypeTest(chain, try parseTypeName(), at: start))
        case "resolve": try appendResolve(&chain, at: start)
        case "extension": try parseExtension(&chain, at: start)
        case "children": try appendAxis(.child, &chain, at: start)
        case "descendants": try appendAxis(.descendant, &chain, at: start)
        case "union":
            let other = try parseImplies()
            let type: PathType = chain.type == .nodes && other.type == .nodes ? .nodes : .values
            chain = Chain(add(.union(finish(chain).id, other.id), type))
        case "iif":
            guard isFirst else {
                throw problem("`iif` is written at the start", at: start, help: "write `iif(condition, a, b)`")
            }
            chain = Chain(try parseIif())
        default: throw unknownFunction(name, at: start)
        }
        try skipComments()
        guard scanner.take(")") else { throw unexpected("`)` after the arguments of `\(name)`") }
    }

    private func unknownFunction(_ name: String, at start: Int) -> PathProblem {
        if let help = Self.refused[name] { return problem("`\(name)()` is not supported", at: start, help: help) }
        return unknown("function", name, among: Self.valueFunctions.keys.sorted() + Self.otherFunctions, at: start)
    }

    // MARK: Arguments

    private mutating func parseValueCall(
        _ name: String, _ known: FHIRFunction, on chain: Chain, at start: Int
    ) throws(PathProblem) -> TypedExpression {
        var operands = [finish(chain)]
        try skipComments()
        if !scanner.take(")") {
            repeat {
                operands.append(try parseImplies())
                try skipComments()
            } while scanner.take(",")
            guard scanner.take(")") else { throw unexpected("`,` or `)`") }
        }
        guard known.arity.contains(operands.count - 1) else {
            throw problem("`\(name)` takes \(Self.describe(known.arity)), not \(operands.count - 1)", at: start)
        }
        for operand in operands { try refuseConstant(operand) }
        return addCall(known.function, operands, known.type)
    }

    /// An argument that is judged for each item of the chain, with `$this` as that item.
    private mutating func parseLambda(of chain: Chain) throws(PathProblem) -> TypedExpression {
        let outer = thisType
        thisType = chain.type
        defer { thisType = outer }
        return try parseImplies()
    }

    private mutating func parseWhere(_ chain: inout Chain) throws(PathProblem) {
        let condition = try parseCondition(of: chain)
        let list = addPredicates([.condition(condition.id)])
        if case .walk(let axis, let test, .none) = chain.path.last {
            chain.path[chain.path.count - 1] = .walk(axis, test, list)
        } else {
            chain.append(.filter(list))
        }
    }

    private mutating func parseCondition(of chain: Chain) throws(PathProblem) -> TypedExpression {
        try skipComments()
        let place = scanner.offset
        let condition = try parseLambda(of: chain)
        switch condition.type {
        case .text, .number, .constant: throw problem("this is no condition", at: place)
        case .boolean, .nodes, .values: return condition
        }
    }

    private mutating func parseExists(_ chain: Chain) throws(PathProblem) -> TypedExpression {
        var chain = chain
        try skipComments()
        if scanner.current != 0x29 { try parseWhere(&chain) }
        return addCall(.exists, [finish(chain)], .boolean)
    }

    private mutating func parseSelect(_ chain: inout Chain) throws(PathProblem) {
        let projection = try parseLambda(of: chain)
        try refuseConstant(projection)
        chain.append(.project(projection.id))
        chain.type = projection.type == .nodes ? .nodes : .values
    }

    private mutating func parseCount() throws(PathProblem) -> Int32 {
        try skipComments()
        let place = scanner.offset
        guard let count = Int32(scanner.text(scanner.takeDigits())) else {
            throw problem("a whole number is expected", at: place)
        }
        return count
    }

    /// Chooses by place, which `children()` and `descendants()` do not give.
    func appendSlice(_ from: Int32, _ to: Int32, _ chain: inout Chain, at start: Int) throws(PathProblem) {
        if case .walk(_, .any, _) = chain.path.last {
            throw problem("children and descendants have no order to choose by", at: start, help: "name the element")
        }
        chain.append(.slice(from: from, to: to))
    }

    private mutating func appendAxis(_ axis: PathAxis, _ chain: inout Chain, at start: Int) throws(PathProblem) {
        guard chain.type == .nodes || chain.type == .values else {
            throw problem("a plain value has no parts", at: start)
        }
        chain.append(.walk(axis, .any, .none))
        chain.type = .nodes
    }

    private mutating func appendResolve(_ chain: inout Chain, at start: Int) throws(PathProblem) {
        fhir.reference = symbols.intern("reference")
        fhir.fullUrl = symbols.intern("fullUrl")
        fhir.resource = symbols.intern("resource")
        fhir.contained = symbols.intern("contained")
        fhir.id = symbols.intern("id")
        chain.append(.resolve)
        chain.type = .nodes
    }

    /// `extension('url')` is `extension.where(url = 'url')`.
    private mutating func parseExtension(_ chain: inout Chain, at start: Int) throws(PathProblem) {
        let wanted = try parseImplies()
        guard wanted.type == .text || wanted.type == .constant else {
            throw problem("`extension` takes the url of the extension, as a text", at: start)
        }
        let url = addPath(.context, [.walk(.child, .named(symbols.intern("url")), .none)])
        let condition = addComparison(.equal, url, wanted)
        let list = addPredicates([.condition(condition.id)])
        chain.append(.walk(.child, .named(symbols.intern("extension")), list))
        chain.type = .nodes
    }

    private mutating func parseIif() throws(PathProblem) -> TypedExpression {
        let condition = try parseCondition(of: Chain(.context, type: thisType))
        try skipComments()
        guard scanner.take(",") else { throw unexpected("`,`") }
        let first = try parseImplies()
        try skipComments()
        let second = scanner.take(",") ? try parseImplies() : add(.nothing, first.type)
        return addCall(.iif, [condition, first, second], first.type == second.type ? first.type : .values)
    }
}
