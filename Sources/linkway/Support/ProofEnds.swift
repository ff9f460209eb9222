import Gateway
import HTTPService

/// What a proof over HTTP needs beside the gateway: something that posts, something that receives, ports for them.
struct ProofEnds {
    private(set) var ways = ProofWays()
    #if HTTP
        private var server: HTTPServer?

        init(posts: Bool, receives: Bool, folder: String) throws {
            let ports = FreePorts.findSteady(3)
            guard ports.count == 3 else { throw ListenerError.address("no port is free") }
            if posts {
                var endpoint = Configuration.Route.Endpoint.loopback("http://127.0.0.1:\(ports[0])")
                endpoint.concurrency = 32
                let exchange = try HTTPFront.exchange(endpoint)
                ways.door = ProofWays.Door(port: ports[0], adminPort: ports[1], exchange: exchange)
            }
            guard receives else { return }
            let address = ListenerAddress.tcp(host: "127.0.0.1", port: ports[2])
            let server = HTTPServer(ListenerSettings(address: address), service: ProofReceiver(folder: folder))
            ways.receiverPort = try HTTPFront.wait { try await server.start() }
            self.server = server
        }

        func stop() {
            guard let server else { return }
            _ = try? HTTPFront.wait { await server.stop(graceMilliseconds: 500) }
        }
    #else
        init(posts: Bool, receives: Bool, folder: String) throws {
            if posts || receives { throw ListenerError.notBuilt }
        }

        func stop() {}
    #endif
}
