#if HTTP
    import Glibc
    import HTTPService

    extension Doctor {
        /// When a certificate ends: a failure when it has, a warning in its last 30 days.
        mutating func lookAtCertificate(_ file: String) {
            guard let end = try? CertificateFile.end(of: file) else {
                return note(certificate: .fail, "\(file) cannot be read as PEM", "name a file with a certificate")
            }
            let days = (end - time(nil)) / 86_400
            if end <= time(nil) {
                note(certificate: .fail, "\(file) has ended", "put a new one in its place and restart the gateway")
            } else if days < 30 {
                note(
                    certificate: .warn, "\(file) ends in \(days) days",
                    "put a new one in its place and restart the gateway")
            } else {
                note(certificate: .ok, "\(file) is good for \(days) days", "")
            }
        }
    }
#endif
