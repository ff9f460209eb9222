/// The head of a request, read and found to be sound HTTP/1.1.
package struct ServiceRequestHead: Sendable {
    package var method: String
    /// The path as sent, without the query: `/v1/referrals`.
    package var path: String
    /// The query's names and values, decoded, in order.
    package var query: [(name: String, value: String)]
    /// Names in lower case.
    package var headers: [(name: String, value: String)]
    /// The address of the other side; the path for a unix socket.
    package var peer: String
    /// Names in the client's certificate, which was verified.
    package var peerCertificateNames: [String]

    package init(
        method: String, target: String, headers: [(name: String, value: String)] = [], peer: String = "",
        peerCertificateNames: [String] = []
    ) {
        self.method = method
        let cut = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        self.path = String(target[..<cut])
        self.query = Self.query(target[cut...].dropFirst())
        self.headers = headers
        self.peer = peer
        self.peerCertificateNames = peerCertificateNames
    }

    /// The value of a header that was given once; the name in lower case.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The first value of a parameter in the query.
    package func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

    private static func query(_ text: Substring) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
        }
    }

    /// Undoes percent-encoding; a `%` that no two hexadecimal digits follow stands for itself.
    private static func decoded(_ text: Substring) -> String {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                output.append(high << 4 | low)
                index += 3
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

/// An answer: complete, or the beginning of one that goes on.
package struct ServiceResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Whether the connection ends with it.
    package var closes = false
    /// What follows the body for as long as the client stays; then the connection ends with it.
    package var stream: EventStream?

    package init(_ status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Text of a media type.
    package init(_ status: Int, _ mediaType: String, _ text: String) {
        self.init(status, headers: [("Content-Type", mediaType)], body: Array(text.utf8))
    }

    /// The value of a header, by the name as it was set.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    func closing() -> Self {
        var copy = self
        copy.closes = true
        return copy
    }

    func with(_ name: String, _ value: String) -> Self {
        var copy = self
        copy.headers.append((name, value))
        return copy
    }
}

/// An answer without an end: the connection asks again and again what there is to be sent.
package struct EventStream: Sendable {
    /// Bytes that came since it was last asked; empty for none. Called on the threads of the network: must not block.
    package var next: @Sendable () -> [UInt8]

    package init(next: @escaping @Sendable () -> [UInt8]) { self.next = next }
}

/// What is served on a listener: decides by the head alone whether the body is worth reading, then answers.
///
/// Nothing in it knows of sockets, so that all of it can be tested without one.
package protocol Service: Sendable {
    /// Called while the connection waits: must not block.
    func admit(_ head: ServiceRequestHead) -> Admission
    /// What is said of a request that cannot be read or answered; `head` is there when it could be read.
    func fault(_ fault: ServiceFault, head: ServiceRequestHead?) -> ServiceResponse
    /// The name a path is counted under in metrics, of a closed list: `/v1/messages/{reference}`, `other`.
    func template(of path: String) -> String
}

/// One request that was answered, for metrics and logs. It holds nothing that a client chose.
package struct ServedRequest: Sendable {
    /// `GET`, `POST` or `other`.
    package var method: String
    package var template: String
    package var status: Int
    package var seconds: Double
    package var bodyBytes: Int
}

package enum Admission: Sendable {
    case answer(ServiceResponse)
    case read(AdmittedRequest)
}

/// A request whose body may be read.
package struct AdmittedRequest: Sendable {
    /// The client it counts against, for the limit on requests in hand.
    package var client: String
    /// Bytes its body may have.
    package var bodyLimit: Int
    /// Milliseconds within which it is answered; after that with ``ServiceFault/answerTimeout``.
    package var answerTimeout: Int
    /// Given the whole body, once.
    package var answer: @Sendable ([UInt8]) async -> ServiceResponse

    package init(
        client: String, bodyLimit: Int, answerTimeout: Int,
        answer: @escaping @Sendable ([UInt8]) async -> ServiceResponse
    ) {
        self.client = client
        self.bodyLimit = bodyLimit
        self.answerTimeout = answerTimeout
        self.answer = answer
    }
}

/// What can be wrong with a request or a connection, whatever is asked for.
package enum ServiceFault: Sendable, Hashable, CaseIterable {
    /// Not HTTP, or framed so that two readers could read it in two ways.
    case malformed
    case headersTooLarge
    case targetTooLong
    case versionUnsupported
    case expectationFailed
    case bodyTooLarge
    /// The head or the body did not come in time.
    case requestTimeout
    /// The answer was not there in time.
    case answerTimeout
    /// Too many requests of one client at once.
    case tooManyOfClient
    /// Too many connections, or bodies, of all clients at once.
    case tooManyInAll
    /// The gateway is stopping.
    case draining
}
