/// Paths compiled before, by their text and what they may refer to: mappings that extend another hold most of its paths again,
/// and one program serves all of them.
///
/// Belongs to one table of names; a path compiled against another means other names.
package struct PathCache: Sendable {
    private struct Key: Hashable {
        let text: String
        /// A place in ``contexts``.
        let context: Int
        let isCondition: Bool
    }

    private var contexts: [PathContext] = []
    private var paths: [Key: Path] = [:]

    package init() {}

    /// See ``Path/compile(_:in:symbols:)``.
    package mutating func path(
        _ text: String, in context: PathContext, symbols: inout SymbolTable
    ) -> Result<Path, PathProblem> {
        let key = Key(text: text, context: number(of: context), isCondition: false)
        return known(key, &symbols) ?? keep(Path.compile(text, in: context, symbols: &symbols), as: key)
    }

    /// See ``Path/compileCondition(_:in:symbols:)``.
    package mutating func condition(
        _ text: String, in context: PathContext, symbols: inout SymbolTable
    ) -> Result<Path, PathProblem> {
        let key = Key(text: text, context: number(of: context), isCondition: true)
        return known(key, &symbols) ?? keep(Path.compileCondition(text, in: context, symbols: &symbols), as: key)
    }

    /// A path that was compiled before. Its beginnings count once more, as if it had been compiled again: what decides whether
    /// they are worth keeping is how often they are asked for, see ``PathSharing``.
    private func known(_ key: Key, _ symbols: inout SymbolTable) -> Result<Path, PathProblem>? {
        guard let path = paths[key] else { return nil }
        for number in path.program.beginnings.numbers where number != SymbolTable.none { symbols.want(number) }
        return .success(path)
    }

    /// A mistake is not kept: it is found again, and told, wherever it stands.
    private mutating func keep(_ result: Result<Path, PathProblem>, as key: Key) -> Result<Path, PathProblem> {
        if case .success(let path) = result { paths[key] = path }
        return result
    }

    private mutating func number(of context: PathContext) -> Int {
        if let last = contexts.indices.last, contexts[last] == context { return last }
        if let known = contexts.firstIndex(of: context) { return known }
        contexts.append(context)
        return contexts.count - 1
    }
}
