import Reporting

/// FHIRPath (HL7, normative release 1) over trees without a model: what needs to know the types of elements, units,
/// the clock or regular expressions is refused.
extension PathBuilder {
    mutating func parseFHIRPath() throws(PathProblem) -> TypedExpression {
        let result = try parseImplies()
        try skipComments()
        guard scanner.atEnd else { throw unexpected("the end of the path or an operator") }
        return result
    }

    // MARK: Operators, weakest first

    mutating func parseImplies() throws(PathProblem) -> TypedExpression {
        try nested { builder throws(PathProblem) in
            var left = try builder.parseFHIROr()
            while try builder.takeKeyword("implies") {
                left = builder.add(.connect(.implies, left.id, try builder.parseFHIROr().id), .boolean)
            }
            return left
        }
    }

    private mutating func parseFHIROr() throws(PathProblem) -> TypedExpression {
        var left = try parseFHIRAnd()
        while true {
            if try takeKeyword("or") {
                left = add(.connect(.or, left.id, try parseFHIRAnd().id), .boolean)
            } else if try takeKeyword("xor") {
                left = add(.connect(.xor, left.id, try parseFHIRAnd().id), .boolean)
            } else {
                return left
            }
        }
    }

    private mutating func parseFHIRAnd() throws(PathProblem) -> TypedExpression {
        var left = try parseMembership()
        while try takeKeyword("and") { left = add(.connect(.and, left.id, try parseMembership().id), .boolean) }
        return left
    }

    private mutating func parseMembership() throws(PathProblem) -> TypedExpression {
        var left = try parseFHIREquality()
        while true {
            if try takeKeyword("in") {
                left = add(.isIn(left.id, try parseFHIREquality().id), .boolean)
            } else if try takeKeyword("contains") {
                left = add(.isIn(try parseFHIREquality().id, left.id), .boolean)
            } else {
                return left
            }
        }
    }

    private mutating func parseFHIREquality() throws(PathProblem) -> TypedExpression {
        var left = try parseInequality()
        while true {
            try skipComments()
            let place = scanner.offset
            let comparison: PathComparison
            if scanner.take("!=") {
                comparison = .notEqual
            } else if scanner.take("!~") {
                comparison = .notEquivalent
            } else if scanner.take("=") {
                comparison = .equal
            } else if scanner.take("~") {
                comparison = .equivalent
            } else {
                return left
            }
            if scanner.current == 0x3D { throw problem("FHIRPath compares with one `=`", at: place, help: "write `=`") }
            left = addComparison(comparison, left, try parseInequality())
        }
    }

    private mutating func parseInequality() throws(PathProblem) -> TypedExpression {
        var left = try parseFHIRUnion()
        while true {
            try skipComments()
            let place = scanner.offset
            let comparison: PathComparison
            if scanner.take("<=") {
                comparison = .lessOrEqual
            } else if scanner.take(">=") {
                comparison = .greaterOrEqual
            } else if scanner.take("<") {
                comparison = .less
            } else if scanner.take(">") {
                comparison = .greater
            } else {
                return left
            }
            let right = try parseFHIRUnion()
            try requireComparable(left, right, at: place)
            left = add(.compare(comparison, left.id, right.id), .boolean)
        }
    }

    private func requireComparable(
        _ left: TypedExpression, _ right: TypedExpression, at place: Int
    ) throws(PathProblem) {
        let isWrong =
            switch (left.type, right.type) {
            case (.text, .number), (.number, .text), (.boolean, _), (_, .boolean), (.constant, _), (_, .constant): true
            default: false
            }
        if isWrong { throw problem("these two have no order", at: place) }
    }

    private mutating func parseFHIRUnion() throws(PathProblem) -> TypedExpression {
        var left = try parseTypeOperator()
        while true {
            try skipComments()
            guard scanner.take("|") else { return left }
            let right = try parseTypeOperator()
            let type: PathType = left.type == .nodes && right.type == .nodes ? .nodes : .values
            left = add(.union(left.id, right.id), type)
        }
    }

