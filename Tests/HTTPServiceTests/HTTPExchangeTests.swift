#if HTTP
    import Delivery
    import Foundation
    import Testing

    @testable import HTTPService

    @Suite("exchanges over HTTP: endpoints as they are")
    struct HTTPExchangeTests {
        enum Expected: Sendable {
            case status(Int)
            case error(Set<ExchangeError>)
        }

        struct Behaviour: Sendable, CustomTestStringConvertible {
            var name: String
            var expected: Expected
            var requests: Int?
            var script: @Sendable (RawSocket, ScriptedEndpoint) -> Void
            var testDescription: String { name }

            init(
                _ name: String, _ expected: Expected, requests: Int? = 1,
                _ script: @escaping @Sendable (RawSocket, ScriptedEndpoint) -> Void
            ) {
                self.name = name
                self.expected = expected
                self.requests = requests
                self.script = script
            }

            /// Reads the request and says this.
            init(_ name: String, _ expected: Expected, says text: String) {
                self.init(name, expected) { socket, endpoint in
                    endpoint.read(socket)
                    socket.send(text)
                }
            }

            /// Reads the request and answers with a status.
            init(status: Int, _ lines: String = "") {
                self.init(
                    "\(status)", .status(status),
                    says: "HTTP/1.1 \(status) Word\r\n\(lines)Content-Length: 2\r\n\r\n{}")
            }
        }

        static func wait(_ milliseconds: Int) { usleep(UInt32(milliseconds) * 1_000) }

        static let behaviours: [Behaviour] =
            [
                Behaviour("hangs before it reads", .error([.timeoutAfterSending]), requests: 0) { _, _ in wait(1_500) },
                Behaviour("hangs after it read", .error([.timeoutAfterSending])) { socket, endpoint in
                    endpoint.read(socket)
                    wait(1_500)
                },
                Behaviour("resets at once", .error([.resetBeforeSending, .resetAfterSending, .connect]), requests: nil)
                {
                    socket, _ in socket.resetOnClose()
                },
                Behaviour("closes at once", .error([.resetBeforeSending, .resetAfterSending, .connect]), requests: nil)
                {
                    _, _ in
                },
                Behaviour("resets after it read", .error([.resetAfterSending])) { socket, endpoint in
                    endpoint.read(socket)
                    socket.resetOnClose()
                },
                Behaviour("closes after it read: a lost acknowledgement", .error([.resetAfterSending])) {
                    socket, endpoint in
                    endpoint.read(socket)
                },
                Behaviour("resets within the body", .error([.truncated, .resetAfterSending])) { socket, endpoint in
                    endpoint.read(socket)
                    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
                    wait(100)
                    socket.resetOnClose()
                },
                Behaviour("closes within the head", .error([.truncated]), says: "HTTP/1.1 200 OK\r\nContent-Le"),
                Behaviour(
                    "closes within the body", .error([.truncated]),
                    says: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
                Behaviour(
                    "closes within a chunk", .error([.truncated]),
                    says: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"),
                Behaviour(
                    "closes before the last chunk", .error([.truncated]),
                    says: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
                Behaviour("drips a byte at a time", .error([.timeoutAfterSending])) { socket, endpoint in
                    endpoint.read(socket)
                    for byte in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8 {
                        guard socket.send([byte]) else { return }
                        wait(60)
                    }
                },
                Behaviour("drips the body", .error([.timeoutAfterSending])) { socket, endpoint in
                    endpoint.read(socket)
                    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n")
                    for _ in 0..<50 {
                        guard socket.send("a") else { return }
                        wait(60)
                    }
                },
                Behaviour("garbage", .error([.malformed]), says: "220 mail.example ESMTP\r\n"),
                Behaviour("bytes of chance", .error([.malformed]), says: "\u{1}\u{2}\u{3}\u{FE}\u{FF}"),
                Behaviour(
                    "a length that is no number", .error([.malformed]),
                    says: "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}"),
                Behaviour(
                    "length and chunks", .error([.malformed]),
                    says: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Behaviour(
                    "a chunk size that is no number", .error([.malformed]),
                    says: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
                Behaviour(
                    "a body announced too large", .error([.tooLarge]),
                    says: "HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n{"),
                Behaviour("a body without end", .error([.tooLarge])) { socket, endpoint in
                    endpoint.read(socket)
                    socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    while socket.send("1000\r\n" + String(repeating: "a", count: 0x1000) + "\r\n") {}
                },
                Behaviour(
                    "a header of 100 KiB", .error([.tooLarge]),
                    says:
                        "HTTP/1.1 200 OK\r\nX-A: \(String(repeating: "a", count: 100 << 10))\r\nContent-Length: 2\r\n\r\n{}"
                ),
                Behaviour(
                    "headers of 80 KiB", .error([.tooLarge]),
                    says: "HTTP/1.1 200 OK\r\n"
                        + String(repeating: "X-A: \(String(repeating: "a", count: 1_000))\r\n", count: 80)
                        + "Content-Length: 2\r\n\r\n{}"),
                Behaviour("headers without end", .error([.tooLarge])) { socket, endpoint in
                    endpoint.read(socket)
                    socket.send("HTTP/1.1 200 OK\r\n")
                    while socket.send("X-A: \(String(repeating: "a", count: 1_000))\r\n") {}
                },
                Behaviour("interim answers without end", .error([.tooLarge])) { socket, endpoint in
                    endpoint.read(socket)
                    while socket.send("HTTP/1.1 102 Processing\r\n\r\n") {}
                },
                Behaviour(
                    "two interim answers and the last", .status(200),
                    says:
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
                ),
                Behaviour("an answer that ends with the connection", .status(200), says: "HTTP/1.1 200 OK\r\n\r\n{}"),
                Behaviour(
                    "chunks", .status(201),
                    says: "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
                Behaviour("no content", .status(204), says: "HTTP/1.1 204 No Content\r\n\r\n"),
                Behaviour("HTTP/1.0", .status(200), says: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
                Behaviour(
                    "more than one answer", .status(200),
                    says: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
                Behaviour("an answer before all of the request is read", .status(413), requests: 0) { socket, _ in
                    _ = socket.receive(milliseconds: 1_000)
                    socket.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
                    wait(300)
                },
            ]
            + [202, 400, 401, 403, 404, 409, 422, 425, 429, 500, 503].map {
                Behaviour(status: $0, "Retry-After: 7\r\n")
            }
            + [301, 302, 303, 307, 308].map { Behaviour(status: $0, "Location: http://127.0.0.1:1/other\r\n") }

        @Test("each behaviour is told apart, and nothing is sent twice", arguments: behaviours)
        func behaviour(_ test: Behaviour) async throws {
            let endpoint = try ScriptedEndpoint { socket, _, endpoint in test.script(socket, endpoint) }
            defer { endpoint.stop() }
            let answer = await send(form(endpoint.url, timeout: 1_000))
            switch (answer, test.expected) {
            case (.success(let response), .status(let status)): #expect(response.status == status)
            case (.failure(let error), .error(let errors)): #expect(errors.contains(error), "\(error)")
            default: Issue.record("\(answer)")
            }
            if let requests = test.requests {
                #expect(endpoint.seen.count == requests && endpoint.connectionCount == 1)
            }
        }

        @Test("the request goes out as it was given, and its answer comes in complete")
        func contents() async throws {
            let endpoint = try ScriptedEndpoint { socket, _, endpoint in
                endpoint.read(socket)
                socket.send("HTTP/1.1 202 Accepted\r\nX-Receipt: 7\r\nContent-Length: 9\r\n\r\n{\"a\": 12}")
            }
            defer { endpoint.stop() }
            let answer = try await send(form(endpoint.url)).get()
            #expect(answer.header("x-receipt") == "7" && answer.body == Array(#"{"a": 12}"#.utf8))
            let request = try #require(endpoint.seen.first)
            #expect(request.body == "{\"b\": 3}" && request.head.hasPrefix("POST /in HTTP/1.1\r\n"))
            #expect(request.head.contains("\r\nIdempotency-Key: \"k-1\"") && request.head.contains("Content-Length: 8"))
            #expect(!request.head.lowercased().contains(ExchangeRegister.tag))
        }

        @Test("nothing listens")
        func refused() async throws {
            let endpoint = try ScriptedEndpoint { _, _, _ in }
            endpoint.stop()
            let answer = await send(form(endpoint.url))
            #expect(failure(answer) == .connect)
        }

        @Test("a request that dies on a reused connection is sent once more at once, the same")
        func reusedConnection() async throws {
            let endpoint = try ScriptedEndpoint { socket, number, endpoint in
                endpoint.read(socket)
                socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                // The first connection takes the next request too, and dies over it.
                if number == 1 { endpoint.read(socket) } else { HTTPExchangeTests.wait(500) }
            }
            defer { endpoint.stop() }
            let exchange = try Self.exchange()
            #expect(try await send(form(endpoint.url), exchange).get().status == 200)
            #expect(try await send(form(endpoint.url), exchange).get().status == 200)
            #expect(endpoint.seen.count == 3 && endpoint.connectionCount == 2)
            #expect(endpoint.seen[1].head == endpoint.seen[2].head && endpoint.seen[1].body == endpoint.seen[2].body)
            await exchange.stop()
        }

        @Test("one that dies on its second connection too is given up")
        func diesTwice() async throws {
            let endpoint = try ScriptedEndpoint { socket, number, endpoint in
                endpoint.read(socket)
                guard number == 1 else { return }
                socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                endpoint.read(socket)
            }
            defer { endpoint.stop() }
            let exchange = try Self.exchange()
            _ = await send(form(endpoint.url), exchange)
            #expect(failure(await send(form(endpoint.url), exchange)) == .resetAfterSending)
            #expect(endpoint.seen.count == 3)
            await exchange.stop()
        }

        @Test("connections are used again, and no more are open than is allowed")
        func pool() async throws {
            let endpoint = try ScriptedEndpoint { socket, _, endpoint in
                while endpoint.read(socket) {
                    HTTPExchangeTests.wait(20)
                    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                }
            }
            defer { endpoint.stop() }
            let exchange = try Self.exchange { $0.connections = 4 }
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<40 { group.addTask { (try? await send(form(endpoint.url), exchange).get()) != nil } }
                for await isAnswered in group { #expect(isAnswered) }
            }
            #expect(endpoint.seen.count == 40 && endpoint.connectionCount <= 4)
            await exchange.stop()
        }

        @Test(
            "places that may not be destinations are not spoken to",
            arguments: [
                "http://169.254.169.254/latest", "https://169.254.169.254/", "https://[fe80::1]/", "https://0.0.0.0/",
                "https://[::ffff:169.254.169.254]/", "https://[fd00:ec2::254]/", "https://224.0.0.1/",
                "file:///etc/passwd",
                "ftp://example.org/", "https://user:secret@example.org/", "nonsense", "",
            ])
        func forbidden(_ url: String) async throws {
            #expect(failure(await send(form(url))) == .connect)
        }

        @Test("loopback and plain HTTP only where that is configured")
        func loopback() async throws {
            let endpoint = try ScriptedEndpoint { socket, _, endpoint in endpoint.read(socket) }
            defer { endpoint.stop() }
            let exchange = try Self.exchange { $0.allowsLoopback = false }
            for host in ["http://127.0.0.1", "https://127.0.0.1", "https://[::1]", "https://127.9.9.9"] {
                #expect(failure(await send(form("\(host):\(endpoint.port)/"), exchange)) == .connect)
            }
            #expect(endpoint.connectionCount == 0)
            await exchange.stop()
        }

        @Test("a name that is not known")
        func unknownName() async throws {
            let answer = await send(form("https://no-such-host.invalid/", timeout: 10_000))
            #expect([.nameResolution, .timeoutBeforeSending, .connect].contains(failure(answer)))
        }

        @Test("a peer that takes the connection and says nothing of TLS")
        func silentTLS() async throws {
            let endpoint = try ScriptedEndpoint { _, _, _ in HTTPExchangeTests.wait(2_000) }
            defer { endpoint.stop() }
            var request = form("https://127.0.0.1:\(endpoint.port)/")
            request.connectTimeout = 300
            #expect([.tls, .connect, .timeoutBeforeSending].contains(failure(await send(request))))
        }

        @Test("a peer that speaks no TLS")
        func plainForTLS() async throws {
            let endpoint = try ScriptedEndpoint { socket, _, _ in
                socket.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                HTTPExchangeTests.wait(300)
            }
            defer { endpoint.stop() }
            #expect(failure(await send(form("https://127.0.0.1:\(endpoint.port)/"))) == .tls)
        }

        @Test("through a proxy: the name is the proxy's to resolve, and the tunnel carries TLS only")
        func proxy() async throws {
            let proxy = try ScriptedEndpoint { socket, _, endpoint in
                endpoint.read(socket)
                socket.send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
            }
            defer { proxy.stop() }
            let exchange = try Self.exchange { $0.proxy = ("127.0.0.1", proxy.port) }
            #expect(failure(await send(form("https://receiver.example/in"), exchange)) == .connect)
            #expect(proxy.seen.first?.head.hasPrefix("CONNECT receiver.example:443 HTTP/1.1") == true)
            #expect(proxy.seen.count == 1 && proxy.seen.first?.body.isEmpty == true)
            await exchange.stop()
        }

        // MARK: -

        static func exchange(_ change: (inout ExchangeSettings) -> Void = { _ in }) throws -> HTTPExchange {
            var settings = ExchangeSettings()
            settings.allowsLoopback = true
            change(&settings)
            return try HTTPExchange(settings)
        }
    }

    func form(_ url: String, timeout: Int = 5_000) -> ExchangeRequest {
        ExchangeRequest(
            url: url, headers: [("Content-Type", "application/json"), ("Idempotency-Key", "\"k-1\"")],
            body: Array("{\"b\": 3}".utf8), timeout: timeout)
    }

    /// Sends by an exchange, or by one for this request only.
    func send(_ request: ExchangeRequest, _ exchange: HTTPExchange? = nil) async
        -> Result<ExchangeResponse, ExchangeError>
    {
        guard let used = exchange ?? (try? HTTPExchangeTests.exchange()) else { return .failure(.connect) }
        let answer = await withCheckedContinuation { continuation in
            used.send(request) { continuation.resume(returning: $0) }
        }
        if exchange == nil { await used.stop() }
        return answer
    }

    func failure(_ answer: Result<ExchangeResponse, ExchangeError>) -> ExchangeError? {
        if case .failure(let error) = answer { error } else { nil }
    }
#endif
