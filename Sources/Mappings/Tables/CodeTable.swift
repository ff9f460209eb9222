import Reporting

/// A sender's codes and what they mean here: a CSV file beside the mapping, held for look-up by bytes.
///
/// Columns: `from` and `to`; optional `key` (the system `from` belongs to), `system` (of `to`), `display`, `note`.
/// Values are text as written, so `01` stays `01`; codes match exactly, letter for letter. An empty `to` says that
/// the code is known and has no counterpart on purpose.
package struct CodeTable: Sendable {
    package enum Column: String, CaseIterable, Sendable {
        case from, to, key, system, display, note
    }

    struct Row: Sendable {
        /// The values by ``Column``, in the order of its cases.
        var values: [6 of Range<Int>] = .init(repeating: 0..<0)
        var line = 0
    }

    package let name: String
    /// All values of the table, one behind the other; the accessors give ranges of it.
    package let bytes: [UInt8]
    private let rows: [Row]
    /// Open addressing over key and code; a slot holds the number of its row plus one, 0 is free.
    private let slots: [UInt32]

    init(name: String, bytes: [UInt8], rows: [Row]) {
        self.name = name
        self.bytes = bytes
        self.rows = rows
        slots = Self.index(rows, bytes)
    }

    // MARK: Rows

    package var count: Int { rows.count }

    /// The sender's code.
    package func from(_ row: Int) -> Range<Int> { self[row, .from] }
    /// The system the sender's code belongs to; empty when the row is for any.
    package func key(_ row: Int) -> Range<Int> { self[row, .key] }
    /// The code here; empty when there is none on purpose.
    package func to(_ row: Int) -> Range<Int> { self[row, .to] }
    /// The system of the code here; may be empty.
    package func system(_ row: Int) -> Range<Int> { self[row, .system] }
    package func display(_ row: Int) -> Range<Int> { self[row, .display] }
    /// The 1-based line of the file on which the row begins.
    package func line(_ row: Int) -> Int { rows[row].line }

    package subscript(row: Int, column: Column) -> Range<Int> {
        let values = rows[row].values
        switch column {
        case .from: return values[0]
        case .to: return values[1]
        case .key: return values[2]
        case .system: return values[3]
        case .display: return values[4]
        case .note: return values[5]
        }
    }

    /// A value as a string, for documentation and messages.
    package func text(_ row: Int, _ column: Column) -> String {
        String(decoding: bytes[self[row, column]], as: UTF8.self)
    }

    // MARK: Look-up

    /// The row for a code of a system: the one with that `key`, else the one with an empty `key`, else `nil`.
    ///
    /// Makes no string and allocates nothing.
    package func lookup(_ from: Span<UInt8>, key: Span<UInt8>) -> Int? {
        if !key.isEmpty, let row = row(from, key) { return row }
        return lookup(from)
    }

    /// The row for a code whose system was not said: only one with an empty `key`.
    package func lookup(_ from: Span<UInt8>) -> Int? { row(from, from.extracting(0..<0)) }

    /// Rows that the look-up can never give, since an earlier one has the same code and key, each with that one.
    func duplicates() -> [(row: Int, first: Int)] {
        (0..<count).compactMap { number in
            let span = bytes.span
            let first = row(span.extracting(from(number)), span.extracting(key(number)))
            return first.flatMap { $0 == number ? nil : (number, $0) }
        }
    }

    private func row(_ from: Span<UInt8>, _ key: Span<UInt8>) -> Int? {
        guard !rows.isEmpty else { return nil }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: Self.hash(from, key)) & mask
        while slots[slot] != 0 {
            let row = Int(slots[slot]) - 1
            if equals(rows[row].values[0], from), equals(rows[row].values[2], key) { return row }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func equals(_ range: Range<Int>, _ other: Span<UInt8>) -> Bool {
        guard range.count == other.count else { return false }
        for index in 0..<other.count where bytes[range.lowerBound + index] != other[index] { return false }
        return true
    }

    private static func index(_ rows: [Row], _ bytes: [UInt8]) -> [UInt32] {
        var size = 4
        while size < rows.count * 2 { size *= 2 }
        var slots = [UInt32](repeating: 0, count: size)
        for (number, row) in rows.enumerated() {
            let span = bytes.span
            let hash = hash(span.extracting(row.values[0]), span.extracting(row.values[2]))
            var slot = Int(truncatingIfNeeded: hash) & (size - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = UInt32(number + 1)
        }
        return slots
    }

    /// FNV-1a over both, folded.
    private static func hash(_ from: Span<UInt8>, _ key: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<from.count { hash = (hash ^ UInt64(from[index])) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ 0x1FF) &* 0x0000_0100_0000_01B3
        for index in 0..<key.count { hash = (hash ^ UInt64(key[index])) &* 0x0000_0100_0000_01B3 }
        return hash ^ (hash >> 32)
    }
}
