/// XPath predicates, literals, variables and groups.
extension PathBuilder {
    // MARK: Predicates

    mutating func parsePredicates() throws(PathProblem) -> [PathPredicate] {
        var list: [PathPredicate] = []
        while true {
            scanner.skipSpace()
            guard scanner.take("[") else { return list }
            list.append(try parsePredicate())
        }
    }

    private mutating func parsePredicate() throws(PathProblem) -> PathPredicate {
        let outer = usesPosition
        usesPosition = false
        defer { usesPosition = outer }
        let expression = try parseOr()
        scanner.skipSpace()
        guard scanner.take("]") else { throw unexpected("`]`") }
        try refuseConstant(expression)
        if expression.type == .number {
            if case .number(let value) = expressions[Int(expression.id)], let index = Int32(exactly: value) {
                return .index(index)
            }
            if case .call(.last, _) = expressions[Int(expression.id)] { return .last }
            return .position(expression.id)
        }
        let condition = try asBoolean(expression)
        if usesPosition { positional.insert(condition.id) }
        return .condition(condition.id)
    }

    // MARK: Primaries

    /// A primary expression, or `nil` when a step stands here.
    mutating func parsePrimary() throws(PathProblem) -> TypedExpression? {
        let byte = scanner.current
        if byte == 0x28 { return try parseGroup() }
        if byte == 0x22 || byte == 0x27 { return try parseXPathText() }
        if byte == 0x24 { return try parseVariable() }
        if PathScanner.isDigit(byte) || byte == 0x2E && PathScanner.isDigit(scanner.peek()) {
            return try parseXPathNumber()
        }
        return try parseXPathCall()
    }

    private mutating func parseGroup() throws(PathProblem) -> TypedExpression {
        scanner.advance()
        let result = try parseOr()
        scanner.skipSpace()
        guard scanner.take(")") else { throw unexpected("`)`") }
        return result
    }

    private mutating func parseXPathText() throws(PathProblem) -> TypedExpression {
        let quote = scanner.current
        let start = scanner.offset
        scanner.advance()
        let first = scanner.offset
        while !scanner.atEnd, scanner.current != quote { scanner.advance() }
        guard !scanner.atEnd else {
            throw problem("the quote that opens here is never closed", at: start, help: Self.quoteHelp)
        }
        let bytes = Array(scanner.bytes[first..<scanner.offset])
        scanner.advance()
        return addText(bytes)
    }

    private mutating func parseXPathNumber() throws(PathProblem) -> TypedExpression {
        let start = scanner.offset
        _ = scanner.takeDigits()
        if scanner.take(".") { _ = scanner.takeDigits() }
        if PathScanner.isNameStart(scanner.current), scanner.current | 0x20 == 0x65 {
            throw problem("XPath numbers have no exponent", at: start)
        }
        return add(.number(PathNumber.xpath(scanner.bytes[start..<scanner.offset])), .number)
    }

    private mutating func parseVariable() throws(PathProblem) -> TypedExpression {
        scanner.advance()
        let start = scanner.offset
        guard let name = scanner.takeName(xml: true) else { throw unexpected("a name after `$`") }
        return try addConstant(name, at: start)
    }

    func refuseConstant(_ expression: TypedExpression) throws(PathProblem) {
        if expression.type == .constant {
            throw problem("a systems constant can only be compared, by `=` or `!=`")
        }
    }

    func asBoolean(_ expression: TypedExpression) throws(PathProblem) -> TypedExpression {
        try refuseConstant(expression)
        return expression
    }
}
