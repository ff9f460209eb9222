/// Where the references of a document lead; built when `resolve()` is first asked, once a document.
struct PathReferences: Sendable {
    /// One resource that can be referred to.
    struct Target {
        var hash: UInt64
        var node: NodeID
        /// The `fullUrl` of its entry, or 0.
        var fullUrl: NodeID
        /// The type and the id it goes by; 0 and 0 for the `fullUrl` itself.
        var type: Symbol
    }

    private(set) var targets: [Target] = []
    private var slots: [UInt32] = []
    private(set) var isBuilt = false
    /// By node, one more than the node it refers to, or 1 when it refers to none; 0 while nobody asked.
    private var answers: [NodeID] = []

    mutating func clear() {
        answers.removeAll(keepingCapacity: true)
        guard isBuilt else { return }
        targets.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: true)
        isBuilt = false
    }

    /// What a node refers to, 0 for nothing; `nil` when that was not looked for yet.
    @inline(__always) func known(_ node: NodeID) -> NodeID? {
        guard Int(node) < answers.count, answers[Int(node)] != 0 else { return nil }
        return answers[Int(node)] - 1
    }

    mutating func keep(_ target: NodeID, for node: NodeID, of count: Int) {
        if answers.count < count { answers.append(contentsOf: repeatElement(0, count: count - answers.count)) }
        answers[Int(node)] = target + 1
    }

    mutating func add(_ target: Target) { targets.append(target) }

    /// Makes the table of what was added.
    mutating func finish() {
        var size = 16
        while size < targets.count * 2 { size *= 2 }
        slots.append(contentsOf: repeatElement(0, count: size))
        for index in targets.indices {
            var slot = Int(truncatingIfNeeded: targets[index].hash) & (size - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = UInt32(index + 1)
        }
        isBuilt = true
    }

    /// Calls `body` with every target of a hash, in the order they were added.
    func forEach(_ hash: UInt64, _ body: (Target) -> Void) {
        guard !slots.isEmpty else { return }
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let target = targets[Int(slots[slot]) - 1]
            if target.hash == hash { body(target) }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    /// A hash without regard to case.
    static func hash(_ span: Span<UInt8>, _ type: Symbol = 0) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(type) ^ UInt64(span.count) << 32
        var index = 0
        while index &+ 8 < span.count {
            hash = mix(hash, span.word(at: index))
            index &+= 8
        }
        return mix(hash, span.lastWord)
    }

    /// Letters differ in case by one bit; what else that bit tells apart is told apart when texts are compared.
    private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ (word | 0x2020_2020_2020_2020)) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 32
    }
}

/// Where in a reference stand the type and the id at its end: `Patient/p1`, `https://…/Patient/p1`.
struct ReferenceTail {
    let type: Range<Int>
    let id: Range<Int>
    /// What stands before, with its stroke; empty for a relative reference.
    let base: Range<Int>

    init?(_ reference: Span<UInt8>) {
        guard let second = Self.lastStroke(in: reference, before: reference.count), second > 0,
            second + 1 < reference.count
        else { return nil }
        let start = Self.lastStroke(in: reference, before: second).map { $0 + 1 } ?? 0
        guard start < second, reference[start] >= 0x41, reference[start] <= 0x5A else { return nil }
        id = second + 1..<reference.count
        type = start..<second
        base = 0..<start
    }

    var isRelative: Bool { base.isEmpty }

    private static func lastStroke(in reference: Span<UInt8>, before end: Int) -> Int? {
        var index = end - 1
        while index >= 0, reference[index] != 0x2F { index -= 1 }
        return index < 0 ? nil : index
    }

    /// How long a reference is without the `/_history/…` that names one version.
    static func lengthWithoutVersion(_ reference: Span<UInt8>) -> Int {
        guard reference.holds(UInt8(ascii: "_")) else { return reference.count }
        var index = 0
        while index + history.count <= reference.count {
            if reference.extracting(index..<index + history.count).isEqual(to: history.span) { return index }
            index += 1
        }
        return reference.count
    }

    private static let history = Array("/_history/".utf8)
}
