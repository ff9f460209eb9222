import Reporting

/// XPath 1.0 (W3C Recommendation, 1999), without what needs a DTD, comments, processing instructions or the
/// `following` and `preceding` axes.
extension PathBuilder {
    mutating func parseXPath() throws(PathProblem) -> TypedExpression {
        let result = try parseOr()
        scanner.skipSpace()
        guard scanner.atEnd else { throw unexpected("the end of the path or an operator") }
        return result
    }

    // MARK: Operators, weakest first

    mutating func parseOr() throws(PathProblem) -> TypedExpression {
        try nested { builder throws(PathProblem) in
            var left = try builder.parseAnd()
            while builder.takeOperatorWord("or") {
                let right = try builder.parseAnd()
                left = builder.add(
                    .connect(.or, try builder.asBoolean(left).id, try builder.asBoolean(right).id), .boolean)
            }
            return left
        }
    }

    private mutating func parseAnd() throws(PathProblem) -> TypedExpression {
        var left = try parseEquality()
        while takeOperatorWord("and") {
            let right = try parseEquality()
            left = add(.connect(.and, try asBoolean(left).id, try asBoolean(right).id), .boolean)
        }
        return left
    }

    private mutating func parseEquality() throws(PathProblem) -> TypedExpression {
        var left = try parseRelation()
        while true {
            scanner.skipSpace()
            let place = scanner.offset
            let comparison: PathComparison
            if scanner.take("!=") {
                comparison = .notEqual
            } else if scanner.take("=") {
                if scanner.current == 0x3D {
                    throw problem("XPath compares with one `=`", at: place, help: "write `=`")
                }
                comparison = .equal
            } else {
                return left
            }
            let right = try parseRelation()
            if left.type == .constant && right.type != .nodes && right.type != .text
                || right.type == .constant && left.type != .nodes && left.type != .text
            {
                throw problem("a systems constant is compared with nodes or a text", at: place)
            }
            left = addComparison(comparison, left, right)
        }
    }

    private mutating func parseRelation() throws(PathProblem) -> TypedExpression {
        var left = try parseSum()
        while true {
            scanner.skipSpace()
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
            try refuseConstant(left)
            let right = try parseSum()
            try refuseConstant(right)
            left = add(.compare(comparison, left.id, right.id), .boolean)
        }
    }

    private mutating func parseSum() throws(PathProblem) -> TypedExpression {
        var left = try parseProduct()
        while true {
            scanner.skipSpace()
            let arithmetic: PathArithmetic
            if scanner.take("+") {
                arithmetic = .add
            } else if scanner.take("-") {
                arithmetic = .subtract
            } else {
                return left
            }
            try refuseConstant(left)
            let right = try parseProduct()
            try refuseConstant(right)
            left = add(.arithmetic(arithmetic, left.id, right.id), .number)
        }
    }

    private mutating func parseProduct() throws(PathProblem) -> TypedExpression {
        var left = try parseUnary()
        while true {
            scanner.skipSpace()
            let arithmetic: PathArithmetic
            if scanner.take("*") {
                arithmetic = .multiply
            } else if takeOperatorWord("div") {
                arithmetic = .divide
            } else if takeOperatorWord("mod") {
                arithmetic = .remainder
            } else {
                return left
            }
            try refuseConstant(left)
            let right = try parseUnary()
            try refuseConstant(right)
            left = add(.arithmetic(arithmetic, left.id, right.id), .number)
        }
    }

    private mutating func parseUnary() throws(PathProblem) -> TypedExpression {
        scanner.skipSpace()
        var isNegative = false
        var isSigned = false
        while scanner.take("-") {
            isNegative.toggle()
            isSigned = true
            scanner.skipSpace()
        }
        let operand = try parseUnion()
        guard isSigned else { return operand }
        try refuseConstant(operand)
        let once = add(.negate(operand.id), .number)
        return isNegative ? once : add(.negate(once.id), .number)
    }

    private mutating func parseUnion() throws(PathProblem) -> TypedExpression {
        var left = try parsePath()
        while true {
            scanner.skipSpace()
            let place = scanner.offset
            guard scanner.take("|") else { return left }
            let right = try parsePath()
            guard left.type == .nodes, right.type == .nodes else {
                throw problem("`|` joins two sets of nodes", at: place)
            }
            left = add(.union(left.id, right.id), .nodes)
        }
    }

