import Reporting

/// Collects the parts of a program while a parser reads a path.
struct PathBuilder {
    let written: String
    let context: PathContext
    var scanner: PathScanner
    var symbols: SymbolTable
    var expressions: [PathExpression] = []
    var steps: [PathStep] = []
    var predicates: [PathPredicate] = []
    var arguments: [ExpressionID] = []
    var text: [UInt8] = []
    var aliases: [PathText] = []
    var symbolPool: [Symbol] = []
    var fhir = FHIRSymbols()
    /// Whether the expression being parsed asked for `position()` or `last()`.
    var usesPosition = false
    /// Conditions that ask for the position of the item they judge.
    var positional: Set<ExpressionID> = []
    /// FHIRPath: what `$this` is where the parser stands, and the names already known to be choices.
    var thisType = PathType.nodes
    var choiceRanges: [String: PathRange] = [:]

    init(text: String, context: PathContext, symbols: SymbolTable) {
        written = text
        self.context = context
        self.scanner = PathScanner(text)
        self.symbols = symbols
    }

    mutating func parse(isCondition: Bool) throws(PathProblem) -> TypedExpression {
        if scanner.isBlank { throw problem("the path is empty", at: 0) }
        switch context.language {
        case .xpath: return try parseXPath()
        case .jsonPath where context.namesColumns: return try parseColumn(isCondition: isCondition)
        case .jsonPath: return try parseJSONPath(isCondition: isCondition)
        case .fhirPath: return try parseFHIRPath()
        }
    }

    mutating func finish(_ root: TypedExpression) -> PathProgram {
        var beginnings = PathBeginnings(count: expressions.count)
        numberBeginnings(of: root.id, into: &beginnings)
        return PathProgram(self, root: root, beginnings: beginnings)
    }

    /// Refuses what selects no nodes where nodes are asked for.
    func requireNodes(_ expression: TypedExpression) throws(PathProblem) {
        guard expression.type != .nodes else { return }
        let kind =
            switch expression.type {
            case .text: "a text"
            case .number: "a number"
            case .boolean: "yes or no"
            case .constant: "a constant"
            case .nodes, .values: "values that stand nowhere in the document"
            }
        throw problem(
            "this gives \(kind), not nodes of the document", at: 0,
            help: "select the nodes; leave joining and changing text to the converter (`as:`), conditions to `when:`")
    }

    // MARK: Parts

    mutating func add(_ expression: PathExpression, _ type: PathType) -> TypedExpression {
        expressions.append(expression)
        return TypedExpression(id: ExpressionID(expressions.count - 1), type: type)
    }

    mutating func addPath(_ start: PathStart, _ path: [PathStep]) -> TypedExpression {
        let range = PathRange(start: Int32(steps.count), count: Int32(path.count))
        steps += path
        return add(.path(start, range), .nodes)
    }

    mutating func addPredicates(_ list: [PathPredicate]) -> PathRange {
        if list.isEmpty { return .none }
        predicates += list
        return PathRange(start: Int32(predicates.count - list.count), count: Int32(list.count))
    }

    mutating func addCall(
        _ function: PathFunction, _ operands: [TypedExpression], _ type: PathType
    ) -> TypedExpression {
        let range = PathRange(start: Int32(arguments.count), count: Int32(operands.count))
        arguments += operands.map(\.id)
        return add(.call(function, range), type)
    }

    mutating func literal(_ bytes: [UInt8]) -> PathText {
        text += bytes
        return PathText(.literal, text.count - bytes.count, text.count)
    }

    mutating func addText(_ bytes: [UInt8]) -> TypedExpression { add(.text(literal(bytes)), .text) }

    /// A comparison; the commonest, a child or attribute with a text, gets its own form.
    mutating func addComparison(
        _ comparison: PathComparison, _ left: TypedExpression, _ right: TypedExpression
    ) -> TypedExpression {
        if comparison == .equal, context.language != .jsonPath,
            case .path(.context, let range) = expressions[Int(left.id)], range.count == 1,
            case .walk(let axis, .named(let name), .none) = steps[Int(range.start)],
            axis == .child || axis == .attribute,
            case .text(let literal) = expressions[Int(right.id)]
        {
            return add(.hasValue(axis, name, literal), .boolean)
        }
        return add(.compare(comparison, left.id, right.id), .boolean)
    }

    /// The systems constant of this name; `offset` is where the name begins.
    mutating func addConstant(_ name: String, at offset: Int) throws(PathProblem) -> TypedExpression {
        guard let values = context.systems[name] else {
            let near = Suggestion.nearest(to: name, among: context.systems.keys.sorted())
            throw problem(
                "`\(name)` is not one of the mapping's `systems`", at: offset,
                help: near.map { "did you mean `\($0)`?" } ?? "declare it under `systems:`")
        }
        let start = aliases.count
        for value in values { aliases.append(literal(Array(value.utf8))) }
        return add(.constant(PathRange(start: Int32(start), count: Int32(values.count))), .constant)
    }

    // MARK: Problems

    func problem(_ message: String, at offset: Int? = nil, help: String? = nil) -> PathProblem {
        PathProblem(offset: offset ?? scanner.offset, message: message, help: help)
    }

    /// A name that is none of the known ones, with the nearest of them.
    func unknown(_ kind: String, _ name: String, among known: some Sequence<String>, at offset: Int) -> PathProblem {
        let near = Suggestion.nearest(to: name, among: known)
        return problem(
            "\(context.language.rawValue) here has no \(kind) `\(name)`", at: offset,
            help: near.map { "did you mean `\($0)`?" } ?? "docs/paths.md lists what is supported")
    }

    /// What to say where something else was expected. A path that simply stops was usually cut by YAML.
    func unexpected(_ expected: String) -> PathProblem {
        if scanner.atEnd {
            return problem("the path stops where \(expected) was expected", help: Self.quoteHelp)
        }
        return problem("\(expected) was expected here")
    }

    static let quoteHelp = "put the whole path in double quotes: YAML cuts an unquoted one at ` #`"
}
