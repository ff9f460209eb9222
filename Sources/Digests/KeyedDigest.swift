/// HMAC-SHA-256 (RFC 2104): a digest that nobody can make, or try guesses against, without the key.
package struct KeyedDigest: Sendable {
    private static let blockSize = 64

    private let inner: [UInt8]
    private let outer: [UInt8]

    /// - Parameter key: At most 64 bytes; 32 of chance are right.
    package init(key: [UInt8]) {
        precondition(key.count <= Self.blockSize, "a key has at most 64 bytes")
        let padded = key + [UInt8](repeating: 0, count: Self.blockSize - key.count)
        inner = padded.map { $0 ^ 0x36 }
        outer = padded.map { $0 ^ 0x5C }
    }

    /// The digest of some parts, each told from the next by a zero byte: 32 bytes.
    package func digest(_ parts: [UInt8]..., using digest: Digest = Digest()) -> [UInt8] {
        digest.begin()
        digest.add(inner.span)
        for (index, part) in parts.enumerated() {
            if index > 0 { digest.add(Self.separator.span) }
            digest.add(part.span)
        }
        let inside = digest.end()
        digest.begin()
        digest.add(outer.span)
        digest.add(inside.span)
        return digest.end()
    }

    private static let separator: [UInt8] = [0]
}
