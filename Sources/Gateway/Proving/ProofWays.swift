package import Delivery

/// How documents of a proof go in and come out: through folders where nothing else is said.
package struct ProofWays: Sendable {
    /// Posts in, to the gateway's own listener.
    package struct Door: Sendable {
        package var port: Int
        package var adminPort: Int
        package var exchange: any Exchange

        package init(port: Int, adminPort: Int, exchange: any Exchange) {
            self.port = port
            self.adminPort = adminPort
            self.exchange = exchange
        }
    }

    package var door: Door?
    /// Where a ``ProofReceiver`` listens on 127.0.0.1.
    package var receiverPort: Int?

    package init(door: Door? = nil, receiverPort: Int? = nil) {
        self.door = door
        self.receiverPort = receiverPort
    }

    static let senderToken = "proof-token-nobody-else-has"
}
