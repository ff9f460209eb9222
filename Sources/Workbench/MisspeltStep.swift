import Reporting
import SourceDocuments

/// Finds the step at which a path comes to nothing, and what stands there under nearly the same name.
struct MisspeltStep {
    let context: PathContext
    /// Names that other paths read: those are not what was meant.
    let usedNames: Set<String>

    init(_ context: PathContext, _ usedNames: Set<String>) {
        self.context = context
        self.usedNames = usedNames
    }

    mutating func hint(
        for text: String, from node: NodeID, in document: inout SourceDocument, with evaluator: inout PathEvaluator
    ) -> String? {
        let separator: Character = context.language == .xpath ? "/" : "."
        var nodes = [node]
        var prefix = ""
        for step in Self.split(text, at: separator) {
            prefix += (prefix.isEmpty && step.isFirst ? "" : String(separator)) + step.text
            guard !step.text.isEmpty else { continue }
            guard case .success(let path) = Path.compile(prefix, in: context, symbols: &document.symbols) else {
                return nil
            }
            var selected: [NodeID] = []
            evaluator.select(path, from: node, in: &document, into: &selected)
            if selected.isEmpty { return Self.nearest(to: step.text, among: children(of: nodes, document)) }
            nodes = selected
        }
        return nil
    }

    private func children(of nodes: [NodeID], _ document: SourceDocument) -> Set<String> {
        var names: Set<String> = []
        for node in nodes {
            var child = node + 1
            while child < document.nodes[Int(node)].next {
                names.insert(document.symbols.name(document.nodes[Int(child)].name))
                child = document.nodes[Int(child)].next
            }
        }
        return names.subtracting(usedNames)
    }

    private static func nearest(to step: String, among names: Set<String>) -> String? {
        let leading = step.prefix { $0 != "[" && $0 != "(" }
        guard !step.dropFirst(leading.count).hasPrefix("("), let name = NameHints.names(in: String(leading)).last else {
            return nil
        }
        return Suggestion.nearest(to: name, among: names.filter { !$0.isEmpty && DocumentName.isTellable($0) }.sorted())
            .map {
                "there is no `\(name)` there; did you mean `\($0)`?"
            }
    }

    /// The steps of a path; separators within brackets, parentheses and quotes do not count.
    private static func split(_ text: String, at separator: Character) -> [(text: String, isFirst: Bool)] {
        var steps: [(text: String, isFirst: Bool)] = []
        var step = ""
        var depth = 0
        var quote: Character?
        for character in text {
            if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
            } else if quote == nil, "[(".contains(character) {
                depth += 1
            } else if quote == nil, "])".contains(character) {
                depth -= 1
            }
            if quote == nil, depth == 0, character == separator {
                steps.append((step, steps.isEmpty))
                step = ""
            } else {
                step.append(character)
            }
        }
        return steps + [(step, steps.isEmpty)]
    }
}
