/// Beginnings that several paths have in common: what they select is kept for the length of a document.
///
/// `Bundle.entry.resource.ofType(Patient)` stands before dozens of paths of a mapping. Each such beginning has a number
/// in the symbol table its paths were compiled against, so that paths compiled one by one still share it.
struct PathSharing: Sendable {
    private struct Entry {
        var generation: UInt32 = 0
        var origin: NodeID = 0
        var start: UInt32 = 0
        var end: UInt32 = 0
    }

    /// By the number of the beginning.
    private var entries: [Entry] = []
    private var generation: UInt32 = 1
    private(set) var nodes: [NodeID] = []

    /// Forgets everything kept.
    mutating func clear() {
        nodes.removeAll(keepingCapacity: true)
        generation &+= 1
    }

    /// What a beginning selects from a node, as a run of ``nodes``; `nil` when that was not asked yet.
    func kept(_ beginning: Symbol, from origin: NodeID) -> Range<Int>? {
        guard Int(beginning) < entries.count else { return nil }
        let entry = entries[Int(beginning)]
        guard entry.generation == generation, entry.origin == origin else { return nil }
        return Int(entry.start)..<Int(entry.end)
    }

    mutating func append(_ node: NodeID) { nodes.append(node) }

    /// Keeps the nodes appended since `start`.
    mutating func keep(_ beginning: Symbol, from origin: NodeID, since start: Int) -> Range<Int> {
        while entries.count <= Int(beginning) { entries.append(Entry()) }
        entries[Int(beginning)] = Entry(
            generation: generation, origin: origin, start: UInt32(start), end: UInt32(nodes.count))
        return start..<nodes.count
    }
}

extension PathBuilder {
    /// The numbers of the beginnings of the root expression: of its first step, its first two steps, and so on, as long
    /// as the steps judge a node by its name or type alone. The whole path is no beginning.
    mutating func numberBeginnings(of root: ExpressionID) -> [Symbol] {
        guard case .path(let start, let range) = expressions[Int(root)], range.count > 1, let first = Self.key(start)
        else {
            return []
        }
        var key = "\(context.language.rawValue) \(first)"
        var result: [Symbol] = []
        for index in range.indices.dropLast() {
            guard let part = Self.key(steps[index]) else { break }
            key += part
            result.append(symbols.intern(key, namespace: "beginnings of paths"))
        }
        return result
    }

    private static func key(_ start: PathStart) -> String? {
        switch start {
        case .context: "."
        case .document: "document"
        case .root: "root"
        case .rootOfType(let type): "root \(type)"
        case .origin, .resource, .rootResource, .value: nil
        }
    }

    private static func key(_ step: PathStep) -> String? {
        switch step {
        case .walk(.child, .named(let name), .none): "/\(name)"
        case .walk(.attribute, .named(let name), .none): "/@\(name)"
        case .only(.resource(let type)): "/is \(type)"
        default: nil
        }
    }
}

extension PathEvaluator {
    /// What the longest beginning of the root path selects, as a run of `sharing.nodes`.
    mutating func shared(
        _ program: PathProgram, _ steps: PathRange, from node: NodeID, _ document: borrowing SourceDocument
    ) -> Range<Int> {
        var length = program.beginnings.count
        var known: Range<Int>?
        while length > 0 {
            known = sharing.kept(program.beginnings[length - 1], from: node)
            if known != nil { break }
            length -= 1
        }
        var range = known ?? keepStart(program, at: node, document)
        while length < program.beginnings.count {
            let start = sharing.nodes.count
            let step = program.steps[Int(steps.start) + length]
            for index in range { extend(step, from: sharing.nodes[index], document) }
            range = sharing.keep(program.beginnings[length], from: node, since: start)
            length += 1
        }
        return range
    }

    private mutating func keepStart(
        _ program: PathProgram, at node: NodeID, _ document: borrowing SourceDocument
    ) -> Range<Int> {
        let start = sharing.nodes.count
        if let first = startNode(of: program, at: node, document) { sharing.append(first) }
        return start..<sharing.nodes.count
    }

    private mutating func extend(_ step: PathStep, from node: NodeID, _ document: borrowing SourceDocument) {
        let nodes = document.nodes.span
        switch step {
        case .walk(let axis, .named(let name), _):
            let isAttribute = axis == .attribute
            let end = nodes[Int(node)].next
            var child = node + 1
            while child < end {
                let item = nodes[Int(child)]
                if item.name == name, (item.kind == .attribute) == isAttribute { sharing.append(child) }
                child = item.next
            }
        case .only(.resource(let type)):
            if Self.isResource(node, of: type, document) { sharing.append(node) }
        default: return
        }
    }

    /// Pushes what a path with kept beginnings selects.
    mutating func pushShared(
        _ steps: PathRange, from node: NodeID, _ program: PathProgram, _ document: inout SourceDocument
    ) {
        let base = items.count
        for index in shared(program, steps, from: node, document) { items.append(PathItem(node: sharing.nodes[index])) }
        let done = Int32(program.beginnings.count)
        let rest = PathRange(start: steps.start + done, count: steps.count - done)
        take(rest, from: base, PathFocus(PathItem(node: node)), program, &document)
    }
}
