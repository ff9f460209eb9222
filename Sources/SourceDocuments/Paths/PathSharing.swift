/// Beginnings that several paths have in common: what they select is kept for the length of a document.
///
/// `Bundle.entry.resource.ofType(Patient)` stands before dozens of paths of a mapping. Each such beginning has a number
/// in the symbol table its paths were compiled against, so that paths compiled one by one still share it. The table counts
/// them: what only one path begins with is not kept.
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
        guard beginning != SymbolTable.none, Int(beginning) < entries.count else { return nil }
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

/// The numbers of the beginnings of those paths of a program that are asked of the node the whole was asked of.
struct PathBeginnings: Sendable {
    /// By expression, a run of ``numbers``: the number of its first step, of its first two steps, and so on; 0 for what is
    /// not worth keeping.
    var ranges: [PathRange]
    var numbers: [Symbol] = []

    init(count: Int) { ranges = Array(repeating: .none, count: count) }
}

extension PathBuilder {
    /// Numbers the beginnings of the paths of an expression that are asked of the node the whole is asked of: step by step,
    /// as long as what they select depends on the document and that node alone. The whole path is no beginning.
    mutating func numberBeginnings(of id: ExpressionID, into beginnings: inout PathBeginnings) {
        switch expressions[Int(id)] {
        case .path(.value(let inner), _): numberBeginnings(of: inner, into: &beginnings)
        case .path(let start, let steps): numberBeginnings(of: id, start, steps, into: &beginnings)
        case .compare(_, let left, let right), .connect(_, let left, let right), .union(let left, let right),
            .isIn(let left, let right), .join(let left, let right, _), .arithmetic(_, let left, let right):
            numberBeginnings(of: left, into: &beginnings)
            numberBeginnings(of: right, into: &beginnings)
        case .not(let operand), .exists(let operand), .negate(let operand):
            numberBeginnings(of: operand, into: &beginnings)
        case .call(let function, let operands):
            // What `all` asks is asked of each item.
            let own = function == .all ? operands.indices.prefix(1) : operands.indices
            for place in own { numberBeginnings(of: arguments[place], into: &beginnings) }
        case .text, .number, .decimal, .date, .boolean, .null, .nothing, .constant, .hasValue, .passes: break
        }
    }

    private mutating func numberBeginnings(
        of id: ExpressionID, _ start: PathStart, _ range: PathRange, into beginnings: inout PathBeginnings
    ) {
        guard range.count > 1, let first = PathKey.key(of: start) else { return }
        var key = "\(context.language.rawValue) \(first)"
        let base = beginnings.numbers.count
        for index in range.indices.dropLast() {
            guard let part = PathKey.key(of: steps[index], in: self) else { break }
            key += part
            if index == range.indices.lowerBound, start == .context, case .walk(.child, .named, .none) = steps[index] {
                // Sooner taken again than looked up.
                beginnings.numbers.append(SymbolTable.none)
                continue
            }
            let number = symbols.intern(key, namespace: "beginnings of paths")
            symbols.want(number)
            beginnings.numbers.append(number)
        }
        beginnings.ranges[Int(id)] = PathRange(
            start: Int32(base), count: Int32(beginnings.numbers.count - base))
    }
}

