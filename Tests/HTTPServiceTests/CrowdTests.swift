#if HTTP
    import Foundation
    import Testing

    @testable import HTTPService

    /// One after another: they fill connections, and look at times.
    @Suite("intake over HTTP: slow clients and crowds", .serialized)
    struct CrowdTests {
        private static let post = request("POST /v1/referrals", body: "<a/>")

        @Test("200 slow clients end in time, and a good post meanwhile is answered within a second")
        func slowHeads() async throws {
            try await withServer({
                $0.connectionsOfPeer = 500
                $0.headTime = 2_000
                $0.rateGrace = 1_000
            }) { port, server, _ in
                let slow = try await blocking {
                    try (0..<200).map { number in
                        let socket = try RawSocket(port: port)
                        socket.send(
                            number % 2 == 0 ? "POST /v1/ref" : String(request("POST /v1/referrals", length: 9_000)))
                        return socket
                    }
                }
                let answer = try await exchange(port, Self.post)
                #expect(answer.status == 202)
                let ended = try await blocking {
                    slow.filter { socket in
                        // A byte now and then must not keep it open.
                        let end = ContinuousClock.now + .seconds(6)
                        while ContinuousClock.now < end {
                            guard socket.send("x"), let bytes = socket.receive(milliseconds: 50) else {
                                if !socket.send("x") { return true }
                                continue
                            }
                            if bytes.isEmpty || status(String(decoding: bytes, as: UTF8.self)) == 408 { return true }
                        }
                        return false
                    }.count
                }
                #expect(ended == 200)
                let limit = ContinuousClock.now + .seconds(10)
                while server.connectionCount > 0, ContinuousClock.now < limit {
                    try await Task.sleep(for: .milliseconds(50))
                }
                #expect(server.connectionCount == 0 && slow.count == 200)
            }
        }

        @Test("a new connection that says nothing, and one that waits too long for its next request, are closed")
        func idle() async throws {
            try await withServer({
                $0.headTime = 300
                $0.idleTime = 300
            }) { port, _, _ in
                let (silent, kept) = try await blocking {
                    let silent = try RawSocket(port: port).receiveAll(milliseconds: 2_000)
                    let socket = try RawSocket(port: port)
                    socket.send(Self.post)
                    return (silent, socket.receiveAll(milliseconds: 2_000))
                }
                #expect(silent.isClosed && status(silent.text) == 408)
                #expect(kept.isClosed && status(kept.text) == 202)
            }
        }

        @Test("a body that comes at a byte a second is ended by its rate, long before its time")
        func slowBody() async throws {
            try await withServer({ $0.rateGrace = 400 }) { port, _, _ in
                let answer = try await blocking {
                    let socket = try RawSocket(port: port)
                    socket.send(request("POST /v1/referrals", length: 100_000))
                    for _ in 0..<20 {
                        socket.send("a")
                        if let bytes = socket.receive(milliseconds: 100) {
                            return String(decoding: bytes, as: UTF8.self)
                        }
                    }
                    return ""
                }
                #expect(status(answer) == 408)
            }
        }

        @Test("connections past the limit of an address are told so")
        func tooManyConnections() async throws {
            try await withServer({ $0.connectionsOfPeer = 3 }) { port, _, _ in
                let answer = try await blocking {
                    let held = try (0..<3).map { _ in
                        let socket = try RawSocket(port: port)
                        socket.send(Self.post)
                        _ = socket.receiveMessage()
                        return socket
                    }
                    defer { _ = held.count }
                    return try RawSocket(port: port).receiveAll(milliseconds: 2_000)
                }
                #expect(answer.isClosed && status(answer.text) == 503)
                #expect(answer.text.contains("Retry-After: ") && answer.text.contains("X-Request-Id: "))
                #expect(try await exchange(port, Self.post).status == 202, "room is given back")
            }
        }

        @Test("requests of one client past its limit get 429, those of another go on")
        func tooManyRequests() async throws {
            try await withServer({ $0.requestsOfClient = 2 }) { port, _, stub in
                let held = try await blocking {
                    try (0..<2).map { _ in
                        let socket = try RawSocket(port: port)
                        socket.send(request("POST /v1/referrals", body: "slow 1500"))
                        return socket
                    }
                }
                while stub.submissions.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
                let third = try await exchange(port, Self.post)
                #expect(third.status == 429 && third.head["retry-after"] == "1")
                let other = try await exchange(port, request("POST /v1/referrals", body: "<a/>", token: "another"))
                #expect(other.status == 202)
                let statuses = try await blocking { held.map { status($0.receiveMessage()?.head ?? "") } }
                #expect(statuses == [202, 202])
            }
        }

        @Test("bodies of all clients together are bounded")
        func bodiesInHand() async throws {
            try await withServer({ $0.bodiesInHand = 100_000 }) { port, _, _ in
                let large = request("POST /v1/referrals", body: String(repeating: "a", count: 200_000))
                let refused = try await exchange(port, large)
                #expect(refused.status == 503)
                let small = request("POST /v1/referrals", body: String(repeating: "a", count: 90_000))
                for _ in 0..<5 {
                    let answer = try await exchange(port, small)
                    #expect(answer.status == 202)
                }
            }
        }

        @Test("while it stops, requests in hand are finished and new ones get 503 and the end of the connection")
        func drain() async throws {
            try await withServer { port, server, stub in
                let (busy, open) = try await blocking {
                    let busy = try RawSocket(port: port)
                    busy.send(request("POST /v1/referrals", body: "slow 600"))
                    return (busy, try RawSocket(port: port))
                }
                while stub.submissions.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
                server.drain()
                let (refused, finished) = try await blocking {
                    open.send(Self.post)
                    return (open.receiveAll(milliseconds: 2_000), busy.receiveAll(milliseconds: 3_000))
                }
                #expect(status(refused.text) == 503 && refused.isClosed)
                #expect(refused.text.contains("unavailable-draining") && refused.text.contains("Connection: close"))
                #expect(status(finished.text) == 202 && finished.isClosed)
                await server.stop(graceMilliseconds: 2_000)
                #expect(throws: POSIXError.self) { try RawSocket(port: port) }
            }
        }

        @Test(
            "3,000 posts of 8 KB a second from 64 connections",
            .enabled(if: ProcessInfo.processInfo.environment["LINKWAY_LOAD"] != nil, "set LINKWAY_LOAD to measure"))
        func load() async throws {
            let script = FileManager.default.temporaryDirectory.appendingPathComponent("load-\(UUID()).lua")
            try """
            wrk.method = "POST"
            wrk.body = string.rep("a", 8192)
            wrk.headers["Content-Type"] = "application/xml"
            wrk.headers["Authorization"] = "Bearer \(StubIntake.token)"
            """.write(to: script, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(at: script) }
            try await withServer { port, _, stub in
                let output = try await blocking {
                    try run(
                        "wrk",
                        ["-t1", "-c64", "-d5", "--latency", "-s", script.path, "http://127.0.0.1:\(port)/v1/referrals"])
                }
                print(output)
                #expect(stub.submissions.count > 15_000 && !output.contains("Non-2xx"))
            }
        }
    }

    /// Runs a command and gives what it printed.
    @discardableResult
    func run(_ command: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [command] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandFailed(output: String(decoding: output, as: UTF8.self))
        }
        return String(decoding: output, as: UTF8.self)
    }

    struct CommandFailed: Error { var output: String }
#endif
