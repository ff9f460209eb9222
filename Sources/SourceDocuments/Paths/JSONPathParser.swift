import Reporting

/// JSONPath as in RFC 9535, without `match()` and `search()`. One extension: a path may begin with `@`, the node at
/// hand, for paths inside `at:` and `each:`.
extension PathBuilder {
    mutating func parseJSONPath(isCondition: Bool) throws(PathProblem) -> TypedExpression {
        if isCondition { return try parseJSONCondition() }
        let (query, _) = try parseQuery()
        guard scanner.atEnd else { throw unexpected("`.`, `[` or the end of the path") }
        return query
    }

    /// A column by its bare name, in the row at hand, or from the root in every row; else JSONPath, `?` and all.
    mutating func parseColumn(isCondition: Bool) throws(PathProblem) -> TypedExpression {
        let first = scanner.bytes.first { !PathScanner.isSpace($0) } ?? 0
        if [0x24, 0x40, 0x3F, 0x21, 0x28].contains(first) { return try parseJSONPath(isCondition: isCondition) }
        let name = CSVText.trimmed(scanner.bytes)
        scanner.move(to: scanner.bytes.count)
        return addPath(.context, [.walk(.descendant, .named(symbols.intern(name.span)), .none)])
    }

    private mutating func parseJSONCondition() throws(PathProblem) -> TypedExpression {
        scanner.skipSpace()
        _ = scanner.take("?")
        let condition = try parseLogicalOr()
        skipBlank()
        guard scanner.atEnd else { throw unexpected("`&&`, `||` or the end of the condition") }
        return condition
    }

    /// Section 2.1.1: blank space is allowed between parts, not around a whole query.
    private mutating func skipBlank() { scanner.skipSpace() }

    // MARK: Queries

    /// A query, and whether it can select one node at most.
    private mutating func parseQuery() throws(PathProblem) -> (TypedExpression, isSingular: Bool) {
        let start: PathStart
        if scanner.take("$") {
            start = .root
        } else if scanner.take("@") {
            start = .context
        } else {
            throw problem(
                "a JSONPath begins with `$` or `@`",
                help: "write `$.name` from the root, or `@.name` from the node that `at` or `each` selected")
        }
        var path: [PathStep] = []
        var isSingular = true
        while try parseSegment(into: &path, &isSingular) {}
        return (addPath(start, path), isSingular)
    }

    /// Reads one segment; `false` when none stands here.
    private mutating func parseSegment(into path: inout [PathStep], _ isSingular: inout Bool) throws(PathProblem)
        -> Bool
    {
        let before = scanner.offset
        skipBlank()
        if scanner.take("..") {
            isSingular = false
            path.append(.walk(.descendantOrSelf, .any, .none))
            if scanner.current == 0x5B {
                path.append(try parseBrackets(&isSingular))
            } else {
                path.append(try parseShorthand(&isSingular))
            }
            return true
        }
        if scanner.take(".") {
            path.append(try parseShorthand(&isSingular))
            return true
        }
        if scanner.current == 0x5B {
            path.append(try parseBrackets(&isSingular))
            return true
        }
        scanner.move(to: before)
        return false
    }

    private mutating func parseShorthand(_ isSingular: inout Bool) throws(PathProblem) -> PathStep {
        if scanner.take("*") {
            isSingular = false
            return .walk(.child, .any, .none)
        }
        guard let name = scanner.takeName() else {
            throw PathScanner.isSpace(scanner.current) && !scanner.atEnd
                ? problem("no space may stand after the point") : unexpected("a name, `*` or `[`")
        }
        if scanner.current == 0x2D {
            throw problem("a name with `-` stands in brackets", help: "write `['\(name)-…']`")
        }
        return member(Array(name.utf8))
    }

    private mutating func member(_ name: [UInt8]) -> PathStep {
        .walk(.child, .named(symbols.intern(name.span)), .none)
    }

    private mutating func parseBrackets(_ isSingular: inout Bool) throws(PathProblem) -> PathStep {
        scanner.advance()
        var selectors: [PathStep] = []
        repeat {
            skipBlank()
            selectors.append(try nested { builder throws(PathProblem) in try builder.parseSelector(&isSingular) })
            skipBlank()
        } while scanner.take(",")
        guard scanner.take("]") else { throw unexpected("`,` or `]`") }
        if selectors.count == 1 { return selectors[0] }
        isSingular = false
        steps += selectors
        return .each(PathRange(start: Int32(steps.count - selectors.count), count: Int32(selectors.count)))
    }

    private mutating func parseSelector(_ isSingular: inout Bool) throws(PathProblem) -> PathStep {
        switch scanner.current {
        case 0x22, 0x27: return member(try parseJSONText())
        case 0x2A:
            scanner.advance()
            isSingular = false
            return .walk(.child, .any, .none)
        case 0x3F:
            scanner.advance()
            isSingular = false
            return .filterChildren(try parseLogicalOr().id)
        default: return try parseIndexOrSlice(&isSingular)
        }
    }

