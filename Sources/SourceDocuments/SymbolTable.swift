internal import Reporting

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

    /// What tells names apart at a glance: everything of those up to sixteen bytes.
    private struct Key {
        /// The first eight bytes; 0 for a shorter name, which ``last`` holds whole.
        var first: UInt64 = 0
        var last: UInt64 = 0
        var length: UInt32 = 0
        var namespace: Symbol = SymbolTable.none
        var hash: UInt32 = 0
    }

    private struct Entry {
        var key = Key()
        var start: UInt32 = 0
        /// The symbol of the same local name in no namespace; 0 while no one has asked.
        var plain: Symbol = SymbolTable.none
        /// The symbol met last after this one; see ``intern(_:after:)``.
        var follower: Symbol = SymbolTable.none
        /// See ``wants(_:)``.
        var wants: UInt32 = 0
        /// See ``DocumentName/isTellable(_:)``.
        var isTellable = false

        var bytes: Range<Int> { Int(start)..<Int(start) + Int(key.length) }
    }

    private var entries: [Entry] = [Entry()]
    private var names: [UInt8] = []
    /// Open addressing; 0 means free, so the empty name at index 0 is never stored.
    private var slots: [UInt32]
    private var mask: UInt32 = 511
    /// Differs in every table, so that no sender can choose names that fall into one place.
    private let seed = UInt64.random(in: .min ... .max)

    package init() { slots = Array(repeating: 0, count: 512) }

    private init(slots: [UInt32]) { self.slots = slots }

    /// The table itself, for one who gives it back: until then there is an empty shell here that must not be used.
    package mutating func taken() -> SymbolTable {
        var other = SymbolTable(slots: [])
        swap(&self, &other)
        return other
    }

    /// How many names there are, the empty one included.
    package var count: Int { entries.count }

    /// The symbol of a name, added when it is new. `namespace` is the symbol of the namespace URI, or 0.
    package mutating func intern(_ name: Span<UInt8>, namespace: Symbol = 0) -> Symbol {
        let key = key(name, namespace)
        var slot = key.hash & mask
        while true {
            let index = slots[Int(slot)]
            if index == 0 { return add(name, key, at: slot) }
            if matches(entries[Int(index)], key, name) { return index }
            slot = (slot &+ 1) & mask
        }
    }

    /// The symbol of a name in no namespace, tried first as the one that followed another when that was met last: names come
    /// in the same order again and again.
    mutating func intern(_ name: Span<UInt8>, after previous: Symbol) -> Symbol {
        let guess = entries[Int(previous)].follower
        if guess != Self.none, isNamed(guess, name) { return guess }
        let symbol = intern(name)
        entries[Int(previous)].follower = symbol
        return symbol
    }

    /// The name that followed another when that was met last, if it stands in a JSON text from `start` on and a quote behind it.
    ///
    /// Only unescaped keys are followers, so that what stands there is one too, to its end: no name of them holds a quote.
    @inline(__always)
    func follower(of previous: Symbol, in text: Span<UInt8>, at start: Int) -> (symbol: Symbol, length: Int)? {
        let symbol = entries[Int(previous)].follower
        guard symbol != Self.none else { return nil }
        let length = Int(entries[Int(symbol)].key.length)
        let end = start &+ length
        guard end < text.count, text[end] == UInt8(ascii: "\""), isNamed(symbol, text.extracting(start..<end)) else {
            return nil
        }
        return (symbol, length)
    }

    @inline(__always)
    private func isNamed(_ symbol: Symbol, _ name: Span<UInt8>) -> Bool {
        let entry = entries[Int(symbol)]
        guard entry.key.length == name.count, entry.key.namespace == Self.none, entry.key.last == name.lastWord else {
            return false
        }
        if name.count < 8 { return true }
        return entry.key.first == name.word(at: 0) && (name.count <= 16 || areEqual(entry, name))
    }

    /// The symbol of a name, added when it is new.
    package mutating func intern(_ name: String, namespace: String = "") -> Symbol {
        let uri = namespace.isEmpty ? 0 : intern(Array(namespace.utf8).span)
        let bytes = Array(name.utf8)
        return intern(bytes.span, namespace: uri)
    }

    /// The symbol of a name, or `nil` when the table does not hold it.
    package func symbol(of name: Span<UInt8>, namespace: Symbol = 0) -> Symbol? {
        let key = key(name, namespace)
        var slot = key.hash & mask
        while true {
            let index = slots[Int(slot)]
            if index == 0 { return nil }
            if matches(entries[Int(index)], key, name) { return index }
            slot = (slot &+ 1) & mask
        }
    }

    /// The symbol of the same local name in no namespace, added when it is new.
    package mutating func plain(_ symbol: Symbol) -> Symbol {
        let entry = entries[Int(symbol)]
        if entry.key.namespace == Self.none { return symbol }
        if entry.plain != Self.none { return entry.plain }
        let name = Array(names[entry.bytes])
        let plain = intern(name.span)
        entries[Int(symbol)].plain = plain
        return plain
    }

    /// Counts one who will ask for what a symbol stands for.
    mutating func want(_ symbol: Symbol) { entries[Int(symbol)].wants += 1 }

    /// How many will ask for what a symbol stands for; what only one wants is not worth keeping.
    @inline(__always) func wants(_ symbol: Symbol) -> UInt32 {
        Int(symbol) < entries.count ? entries[Int(symbol)].wants : 0
    }

    /// The local name.
    package func name(_ symbol: Symbol) -> String {
        let entry = entries[Int(symbol)]
        return String(decoding: names[entry.bytes], as: UTF8.self)
    }

    /// Appends the local name, or what stands for one that is not shown; see ``DocumentName``.
    func appendShown(_ symbol: Symbol, to text: inout [UInt8]) {
        let entry = entries[Int(symbol)]
        guard entry.isTellable || entry.key.length == 0 else {
            return text.append(contentsOf: DocumentName.withheld.utf8)
        }
        text.append(contentsOf: names[entry.bytes])
    }

    /// The namespace URI; empty when there is none.
    package func namespace(_ symbol: Symbol) -> String {
        let namespace = entries[Int(symbol)].key.namespace
        return namespace == 0 ? "" : name(namespace)
    }

    /// The symbol of the namespace URI, or 0.
    package func namespaceSymbol(_ symbol: Symbol) -> Symbol { entries[Int(symbol)].key.namespace }

    /// How many bytes the local name has.
    package func length(_ symbol: Symbol) -> Int { Int(entries[Int(symbol)].key.length) }

    /// The first byte of the local name, or 0 when it is empty.
    package func firstByte(_ symbol: Symbol) -> UInt8 {
        let entry = entries[Int(symbol)]
        return entry.key.length == 0 ? 0 : names[Int(entry.start)]
    }

    /// The number after the last point of the local name, such as 3 of `PID.3`; `nil` when there is no point, or anything but
    /// up to nine digits behind it.
    package func lastNumber(_ symbol: Symbol) -> Int? {
        let range = entries[Int(symbol)].bytes
        var number = 0
        var power = 1
        var index = range.upperBound - 1
        while index >= range.lowerBound, names[index] != UInt8(ascii: ".") {
            guard names[index] >= 0x30, names[index] <= 0x39, power < 1_000_000_000 else { return nil }
            number += Int(names[index] - 0x30) * power
            power *= 10
            index -= 1
        }
        return index < range.lowerBound || power == 1 ? nil : number
    }

    /// Forgets every name numbered `count` or later: those a hostile sender invented.
    package mutating func forget(past count: Int) {
        guard entries.count > count else { return }
        names.removeLast(names.count - Int(entries[count].start))
        entries.removeLast(entries.count - count)
        for index in entries.indices {
            if entries[index].plain >= count { entries[index].plain = Self.none }
            if entries[index].follower >= count { entries[index].follower = Self.none }
        }
        rehash(slotCount: slots.count)
    }

    @inline(__always)
    private func matches(_ entry: Entry, _ key: Key, _ name: Span<UInt8>) -> Bool {
        entry.key.last == key.last && entry.key.first == key.first && entry.key.length == key.length
            && entry.key.namespace == key.namespace && (name.count <= 16 || areEqual(entry, name))
    }

    /// Whether the middle of two names is the same, whose keys are.
    private func areEqual(_ entry: Entry, _ name: Span<UInt8>) -> Bool {
        let known = names.span.extracting(entry.bytes)
        var index = 8
        while index &+ 8 < name.count {
            if known.word(at: index) != name.word(at: index) { return false }
            index &+= 8
        }
        return true
    }

    private mutating func add(_ name: Span<UInt8>, _ key: Key, at slot: UInt32) -> Symbol {
        let symbol = UInt32(entries.count)
        var entry = Entry(key: key, start: UInt32(names.count))
        entry.isTellable = Self.isTellable(name)
        entries.append(entry)
        for index in 0..<name.count { names.append(name[index]) }
        slots[Int(slot)] = symbol
        if entries.count * 2 > slots.count { rehash(slotCount: slots.count * 2) }
        return symbol
    }

    /// No name of more bytes has few enough characters to be shown.
    private static let longestShown = 160

    private static func isTellable(_ name: Span<UInt8>) -> Bool {
        guard name.count <= longestShown else { return false }
        return name.withUnsafeBufferPointer { DocumentName.isTellable(String(decoding: $0, as: UTF8.self)) }
    }

    private mutating func rehash(slotCount: Int) {
        slots = Array(repeating: 0, count: slotCount)
        mask = UInt32(slotCount - 1)
        for index in 1..<entries.count {
            var slot = entries[index].key.hash & mask
            while slots[Int(slot)] != 0 { slot = (slot &+ 1) & mask }
            slots[Int(slot)] = UInt32(index)
        }
    }

    @inline(__always)
    private static var multiplier: UInt64 { 0xA076_1D64_78BD_642F }

    /// Multiplies and folds, eight bytes at a time, in the manner of wyhash.
    @inline(__always)
    private func key(_ name: Span<UInt8>, _ namespace: Symbol) -> Key {
        let first = name.count >= 8 ? name.word(at: 0) : 0
        let last = name.lastWord
        var hash = Self.fold(seed ^ first, Self.multiplier ^ UInt64(namespace) << 32 ^ UInt64(name.count))
        if name.count > 16 { hash = foldMiddle(of: name, into: hash) }
        hash = Self.fold(hash ^ last, Self.multiplier)
        return Key(
            first: first, last: last, length: UInt32(name.count), namespace: namespace,
            hash: UInt32(truncatingIfNeeded: hash ^ (hash >> 32)))
    }

    private func foldMiddle(of name: Span<UInt8>, into start: UInt64) -> UInt64 {
        var hash = start
        var index = 8
        while index &+ 8 < name.count {
            hash = Self.fold(hash ^ name.word(at: index), seed | 1)
            index &+= 8
        }
        return hash
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
