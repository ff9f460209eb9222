/// The place of an expression in its program.
typealias ExpressionID = Int32

/// A run of places in one of the arrays of a program.
struct PathRange: Sendable, Hashable {
    var start: Int32
    var count: Int32

    static let none = PathRange(start: 0, count: 0)
    @inline(__always) var indices: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// The one compiled form of XPath, JSONPath and FHIRPath: flat arrays that refer to each other by place.
final class PathProgram: Sendable {
    /// The path as it was written.
    let written: String
    let language: PathLanguage
    let root: ExpressionID
    let expressions: [PathExpression]
    let steps: [PathStep]
    let predicates: [PathPredicate]
    /// Operands of calls, one after another.
    let arguments: [ExpressionID]
    /// Bytes of all literals.
    let text: [UInt8]
    /// The aliases of systems constants.
    let aliases: [PathText]
    /// Sorted symbols of choice elements.
    let symbols: [Symbol]
    let fhir: FHIRSymbols
    /// See ``Path/lastNames``.
    let lastNames: [Symbol]
    let isPattern: Bool
    /// See ``Path/asksOnlyForShape``.
    let asksOnlyForShape: Bool
    /// See ``PathSharing``.
    let beginnings: PathBeginnings
    let moves: PathMoves
    let needs: PathNeeds
    /// See ``PathConstants``.
    let constancy: PathConstancy

    init(_ builder: borrowing PathBuilder, root: TypedExpression, beginnings: PathBeginnings) {
        self.beginnings = beginnings
        needs = PathNeeds(builder)
        constancy = PathConstancy(builder)
        written = builder.written
        language = builder.context.language
        self.root = root.id
        expressions = builder.expressions
        steps = builder.steps
        predicates = builder.predicates
        arguments = builder.arguments
        text = builder.text
        aliases = builder.aliases
        symbols = builder.symbolPool
        fhir = builder.fhir
        let shape = PathShape(builder, root.id)
        lastNames = shape.lastNames
        isPattern = shape.isPattern
        asksOnlyForShape =
            shape.isPattern && builder.asksOnlyForNames && builder.steps.allSatisfy(\.asksOnlyForShape)
        moves = PathMoves(builder)
    }
}

/// The names and resource types without which a path selects nothing: those its steps go to, as far as the steps look at
/// no value.
struct PathNeeds: Sendable {
    /// By expression, runs of ``names`` and of ``types``; empty for what is no path.
    private(set) var ranges: [PathRange] = []
    private(set) var typeRanges: [PathRange] = []
    private(set) var names: [Symbol] = []
    private(set) var types: [Symbol] = []

    init(_ builder: borrowing PathBuilder) {
        for expression in builder.expressions {
            let (start, typeStart) = (names.count, types.count)
            if case .path(let first, let steps) = expression { add(first, steps, builder) }
            ranges.append(PathRange(start: Int32(start), count: Int32(names.count - start)))
            typeRanges.append(PathRange(start: Int32(typeStart), count: Int32(types.count - typeStart)))
        }
    }

    private mutating func add(_ start: PathStart, _ steps: PathRange, _ builder: borrowing PathBuilder) {
        if case .value = start { return }
        for index in steps.indices {
            switch builder.steps[index] {
            case .walk(_, let test, let predicates):
                if case .named(let name) = test { names.append(name) }
                if predicates.count > 0 { return }
            case .only(.resource(let type)): if type != SymbolTable.none { types.append(type) }
            case .only, .slice: continue
            default: return
            }
        }
    }
}

/// Names of FHIR elements the evaluator itself must know.
struct FHIRSymbols: Sendable, Hashable {
    var reference: Symbol = 0
    var fullUrl: Symbol = 0
    var resource: Symbol = 0
    var contained: Symbol = 0
    var id: Symbol = 0
}

/// What a value is, as far as it is known when the path is compiled.
enum PathType: Sendable {
    case nodes, text, number, boolean
    /// A systems constant.
    case constant
    /// JSONPath: one value or nothing; FHIRPath: a collection of anything.
    case values
}

/// An expression and its type.
struct TypedExpression: Sendable {
    var id: ExpressionID
    var type: PathType
}

/// Where a path starts.
enum PathStart: Sendable, Hashable {
    /// The node at hand.
    case context
    /// The document, above the root.
    case document
    /// The root element, value or resource.
    case root
    /// FHIRPath: the root resource, when it is of this type.
    case rootOfType(Symbol)
    /// FHIRPath `%context`, XPath `current()`: the node the whole expression was asked of.
    case origin
    /// FHIRPath: the resource that holds the origin, and the outermost one that contains that.
    case resource, rootResource
    case value(ExpressionID)
}

enum PathComparison: Sendable, Hashable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    /// FHIRPath `~` and `!~`.
    case equivalent, notEquivalent

    var isOrder: Bool {
        switch self {
        case .less, .lessOrEqual, .greater, .greaterOrEqual: true
        case .equal, .notEqual, .equivalent, .notEquivalent: false
        }
    }
}

