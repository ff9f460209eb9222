/// The language a path is written in; each format has one.
package enum PathLanguage: String, Sendable {
    case xpath = "XPath"
    case jsonPath = "JSONPath"
    case fhirPath = "FHIRPath"

    package init(_ format: SourceFormat) {
        switch format {
        case .xml, .hl7v2: self = .xpath
        case .json, .csv: self = .jsonPath
        case .fhir: self = .fhirPath
        }
    }
}

/// What is wrong with a path, at a byte offset in its text.
package struct PathProblem: Error, Sendable, Hashable {
    package var offset: Int
    /// One lower-case sentence.
    package var message: String
    package var help: String?

    package init(offset: Int, message: String, help: String? = nil) {
        self.offset = offset
        self.message = message
        self.help = help
    }
}

/// What a path may refer to: the names its mapping declares.
package struct PathContext: Sendable, Hashable {
    package var language: PathLanguage
    /// XPath: namespace URIs by prefix. When there are any, an element step without a prefix is refused.
    package var namespaces: [String: String]
    /// Named sets of identifier systems: `$name` in XPath, `%name` in FHIRPath.
    package var systems: [String: [String]]
    /// FHIRPath: the type of the root resource; a path that begins with it starts at the root.
    package var rootName: String?
    /// JSONPath over a table: what does not begin as JSONPath does is the bare name of a column.
    package var namesColumns: Bool

    package init(
        language: PathLanguage, namespaces: [String: String] = [:], systems: [String: [String]] = [:],
        rootName: String? = nil, namesColumns: Bool = false
    ) {
        self.language = language
        self.namespaces = namespaces
        self.systems = systems
        self.rootName = rootName
        self.namesColumns = namesColumns
    }
}

/// A compiled path or condition: immutable, shared by all threads, run by a ``PathEvaluator``.
package struct Path: Sendable {
    /// One reference and nothing else, so that handing a path on is cheap.
    let program: PathProgram

    /// As it was written.
    package var text: String { program.written }

    /// Compiles a path that selects nodes.
    ///
    /// Names it mentions are added to `symbols`; documents must be read with a copy of that table.
    package static func compile(
        _ text: String, in context: PathContext, symbols: inout SymbolTable
    ) -> Result<Path, PathProblem> {
        compile(text, in: context, symbols: &symbols) { program, builder throws(PathProblem) in
            try builder.requireNodes(program)
        }
    }

    /// Compiles a condition for `when:`: an expression that is true or not; a path is true when it selects something.
    package static func compileCondition(
        _ text: String, in context: PathContext, symbols: inout SymbolTable
    ) -> Result<Path, PathProblem> {
        compile(text, in: context, symbols: &symbols, isCondition: true) { _, _ in }
    }

    /// Compiles any expression, whatever its type; for the conformance tests.
    static func compileExpression(
        _ text: String, in context: PathContext, symbols: inout SymbolTable
    ) -> Result<Path, PathProblem> {
        compile(text, in: context, symbols: &symbols) { _, _ in }
    }

    /// The symbols a selected node may be named by; empty when any name may be selected.
    package var lastNames: [Symbol] { program.lastNames }

    /// The one symbol every selected node is named by, or `nil` when it may be one of several or any.
    package var lastName: Symbol? { program.lastNames.count == 1 ? program.lastNames[0] : nil }

    /// Whether ``PathEvaluator/matches(_:_:in:)`` can judge a node by this path: no positions, steps downwards only.
    package var isPattern: Bool { program.isPattern }

    /// Whether a pattern asks only for names, kinds and resource types on the way, never for a value.
    package var asksOnlyForShape: Bool { program.asksOnlyForShape }

    private static func compile(
        _ text: String, in context: PathContext, symbols: inout SymbolTable, isCondition: Bool = false,
        check: (TypedExpression, PathBuilder) throws(PathProblem) -> Void
    ) -> Result<Path, PathProblem> {
        // The table is handed over and back: a copy for each path would cost more than compiling it.
        let known = symbols.count
        var builder = PathBuilder(text: text, context: context, symbols: symbols.taken())
        defer { symbols = builder.symbols }
        do throws(PathProblem) {
            let root = try builder.parse(isCondition: isCondition)
            try check(root, builder)
            return .success(Path(program: builder.finish(root)))
        } catch {
            builder.symbols.forget(past: known)
            return .failure(error)
        }
    }
}
