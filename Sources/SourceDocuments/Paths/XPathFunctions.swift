/// The functions of XPath 1.0, section 4, and `current()` of XSLT 1.0, 12.4.
extension PathBuilder {
    struct XPathFunction {
        var function: PathFunction
        /// How many arguments it takes.
        var arity: ClosedRange<Int>
        var type: PathType
        /// Whether the context node stands in for a missing argument.
        var usesContext = false
        /// Whether its first argument must be nodes.
        var takesNodes = false
    }

    static let xpathFunctions: [String: XPathFunction] = [
        "position": XPathFunction(function: .position, arity: 0...0, type: .number),
        "last": XPathFunction(function: .last, arity: 0...0, type: .number),
        "current": XPathFunction(function: .boolean, arity: 0...0, type: .nodes),
        "count": XPathFunction(function: .count, arity: 1...1, type: .number, takesNodes: true),
        "sum": XPathFunction(function: .sum, arity: 1...1, type: .number, takesNodes: true),
        "local-name": XPathFunction(
            function: .localName, arity: 0...1, type: .text, usesContext: true, takesNodes: true),
        "string": XPathFunction(function: .string, arity: 0...1, type: .text, usesContext: true),
        "concat": XPathFunction(function: .concat, arity: 2...40, type: .text),
        "starts-with": XPathFunction(function: .startsWith, arity: 2...2, type: .boolean),
        "contains": XPathFunction(function: .contains, arity: 2...2, type: .boolean),
        "substring-before": XPathFunction(function: .substringBefore, arity: 2...2, type: .text),
        "substring-after": XPathFunction(function: .substringAfter, arity: 2...2, type: .text),
        "substring": XPathFunction(function: .substring, arity: 2...3, type: .text),
        "string-length": XPathFunction(function: .length, arity: 0...1, type: .number, usesContext: true),
        "normalize-space": XPathFunction(function: .normalizeSpace, arity: 0...1, type: .text, usesContext: true),
        "translate": XPathFunction(function: .translate, arity: 3...3, type: .text),
        "boolean": XPathFunction(function: .boolean, arity: 1...1, type: .boolean),
        "not": XPathFunction(function: .boolean, arity: 1...1, type: .boolean),
        "true": XPathFunction(function: .boolean, arity: 0...0, type: .boolean),
        "false": XPathFunction(function: .boolean, arity: 0...0, type: .boolean),
        "number": XPathFunction(function: .number, arity: 0...1, type: .number, usesContext: true),
        "floor": XPathFunction(function: .floor, arity: 1...1, type: .number),
        "ceiling": XPathFunction(function: .ceiling, arity: 1...1, type: .number),
        "round": XPathFunction(function: .round, arity: 1...1, type: .number),
    ]

    private static let refusedFunctions: [String: String] = [
        "name": "the prefix of a name is the sender's choice; compare `local-name()` or write the step's name",
        "namespace-uri": "write the step with its prefix instead",
        "id": "identifiers declared by a DTD are not known; write `//*[@id='…']`",
        "lang": "write `[@xml:lang='…']`",
    ]

    /// A function call, or `nil` when no name with `(` stands here or it is a node type.
    mutating func parseXPathCall() throws(PathProblem) -> TypedExpression? {
        let start = scanner.offset
        guard let name = scanner.takeName(xml: true) else { return nil }
        scanner.skipSpace()
        guard scanner.current == 0x28, !["text", "node", "comment", "processing-instruction"].contains(name) else {
            scanner.move(to: start)
            return nil
        }
        if let help = Self.refusedFunctions[name] {
            throw problem("the function `\(name)` is not supported", at: start, help: help)
        }
        guard let known = Self.xpathFunctions[name] else {
            throw unknown("function", name, among: Self.xpathFunctions.keys.sorted(), at: start)
        }
        scanner.advance()
        let operands = try parseArguments(of: name, known, at: start)
        return call(name, known, operands)
    }

    private mutating func parseArguments(
        of name: String, _ known: XPathFunction, at start: Int
    ) throws(PathProblem) -> [TypedExpression] {
        var operands: [TypedExpression] = []
        scanner.skipSpace()
        if !scanner.take(")") {
            repeat {
                let operand = try parseOr()
                try refuseConstant(operand)
                operands.append(operand)
                scanner.skipSpace()
            } while scanner.take(",")
            guard scanner.take(")") else { throw unexpected("`,` or `)`") }
        }
        guard known.arity.contains(operands.count) else {
            throw problem("`\(name)` takes \(Self.describe(known.arity)), not \(operands.count)", at: start)
        }
        if known.takesNodes, let first = operands.first, first.type != .nodes {
            throw problem("`\(name)` takes nodes", at: start)
        }
        return operands
    }

    static func describe(_ arity: ClosedRange<Int>) -> String {
        if arity.lowerBound == arity.upperBound {
            return arity.lowerBound == 1 ? "1 argument" : "\(arity.lowerBound) arguments"
        }
        return "\(arity.lowerBound) to \(arity.upperBound) arguments"
    }

    private mutating func call(
        _ name: String, _ known: XPathFunction, _ operands: [TypedExpression]
    ) -> TypedExpression {
        switch name {
        case "true": return add(.boolean(true), .boolean)
        case "false": return add(.boolean(false), .boolean)
        case "current": return addPath(.origin, [.walk(.this, .any, .none)])
        case "not": return add(.not(operands[0].id), .boolean)
        case "position", "last": usesPosition = true
        default: break
        }
        if operands.isEmpty, known.usesContext {
            return addCall(known.function, [addPath(.context, [.walk(.this, .any, .none)])], known.type)
        }
        return addCall(known.function, operands, known.type)
    }
}
