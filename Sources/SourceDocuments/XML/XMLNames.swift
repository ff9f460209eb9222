/// Remembers which symbol a name of libxml2 has, by the address at which libxml2 keeps it.
///
/// libxml2 keeps each name once per context, so an address means one name while the context lives. What a symbol
/// means depends on the document's table, so each entry is confirmed once per document.
struct XMLNames {
    private struct Entry {
        var address: UInt = 0
        var namespace: Symbol = 0
        var symbol: Symbol = 0
        var document: UInt32 = 0
    }

    /// In place of a namespace, for namespace URIs themselves.
    static let uri = Symbol.max

    private var entries = [Entry](repeating: Entry(), count: 1024)
    private var used = 0
    private var document: UInt32 = 0

    /// Begins a document: what is known must be confirmed against its table.
    mutating func beginDocument() {
        if document == .max { forget() }
        document += 1
    }

    /// Empties it; needed when the context is made anew.
    mutating func forget() {
        self = XMLNames()
    }

    /// The symbol of the name at an address, or `nil` when this document has not met it yet.
    @inline(__always)
    func symbol(at address: UInt, namespace: Symbol) -> Symbol? {
        let entry = entries[slot(of: address, namespace)]
        return entry.address == address && entry.document == document ? entry.symbol : nil
    }

    /// Keeps the symbol of a name.
    mutating func note(_ symbol: Symbol, at address: UInt, namespace: Symbol) {
        let slot = slot(of: address, namespace)
        store(Entry(address: address, namespace: namespace, symbol: symbol, document: document), at: slot)
    }

    /// The slot that holds the name, or the free one where it belongs.
    @inline(__always)
    private func slot(of address: UInt, _ namespace: Symbol) -> Int {
        let mask = entries.count - 1
        var slot = Self.slot(address, namespace) & mask
        while true {
            let entry = entries[slot]
            if entry.address == 0 || (entry.address == address && entry.namespace == namespace) { return slot }
            slot = (slot + 1) & mask
        }
    }

    private mutating func store(_ entry: Entry, at slot: Int) {
        if entries[slot].address == 0 { used += 1 }
        entries[slot] = entry
        if used * 2 > entries.count { grow() }
    }

    private mutating func grow() {
        let old = entries
        entries = [Entry](repeating: Entry(), count: old.count * 2)
        let mask = entries.count - 1
        for entry in old where entry.address != 0 {
            var slot = Self.slot(entry.address, entry.namespace) & mask
            while entries[slot].address != 0 { slot = (slot + 1) & mask }
            entries[slot] = entry
        }
    }

    @inline(__always)
    private static func slot(_ address: UInt, _ namespace: Symbol) -> Int {
        Int(truncatingIfNeeded: ((address ^ UInt(namespace) << 32) &* 0x9E37_79B9_7F4A_7C15) >> 33)
    }
}
