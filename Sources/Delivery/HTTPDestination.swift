package import Custody

/// Gives the `Authorization` of a request.
///
/// Called with the value the endpoint has just refused, or `nil`; a provider that can fetch a new token fetches one only
/// when the refused one is the one it has, so that many requests fetch one. Gives `nil` where the route needs none, an
/// error where the secret cannot be had.
package typealias Authorization =
    @Sendable (
        _ refused: String?, _ completion: @escaping @Sendable (Result<String?, CredentialsMissing>) -> Void
    ) -> Void

/// The secret a route names cannot be had.
package struct CredentialsMissing: Error, Sendable {
    package init() {}
}

/// An HTTP endpoint that referrals are posted to, each under its key.
///
/// The key travels as `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header, a structured-field string, quotes
/// included) and as `X-Request-Id`; every try sends the same bytes under it. ``HTTPOutcome`` says what an answer means.
package struct HTTPDestination: Destination {
    package var url: String
    package var concurrency: Int
    package var batch: Int { 1 }
    /// Milliseconds for a whole exchange.
    package var timeout = 30_000
    /// Further headers, from configuration.
    package var headers: [(name: String, value: String)] = []
    package var userAgent = "linkway/1"
    /// Whether the receiver keeps to BaRS, so that a refusal is an OperationOutcome and carries our ids back.
    package var isBARS = false

    private let exchange: any Exchange
    private let time: any TimeSource
    private let authorization: Authorization

    /// - Parameter authorization: By default none is sent.
    package init(
        _ url: String, concurrency: Int = 8, exchange: any Exchange, time: any TimeSource,
        authorization: @escaping Authorization = { _, completion in completion(.success(nil)) }
    ) {
        self.url = url
        self.concurrency = concurrency
        self.exchange = exchange
        self.time = time
        self.authorization = authorization
    }

    package func send(_ deliveries: [DueDelivery], completion: @escaping @Sendable ([Handover]) -> Void) {
        precondition(deliveries.count == 1, "an HTTP endpoint takes one delivery at a time")
        guard let delivery = deliveries.first, let request = request(for: delivery) else {
            return completion([.messageRefused(cause: DeliveryCause.unusableKey.rawValue, answer: [])])
        }
        post(request, refused: nil) { completion([$0]) }
    }

    private func request(for delivery: DueDelivery) -> ExchangeRequest? {
        guard HeaderText.isToken(delivery.key), HeaderText.isVisible(delivery.contentType) else { return nil }
        let correlation = delivery.correlation.flatMap { HeaderText.isToken($0) ? $0 : nil } ?? delivery.reference
        let own = [
            ("Content-Type", delivery.contentType),
            ("Idempotency-Key", "\"\(delivery.key)\""),
            ("X-Request-Id", delivery.key),
            ("X-Correlation-Id", correlation),
            ("User-Agent", userAgent),
        ]
        return ExchangeRequest(
            url: url, headers: own.map { (name: $0.0, value: $0.1) } + headers, body: delivery.body, timeout: timeout)
    }

    /// - Parameter refused: The `Authorization` that has just been answered with 401; then this is the second and last try.
    private func post(
        _ request: ExchangeRequest, refused: String?, completion: @escaping @Sendable (Handover) -> Void
    ) {
        authorization(refused) { result in
            guard case .success(let value) = result, value.map(HeaderText.isVisible) ?? true else {
                return completion(.destinationWrong(cause: DeliveryCause.credentials.rawValue, answer: []))
            }
            if let refused, value == refused {
                return completion(.destinationWrong(cause: "status-401", answer: []))
            }
            exchange(request, authorization: value, isLast: refused != nil, completion: completion)
        }
    }

    private func exchange(
        _ request: ExchangeRequest, authorization: String?, isLast: Bool,
        completion: @escaping @Sendable (Handover) -> Void
    ) {
        var authorized = request
        if let authorization { authorized.headers.append((name: "Authorization", value: authorization)) }
        exchange.send(authorized) { result in
            if case .success(let response) = result, response.status == 401, let authorization, !isLast {
                return post(request, refused: authorization, completion: completion)
            }
            let id = request.headers.first { $0.name == "X-Request-Id" }?.value
            completion(HTTPOutcome.handover(result, now: time.wall(), barsRequest: isBARS ? id : nil))
        }
    }
}

/// What may stand in a header: nothing here can begin a new one.
enum HeaderText {
    /// Letters, digits and `-._~:` alone.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 200
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
                default: false
                }
            }
    }

    /// Visible ASCII and spaces.
    static func isVisible(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { 0x20...0x7E ~= $0 } }
}
