/// What paths do with bytes.
enum PathBytes {
    @inline(__always) static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    static func equalIgnoringCase(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var other = right.startIndex
        for byte in left {
            if lowered(byte) != lowered(right[other]) { return false }
            other += 1
        }
        return true
    }

    static func equalIgnoringCase(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where lowered(left[index]) != lowered(right[index]) { return false }
        return true
    }

    /// Equal without regard to case, and with `http://` and `https://` taken as the same.
    static func agreeLoosely(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        equalIgnoringCase(afterScheme(left), afterScheme(right)) && isWeb(left) == isWeb(right)
    }

    private static func isWeb(_ bytes: ArraySlice<UInt8>) -> Bool { afterScheme(bytes).count != bytes.count }

    private static func afterScheme(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        if hasPrefix(bytes, "http://") { return bytes.dropFirst(7) }
        if hasPrefix(bytes, "https://") { return bytes.dropFirst(8) }
        return bytes
    }

    /// Whether bytes begin with an ASCII text, in whatever case.
    static func hasPrefix(_ bytes: ArraySlice<UInt8>, _ prefix: StaticString) -> Bool {
        prefix.withUTF8Buffer { wanted in
            guard bytes.count >= wanted.count else { return false }
            for index in 0..<wanted.count where lowered(bytes[bytes.startIndex + index]) != wanted[index] {
                return false
            }
            return true
        }
    }

    /// Whether a reference begins with `urn:`, in whatever case.
    static func isURN(_ reference: Span<UInt8>) -> Bool {
        reference.count >= 4 && reference.halfWord(at: 0) | 0x0020_2020 == 0x3A6E_7275
    }

    /// Where a text first stands in another, as an index of `bytes`.
    static func firstIndex(of wanted: ArraySlice<UInt8>, in bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = wanted.first else { return bytes.startIndex }
        guard bytes.count >= wanted.count else { return nil }
        var index = bytes.startIndex
        let last = bytes.endIndex - wanted.count
        while index <= last {
            if bytes[index] == first, bytes[index..<index + wanted.count] == wanted { return index }
            index += 1
        }
        return nil
    }

    static func characterCount(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    /// The index of a character, counted from 0, or the end.
    static func index(ofCharacter wanted: Int, in bytes: ArraySlice<UInt8>) -> Int {
        var index = bytes.startIndex
        var count = -1
        while index < bytes.endIndex {
            if bytes[index] & 0xC0 != 0x80 { count += 1 }
            if count == wanted { return index }
            index += 1
        }
        return index
    }
}