    private mutating func parseTypeOperator() throws(PathProblem) -> TypedExpression {
        var left = try parseFHIRSum()
        while true {
            let place = scanner.offset
            if try takeKeyword("is") {
                left = try addTypeTest(Chain(left, expressions[Int(left.id)], steps), try parseTypeName(), at: place)
            } else if try takeKeyword("as") {
                var chain = Chain(left, expressions[Int(left.id)], steps)
                try appendOfType(try parseTypeName(), to: &chain, at: place)
                left = finish(chain)
            } else {
                return left
            }
        }
    }

    private mutating func parseFHIRSum() throws(PathProblem) -> TypedExpression {
        var left = try parseFHIRProduct()
        while true {
            try skipComments()
            let place = scanner.offset
            if scanner.take("&") {
                left = add(.join(left.id, try parseFHIRProduct().id, emptyIsText: true), .text)
            } else if scanner.take("+") {
                let right = try parseFHIRProduct()
                guard left.type == .text || right.type == .text else {
                    throw arithmetic(at: place, help: "`&` joins texts")
                }
                left = add(.join(left.id, right.id, emptyIsText: false), .text)
            } else if scanner.current == 0x2D {
                throw arithmetic(at: place)
            } else {
                return left
            }
        }
    }

    private mutating func parseFHIRProduct() throws(PathProblem) -> TypedExpression {
        let operand = try parseSign()
        try skipComments()
        let place = scanner.offset
        if scanner.current == 0x2A || scanner.current == 0x2F || scanner.takeWord("div") || scanner.takeWord("mod") {
            throw arithmetic(at: place)
        }
        return operand
    }

    private func arithmetic(at place: Int, help: String? = nil) -> PathProblem {
        problem(
            "FHIRPath here does not reckon", at: place, help: help ?? "compare values; leave sums to a converter")
    }

    /// A sign binds weaker than the point, so `-1.abs()` is refused like in the standard.
    private mutating func parseSign() throws(PathProblem) -> TypedExpression {
        try skipComments()
        let place = scanner.offset
        let isNegative = scanner.current == 0x2D
        guard isNegative || scanner.current == 0x2B else { return try parseInvocations() }
        scanner.advance()
        try skipComments()
        let operand = try parseInvocations()
        guard case .decimal(let range) = expressions[Int(operand.id)] else { throw arithmetic(at: place) }
        if !isNegative { return operand }
        return add(.decimal(literal([0x2D] + text[range.range])), .number)
    }

    // MARK: Lexical parts

    /// Passes over space and comments.
    mutating func skipComments() throws(PathProblem) {
        while true {
            scanner.skipSpace()
            let start = scanner.offset
            if scanner.take("//") {
                while !scanner.atEnd, scanner.current != 0x0A, scanner.current != 0x0D { scanner.advance() }
            } else if scanner.take("/*") {
                while !scanner.atEnd, !scanner.starts(with: "*/") { scanner.advance() }
                guard scanner.take("*/") else {
                    throw problem("the comment that opens here is never closed", at: start)
                }
            } else {
                return
            }
        }
    }

    mutating func takeKeyword(_ word: StaticString) throws(PathProblem) -> Bool {
        try skipComments()
        return scanner.takeWord(word)
    }

    /// A name, plain or between backticks.
    mutating func takeFHIRName() throws(PathProblem) -> String? {
        try skipComments()
        guard scanner.current == 0x60 else { return scanner.takeName() }
        let start = scanner.offset
        scanner.advance()
        let first = scanner.offset
        while !scanner.atEnd, scanner.current != 0x60 { scanner.advance() }
        guard !scanner.atEnd else { throw problem("the backtick that opens here is never closed", at: start) }
        let name = scanner.text(first..<scanner.offset)
        scanner.advance()
        return name
    }

