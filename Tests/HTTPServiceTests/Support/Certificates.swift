#if HTTP
    import Foundation

    @testable import HTTPService

    /// Certificates for tests, made afresh by the command `openssl` and gone afterwards.
    final class Certificates: Sendable {
        static let isAvailable: Bool = {
            let isThere = (try? run("openssl", ["version"])) != nil
            if !isThere { print("SKIPPED: the tests of TLS; there is no command openssl") }
            return isThere
        }()

        let folder: URL

        init() throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("linkway-tls-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for authority in ["ca", "other-ca"] {
                try run(
                    "openssl",
                    ["req", "-x509"] + key(authority) + [
                        "-days", "2", "-subj", "/CN=\(authority)", "-out", path(authority),
                    ])
            }
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func path(_ name: String) -> String { folder.appendingPathComponent(name + ".pem").path }
        func keyPath(_ name: String) -> String { folder.appendingPathComponent(name + ".key").path }

        /// Makes a certificate for names, such as `DNS:localhost`.
        func issue(_ name: String, names: String, by authority: String = "ca", days: Int = 2) throws {
            let request = folder.appendingPathComponent(name + ".csr").path
            let extensions = folder.appendingPathComponent(name + ".ext").path
            try "subjectAltName=\(names)\n".write(toFile: extensions, atomically: true, encoding: .utf8)
            try run("openssl", ["req", "-new"] + key(name) + ["-subj", "/CN=\(name)", "-out", request])
            try run(
                "openssl",
                [
                    "x509", "-req", "-in", request, "-CA", path(authority), "-CAkey", keyPath(authority),
                    "-CAcreateserial",
                    "-days", String(days), "-extfile", extensions, "-out", path(name),
                ])
        }

        /// Makes one that nobody signed but itself.
        func selfSign(_ name: String, names: String) throws {
            try run(
                "openssl",
                ["req", "-x509"] + key(name) + [
                    "-days", "2", "-subj", "/CN=\(name)", "-addext", "subjectAltName=\(names)",
                    "-out", path(name),
                ])
        }

        func server(_ name: String, clients: String? = nil, allowed: Set<String> = []) -> TLSFiles {
            TLSFiles(
                certificateChain: path(name), privateKey: keyPath(name), clientAuthorities: clients.map(path),
                clientNames: allowed)
        }

        private func key(_ name: String) -> [String] {
            ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyPath(name)]
        }
    }
#endif
