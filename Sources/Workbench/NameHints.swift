import Reporting
package import SourceDocuments

/// The names that documents hold, to say which one a path that selects nothing may have meant.
package struct NameHints: Sendable {
    private(set) var names: Set<String> = []

    package init() {}

    package mutating func add(_ document: SourceDocument) {
        for node in document.nodes {
            let name = document.symbols.name(node.name)
            if !name.isEmpty { names.insert(name) }
            if node.resourceType != SymbolTable.none { names.insert(document.symbols.name(node.resourceType)) }
        }
    }

    /// The first name of a path that no document holds, with the nearest one that is held.
    package func hint(for path: String, in place: String = "the document") -> String? {
        for name in Self.names(in: path) where !names.contains(name) {
            guard
                let nearest = Suggestion.nearest(to: name, among: names.filter { DocumentName.isTellable($0) }.sorted())
            else {
                return "nothing in \(place) is called `\(name)`"
            }
            return "nothing in \(place) is called `\(name)`; did you mean `\(nearest)`?"
        }
        return nil
    }

    /// The names that steps of a path go by: no prefixes, functions, variables, texts or words of the language.
    static func names(in path: String) -> [String] {
        var names: [String] = []
        var word = ""
        var quote: Character?
        var isVariable = false
        for character in path + " " {
            if let open = quote {
                if character == open { quote = nil }
                continue
            }
            if character.isLetter || character.isNumber || character == "_" || (character == "-" && !word.isEmpty) {
                word.append(character)
                continue
            }
            let isName =
                !word.isEmpty && !isVariable && character != ":" && character != "(" && word.first?.isNumber == false
            if isName, !["and", "or", "not", "div", "mod", "is", "as", "in", "true", "false"].contains(word) {
                names.append(word)
            }
            word = ""
            isVariable = character == "$" || character == "%"
            if character == "'" || character == "\"" { quote = character }
        }
        return names
    }
}
