/// One HTTP request, and how long and how large its answer may be. The method is always POST.
package struct ExchangeRequest: Sendable {
    /// Absolute, `https` as a rule; comes from configuration, never from a message.
    package var url: String
    /// In the order they are sent. `Host`, `Content-Length` and `Connection` are the exchange's own.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Milliseconds for all of it: name, connection, TLS, sending, the last byte of the answer. Not for one read, since
    /// an endpoint that drips a byte a second outwits that.
    package var timeout: Int
    /// Milliseconds for the connection, and as many again for TLS.
    package var connectTimeout: Int
    /// Bytes of the answer's body past which the exchange ends with ``ExchangeError/tooLarge``.
    package var responseLimit: Int

    package init(
        url: String, headers: [(name: String, value: String)], body: [UInt8], timeout: Int = 30_000,
        connectTimeout: Int = 5_000, responseLimit: Int = 1 << 20
    ) {
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.responseLimit = responseLimit
    }
}

/// A complete answer: its last byte was there. One that was cut short is an ``ExchangeError/truncated``.
package struct ExchangeResponse: Sendable {
    /// Final, so never 1xx.
    package var status: Int
    /// Names in lower case, in the order they came.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header; the name in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// Why there was no complete answer.
///
/// *Sending* begins with the first byte of the request that may have reached the peer. Where an exchange cannot tell, it
/// says *after*.
package enum ExchangeError: Error, Sendable, Hashable, CaseIterable {
    /// The connection was refused, could not be routed, or was not there in time.
    case connect
    case nameResolution
    /// The handshake failed or the certificate is not good. Nothing of the request was sent.
    case tls
    case timeoutBeforeSending
    case timeoutAfterSending
    case resetBeforeSending
    case resetAfterSending
    /// The answer ended before it was complete.
    case truncated
    /// Headers past 64 KiB, a body past the limit, or interim answers without end.
    case tooLarge
    /// Not HTTP.
    case malformed
}

/// Sends one request and gives its answer; the network, so that a test can be one.
///
/// Follows no redirect and keeps no cookie. A request that dies on a reused connection before any byte of an answer is
/// sent once more at once, on a new connection (the Idempotency-Key in it makes that safe).
package protocol Exchange: Sendable {
    /// Calls back exactly once, from any thread, within the request's timeout and a little.
    func send(
        _ request: ExchangeRequest, completion: @escaping @Sendable (Result<ExchangeResponse, ExchangeError>) -> Void)
}
