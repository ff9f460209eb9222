/// A name met in documents or mappings, as a small number: a namespace and a local name.
package typealias Symbol = UInt32

/// Gives each distinct name one small number, so that names are compared as integers while reading and mapping.
///
/// A mapping set owns the table its paths were compiled against; each worker reads with a copy of it, so that
/// numbers known to the mappings mean the same in every document. Names the mappings do not know are added
/// while reading and dropped again by ``forget(past:)``.
package struct SymbolTable: Sendable {
    /// The symbol of items of a JSON array and of the document itself: no name.
    package static let none: Symbol = 0

    private struct Entry {
        var hash: UInt32
        var namespace: UInt32
        var start: UInt32
        var end: UInt32
    }

    private var entries: [Entry] = [Entry(hash: 0, namespace: 0, start: 0, end: 0)]
    private var names: [UInt8] = []
    /// Open addressing; 0 means free, so the empty name at index 0 is never stored.
    private var slots: [UInt32] = Array(repeating: 0, count: 512)
    private var mask: UInt32 = 511

    package init() {}

    /// How many names there are, the empty one included.
    package var count: Int { entries.count }

    /// The symbol of a name, added when it is new. `namespace` is the symbol of the namespace URI, or 0.
    package mutating func intern(_ name: Span<UInt8>, namespace: Symbol = 0) -> Symbol {
        let hash = Self.hash(name, namespace)
        var slot = hash & mask
        while true {
            let index = slots[Int(slot)]
            if index == 0 { break }
            if matches(entries[Int(index)], hash, namespace, name) { return index }
            slot = (slot &+ 1) & mask
        }
        return add(name, namespace, hash, at: slot)
    }

    /// The symbol of a name, added when it is new.
    package mutating func intern(_ name: String, namespace: String = "") -> Symbol {
        let uri = namespace.isEmpty ? 0 : intern(Array(namespace.utf8).span)
        let bytes = Array(name.utf8)
        return intern(bytes.span, namespace: uri)
    }

    /// The symbol of a name, or `nil` when the table does not hold it.
    package func symbol(of name: Span<UInt8>, namespace: Symbol = 0) -> Symbol? {
        let hash = Self.hash(name, namespace)
        var slot = hash & mask
        while true {
            let index = slots[Int(slot)]
            if index == 0 { return nil }
            if matches(entries[Int(index)], hash, namespace, name) { return index }
            slot = (slot &+ 1) & mask
        }
    }

    /// The symbol of the same local name in no namespace, added when it is new.
    package mutating func plain(_ symbol: Symbol) -> Symbol {
        let entry = entries[Int(symbol)]
        if entry.namespace == 0 { return symbol }
        let known = self.symbol(of: names.span.extracting(Int(entry.start)..<Int(entry.end)))
        if let known { return known }
        let copy = Array(names[Int(entry.start)..<Int(entry.end)])
        return intern(copy.span)
    }

    /// The local name.
    package func name(_ symbol: Symbol) -> String {
        let entry = entries[Int(symbol)]
        return String(decoding: names[Int(entry.start)..<Int(entry.end)], as: UTF8.self)
    }

    /// Appends the local name.
    func appendName(of symbol: Symbol, to output: inout [UInt8]) {
        let entry = entries[Int(symbol)]
        output.append(contentsOf: names[Int(entry.start)..<Int(entry.end)])
    }

    /// The namespace URI; empty when there is none.
    package func namespace(_ symbol: Symbol) -> String {
        let namespace = entries[Int(symbol)].namespace
        return namespace == 0 ? "" : name(namespace)
    }

    /// The symbol of the namespace URI, or 0.
    package func namespaceSymbol(_ symbol: Symbol) -> Symbol { entries[Int(symbol)].namespace }

    /// The first byte of the local name, or 0 when it is empty.
    package func firstByte(_ symbol: Symbol) -> UInt8 {
        let entry = entries[Int(symbol)]
        return entry.start == entry.end ? 0 : names[Int(entry.start)]
    }

    /// Forgets every name numbered `count` or later: those a hostile sender invented.
    package mutating func forget(past count: Int) {
        guard entries.count > count else { return }
        names.removeLast(names.count - Int(entries[count].start))
        entries.removeLast(entries.count - count)
        rehash(slotCount: slots.count)
    }

    private func matches(_ entry: Entry, _ hash: UInt32, _ namespace: Symbol, _ name: Span<UInt8>) -> Bool {
        guard entry.hash == hash, entry.namespace == namespace, Int(entry.end &- entry.start) == name.count else {
            return false
        }
        return Self.areEqual(names.span.bytes, at: Int(entry.start), name.bytes)
    }

    /// Whether bytes of one run, from `start`, are those of another.
    private static func areEqual(_ left: RawSpan, at start: Int, _ right: RawSpan) -> Bool {
        let count = right.byteCount
        var index = 0
        while index &+ 8 <= count {
            let mine = unsafe left.unsafeLoadUnaligned(fromByteOffset: start &+ index, as: UInt64.self)
            if unsafe mine != right.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) { return false }
            index &+= 8
        }
        while index < count {
            let mine = unsafe left.unsafeLoad(fromByteOffset: start &+ index, as: UInt8.self)
            if unsafe mine != right.unsafeLoad(fromByteOffset: index, as: UInt8.self) { return false }
            index &+= 1
        }
        return true
    }

    private mutating func add(_ name: Span<UInt8>, _ namespace: Symbol, _ hash: UInt32, at slot: UInt32) -> Symbol {
        let symbol = UInt32(entries.count)
        let start = UInt32(names.count)
        for index in 0..<name.count { names.append(name[index]) }
        entries.append(Entry(hash: hash, namespace: namespace, start: start, end: UInt32(names.count)))
        slots[Int(slot)] = symbol
        if entries.count * 2 > slots.count { rehash(slotCount: slots.count * 2) }
        return symbol
    }

    private mutating func rehash(slotCount: Int) {
        slots = Array(repeating: 0, count: slotCount)
        mask = UInt32(slotCount - 1)
        for index in 1..<entries.count {
            var slot = entries[index].hash & mask
            while slots[Int(slot)] != 0 { slot = (slot &+ 1) & mask }
            slots[Int(slot)] = UInt32(index)
        }
    }

    /// Differs in every process, so that no sender can choose names that fall into one place.
    private static let seed = UInt64.random(in: .min ... .max)
    private static let multiplier: UInt64 = 0xA076_1D64_78BD_642F

    /// Multiplies and folds, eight bytes at a time, in the manner of wyhash.
    private static func hash(_ name: Span<UInt8>, _ namespace: Symbol) -> UInt32 {
        let raw = name.bytes
        let key = seed
        var hash = fold(key ^ UInt64(namespace), multiplier ^ UInt64(name.count))
        var index = 0
        while index &+ 8 <= name.count {
            let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            hash = fold(hash ^ word, key | 1)
            index &+= 8
        }
        var rest: UInt64 = 0
        while index < name.count {
            rest = rest << 8 | UInt64(name[index])
            index &+= 1
        }
        hash = fold(hash ^ rest, multiplier)
        return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