    /// The name of a type, without `FHIR.`.
    mutating func parseTypeName() throws(PathProblem) -> String {
        try skipComments()
        let start = scanner.offset
        guard var name = try takeFHIRName() else { throw unexpected("the name of a type") }
        if name == "System" {
            throw problem("types of `System` are not told apart here", at: start, help: "name a FHIR type")
        }
        if name == "FHIR", scanner.take(".") {
            guard let inner = try takeFHIRName() else { throw unexpected("the name of a type") }
            name = inner
        }
        guard FHIRTypes.everyName.contains(name) else {
            throw unknown("type", name, among: FHIRTypes.everyName.sorted(), at: start)
        }
        return name
    }

    mutating func parseFHIRText() throws(PathProblem) -> TypedExpression {
        let start = scanner.offset
        scanner.advance()
        var bytes: [UInt8] = []
        while true {
            guard !scanner.atEnd else {
                throw problem("the quote that opens here is never closed", at: start, help: Self.quoteHelp)
            }
            let byte = scanner.current
            scanner.advance()
            if byte == 0x27 { return addText(bytes) }
            if byte == 0x5C { try parseFHIREscape(into: &bytes) } else { bytes.append(byte) }
        }
    }

    private mutating func parseFHIREscape(into bytes: inout [UInt8]) throws(PathProblem) {
        let byte = scanner.current
        scanner.advance()
        switch byte {
        case 0x27, 0x22, 0x60, 0x5C, 0x2F: bytes.append(byte)
        case 0x66: bytes.append(0x0C)
        case 0x6E: bytes.append(0x0A)
        case 0x72: bytes.append(0x0D)
        case 0x74: bytes.append(0x09)
        case 0x75: bytes.append(contentsOf: String(try parseCodePoint()).utf8)
        default: throw problem("there is no such escape", at: scanner.offset - 2)
        }
    }

    mutating func parseFHIRNumber() throws(PathProblem) -> TypedExpression {
        let start = scanner.offset
        _ = scanner.takeDigits()
        if scanner.current == 0x2E, PathScanner.isDigit(scanner.peek()) {
            scanner.advance()
            _ = scanner.takeDigits()
        }
        let number = add(.decimal(literal(Array(scanner.bytes[start..<scanner.offset]))), .number)
        let after = scanner.offset
        try skipComments()
        let unit = scanner.offset
        if scanner.current == 0x27 || Self.units.contains(scanner.takeName() ?? "") {
            throw problem("quantities with units are not supported", at: unit, help: "compare `.value` and `.code`")
        }
        scanner.move(to: after)
        return number
    }

    private static let units: Set<String> = [
        "year", "years", "month", "months", "week", "weeks", "day", "days", "hour", "hours", "minute", "minutes",
        "second", "seconds", "millisecond", "milliseconds",
    ]

    /// `@2015-02-04T14:34:28Z`, `@T14:34`; kept without the `@`.
    mutating func parseFHIRDate() throws(PathProblem) -> TypedExpression {
        let start = scanner.offset
        scanner.advance()
        let first = scanner.offset
        if scanner.current != 0x54 {
            guard scanner.takeDigits().count == 4 else { throw problem("a date is written `@2026-03-02`", at: start) }
            if takePart(0x2D) { _ = takePart(0x2D) }
        }
        if scanner.current == 0x54 {
            let isTime = scanner.offset == first
            scanner.advance()
            if PathScanner.isDigit(scanner.current) {
                _ = scanner.takeDigits()
                if takePart(0x3A), takePart(0x3A), scanner.current == 0x2E, PathScanner.isDigit(scanner.peek()) {
                    scanner.advance()
                    _ = scanner.takeDigits()
                }
                if !isTime, !scanner.take("Z"), takePart(0x2B) || takePart(0x2D) { _ = takePart(0x3A) }
            }
        }
        let bytes = Array(scanner.bytes[first..<scanner.offset])
        guard PathDate(bytes[...]) != nil else { throw problem("this is no date or time", at: start) }
        return add(.date(literal(bytes)), .values)
    }

    /// Passes over a separator and two digits.
    private mutating func takePart(_ separator: UInt8) -> Bool {
        guard scanner.current == separator, PathScanner.isDigit(scanner.peek()), PathScanner.isDigit(scanner.peek(2))
        else {
            return false
        }
        scanner.advance(3)
        return true
    }
}
