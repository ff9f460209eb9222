internal import CLibCrypto

/// HMAC-SHA-256 under one key, with a context kept from one message to the next. Not for two threads at once.
final class Authentication {
    private let context: OpaquePointer
    private var result = [UInt8](repeating: 0, count: 32)

    init(key: [UInt8]) {
        // libcrypto looks algorithms up in a cache that all threads share; once among many runs a lookup beside others failed.
        // It is no reason to end a gateway: ask again.
        for _ in 0..<100 {
            if let context = Self.begin(key) {
                self.context = context
                return
            }
        }
        preconditionFailure("libcrypto gives no HMAC-SHA-256")
    }

    private static func begin(_ key: [UInt8]) -> OpaquePointer? {
        guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else { return nil }
        defer { EVP_MAC_free(algorithm) }
        guard let context = EVP_MAC_CTX_new(algorithm) else { return nil }
        var name = Array("SHA256".utf8CString)
        let status = name.withUnsafeMutableBufferPointer { name in
            var parameters = [
                OSSL_PARAM_construct_utf8_string("digest", name.baseAddress, 0), OSSL_PARAM_construct_end(),
            ]
            return EVP_MAC_init(context, key, key.count, &parameters)
        }
        if status == 1 { return context }
        EVP_MAC_CTX_free(context)
        return nil
    }

    deinit { EVP_MAC_CTX_free(context) }

    /// The 32 bytes that vouch for a message.
    func code(for message: [UInt8]) -> [UInt8] {
        var length = 0
        var status = EVP_MAC_init(context, nil, 0, nil)
        if status == 1 { status = EVP_MAC_update(context, message, message.count) }
        if status == 1 {
            status = result.withUnsafeMutableBufferPointer {
                EVP_MAC_final(context, $0.baseAddress, &length, $0.count)
            }
        }
        precondition(status == 1 && length == 32, "libcrypto cannot end HMAC-SHA-256")
        return result
    }
}
