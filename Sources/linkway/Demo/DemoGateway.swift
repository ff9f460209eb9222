import ArgumentParser
import Custody
import Delivery
import DurableFiles
import Gateway
import Glibc
import Reporting

#if HTTP
    import HTTPService
#endif

/// The gateway of a demonstration, running in this process.
final class DemoGateway {
    private let engine: Engine
    private let operators: Operator
    private let daemon: Daemon
    private let reloading: Reload
    private var told: Set<String> = []
    #if HTTP
        private let receiver: DemoReceiver
        private let server: HTTPServer
    #endif

    init(_ place: DemoPlace, receiverPort: Int, _ console: Console) throws {
        var options = GatewayOptions()
        options.config = place.configuration
        let rules = try options.rules(try options.configuration(console), console)
        let bells = Bells()
        var parts = EngineParts(log: .silent)
        parts.wake = { bells.ringAll() }
        parts.wakeRoute = { bells.ring($0) }
        #if HTTP
            parts.exchange = { try HTTPFront.exchange($0) }
            receiver = DemoReceiver()
            let receiver = self.receiver
            server = HTTPServer(
                ListenerSettings(address: .tcp(host: "127.0.0.1", port: receiverPort)), service: receiver)
            let server = self.server
            _ = try HTTPFront.wait { try await server.start() }
        #endif
        engine = try EngineOpening.open(rules, parts, isForWork: true, console)
        reloading = Reload(options: options, engine: engine, log: .silent)
        operators = try Operator(engine, log: .silent)
        daemon = try Daemon(
            engine, bells: bells, operators: operators, log: .silent, time: SystemTime(),
            manager: ServiceManager { _ in nil })
        try daemon.start(version: Version.text)
    }

    func stop() {
        _ = daemon.stop(reason: "end of the demonstration")
        #if HTTP
            let server = self.server
            _ = try? HTTPFront.wait { await server.stop(graceMilliseconds: 500) }
        #endif
    }

    func reload() throws { _ = reloading() }

    /// How many referrals came over HTTP.
    var received: Int {
        #if HTTP
            receiver.received.count
        #else
            0
        #endif
    }

    // MARK: Asking

    func ask(_ question: KeyValuePairs<String, String>) throws -> JSONValue {
        ask(.object(question.map { JSONValue.Member(key: $0.key, value: .string($0.value)) }))
    }

    private func ask(_ question: JSONValue) -> JSONValue {
        JSONValue(text: operators.answer(question.text()))?["result"] ?? .null
    }

    /// Reads a held message again by the mappings in force, by a plan that is run at once.
    /// - Returns: How the message stands then.
    func retry(_ reference: String) throws -> String {
        let plan = ask(
            .members([
                "ask": .string("plan"), "kind": .string("retry"), "references": .array([.string(reference)]),
                "mapping": .string("current"), "actor": .string("demo"),
            ]))
        let run = PlanRun(actor: "demo", ask: { self.ask($0) }, wait: { usleep(UInt32($0) * 1000) }, say: { _ in })
        _ = try run.run(plan["id"]?.string ?? "")
        return try ask(["ask": "message", "reference": reference])["message"]?["state"]?.string ?? ""
    }

    /// Messages that were not told of yet, the oldest first.
    func news() throws -> [JSONValue] {
        let all = try ask(["ask": "messages"])["messages"]?.items ?? []
        let fresh = all.filter { told.insert($0["reference"]?.string ?? "").inserted }
        return fresh.reversed()
    }

    /// Waits for a condition on the list of messages, for ten seconds at most.
    func waitFor(_ condition: (JSONValue) throws -> Bool) throws -> Bool {
        for _ in 0..<200 {
            if try condition(try ask(["ask": "messages"])) { return true }
            usleep(50_000)
        }
        return false
    }

    /// Whether nothing waits to be delivered.
    func isQuiet() throws -> Bool {
        try ask(["ask": "routes"]).items.allSatisfy { ($0["waiting"]?.integer ?? 0) == 0 }
    }

    /// Posts a document as a platform would; what was answered, or `nil` in a build without HTTP.
    func post(_ bytes: [UInt8], _ contentType: String) throws -> String? {
        #if HTTP
            guard let http = engine.processor.rules.configuration.http else { return nil }
            let endpoint = Configuration.Route.Endpoint.loopback(
                "http://127.0.0.1:\(http.listen.port)/v1/referrals")
            let exchange = try HTTPFront.exchange(endpoint)
            let request = ExchangeRequest(
                url: endpoint.url,
                headers: [
                    (name: "Content-Type", value: contentType),
                    (name: "Authorization", value: "Bearer demo-token-nobody-else-has"),
                ], body: bytes)
            let response = try HTTPFront.wait {
                try await withCheckedThrowingContinuation { continuation in
                    exchange.send(request) { continuation.resume(with: $0) }
                }
            }
            return "answered \(response.status) after it was on the disk"
        #else
            return nil
        #endif
    }
}

/// Ports nobody uses at the moment.
enum FreePorts {
    /// Any ports.
    static func find(_ count: Int) -> [Int] { find(count, in: Array(repeating: 0, count: count)) }

    /// Ports below those the system gives to outgoing connections, so that none is taken while its listener is down.
    static func findSteady(_ count: Int) -> [Int] {
        let first = UInt16(10_000 + getpid() % 20_000)
        return find(count, in: Array(first..<first + 1_000))
    }

    private static func find(_ count: Int, in candidates: [UInt16]) -> [Int] {
        var sockets: [Int32] = []
        var ports: [Int] = []
        for candidate in candidates where ports.count < count {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            sockets.append(descriptor)
            if let port = take(candidate, descriptor) { ports.append(port) }
        }
        for descriptor in sockets { close(descriptor) }
        return ports
    }

    private static func take(_ port: UInt16, _ descriptor: Int32) -> Int? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isTaken = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        return isTaken ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }
}
