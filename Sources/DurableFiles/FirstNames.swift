/// Of any number of names, in any order, the first ones in byte order. Holds at most twice as many.
package struct FirstNames {
    private let limit: Int
    private let after: [UInt8]
    private var kept: [[UInt8]] = []
    /// The last name that can still be among the first.
    private var last: [UInt8]?

    /// - Parameter after: Only names behind this one count.
    package init(limit: Int, after: [UInt8]) {
        self.limit = max(limit, 0)
        self.after = after
    }

    /// Takes note of a name; `.` and `..` are none.
    package mutating func add(_ name: some Collection<UInt8>) {
        if name.elementsEqual([0x2E]) || name.elementsEqual([0x2E, 0x2E]) { return }
        guard after.lexicographicallyPrecedes(name) else { return }
        if let last, last.lexicographicallyPrecedes(name) { return }
        kept.append(Array(name))
        if kept.count / 2 >= max(limit, 1) { cut() }
    }

    private mutating func cut() {
        kept.sort { $0.lexicographicallyPrecedes($1) }
        if kept.count > limit { kept.removeLast(kept.count - limit) }
        last = kept.last
    }

    /// The names, in order.
    package mutating func names() -> [String] {
        cut()
        return kept.map { FileName.text($0) }
    }
}
