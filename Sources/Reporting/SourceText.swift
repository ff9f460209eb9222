/// A place in a text: 1-based line, and 1-based column counted in Unicode scalars.
public struct SourcePosition: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    public var description: String { "\(line):\(column)" }
}

/// A half-open run of bytes in a document. The only form in which places are stored.
public struct SourceSpan: Sendable, Hashable {
    public var start: Int
    public var end: Int

    public init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }
}

/// The one function that turns byte offsets into lines and columns.
public enum Lines {
    /// The line and column at a byte offset of UTF-8 text.
    ///
    /// Lines end at LF, CR or CR LF. An offset past the end is taken as the end.
    /// - Complexity: O(offset), eight bytes at a time.
    public static func position(at offset: Int, in bytes: [UInt8]) -> SourcePosition {
        var mark = Mark()
        return position(at: offset, in: bytes, after: &mark)
    }

    /// A place in a text that was found before: what follows it is found from there on.
    public struct Mark: Sendable {
        fileprivate var offset = 0
        fileprivate var line = 1
        fileprivate var lineStart = 0

        public init() {}
    }

    /// The same, beginning at a mark in the same text where that is before the offset; the mark moves to the offset.
    public static func position(at offset: Int, in bytes: [UInt8], after mark: inout Mark) -> SourcePosition {
        let end = min(max(offset, 0), bytes.count)
        if mark.offset > end { mark = Mark() }
        return bytes.withUnsafeBytes { position(at: end, in: $0, after: &mark) }
    }

    private static func position(
        at end: Int, in bytes: UnsafeRawBufferPointer, after mark: inout Mark
    ) -> SourcePosition {
        var line = mark.line
        var lineStart = mark.lineStart
        var index = mark.offset
        while index < end {
            if index + 32 <= end, !mayHoldLineEnd(bytes, index) {
                index += 32
                continue
            }
            if index + 8 <= end, let ends = lineFeeds(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
                line += ends.nonzeroBitCount
                if ends != 0 { lineStart = index + 8 - ends.leadingZeroBitCount / 8 }
                index += 8
                continue
            }
            let byte = bytes[index]
            index += 1
            if byte == 0x0A {
                line += 1
                lineStart = index
            } else if byte == 0x0D {
                if index < bytes.count, bytes[index] == 0x0A { continue }
                line += 1
                lineStart = index
            }
        }
        (mark.offset, mark.line, mark.lineStart) = (end, line, lineStart)
        return SourcePosition(line: line, column: 1 + scalars(in: bytes, lineStart, end))
    }

    /// How many characters begin in some bytes: those that are no continuation of one.
    private static func scalars(in bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int {
        var count = end - start
        var index = start
        while index + 8 <= end {
            if index + 32 <= end, isASCII(bytes, index) {
                index += 32
                continue
            }
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let continuations = word & (~word << 1) & 0x8080_8080_8080_8080
            count -= continuations.nonzeroBitCount
            index += 8
        }
        while index < end {
            if bytes[index] & 0xC0 == 0x80 { count -= 1 }
            index += 1
        }
        return count
    }

    /// The top bit of each of eight bytes that is LF; `nil` when one is CR, which needs a look at what follows.
    @inline(__always) private static func lineFeeds(_ word: UInt64) -> UInt64? {
        if low(word) & 0x8080_8080_8080_8080 == 0 { return 0 }
        let word = UInt64(littleEndian: word)
        if zeros(word ^ 0x0D0D_0D0D_0D0D_0D0D) != 0 { return nil }
        return zeros(word ^ 0x0A0A_0A0A_0A0A_0A0A)
    }

    /// The top bit of each byte that is zero.
    @inline(__always) private static func zeros(_ word: UInt64) -> UInt64 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        return ~(((word & low) &+ low) | word | low)
    }

    /// The top bit of each byte that is below 0x0E; of others too, but only where one is.
    @inline(__always) private static func low(_ word: UInt64) -> UInt64 { (word &- 0x0E0E_0E0E_0E0E_0E0E) & ~word }

    /// The same of the thirty-two bytes at an offset.
    @inline(__always) private static func mayHoldLineEnd(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        let (a, b, c, d) = words(bytes, index)
        return (low(a) | low(b) | low(c) | low(d)) & 0x8080_8080_8080_8080 != 0
    }

    @inline(__always) private static func isASCII(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        let (a, b, c, d) = words(bytes, index)
        return (a | b | c | d) & 0x8080_8080_8080_8080 == 0
    }

    /// Thirty-two bytes.
    @inline(__always) private static func words(
        _ bytes: UnsafeRawBufferPointer, _ index: Int
    ) -> (UInt64, UInt64, UInt64, UInt64) {
        (
            bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: index + 8, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: index + 16, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: index + 24, as: UInt64.self)
        )
    }
}