    private mutating func parseIndexOrSlice(_ isSingular: inout Bool) throws(PathProblem) -> PathStep {
        let start = try parseInteger()
        let afterStart = scanner.offset
        skipBlank()
        guard scanner.take(":") else {
            scanner.move(to: afterStart)
            guard let start else { throw unexpected("a name in quotes, a number, `*`, `?` or a slice") }
            return .index(start)
        }
        isSingular = false
        skipBlank()
        let end = try parseInteger()
        skipBlank()
        var step: Int?
        if scanner.take(":") {
            skipBlank()
            step = try parseInteger()
        }
        return .items(start: start, end: end, step: step ?? 1)
    }

    /// An integer within ±(2⁵³ − 1), without leading zeros, or `nil` when none stands here (section 2.1).
    private mutating func parseInteger() throws(PathProblem) -> Int? {
        let start = scanner.offset
        let isNegative = scanner.take("-")
        let digits = scanner.takeDigits()
        if digits.isEmpty {
            if isNegative { throw problem("a digit must follow `-`") }
            return nil
        }
        let isZero = scanner.bytes[digits.lowerBound] == 0x30
        if isZero, digits.count > 1 || isNegative {
            throw problem("a number is written without leading zeros", at: start)
        }
        guard digits.count <= 16, let value = Int(scanner.text(digits)), value <= 9_007_199_254_740_991 else {
            throw problem("the number is too large", at: start)
        }
        return isNegative ? -value : value
    }

    // MARK: Texts

    private mutating func parseJSONText() throws(PathProblem) -> [UInt8] {
        let start = scanner.offset
        let quote = scanner.current
        scanner.advance()
        var bytes: [UInt8] = []
        while true {
            guard !scanner.atEnd else {
                throw problem("the quote that opens here is never closed", at: start, help: Self.quoteHelp)
            }
            let byte = scanner.current
            if byte == quote { break }
            if byte < 0x20 { throw problem("a control character stands in a text") }
            scanner.advance()
            if byte == 0x5C { try parseEscape(quote, into: &bytes) } else { bytes.append(byte) }
        }
        scanner.advance()
        return bytes
    }

    private mutating func parseEscape(_ quote: UInt8, into bytes: inout [UInt8]) throws(PathProblem) {
        let byte = scanner.current
        scanner.advance()
        switch byte {
        case quote, 0x5C, 0x2F: bytes.append(byte)
        case 0x62: bytes.append(0x08)
        case 0x66: bytes.append(0x0C)
        case 0x6E: bytes.append(0x0A)
        case 0x72: bytes.append(0x0D)
        case 0x74: bytes.append(0x09)
        case 0x75: bytes.append(contentsOf: String(try parseCodePoint()).utf8)
        default: throw problem("there is no such escape", at: scanner.offset - 2)
        }
    }

    mutating func parseCodePoint() throws(PathProblem) -> Character {
        let start = scanner.offset - 2
        var value = try parseHex()
        if value >= 0xD800, value < 0xDC00, scanner.take("\\u") {
            let low = try parseHex()
            guard low >= 0xDC00, low < 0xE000 else { throw problem("half a character is escaped", at: start) }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw problem("half a character is escaped", at: start) }
        return Character(scalar)
    }

