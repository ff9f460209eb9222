#if HTTP
    internal import NIOSSL

    /// A file of certificates, as far as it matters to those who look after a gateway.
    package enum CertificateFile {
        /// When the first certificate of a PEM file to end does so, in seconds since 1970.
        /// - Throws: When the file cannot be read or holds none.
        package static func end(of path: String) throws -> Int {
            let ends = try NIOSSLCertificate.fromPEMFile(path).map { Int($0.notValidAfter) }
            guard let first = ends.min() else { throw NIOSSLError.failedToLoadCertificate }
            return first
        }
    }
#endif
