import Reporting

/// Terms and what follows them by points: members and functions.
extension PathBuilder {
    /// A path under construction: where it starts and its steps so far.
    struct Chain {
        var start: PathStart
        var path: [PathStep] = []
        var type = PathType.nodes
        /// Set when the chain is nothing but this expression.
        var whole: TypedExpression?

        init(_ start: PathStart, type: PathType = .nodes) {
            self.start = start
            self.type = type
        }

        init(_ whole: TypedExpression) {
            self.init(.value(whole.id), type: whole.type)
            self.whole = whole
        }

        /// Takes a finished path apart again, so that steps can be added to it.
        init(_ whole: TypedExpression, _ expression: PathExpression, _ steps: [PathStep]) {
            self.init(whole)
            if case .path(let start, let range) = expression {
                self.start = start
                path = Array(steps[range.indices])
                self.whole = nil
            }
        }

        mutating func append(_ step: PathStep) {
            path.append(step)
            whole = nil
        }
    }

    mutating func finish(_ chain: Chain) -> TypedExpression {
        if let whole = chain.whole { return whole }
        var result = addPath(chain.start, chain.path)
        result.type = chain.type
        return result
    }

    // MARK: Terms

    mutating func parseInvocations() throws(PathProblem) -> TypedExpression {
        var chain = try parseTerm()
        while true {
            try skipComments()
            if scanner.take(".") {
                try parseInvocation(&chain)
            } else if scanner.take("[") {
                try parseIndex(&chain)
            } else {
                return finish(chain)
            }
        }
    }

    private mutating func parseIndex(_ chain: inout Chain) throws(PathProblem) {
        try skipComments()
        let place = scanner.offset
        let digits = scanner.takeDigits()
        try skipComments()
        guard let index = Int32(scanner.text(digits)), index < .max, scanner.take("]") else {
            throw problem(
                "an index is a whole number, counted from 0", at: place, help: "write `.where(…)` for a condition")
        }
        try appendSlice(index, index + 1, &chain, at: place)
    }

    private mutating func parseTerm() throws(PathProblem) -> Chain {
        try skipComments()
        let start = scanner.offset
        switch scanner.current {
        case 0x28: return try parseFHIRGroup()
        case 0x27: return Chain(try parseFHIRText())
        case 0x22: throw problem("a text stands between single quotes", help: "write `'…'`")
        case 0x40: return Chain(try parseFHIRDate())
        case 0x7B:
            scanner.advance()
            try skipComments()
            guard scanner.take("}") else { throw unexpected("`}`") }
            return Chain(add(.nothing, .values))
        case 0x25: return try parseExternal()
        case 0x24: return try parseThis()
        default: break
        }
        if PathScanner.isDigit(scanner.current) { return Chain(try parseFHIRNumber()) }
        guard let name = try takeFHIRName() else { throw unexpected("a name, a value or `(`") }
        if name == "true" || name == "false" { return Chain(add(.boolean(name == "true"), .boolean)) }
        try skipComments()
        if scanner.current == 0x28 {
            var chain = Chain(.context, type: thisType)
            try parseCall(name, on: &chain, at: start, isFirst: true)
            return chain
        }
        return try parseFirstName(name, at: start)
    }

    private mutating func parseFHIRGroup() throws(PathProblem) -> Chain {
        scanner.advance()
        let inner = try parseImplies()
        try skipComments()
        guard scanner.take(")") else { throw unexpected("`)`") }
        return Chain(inner)
    }

    /// A name at the start: the type of the root resource, that of the resource at hand, or a member.
    private mutating func parseFirstName(_ name: String, at start: Int) throws(PathProblem) -> Chain {
        let isType = name.utf8.first.map { $0 >= 0x41 && $0 <= 0x5A } ?? false
        guard isType else {
            var chain = Chain(.context, type: thisType)
            try appendMember(name, to: &chain, at: start)
            return chain
        }
        if FHIRTypes.abstractResources.contains(name) {
            var chain = Chain(.context)
            chain.append(.only(.resource(0)))
            return chain
        }
        guard FHIRTypes.resources.contains(name) || name == context.rootName else {
            throw unknown("resource", name, among: FHIRTypes.resources.sorted(), at: start)
        }
        let symbol = symbols.intern(name)
        if name == context.rootName { return Chain(.rootOfType(symbol)) }
        var chain = Chain(.context)
        chain.append(.only(.resource(symbol)))
        return chain
    }

    private mutating func parseThis() throws(PathProblem) -> Chain {
        let start = scanner.offset
        scanner.advance()
        let name = scanner.takeName() ?? ""
        guard name == "this" else { throw problem("`$\(name)` is not supported", at: start, help: "`$this` is") }
        return Chain(.context, type: thisType)
    }

