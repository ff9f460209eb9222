/// Node sets that many paths of one document begin with, such as `entry.resource.ofType(Patient)`: evaluated once.
///
/// A set is known by the node it starts from and by its steps, which are compared one by one.
struct PathMemo {
    private struct Entry {
        var hash: UInt64
        var start: NodeID
        var program: PathProgram
        var steps: Range<Int>
        var nodes: Range<Int>
    }

    private var entries: [Entry] = []
    private var nodes: [NodeID] = []
    /// Places in ``entries`` plus one, by hash.
    private var slots = [UInt16](repeating: 0, count: Self.slotCount)
    private static let slotCount = 256

    mutating func clear() {
        if entries.isEmpty { return }
        entries.removeAll(keepingCapacity: true)
        nodes.removeAll(keepingCapacity: true)
        for index in slots.indices { slots[index] = 0 }
    }

    /// The nodes of a set, as a run of places for ``node(_:)``.
    func find(_ steps: Range<Int>, of program: PathProgram, from start: NodeID) -> Range<Int>? {
        let hash = program.prefixHashes[steps.lowerBound] ^ UInt64(start)
        var slot = Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if entries[index].hash == hash, entries[index].start == start, agrees(index, steps, program) {
                return entries[index].nodes
            }
            slot = (slot + 1) & (Self.slotCount - 1)
        }
        return nil
    }

    func node(_ place: Int) -> NodeID { nodes[place] }

    /// Keeps a set, unless the memo is full.
    mutating func add(
        _ steps: Range<Int>, of program: PathProgram, from start: NodeID, _ items: ArraySlice<PathItem>
    ) {
        guard entries.count < Self.slotCount / 2 else { return }
        let first = nodes.count
        for item in items {
            guard item.isNode else { return nodes.removeLast(nodes.count - first) }
            nodes.append(item.node)
        }
        let hash = program.prefixHashes[steps.lowerBound] ^ UInt64(start)
        entries.append(Entry(hash: hash, start: start, program: program, steps: steps, nodes: first..<nodes.count))
        var slot = Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (Self.slotCount - 1) }
        slots[slot] = UInt16(entries.count)
    }

    private func agrees(_ index: Int, _ steps: Range<Int>, _ program: PathProgram) -> Bool {
        let other = entries[index].steps
        guard other.count == steps.count else { return false }
        for offset in 0..<steps.count {
            let own = program.steps[steps.lowerBound + offset].sharedCode
            guard own == entries[index].program.steps[other.lowerBound + offset].sharedCode else { return false }
        }
        return true
    }
}

extension PathStep {
    /// A number for a step that depends on nothing but the node it starts from; `nil` for any other.
    var sharedCode: UInt64? {
        switch self {
        case .walk(.child, .named(let name), let predicates) where predicates.count == 0: UInt64(name)
        case .only(.resource(let type)): 1 << 32 | UInt64(type)
        case .resolve: 2 << 32
        default: nil
        }
    }
}

extension PathProgram {
    /// How many steps from each place on are worth sharing, and their hash: those up to the last jump or test of type.
    static func prefixes(of expressions: [PathExpression], _ steps: [PathStep]) -> (lengths: [UInt8], hashes: [UInt64]) {
        var lengths = [UInt8](repeating: 0, count: steps.count)
        var hashes = [UInt64](repeating: 0, count: steps.count)
        for case .path(_, let range) in expressions where range.count > 0 {
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for (place, index) in range.indices.enumerated() {
                guard let code = steps[index].sharedCode, place < 8 else { break }
                hash = (hash ^ code) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 31
                if code >> 32 == 0 { continue }
                lengths[Int(range.start)] = UInt8(place + 1)
                hashes[Int(range.start)] = hash
            }
        }
        return (lengths, hashes)
    }
}
