/// Reading the arguments of a converter.
extension [String: String] {
    /// One of a few words.
    func word(_ argument: String, of words: [String], default standard: String) throws(ArgumentProblem) -> String {
        guard let given = self[argument] else { return standard }
        guard words.contains(given) else {
            throw ArgumentProblem(
                argument, "`\(argument)` is one of: \(words.joined(separator: ", "))",
                help: "left out, it is `\(standard)`")
        }
        return given
    }

    /// A whole number.
    func integer(_ argument: String) throws(ArgumentProblem) -> Int? {
        guard let given = self[argument] else { return nil }
        guard let number = Int(given) else { throw ArgumentProblem(argument, "`\(argument)` is a whole number") }
        return number
    }

    /// Alternatives separated by `|`, none of them empty.
    func alternatives(_ argument: String) throws(ArgumentProblem) -> [String]? {
        guard let given = self[argument] else { return nil }
        let parts = given.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty }) else {
            throw ArgumentProblem(argument, "`\(argument)` has an empty alternative between its `|` marks")
        }
        return parts
    }
}