    private mutating func parseExternal() throws(PathProblem) -> Chain {
        scanner.advance()
        let start = scanner.offset
        guard let name = try takeFHIRName() else { throw unexpected("a name after `%`") }
        switch name {
        case "context": return Chain(.origin)
        case "resource": return Chain(.resource)
        case "rootResource":
            fhir.contained = symbols.intern("contained")
            return Chain(.rootResource)
        default: break
        }
        if context.systems[name] == nil, let url = Self.wellKnown[name] { return Chain(addText(Array(url.utf8))) }
        return Chain(try addConstant(name, at: start))
    }

    /// FHIRPath in FHIR (R4, section 2.1.9.1.5).
    private static let wellKnown = [
        "sct": "http://snomed.info/sct", "loinc": "http://loinc.org", "ucum": "http://unitsofmeasure.org",
    ]

    // MARK: Members

    private mutating func parseInvocation(_ chain: inout Chain) throws(PathProblem) {
        try skipComments()
        let start = scanner.offset
        guard let name = try takeFHIRName() else { throw unexpected("a name after the point") }
        try skipComments()
        if scanner.current == 0x28 {
            try parseCall(name, on: &chain, at: start, isFirst: false)
        } else {
            try appendMember(name, to: &chain, at: start)
        }
    }

    mutating func appendMember(_ name: String, to chain: inout Chain, at start: Int) throws(PathProblem) {
        guard chain.type == .nodes || chain.type == .values else {
            throw problem("a plain value has no parts", at: start)
        }
        if let choice = FHIRTypes.splitChoice(name) {
            throw problem(
                "FHIRPath names an element of several types without its type", at: start,
                help: "write `\(choice.base).ofType(\(choice.type))`")
        }
        chain.type = .nodes
        guard FHIRTypes.choices.contains(name) else {
            chain.append(.walk(.child, .named(symbols.intern(name)), .none))
            return
        }
        chain.append(.walk(.child, .choice(addChoice(name)), .none))
    }

    private mutating func addChoice(_ name: String) -> PathRange {
        if let known = choiceRanges[name] { return known }
        var all = FHIRTypes.data.map { symbols.intern(FHIRTypes.choiceName(name, $0)) }
        all.append(symbols.intern(name))
        let range = PathRange(start: Int32(symbolPool.count), count: Int32(all.count))
        symbolPool += all.sorted()
        choiceRanges[name] = range
        return range
    }

    // MARK: Types

    /// `ofType(T)`: of resources, and of elements written `name[x]`.
    mutating func appendOfType(_ type: String, to chain: inout Chain, at start: Int) throws(PathProblem) {
        let test = try typeTest(type, chain, at: start)
        if case .walk(.child, .choice, .none) = chain.path.last {
            chain.path[chain.path.count - 1] = .walk(.child, test, .none)
        } else {
            chain.append(.only(test))
        }
        chain.type = .nodes
    }

    /// `is(T)`: not known of nothing, else whether the one item is of the type.
    mutating func addTypeTest(_ chain: Chain, _ type: String, at start: Int) throws(PathProblem) -> TypedExpression {
        let test = try typeTest(type, chain, at: start)
        if chain.whole == nil, chain.path.isEmpty, chain.start == .context { return add(.passes(test), .boolean) }
        let operand = finish(chain)
        let passing = addPath(.value(operand.id), [.only(test)])
        return addCall(.isType, [operand, passing], .boolean)
    }

    private mutating func typeTest(_ type: String, _ chain: Chain, at start: Int) throws(PathProblem) -> PathTest {
        if FHIRTypes.abstractResources.contains(type) { return .resource(0) }
        if FHIRTypes.resources.contains(type) { return .resource(symbols.intern(type)) }
        for step in chain.path.reversed() {
            switch step {
            case .walk(_, .choice(let range), _):
                guard let base = choiceRanges.first(where: { $0.value == range })?.key else { break }
                return choiceTest(base, type)
            case .slice, .filter, .distinct: continue
            default: break
            }
            break
        }
        throw problem(
            "only resources and elements of several types (`value[x]`) are told apart by type", at: start,
            help: "leave the type out")
    }

    /// The test for a choice of a type or one derived from it.
    private mutating func choiceTest(_ base: String, _ type: String) -> PathTest {
        guard let derived = FHIRTypes.derived[type] else {
            return .named(symbols.intern(FHIRTypes.choiceName(base, type)))
        }
        let all = ([type] + derived).map { symbols.intern(FHIRTypes.choiceName(base, $0)) }
        symbolPool += all.sorted()
        return .choice(PathRange(start: Int32(symbolPool.count - all.count), count: Int32(all.count)))
    }
}