    private mutating func takeOperatorWord(_ word: StaticString) -> Bool {
        scanner.skipSpace()
        let start = scanner.offset
        guard scanner.takeWord(word) else { return false }
        if scanner.current == 0x2D || scanner.current == 0x2E || scanner.current == 0x3A {
            scanner.move(to: start)
            return false
        }
        return true
    }

    // MARK: Paths

    private mutating func parsePath() throws(PathProblem) -> TypedExpression {
        scanner.skipSpace()
        if scanner.current == 0x2F { return try parseAbsolutePath() }
        if let primary = try parsePrimary() { return try parseAfterPrimary(primary) }
        var path: [PathStep] = []
        try parseSteps(into: &path)
        return addPath(.context, path)
    }

    private mutating func parseAbsolutePath() throws(PathProblem) -> TypedExpression {
        var path: [PathStep] = []
        if scanner.starts(with: "//") {
            scanner.advance(2)
            try parseSteps(into: &path, deep: true)
        } else {
            scanner.advance()
            scanner.skipSpace()
            if startsStep { try parseSteps(into: &path) }
        }
        return addPath(.document, path)
    }

    private mutating func parseAfterPrimary(_ primary: TypedExpression) throws(PathProblem) -> TypedExpression {
        scanner.skipSpace()
        guard scanner.current == 0x5B || scanner.current == 0x2F else { return primary }
        guard primary.type == .nodes else { throw problem("only nodes have steps and predicates") }
        var path: [PathStep] = []
        let list = try parsePredicates()
        if !list.isEmpty { path.append(.filter(addPredicates(list))) }
        scanner.skipSpace()
        if scanner.take("//") {
            try parseSteps(into: &path, deep: true)
        } else if scanner.take("/") {
            try parseSteps(into: &path)
        }
        return addPath(.value(primary.id), path)
    }

    private var startsStep: Bool {
        let byte = scanner.current
        return byte == 0x40 || byte == 0x2E || byte == 0x2A || PathScanner.isNameStart(byte)
    }

    private mutating func parseSteps(into path: inout [PathStep], deep: Bool = false) throws(PathProblem) {
        var isDeep = deep
        while true {
            let place = scanner.offset
            let isAfterText = path.last.map(Self.endsInText) ?? false
            if isAfterText {
                throw problem(
                    "a path ends at `text()`", at: place, help: "leave `text()` out: an element's value is its text")
            }
            try parseStep(into: &path, isDeep: isDeep)
            scanner.skipSpace()
            if scanner.take("//") {
                isDeep = true
            } else if scanner.take("/") {
                isDeep = false
            } else {
                return
            }
        }
    }

    private static func endsInText(_ step: PathStep) -> Bool {
        if case .walk(_, .text, _) = step { return true }
        return false
    }

    private mutating func parseStep(into path: inout [PathStep], isDeep: Bool) throws(PathProblem) {
        scanner.skipSpace()
        let place = scanner.offset
        if scanner.current == 0x2E, !PathScanner.isDigit(scanner.peek()) {
            if isDeep { throw problem("`//` is followed by a name", at: place, help: "write `//*` for all elements") }
            let axis: PathAxis = scanner.take("..") ? .parent : .this
            if axis == .this { scanner.advance() }
            if scanner.current == 0x5B {
                throw problem("`.` and `..` take no predicate in XPath", help: "write `self::node()[…]`")
            }
            path.append(.walk(axis, .any, .none))
            return
        }
        let axis = try parseAxis()
        let test = try parseTest(axis)
        try refuseMissingText(axis, test, isDeep: isDeep, at: place)
        let list = try parsePredicates()
        append(axis, test, list, isDeep: isDeep, to: &path)
    }

    /// `//name` is one step when its predicates count nothing, else the two it stands for.
    private mutating func append(
        _ axis: PathAxis, _ test: PathTest, _ list: [PathPredicate], isDeep: Bool, to path: inout [PathStep]
    ) {
        let isPlain = list.allSatisfy { if case .condition(let id) = $0 { !positional.contains(id) } else { false } }
        if isDeep, axis == .child, isPlain {
            path.append(.walk(.descendant, test, addPredicates(list)))
            return
        }
        if isDeep { path.append(.walk(.descendantOrSelf, .any, .none)) }
        path.append(.walk(axis, test, addPredicates(list)))
    }

