import Custody
import Testing

@testable import Delivery

/// Ways in which an endpoint can be out of order for a while.
enum EndpointBehaviour: String, CaseIterable, CustomTestStringConvertible {
    case refused, unknownName, expiredCertificate, wrongHost, hangsBeforeSending, resetOnAccept
    case hangsAfterSending, resetInBody, resetAfterBody, lostAcknowledgement, drips, truncated, garbage, endless
    case hugeHeaders, interimFlood, earlyAnswer
    case redirect301, redirect307, status401, status403, status404, status408, status425, status429, status429Date
    case status500, status502, status503, status503RetryAfter, status504, status505, slowButWell

    var testDescription: String { rawValue }

    /// What it answers while it is out of order, and after how long.
    func reply(_ now: Int64) -> ScriptedExchange.Reply {
        switch self {
        case .refused: (.failure(.connect), after: 1)
        case .unknownName: (.failure(.nameResolution), after: 20)
        case .expiredCertificate, .wrongHost: (.failure(.tls), after: 30)
        case .hangsBeforeSending: (.failure(.timeoutBeforeSending), after: 5_000)
        case .resetOnAccept: (.failure(.resetBeforeSending), after: 2)
        case .hangsAfterSending, .drips: (.failure(.timeoutAfterSending), after: 30_000)
        case .resetInBody, .resetAfterBody, .lostAcknowledgement: (.failure(.resetAfterSending), after: 5)
        case .truncated: (.failure(.truncated), after: 5)
        case .garbage: (.failure(.malformed), after: 5)
        case .endless, .hugeHeaders, .interimFlood: (.failure(.tooLarge), after: 200)
        case .earlyAnswer, .status503: (.success(ExchangeResponse(status: 503)), after: 1)
        case .redirect301:
            (
                .success(ExchangeResponse(status: 301, headers: [(name: "location", value: "https://evil.example/")])),
                after: 5
            )
        case .redirect307: (.success(ExchangeResponse(status: 307)), after: 5)
        case .status401, .status403, .status404, .status408, .status425, .status500, .status502, .status504, .status505:
            (.success(ExchangeResponse(status: Int(rawValue.dropFirst(6)) ?? 0)), after: 5)
        case .status429, .status503RetryAfter:
            (
                .success(
                    ExchangeResponse(
                        status: self == .status429 ? 429 : 503, headers: [(name: "retry-after", value: "3")])), after: 5
            )
        case .status429Date:
            (
                .success(
                    ExchangeResponse(
                        status: 429,
                        headers: [
                            (name: "date", value: "Tue, 01 Jan 2030 00:00:00 GMT"),
                            (name: "retry-after", value: "Tue, 01 Jan 2030 00:00:04 GMT"),
                        ])), after: 5
            )
        case .slowButWell: (.success(ExchangeResponse(status: 201)), after: 20_000)
        }
    }

    /// Milliseconds an answer asks for.
    var retryAfter: Int64 {
        self == .status429Date ? 4_000 : self == .status429 || self == .status503RetryAfter ? 3_000 : 0
    }
}

@Suite("Endpoints out of order")
struct EndpointTests {
    private static let outage: Int64 = 40_000

    private func run(_ behaviour: EndpointBehaviour) -> (World, ScriptedExchange, Dispatcher) {
        let world = World(seed: 7)
        let exchange = ScriptedExchange(world) { _, now in
            now < Self.outage ? behaviour.reply(now) : (.success(ExchangeResponse(status: 201)), after: 20)
        }
        let destination = HTTPDestination("https://receiver.example/", exchange: exchange, time: world.time)
        let dispatcher = world.route(RouteSettings("north"), to: destination)
        for _ in 0..<60 {
            world.custody.owe("north", body: "{\"n\":\(world.custody.owed.count)}")
            world.run(500)
        }
        return (world, exchange, dispatcher)
    }

