internal import Glibc

/// An IP address, and the ranges that matter to a gateway.
package struct PeerAddress: Sendable, Hashable {
    /// 4 or 16 bytes. An IPv4 address mapped into IPv6 (RFC 4291, 2.5.5.2) is its 4 bytes.
    package let bytes: [UInt8]

    /// A literal address, with or without brackets; `nil` for a name.
    package init?(_ text: String) {
        let literal = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        if let bytes = Self.parse(literal, AF_INET, count: 4) {
            self.bytes = bytes
        } else if let bytes = Self.parse(
            literal.split(separator: "%").first.map(String.init) ?? "", AF_INET6, count: 16)
        {
            let isMapped = bytes[0..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            self.bytes = isMapped ? Array(bytes[12...]) : bytes
        } else {
            return nil
        }
    }

    /// `127.0.0.0/8` and `::1`.
    package var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// Whether it may never be a destination: link-local (`169.254.0.0/16`, where clouds keep their secrets;
    /// `fe80::/10`), the clouds' own `fd00:ec2::254`, unspecified, multicast and broadcast.
    package var isForbiddenDestination: Bool {
        guard bytes.count == 16 else {
            return (bytes[0] == 169 && bytes[1] == 254) || bytes[0] == 0 || bytes[0] >= 224
        }
        let isLinkLocal = bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
        let isMetadata = bytes[0] == 0xFD && bytes[1] == 0 && bytes[2] == 0x0E && bytes[3] == 0xC2
        return isLinkLocal || isMetadata || bytes[0] == 0xFF || bytes.allSatisfy { $0 == 0 }
    }

    private static func parse(_ text: String, _ family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let status = bytes.withUnsafeMutableBytes { inet_pton(family, text, $0.baseAddress) }
        return status == 1 ? bytes : nil
    }
}
