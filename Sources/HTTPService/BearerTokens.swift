internal import Digests

/// Bearer tokens (RFC 6750) and whom they stand for, kept as SHA-256 digests and compared in a time that tells nothing.
///
/// A token should have 128 bits or more of chance: a digest hides a random token, not a guessable one.
package struct BearerTokens: Sendable {
    private var entries: [(digest: [UInt8], identity: SourceIdentity)] = []

    package init() {}

    /// Adds a token for an identity. Surrounding white space, such as the last newline of a secret's file, does not
    /// count.
    package mutating func add(_ token: String, for identity: SourceIdentity) {
        entries.append((Self.digest(Self.trimmed(token)), identity))
    }

    /// Whom a token stands for. Looks at every entry and every byte, whichever matches.
    package func identity(for token: String) -> SourceIdentity? {
        let wanted = Self.digest(token)
        var found: SourceIdentity?
        for entry in entries where Self.isEqual(entry.digest, wanted) { found = entry.identity }
        return found
    }

    /// Whether two byte strings are equal, in a time that hangs on their length alone.
    static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }

    private static func digest(_ token: String) -> [UInt8] { Array(Digest.sha256(Array(token.utf8)).utf8) }

    private static func trimmed(_ token: String) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let bytes = Array(token.utf8)
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}
