/// What a listener puts up with. Times in milliseconds, sizes in bytes.
package struct ServiceLimits: Sendable {
    /// All names and values of a head together, with its target.
    package var headBytes = 32 << 10
    package var headFields = 100
    package var targetBytes = 8 << 10
    package var bodyBytes = 5 << 20
    /// From the first byte (on a new connection: from its opening, with TLS) to the end of the head.
    package var headTime = 10_000
    /// From the end of the head to the end of the body.
    package var bodyTime = 60_000
    /// Bytes a second a body has to come with, on average, once ``rateGrace`` is over.
    package var leastRate = 1_000
    package var rateGrace = 5_000
    /// How long a connection may wait for its next request.
    package var idleTime = 30_000
    /// How long a client may take to read an answer.
    package var writeTime = 20_000
    package var connections = 2_000
    /// From one address; no limit on a unix socket.
    package var connectionsOfPeer = 100
    /// Requests in hand of one client.
    package var requestsOfClient = 64
    /// Bytes of bodies in hand, of all clients.
    package var bodiesInHand = 256 << 20
    /// Time to answer: for `/v1`, and for `/FHIR`, where the standard says 5 s (BaRS: `REC_TIMEOUT`).
    package var answerTime = 60_000
    package var fhirAnswerTime = 5_000
    /// How often an answer that goes on asks for more, and how long it may be silent.
    package var streamPeriod = 250
    package var heartbeat = 15_000

    package init() {}
}

/// Where a listener stands.
package enum ListenerAddress: Sendable, Hashable {
    /// A literal address or a name; port 0 takes any free one.
    case tcp(host: String, port: Int)
    case unix(path: String)

    /// Whether only this machine can reach it.
    package var isLocal: Bool {
        switch self {
        case .unix: true
        case .tcp(let host, _): host == "localhost" || PeerAddress(host)?.isLoopback == true
        }
    }
}

/// Files of certificates, PEM.
package struct TLSFiles: Sendable, Hashable {
    /// The server's certificate and those between it and the root.
    package var certificateChain: String
    package var privateKey: String
    /// The authorities that sign clients' certificates; `nil` asks clients for none.
    package var clientAuthorities: String?
    /// Names (common name, DNS or URI alternative names), one of which a client's certificate must have; empty lets
    /// every certificate of the authorities in.
    package var clientNames: Set<String>

    package init(
        certificateChain: String, privateKey: String, clientAuthorities: String? = nil, clientNames: Set<String> = []
    ) {
        self.certificateChain = certificateChain
        self.privateKey = privateKey
        self.clientAuthorities = clientAuthorities
        self.clientNames = clientNames
    }
}

/// One listener.
package struct ListenerSettings: Sendable {
    package var address: ListenerAddress
    package var tls: TLSFiles?
    /// Whether a proxy before it ends TLS: the only other reason to listen beyond this machine.
    package var isBehindTrustedProxy: Bool
    package var limits: ServiceLimits
    /// Permissions of a unix socket.
    package var socketMode: UInt32

    package init(
        address: ListenerAddress, tls: TLSFiles? = nil, isBehindTrustedProxy: Bool = false,
        limits: ServiceLimits = ServiceLimits(), socketMode: UInt32 = 0o660
    ) {
        self.address = address
        self.tls = tls
        self.isBehindTrustedProxy = isBehindTrustedProxy
        self.limits = limits
        self.socketMode = socketMode
    }

    /// Why these settings must not be used; `nil` when they may.
    package var refusal: ListenerError? {
        if !address.isLocal, tls == nil, !isBehindTrustedProxy { return .openWithoutTLS }
        return nil
    }
}

/// Why a listener could not be opened. A configuration that must not be used ends the process with 78, the rest with
/// 69.
package enum ListenerError: Error, Sendable, Hashable {
    /// Reachable from other machines, and neither TLS nor a trusted proxy is configured.
    case openWithoutTLS
    /// The certificate, key or authorities cannot be read or do not fit; which of them.
    case certificate(String)
    /// The address is taken, unknown or not allowed; in plain words.
    case address(String)
    /// Built without the trait `HTTP`.
    case notBuilt
}
