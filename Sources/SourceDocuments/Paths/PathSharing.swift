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
    /// as what they select depends on the document and the node asked alone. The whole path is no beginning.
    mutating func numberBeginnings(of root: ExpressionID) -> [Symbol] {
        guard case .path(let start, let range) = expressions[Int(root)], range.count > 1,
            let first = PathKey.key(of: start)
        else {
            return []
        }
        var key = "\(context.language.rawValue) \(first)"
        var result: [Symbol] = []
        for index in range.indices.dropLast() {
            guard let part = PathKey.key(of: steps[index], in: self) else { break }
            key += part
            result.append(symbols.intern(key, namespace: "beginnings of paths"))
        }
        return result
    }
}

extension PathEvaluator {
    /// Selects by the longest beginning of the root path, which is kept, and goes on from there.
    mutating func selectShared(
        _ program: PathProgram, from node: NodeID, _ document: inout SourceDocument, into result: inout [NodeID]
    ) {
        guard case .path(_, let steps) = program.expressions[Int(program.root)] else { return }
        let kept = shared(program, steps, from: node, &document)
        if kept.isEmpty || isOver { return }
        let done = program.beginnings.count
        if !program.plainEnd.isEmpty {
            for index in kept { descend(program, 0, from: sharing.nodes[index], document, into: &result) }
            return
        }
        let side = document.side.count
        let base = items.count
        for index in kept { items.append(PathItem(node: sharing.nodes[index])) }
        let rest = PathRange(start: steps.start + Int32(done), count: steps.count - Int32(done))
        take(rest, from: base, PathFocus(PathItem(node: node)), program, &document)
        if !isOver { for index in base..<items.count where items[index].isNode { result.append(items[index].node) } }
        settle(&document, side: side)
    }

    /// What the longest beginning of the root path selects, as a run of `sharing.nodes`.
    private mutating func shared(
        _ program: PathProgram, _ steps: PathRange, from node: NodeID, _ document: inout SourceDocument
    ) -> Range<Int> {
        var length = program.beginnings.count
        while length > 0 {
            if let known = sharing.kept(program.beginnings[length - 1], from: node) {
                return extend(known, from: length, program, steps, from: node, &document)
            }
            length -= 1
        }
        let start = sharing.nodes.count
        if let first = startNode(of: program, at: node, document) { sharing.append(first) }
        return extend(start..<sharing.nodes.count, from: 0, program, steps, from: node, &document)
    }

    /// Takes the steps of the beginnings that are not kept yet.
    private mutating func extend(
        _ known: Range<Int>, from length: Int, _ program: PathProgram, _ steps: PathRange, from node: NodeID,
        _ document: inout SourceDocument
    ) -> Range<Int> {
        var range = known
        for place in length..<program.beginnings.count {
            let start = sharing.nodes.count
            if !range.isEmpty {
                let step = PathRange(start: steps.start + Int32(place), count: 1)
                takeShared(step, range, PathFocus(PathItem(node: node)), program, &document)
                if isOver { return start..<start }
            }
            range = sharing.keep(program.beginnings[place], from: node, since: start)
        }
        return range
    }

    private mutating func takeShared(
        _ step: PathRange, _ range: Range<Int>, _ focus: PathFocus, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        let side = document.side.count
        let base = items.count
        for index in range { items.append(PathItem(node: sharing.nodes[index])) }
        take(step, from: base, focus, program, &document)
        for index in base..<items.count { sharing.append(items[index].node) }
        settle(&document, side: side)
    }
}
