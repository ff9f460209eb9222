/// Eight bytes at a time. `RawSpan` checks each load against its end; what it calls unsafe is only that bytes may make
/// no value of the type, and any bytes make an integer.
extension Span where Element == UInt8 {
    /// The eight bytes from `index` on, the first of them lowest.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
    }

    /// The four bytes from `index` on, the first of them lowest.
    @inline(__always)
    func halfWord(at index: Int) -> UInt64 {
        UInt64(unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt32.self).littleEndian)
    }

    /// The last eight bytes, or all of fewer in a way that differs whenever they do and their count is the same.
    @inline(__always)
    var lastWord: UInt64 {
        if count >= 8 { return word(at: count &- 8) }
        if count >= 4 { return halfWord(at: 0) << 32 | halfWord(at: count &- 4) }
        if count == 0 { return 0 }
        return UInt64(self[0]) << 16 | UInt64(self[count >> 1]) << 8 | UInt64(self[count &- 1])
    }

    /// Whether two runs of bytes are the same.
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        while index &+ 8 < count {
            if word(at: index) != other.word(at: index) { return false }
            index &+= 8
        }
        return lastWord == other.lastWord
    }

    /// The place of the first byte from `start` on that is not US-ASCII, or the end.
    func firstNonASCII(from start: Int) -> Int {
        var index = start
        while index &+ 32 <= count {
            let four = extracting(index..<index &+ 32)
            let all = four.word(at: 0) | four.word(at: 8) | four.word(at: 16) | four.word(at: 24)
            if all & Self.tops != 0 { break }
            index &+= 32
        }
        while index &+ 8 <= count {
            let found = word(at: index) & Self.tops
            if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count, self[index] < 0x80 { index &+= 1 }
        return index
    }

    /// Where, from `start` on, eight bytes of US-ASCII follow, or the end.
    func nextASCIIWord(from start: Int) -> Int {
        var index = start
        while index &+ 8 <= count {
            if word(at: index) & Self.tops == 0 { return index }
            index &+= 8
        }
        return count
    }

    /// The place of the first byte from `start` on that is one of three, or the end.
    package func firstIndex(of wanted: (UInt8, UInt8, UInt8), from start: Int) -> Int {
        let (first, second, third) = (Self.eight(wanted.0), Self.eight(wanted.1), Self.eight(wanted.2))
        var index = start
        while index &+ 8 <= count {
            let word = word(at: index)
            let found = Self.zeros(word ^ first) | Self.zeros(word ^ second) | Self.zeros(word ^ third)
            if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count, self[index] != wanted.0, self[index] != wanted.1, self[index] != wanted.2 { index &+= 1 }
        return index
    }

    /// Whether a byte stands among them.
    func holds(_ wanted: UInt8) -> Bool {
        let eight = Self.eight(wanted)
        var index = 0
        while index &+ 8 <= count {
            if Self.zeros(word(at: index) ^ eight) != 0 { return true }
            index &+= 8
        }
        while index < count {
            if self[index] == wanted { return true }
            index &+= 1
        }
        return false
    }

    /// Eight times the same byte.
    @inline(__always)
    private static func eight(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// The top bit of each byte that is zero; of others too, but only above the lowest that is.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 { (word &- 0x0101_0101_0101_0101) & ~word & tops }

    @inline(__always)
    private static var tops: UInt64 { 0x8080_8080_8080_8080 }
}