enum PathArithmetic: Sendable, Hashable { case add, subtract, multiply, divide, remainder }
enum PathConnective: Sendable, Hashable { case and, or, xor, implies }

enum PathExpression: Sendable {
    case path(PathStart, PathRange)
    case text(PathText)
    case number(Double)
    /// A number as written, compared digit by digit (JSONPath, FHIRPath).
    case decimal(PathText)
    case date(PathText)
    case boolean(Bool)
    case null
    /// FHIRPath `{}`.
    case nothing
    /// Systems constant: a run of aliases.
    case constant(PathRange)
    /// Shortcut: whether a child or attribute of this name holds exactly these bytes.
    case hasValue(PathAxis, Symbol, PathText)
    /// FHIRPath `$this is T`.
    case passes(PathTest)
    case compare(PathComparison, ExpressionID, ExpressionID)
    case arithmetic(PathArithmetic, ExpressionID, ExpressionID)
    case negate(ExpressionID)
    case connect(PathConnective, ExpressionID, ExpressionID)
    case not(ExpressionID)
    /// JSONPath: whether a query selects anything.
    case exists(ExpressionID)
    /// FHIRPath `&` and text `+`; whether nothing counts as the empty text.
    case join(ExpressionID, ExpressionID, emptyIsText: Bool)
    case union(ExpressionID, ExpressionID)
    /// FHIRPath: whether the first stands in the second.
    case isIn(ExpressionID, ExpressionID)
    case call(PathFunction, PathRange)
}

enum PathAxis: UInt8, Sendable {
    case child, attribute, this, parent, descendant, descendantOrSelf, ancestor, ancestorOrSelf
    case followingSibling, precedingSibling

    /// Whether positions count backwards from the context node.
    var isReverse: Bool { self == .ancestor || self == .ancestorOrSelf || self == .precedingSibling }
}

enum PathTest: Sendable, Hashable {
    /// Any node.
    case any
    /// Any element; on the attribute axis any attribute.
    case star
    case named(Symbol)
    /// Any name in a namespace.
    case namespace(Symbol)
    /// Text nodes, and elements that hold nothing but their text.
    case text
    /// One of a run of sorted symbols.
    case choice(PathRange)
    /// FHIRPath: a resource of a type; 0 for any type.
    case resource(Symbol)
}

extension PathStep {
    /// Whether the step looks at nothing but names, kinds and resource types.
    var asksOnlyForShape: Bool {
        switch self {
        case .walk(_, let test, _), .only(let test): test != .text
        case .each, .distinct: true
        case .filter, .filterChildren, .slice, .resolve, .project, .index, .items: false
        }
    }
}

enum PathStep: Sendable {
    /// One step along an axis from each node, in XPath's sense.
    case walk(PathAxis, PathTest, PathRange)
    /// Predicates over the whole set so far.
    case filter(PathRange)
    /// Items `from ..< to` of the whole; negative numbers count from the end.
    case slice(from: Int32, to: Int32)
    /// Keeps the nodes that pass a test.
    case only(PathTest)
    /// FHIRPath `resolve()`, `select(…)`, `distinct()`.
    case resolve
    case project(ExpressionID)
    case distinct
    /// JSONPath: item of an array, counted from the end when negative.
    case index(Int)
    /// JSONPath: items of an array.
    case items(start: Int?, end: Int?, step: Int)
    /// JSONPath: members and items that pass a filter.
    case filterChildren(ExpressionID)
    /// JSONPath: several selectors, one after another for each node.
    case each(PathRange)
}

/// What `[…]` holds.
enum PathPredicate: Sendable {
    case index(Int32)
    case last
    case condition(ExpressionID)
    /// True for the item whose position equals the number.
    case position(ExpressionID)
}

/// Where the bytes of a value lie.
struct PathText: Sendable, Hashable {
    enum Place: UInt8, Sendable {
        case source, side
        /// In the program's literals.
        case literal
        /// In the evaluator's own buffer.
        case scratch
    }

    var place: Place
    var start: UInt32
    var end: UInt32

    @inline(__always) init(_ place: Place, _ start: Int, _ end: Int) {
        self.place = place
        self.start = UInt32(start)
        self.end = UInt32(end)
    }

    @inline(__always) init(_ range: TextRange) {
        self.init(range.isAside ? .side : .source, range.start, range.end)
    }

    @inline(__always) var range: Range<Int> { Int(start)..<Int(end) }
    @inline(__always) var count: Int { Int(end) - Int(start) }
}

enum PathFunction: Sendable, Hashable {
    // XPath; some serve the other languages too
    case position, last, count, localName, string, concat, startsWith, contains, substringBefore
    case substringAfter, substring, length, normalizeSpace, translate, boolean, number, sum, floor, ceiling, round
    // JSONPath
    case value
    // FHIRPath: the first argument is what the function is called on
    case exists, empty, all, hasValue, endsWith, lower, upper, trim, iif, isType, replace, indexOf
    case allTrue, anyTrue, allFalse, anyFalse, isDistinct, subsetOf, supersetOf
}