    private mutating func parseHex() throws(PathProblem) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(scanner.current)).hexDigitValue, scanner.current < 0x80 else {
                throw problem("four hexadecimal digits must follow `\\u`")
            }
            value = value << 4 | UInt32(digit)
            scanner.advance()
        }
        return value
    }

    // MARK: Filters

    private mutating func parseLogicalOr() throws(PathProblem) -> TypedExpression {
        try nested { builder throws(PathProblem) in
            var left = try builder.parseLogicalAnd()
            while builder.takeAfterBlank("||") {
                let right = try builder.parseLogicalAnd()
                left = builder.add(.connect(.or, left.id, right.id), .boolean)
            }
            return left
        }
    }

    private mutating func parseLogicalAnd() throws(PathProblem) -> TypedExpression {
        var left = try parseBasic()
        while takeAfterBlank("&&") {
            let right = try parseBasic()
            left = add(.connect(.and, left.id, right.id), .boolean)
        }
        return left
    }

    private mutating func takeAfterBlank(_ text: StaticString) -> Bool {
        let before = scanner.offset
        skipBlank()
        if scanner.take(text) { return true }
        scanner.move(to: before)
        return false
    }

    private mutating func parseBasic() throws(PathProblem) -> TypedExpression {
        skipBlank()
        if scanner.take("!") {
            skipBlank()
            let operand = scanner.current == 0x28 ? try parseParenthesis() : try asTest(try parseOperand())
            return add(.not(operand.id), .boolean)
        }
        if scanner.current == 0x28 { return try parseParenthesis() }
        let left = try parseOperand()
        let afterLeft = scanner.offset
        skipBlank()
        guard let comparison = try takeComparison() else {
            scanner.move(to: afterLeft)
            return try asTest(left)
        }
        skipBlank()
        let right = try parseOperand()
        return add(.compare(comparison, try asComparable(left).id, try asComparable(right).id), .boolean)
    }

    private mutating func parseParenthesis() throws(PathProblem) -> TypedExpression {
        scanner.advance()
        let inner = try parseLogicalOr()
        skipBlank()
        guard scanner.take(")") else { throw unexpected("`)`") }
        return inner
    }

    private mutating func takeComparison() throws(PathProblem) -> PathComparison? {
        if scanner.take("==") { return .equal }
        if scanner.take("!=") { return .notEqual }
        if scanner.take("<=") { return .lessOrEqual }
        if scanner.take(">=") { return .greaterOrEqual }
        if scanner.take("<") { return .less }
        if scanner.take(">") { return .greater }
        if scanner.current == 0x3D { throw problem("JSONPath compares with two `=`", help: "write `==`") }
        return nil
    }

    private struct Operand {
        enum Kind { case literal, singular, nodes, value }
        var expression: TypedExpression
        var kind: Kind
        var offset: Int
    }

    private mutating func parseOperand() throws(PathProblem) -> Operand {
        let start = scanner.offset
        switch scanner.current {
        case 0x24, 0x40:
            let (query, isSingular) = try parseQuery()
            return Operand(expression: query, kind: isSingular ? .singular : .nodes, offset: start)
        case 0x22, 0x27:
            return Operand(expression: addText(try parseJSONText()), kind: .literal, offset: start)
        default: break
        }
        if scanner.current == 0x2D || PathScanner.isDigit(scanner.current) {
            return Operand(expression: try parseJSONNumber(), kind: .literal, offset: start)
        }
        guard let name = scanner.takeName() else { throw unexpected("a path, a text, a number or a function") }
        switch name {
        case "true", "false":
            return Operand(expression: add(.boolean(name == "true"), .boolean), kind: .literal, offset: start)
        case "null": return Operand(expression: add(.null, .values), kind: .literal, offset: start)
        default: return try parseJSONCall(name, at: start)
        }
    }

    private mutating func parseJSONNumber() throws(PathProblem) -> TypedExpression {
        let start = scanner.offset
        _ = scanner.take("-")
        let whole = scanner.takeDigits()
        let isZero = whole.count > 1 && scanner.bytes[whole.lowerBound] == 0x30
        var isWrong = whole.isEmpty || isZero
        if scanner.take(".") { isWrong = scanner.takeDigits().isEmpty || isWrong }
        if scanner.current | 0x20 == 0x65 {
            scanner.advance()
            if !scanner.take("-") { _ = scanner.take("+") }
            isWrong = scanner.takeDigits().isEmpty || isWrong
        }
        if isWrong { throw problem("this is not written as a JSON number", at: start) }
        return add(.decimal(literal(Array(scanner.bytes[start..<scanner.offset]))), .number)
    }

    private mutating func parseJSONCall(_ name: String, at start: Int) throws(PathProblem) -> Operand {
        let functions: [String: PathFunction] = ["length": .length, "count": .count, "value": .value]
        if name == "match" || name == "search" {
            throw problem(
                "`\(name)()` is not supported: no regular expression is run on what a sender wrote", at: start,
                help: "compare with `==`")
        }
        guard let function = functions[name] else {
            throw unknown("function", name, among: functions.keys.sorted(), at: start)
        }
        guard scanner.take("(") else { throw unexpected("`(` directly after the name of a function") }
        skipBlank()
        let operand = try parseOperand()
        skipBlank()
        guard scanner.take(")") else { throw unexpected("`)`; `\(name)()` takes one argument") }
        switch (function, operand.kind) {
        case (.length, .nodes): throw problem("`length()` takes one value", at: operand.offset)
        case (.count, .literal), (.count, .value), (.value, .literal), (.value, .value):
            throw problem("`\(name)()` takes a path", at: operand.offset)
        default: break
        }
        return Operand(expression: addCall(function, [operand.expression], .values), kind: .value, offset: start)
    }

    /// Sections 2.3.5.1 and 2.4.3: what stands alone in a filter must be a query.
    private mutating func asTest(_ operand: Operand) throws(PathProblem) -> TypedExpression {
        switch operand.kind {
        case .singular, .nodes: return add(.exists(operand.expression.id), .boolean)
        case .literal, .value: throw problem("this must be compared with something", at: operand.offset)
        }
    }

    private func asComparable(_ operand: Operand) throws(PathProblem) -> TypedExpression {
        if operand.kind == .nodes {
            throw problem("a path that may select several nodes cannot be compared", at: operand.offset)
        }
        return operand.expression
    }
}