extension PathEvaluator {
    /// The beginnings of a path that may be shared now, up to the longest that other paths have too; empty when none is.
    @inline(__always) func sharable(
        _ id: ExpressionID, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> Range<Int> {
        var numbers = program.beginnings.ranges[Int(id)].indices
        guard !numbers.isEmpty, isMarking, markBit == Self.comparedBit else { return 0..<0 }
        while let last = numbers.last, document.symbols.wants(program.beginnings.numbers[last]) < 2 {
            numbers.removeLast()
        }
        return numbers
    }

    /// Pushes what a path selects, some of whose beginnings are sharable.
    mutating func pushShared(
        _ id: ExpressionID, _ steps: PathRange, _ numbers: Range<Int>, _ program: PathProgram,
        _ document: inout SourceDocument
    ) {
        let kept = shared(id, numbers, program, steps, &document)
        let base = items.count
        let done = Int32(numbers.count)
        if program.moves.canWalk(id, steps, after: done) {
            let moves = program.moves.range(steps.start + done, steps.start + steps.count)
            for index in kept where !isOver { walk(moves, from: sharing.nodes[index], program, &document) }
            if program.language == .xpath { order(from: base) }
        } else {
            for index in kept { items.append(PathItem(node: sharing.nodes[index])) }
            take(steps.dropFirst(numbers.count), from: base, PathFocus(PathItem(node: origin)), program, &document)
        }
    }

    /// What the longest of some beginnings of a path selects from the origin, as a run of `sharing.nodes`.
    mutating func shared(
        _ id: ExpressionID, _ numbers: Range<Int>, _ program: PathProgram, _ steps: PathRange,
        _ document: inout SourceDocument
    ) -> Range<Int> {
        var length = numbers.count
        while length > 0 {
            if let known = sharing.kept(program.beginnings.numbers[numbers.lowerBound + length - 1], from: origin) {
                return extend(known, numbers.dropFirst(length), program, steps.dropFirst(length), &document)
            }
            length -= 1
        }
        let start = sharing.nodes.count
        if case .path(let from, _) = program.expressions[Int(id)],
            let first = startNode(from, PathFocus(PathItem(node: origin)), program, document)
        {
            sharing.append(first)
        }
        return extend(start..<sharing.nodes.count, numbers, program, steps, &document)
    }

    /// Takes the steps of the beginnings that are not kept yet.
    private mutating func extend(
        _ known: Range<Int>, _ numbers: Range<Int>, _ program: PathProgram, _ steps: PathRange,
        _ document: inout SourceDocument
    ) -> Range<Int> {
        var range = known
        var place = numbers.lowerBound
        while place < numbers.upperBound {
            let last = lastAlike(place, numbers, program, document)
            let start = sharing.nodes.count
            if !range.isEmpty {
                let done = Int32(place - numbers.lowerBound)
                let run = PathRange(start: steps.start + done, count: Int32(last - place + 1))
                takeShared(run, range, program, &document)
                if isOver { return start..<start }
            }
            range = sharing.keep(program.beginnings.numbers[last], from: origin, since: start)
            place = last + 1
        }
        return range
    }

    /// The longest beginning that as many ask for as for this one: none will ask for those between.
    private func lastAlike(
        _ place: Int, _ numbers: Range<Int>, _ program: PathProgram, _ document: borrowing SourceDocument
    ) -> Int {
        var last = place
        while last + 1 < numbers.upperBound,
            document.symbols.wants(program.beginnings.numbers[last + 1])
                >= document.symbols.wants(program.beginnings.numbers[last])
        {
            last += 1
        }
        return last
    }

    private mutating func takeShared(
        _ steps: PathRange, _ range: Range<Int>, _ program: PathProgram, _ document: inout SourceDocument
    ) {
        let side = document.side.count
        let base = items.count
        if program.moves.canWalk(steps) {
            let moves = program.moves.range(steps.start, steps.start + steps.count)
            for index in range where !isOver { walk(moves, from: sharing.nodes[index], program, &document) }
            if program.language == .xpath { order(from: base) }
        } else {
            for index in range { items.append(PathItem(node: sharing.nodes[index])) }
            take(steps, from: base, PathFocus(PathItem(node: origin)), program, &document)
        }
        for index in base..<items.count { sharing.append(items[index].node) }
        pop(to: base)
        document.side.truncate(to: side)
    }
}

extension PathRange {
    fileprivate func dropFirst(_ count: Int) -> PathRange {
        PathRange(start: start + Int32(count), count: self.count - Int32(count))
    }
}
