internal import CLibCrypto

/// Computes SHA-256 with libcrypto, keeping its context from one message to the next.
///
/// Not for use by two threads at once; each worker has its own. The only file here that hands out raw memory.
package final class Digest {
    private let context: OpaquePointer
    private let algorithm: OpaquePointer
    private var result = [UInt8](repeating: 0, count: 32)

    package init() {
        guard let context = EVP_MD_CTX_new(), let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("libcrypto gives no SHA-256 context")
        }
        self.context = context
        self.algorithm = algorithm
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_MD_free(algorithm)
    }

    /// Begins a new digest.
    package func begin() {
        precondition(EVP_DigestInit_ex2(context, algorithm, nil) == 1, "libcrypto cannot begin SHA-256")
    }

    /// Adds bytes to the digest begun.
    package func add(_ bytes: Span<UInt8>) {
        let status = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(status == 1, "libcrypto cannot continue SHA-256")
    }

    /// Ends the digest: 32 bytes, which stay until the next one ends.
    package func end() -> [UInt8] {
        let status = result.withUnsafeMutableBufferPointer { EVP_DigestFinal_ex(context, $0.baseAddress, nil) }
        precondition(status == 1, "libcrypto cannot end SHA-256")
        return result
    }

    /// Appends the SHA-256 of some bytes as 64 lower-case hexadecimal digits.
    package func sha256(_ bytes: Span<UInt8>, into output: inout [UInt8]) {
        begin()
        add(bytes)
        for byte in end() {
            output.append(hexDigit(byte >> 4))
            output.append(hexDigit(byte & 15))
        }
    }

    /// The SHA-256 of some bytes as 64 lower-case hexadecimal digits, for those who need only one.
    package static func sha256(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        Digest().sha256(bytes.span, into: &output)
        return String(decoding: output, as: UTF8.self)
    }
}

/// A lower-case hexadecimal digit for a value below 16.
package func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }

extension Digest {
    /// The SHA-256 of some bytes: 32 bytes.
    package func bytes(of input: Span<UInt8>) -> [UInt8] {
        begin()
        add(input)
        return end()
    }
}

extension Sequence<UInt8> {
    /// The bytes as lower-case hexadecimal digits.
    package var hex: String { String(decoding: flatMap { [hexDigit($0 >> 4), hexDigit($0 & 15)] }, as: UTF8.self) }
}
