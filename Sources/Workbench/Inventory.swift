import Reporting
package import SourceDocuments

/// What a set of documents holds: every path with how often it stands there and what its values look like.
///
/// Keeps kinds and shapes, never a value.
package struct Inventory: Sendable {
    /// One path, places in lists left out. Shapes lie in the order they were first met, each after the one around it.
    package struct Shape: Sendable {
        /// The shape around it; -1 for the root.
        package var parent: Int
        package var name: String
        package var namespace: String
        package var isAttribute: Bool
        /// A run of text between elements.
        package var isText: Bool
        /// An item of a JSON array.
        package var isItem: Bool
        /// The type of a FHIR resource.
        package var resource: String?
        /// The most of its kind beside one another.
        package var mostTogether = 0
        package var documents = 0
        package var least = Int.max
        package var most = 0
        package var values = 0
        /// How many of its values could be of each kind.
        var kindCounts: [ValueKind: Int] = [:]
        package var examples: [String] = []

        /// The kinds that at least four in five of its values could be: one bad value does not hide what the others are.
        package var kinds: Set<ValueKind> { Set(kindCounts.filter { $0.value * 5 >= values * 4 }.keys) }

        /// The most telling kind; `nil` where no value stands.
        package var kind: ValueKind? {
            let kinds = self.kinds
            return values == 0 ? nil : ValueKind.allCases.first { kinds.contains($0) }
        }

        package var isRepeated: Bool { isItem || mostTogether > 1 }
        package var hasValue: Bool { values > 0 }
    }

    package private(set) var format: SourceFormat?
    package private(set) var documents: [String] = []
    package private(set) var shapes: [Shape] = []
    private var numbers: [Key: Int] = [:]

    private struct Key: Hashable {
        var parent: Int
        var name: Symbol
        var namespace: Symbol
        var isAttribute: Bool
        var kind: SourceNode.Kind
        var resource: Symbol
    }

    package init() {}

    // MARK: Building

    /// Whether a document is of the same format as those before it, and so may be added.
    package func takes(_ document: SourceDocument) -> Bool { format == nil || format == document.format }

    /// Adds a document. All documents must be read with the same symbol table, each handing it on to the next.
    package mutating func add(_ document: SourceDocument) {
        format = document.format
        documents.append(document.name)
        var shapeOf = [Int](repeating: -1, count: document.nodes.count)
        var counts: [Int: Int] = [:]
        var together: [Together: Int] = [:]
        for node in 1..<max(1, document.nodes.count) {
            let item = document.nodes[node]
            let shape = number(of: item, below: item.parent == 0 ? -1 : shapeOf[Int(item.parent)], document)
            shapeOf[node] = shape
            counts[shape, default: 0] += 1
            let key = Together(parent: item.parent, shape: shape)
            together[key, default: 0] += 1
            shapes[shape].mostTogether = max(shapes[shape].mostTogether, together[key] ?? 1)
            if let range = document.ownValue(NodeID(node)) { shapes[shape].note(document.text(range)) }
        }
        for index in shapes.indices {
            let count = counts[index] ?? 0
            // A path first met now was missing in every document before.
            let isLate = shapes[index].documents == 0 && documents.count > 1
            shapes[index].least = isLate ? 0 : min(shapes[index].least, count)
            shapes[index].most = max(shapes[index].most, count)
            if count > 0 { shapes[index].documents += 1 }
        }
    }

    private struct Together: Hashable {
        var parent: NodeID
        var shape: Int
    }

    private func shown(_ symbol: Symbol, _ document: SourceDocument) -> String {
        let name = document.symbols.name(symbol)
        return document.format == .csv ? DocumentName.shown(column: name) : DocumentName.shown(name)
    }

    private mutating func number(of node: SourceNode, below parent: Int, _ document: SourceDocument) -> Int {
        let symbols = document.symbols
        let isRow = document.format == .csv && node.kind == .object
        let isItem = isRow || document.format == .json && node.parent != 0 && isItem(symbols.name(node.name))
        let key = Key(
            parent: parent, name: isItem ? SymbolTable.none : node.name, namespace: symbols.namespaceSymbol(node.name),
            isAttribute: node.kind == .attribute, kind: node.kind == .text ? .text : .element,
            resource: node.resourceType)
        if let number = numbers[key] { return number }
        numbers[key] = shapes.count
        shapes.append(
            Shape(
                parent: parent, name: isItem ? "" : shown(node.name, document),
                namespace: shown(namespace: symbols.namespace(node.name)),
                isAttribute: node.kind == .attribute, isText: node.kind == .text, isItem: isItem,
                resource: node.resourceType == SymbolTable.none
                    ? nil : DocumentName.shown(symbols.name(node.resourceType))))
        return shapes.count - 1
    }

    /// Whether a member is one of a list: an item of an array, or one of those named by what they hold, such as by an
    /// NHS number or a person. Such names are values, and are not kept.
    private func isItem(_ name: String) -> Bool {
        let telling: Set<ValueKind> = [
            .nhsNumber, .uuid, .dateTime, .dateUK, .dateISO, .dateDashed, .dateNamed, .dateCompact, .postcode, .email,
            .phone,
            .snomed,
            .integer,
        ]
        return name.isEmpty || !DocumentName.isTellable(name) || !telling.isDisjoint(with: ValueKind.all(of: name))
    }

    private func shown(namespace: String) -> String {
        namespace.isEmpty ? "" : DocumentName.shown(namespace: namespace)
    }

    // MARK: Reading

    /// The namespaces in the order they are met.
    package var namespaces: [String] {
        shapes.reduce(into: [String]()) {
            if !$1.namespace.isEmpty, !$0.contains($1.namespace) { $0.append($1.namespace) }
        }
    }

    /// A shape and those around it, the root first.
    package func chain(_ shape: Int) -> [Int] {
        var chain: [Int] = []
        var current = shape
        while current >= 0 {
            chain.insert(current, at: 0)
            current = shapes[current].parent
        }
        return chain
    }

    /// The roots that were met; more than one means documents of different kinds.
    package var roots: [Int] { shapes.indices.filter { shapes[$0].parent == -1 } }
    package func children(of shape: Int) -> [Int] { shapes.indices.filter { shapes[$0].parent == shape } }
}

extension Inventory.Shape {
    /// Notes the form of one value.
    fileprivate mutating func note(_ text: String) {
        guard !text.allSatisfy(\.isWhitespace) else { return }
        for kind in ValueKind.all(of: text) { kindCounts[kind, default: 0] += 1 }
        values += 1
        let example = ValueShape.of(text)
        if examples.count < 3, !examples.contains(example) { examples.append(example) }
    }
}