    private mutating func parseAxis() throws(PathProblem) -> PathAxis {
        if scanner.take("@") { return .attribute }
        let start = scanner.offset
        guard let name = scanner.takeName(xml: true) else { return .child }
        scanner.skipSpace()
        guard scanner.take("::") else {
            scanner.move(to: start)
            return .child
        }
        guard let axis = Self.axes[name] else { throw unknown("axis", name, among: Self.axes.keys.sorted(), at: start) }
        scanner.skipSpace()
        return axis
    }

    private static let axes: [String: PathAxis] = [
        "child": .child, "attribute": .attribute, "self": .this, "parent": .parent, "descendant": .descendant,
        "descendant-or-self": .descendantOrSelf, "ancestor": .ancestor, "ancestor-or-self": .ancestorOrSelf,
        "following-sibling": .followingSibling, "preceding-sibling": .precedingSibling,
    ]

    private mutating func parseTest(_ axis: PathAxis) throws(PathProblem) -> PathTest {
        scanner.skipSpace()
        if scanner.take("*") { return .star }
        let start = scanner.offset
        guard let name = scanner.takeName(xml: true) else { throw unexpected("a name, `*`, `@`, `.` or `..`") }
        if scanner.current == 0x3A, scanner.peek() != 0x3A {
            scanner.advance()
            return try parseLocalName(prefix: name, at: start)
        }
        let afterName = scanner.offset
        scanner.skipSpace()
        if scanner.take("(") { return try parseNodeType(name, at: start) }
        scanner.move(to: afterName)
        if axis != .attribute, !context.namespaces.isEmpty {
            let prefix = context.namespaces.keys.sorted()[0]
            throw problem(
                "an unprefixed step never matches in a document with a namespace", at: start,
                help: "write `\(prefix):\(name)`")
        }
        return .named(symbols.intern(name))
    }

    private mutating func parseLocalName(prefix: String, at start: Int) throws(PathProblem) -> PathTest {
        guard let uri = namespace(prefix) else {
            let near = Suggestion.nearest(to: prefix, among: context.namespaces.keys.sorted())
            throw problem(
                "the prefix `\(prefix)` is not declared", at: start,
                help: near.map { "did you mean `\($0)`?" } ?? "declare it under `source: namespaces:`")
        }
        if scanner.take("*") {
            let bytes = Array(uri.utf8)
            return .namespace(symbols.intern(bytes.span))
        }
        guard let name = scanner.takeName(xml: true) else { throw unexpected("a name or `*` after the prefix") }
        return .named(symbols.intern(name, namespace: uri))
    }

    private func namespace(_ prefix: String) -> String? {
        if let uri = context.namespaces[prefix] { return uri }
        return prefix == "xml" ? "http://www.w3.org/XML/1998/namespace" : nil
    }

    private mutating func parseNodeType(_ name: String, at start: Int) throws(PathProblem) -> PathTest {
        scanner.skipSpace()
        switch name {
        case "text", "node":
            guard scanner.take(")") else { throw unexpected("`)`") }
            return name == "text" ? .text : .any
        case "comment", "processing-instruction":
            throw problem("comments and processing instructions are not kept, so they cannot be selected", at: start)
        default:
            throw unknown("function", name, among: Self.xpathFunctions.keys.sorted() + ["text", "node"], at: start)
        }
    }

    /// Text that is an element's only content is no node of its own here, so a path cannot walk past it.
    private func refuseMissingText(
        _ axis: PathAxis, _ test: PathTest, isDeep: Bool, at place: Int
    ) throws(PathProblem) {
        switch (axis, test) {
        case (.child, .any), (.descendant, .any), (.descendantOrSelf, .any), (.followingSibling, .any),
            (.precedingSibling, .any):
            throw problem(
                "`node()` is supported on `self`, `parent` and `ancestor` only", at: place,
                help: "write `*` or `text()`")
        case (.child, .text), (.descendant, .text): return
        case (_, .text): throw problem("`text()` is supported on `child` and `descendant` only", at: place)
        case (.this, _) where isDeep, (.parent, _) where isDeep, (.followingSibling, _) where isDeep,
            (.precedingSibling, _) where isDeep, (.ancestor, _) where isDeep, (.ancestorOrSelf, _) where isDeep:
            throw problem("`//` is followed by a child, an attribute or a descendant", at: place)
        default: return
        }
    }
}
