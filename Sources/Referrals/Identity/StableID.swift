package import Digests

/// UUIDs made from names: the same name always gives the same identifier, so that a document read twice is one referral.
///
/// Version 8 of RFC 9562 (5.8): the first 128 bits of SHA-256 over namespace, a zero byte and name.
package enum StableID {
    /// Appends the UUID of a name as 36 characters in lower case.
    ///
    /// - Parameter namespace: What the name is unique in, such as `referral/1`; holds no zero byte.
    package static func append(
        namespace: String, name: Span<UInt8>, using digest: Digest, into output: inout [UInt8]
    ) {
        digest.begin()
        digest.add(Array(namespace.utf8).span)
        let separator: [UInt8] = [0]
        digest.add(separator.span)
        digest.add(name)
        append(digest.end(), into: &output)
    }

    /// The UUID of a name, for those who need only one.
    package static func uuid(namespace: String, name: [UInt8]) -> String {
        var output: [UInt8] = []
        append(namespace: namespace, name: name.span, using: Digest(), into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(_ hash: [UInt8], into output: inout [UInt8]) {
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 { output.append(UInt8(ascii: "-")) }
            var byte = hash[index]
            if index == 6 { byte = byte & 0x0F | 0x80 }
            if index == 8 { byte = byte & 0x3F | 0x80 }
            output.append(hexDigit(byte >> 4))
            output.append(hexDigit(byte & 15))
        }
    }
}
