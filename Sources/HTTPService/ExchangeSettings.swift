/// How requests to one destination travel.
package struct ExchangeSettings: Sendable {
    /// Authorities that the destination's certificate must come from, PEM; `nil` for those of the system.
    package var authorities: String?
    /// Our own certificate with its chain, and its key, PEM, where the destination wants one.
    package var certificateChain: String?
    package var privateKey: String?
    /// A proxy that is asked to `CONNECT`.
    package var proxy: (host: String, port: Int)?
    /// Connections at once; at least the destination's concurrency, so that no request waits for one.
    package var connections = 8
    /// Milliseconds after which an idle connection is closed: less than most servers', so that we are the ones who do
    /// it.
    package var idleTime = 30_000
    /// Whether `http:` and loopback addresses may be used: for destinations on this machine, as configured.
    package var allowsLoopback = false
    /// Bytes of all names and values of the heads of an answer.
    package var headLimit = 64 << 10
    /// Interim answers (1xx) to one request.
    package var interimLimit = 16

    package init() {}
}

/// Why an exchange could not be set up.
package enum ExchangeSettingsError: Error, Sendable, Hashable {
    /// The file of the certificate, key or authorities cannot be used; which.
    case certificate(String)
}
