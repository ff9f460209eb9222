#if HTTP
    internal import NIOSSL

    /// Reads the files of a server's TLS: TLS 1.2 and 1.3, with the cipher suites that the NCSC recommends.
    enum ServerCertificates {
        static func context(_ files: TLSFiles) throws(ListenerError) -> NIOSSLContext {
            let chain: [NIOSSLCertificate]
            do { chain = try NIOSSLCertificate.fromPEMFile(files.certificateChain) } catch {
                throw .certificate("the certificate cannot be read")
            }
            let key: NIOSSLPrivateKey
            do { key = try NIOSSLPrivateKey(file: files.privateKey, format: .pem) } catch {
                throw .certificate("the private key cannot be read")
            }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            configuration.cipherSuiteValues = [
                .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            ]
            if let authorities = files.clientAuthorities {
                do { configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorities)) } catch {
                    throw .certificate("the authorities of clients cannot be read")
                }
                // A client has no host name to be checked; its names are held against the list after the handshake.
                configuration.certificateVerification = .noHostnameVerification
            }
            do { return try NIOSSLContext(configuration: configuration) } catch {
                throw .certificate("the private key does not fit the certificate")
            }
        }

        /// When the first certificate of the chain ends, in seconds since 1970.
        static func expiry(_ files: TLSFiles) -> Int? {
            (try? NIOSSLCertificate.fromPEMFile(files.certificateChain))?.first.map { Int($0.notValidAfter) }
        }

        /// The common names, DNS names and URIs in a certificate.
        static func names(_ certificate: NIOSSLCertificate) -> [String] {
            var names = certificate.subjectName.filter { $0.type == .commonName }.map(\.value)
            for name in certificate._subjectAlternativeNames() where name.nameType == .dnsName || name.nameType == .uri
            {
                names.append(name.contents.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
            }
            return names
        }
    }
#endif