    @Test("each is outlived: nothing lost, no storm, quick recovery", arguments: EndpointBehaviour.allCases)
    func behaviour(_ behaviour: EndpointBehaviour) {
        let (world, exchange, dispatcher) = run(behaviour)
        world.run(Self.outage - world.clock)
        let before = world.custody.count(.delivered)
        world.run(60_000) { world.custody.count(.delivered) > before + 3 }
        #expect(
            world.clock - Self.outage <= 10_000, "first deliveries \(world.clock - Self.outage) ms after it is well")
        world.run(60_000) { world.custody.count(.waiting) == 0 }
        #expect(world.custody.count(.delivered) == 60)
        #expect(dispatcher.status.dead == 0)
        #expect(world.clock - Self.outage <= 32_000, "all were delivered after \(world.clock - Self.outage) ms")
        expectNoStorm(exchange, behaviour)
        expectSameUnderEachKey(exchange)
        #expect(exchange.sent.allSatisfy { $0.request.url == "https://receiver.example/" })
    }

    /// At most five a second after the first 25.
    private func expectNoStorm(_ exchange: ScriptedExchange, _ behaviour: EndpointBehaviour) {
        guard behaviour != .slowButWell else { return }
        let late = exchange.sent.map(\.at).filter { $0 < Self.outage }.dropFirst(25)
        for start in late { #expect(late.count { $0 >= start && $0 < start + 1_000 } <= 5) }
    }

    private func expectSameUnderEachKey(_ exchange: ScriptedExchange) {
        let bodies = Dictionary(grouping: exchange.sent) { $0.header("Idempotency-Key") }
        #expect(bodies.count == 60)
        for (_, sent) in bodies { #expect(Set(sent.map(\.request.body)).count == 1) }
    }

    @Test(
        "Retry-After is kept by all, but for what was on its way",
        arguments: [EndpointBehaviour.status429, .status429Date, .status503RetryAfter])
    func retryAfter(behaviour: EndpointBehaviour) {
        let (world, exchange, _) = run(behaviour)
        world.run(10_000)
        let times = exchange.sent.map(\.at)
        for (index, time) in times.enumerated() where time < Self.outage {
            // The answer is there after 5 ms; what began before that was on its way.
            for later in times[(index + 1)...] where later >= time + 5 {
                #expect(later - time - 5 >= behaviour.retryAfter)
                break
            }
        }
    }
}

@Suite("HTTP destination")
struct HTTPDestinationTests {
    @Test("a request carries the key, the correlation and the bytes")
    func request() throws {
        let world = World()
        let exchange = ScriptedExchange(world) { _, _ in (.success(ExchangeResponse(status: 201)), after: 1) }
        var destination = HTTPDestination(
            "https://receiver.example/", exchange: exchange, time: world.time,
            authorization: { _, completion in completion(.success("Bearer a")) })
        destination.headers = [(name: "X-Site", value: "north")]
        world.route(RouteSettings("north"), to: destination)
        world.custody.owe("north", body: "{\"a\":1}")
        world.run(100)
        let sent = try #require(exchange.sent.first)
        let key = "00000000-0000-5000-8000-000000000001"
        #expect(sent.request.body == Array("{\"a\":1}".utf8))
        #expect(
            sent.request.headers.map { "\($0.name): \($0.value)" } == [
                "Content-Type: application/fhir+json", "Idempotency-Key: \"\(key)\"", "X-Request-Id: \(key)",
                "X-Correlation-Id: reference-1", "User-Agent: linkway/1", "X-Site: north", "Authorization: Bearer a",
            ])
    }

    @Test("after a 401 a new token is fetched once", arguments: [true, false])
    func token(isNewGood: Bool) {
        let world = World()
        let exchange = ScriptedExchange(world) { request, _ in
            let token = request.headers.first { $0.name == "Authorization" }?.value
            return (.success(ExchangeResponse(status: token == "new" && isNewGood ? 200 : 401)), after: 1)
        }
        let destination = HTTPDestination("https://receiver.example/", exchange: exchange, time: world.time) {
            refused, completion in completion(.success(refused == nil ? "old" : "new"))
        }
        let dispatcher = world.route(RouteSettings("north"), to: destination)
        world.custody.owe("north")
        world.run(1_000)
        #expect(exchange.sent.count == 2)
        #expect(world.custody.count(.delivered) == (isNewGood ? 1 : 0))
        #expect(dispatcher.status.state == (isNewGood ? .idle : .stopped(cause: "status-401")))
    }

    @Test("the same token is not sent twice, and without a secret nothing is sent")
    func noToken() {
        let world = World()
        let exchange = ScriptedExchange(world) { _, _ in (.success(ExchangeResponse(status: 401)), after: 1) }
        let fixed = HTTPDestination("https://receiver.example/", exchange: exchange, time: world.time) {
            _, completion in completion(.success("only"))
        }
        let missing = HTTPDestination("https://receiver.example/", exchange: exchange, time: world.time) {
            _, completion in completion(.failure(CredentialsMissing()))
        }
        world.route(RouteSettings("north"), to: fixed)
        let other = world.route(RouteSettings("south"), to: missing)
        world.custody.owe("north")
        world.custody.owe("south")
        world.run(1_000)
        #expect(exchange.sent.count == 1)
        #expect(other.status.state == .stopped(cause: "credentials"))
    }

    @Test("nothing in a header can begin another", arguments: ["a\r\nX: y", "", "ä", "\u{0}", "a\"b"])
    func injection(text: String) {
        #expect(!HeaderText.isToken(text))
        #expect(text == "a\"b" || !HeaderText.isVisible(text))
    }
}
