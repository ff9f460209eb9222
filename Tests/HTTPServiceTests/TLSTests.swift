#if HTTP
    import Delivery
    import Foundation
    import Testing

    @testable import HTTPService

    @Suite("TLS, both ways", .enabled(if: Certificates.isAvailable))
    struct TLSTests {
        private static let names = "DNS:localhost,IP:127.0.0.1"

        /// Posts to our own server over TLS.
        private func post(
            _ port: Int, trusting authority: String, _ files: Certificates, as client: String? = nil
        ) async throws -> Result<ExchangeResponse, ExchangeError> {
            let exchange = try HTTPExchangeTests.exchange {
                $0.authorities = files.path(authority)
                $0.certificateChain = client.map(files.path)
                $0.privateKey = client.map(files.keyPath)
            }
            var request = form("https://localhost:\(port)/v1/referrals")
            if client == nil { request.headers.append(("Authorization", "Bearer \(StubIntake.token)")) }
            let answer = await send(request, exchange)
            await exchange.stop()
            return answer
        }

        @Test(
            "a server's certificate that is not good: nothing is sent",
            arguments: ["expired", "wrong-host", "self-signed", "other-authority"])
        func badServer(_ fault: String) async throws {
            let files = try Certificates()
            switch fault {
            case "expired": try files.issue(fault, names: Self.names, days: -1)
            case "wrong-host": try files.issue(fault, names: "DNS:elsewhere.example")
            case "self-signed": try files.selfSign(fault, names: Self.names)
            default: try files.issue(fault, names: Self.names, by: "other-ca")
            }
            try await withServer(tls: files.server(fault)) { port, _, stub in
                let answer = try await post(port, trusting: "ca", files)
                #expect(failure(answer) == .tls && stub.submissions.isEmpty)
            }
        }

        @Test("a client without a certificate, or with one that is not good, gets nowhere")
        func badClients() async throws {
            let files = try Certificates()
            try files.issue("server", names: Self.names)
            try files.issue("practice", names: "DNS:practice.example")
            try files.issue("stranger", names: "DNS:stranger.example")
            try files.issue("expired", names: "DNS:practice.example", days: -1)
            try files.issue("forged", names: "DNS:practice.example", by: "other-ca")
            let tls = files.server("server", clients: "ca", allowed: ["practice.example"])
            let stub = StubIntake(names: ["practice.example": SourceIdentity(source: "practice")])
            try await withServer(handler: stub, tls: tls) { port, _, _ in
                for client in [nil, "stranger", "expired", "forged"] {
                    let answer = try await post(port, trusting: "ca", files, as: client)
                    #expect(failure(answer) != nil, "\(client ?? "no certificate")")
                }
                #expect(stub.submissions.isEmpty)
                let answer = try await post(port, trusting: "ca", files, as: "practice")
                #expect(try answer.get().status == 202)
                #expect(stub.submissions.map(\.source) == ["practice"])
            }
        }

        @Test("a new certificate is used without a restart, and a bad one leaves the last in force")
        func reload() async throws {
            let files = try Certificates()
            try files.issue("server", names: Self.names)
            try await withServer(tls: files.server("server")) { port, server, _ in
                #expect(try await post(port, trusting: "ca", files).get().status == 202)
                let before = try #require(server.certificateExpiry())
                try files.issue("server", names: Self.names, by: "other-ca", days: 9)
                try server.reloadCertificates()
                #expect(failure(try await post(port, trusting: "ca", files)) == .tls)
                #expect(try await post(port, trusting: "other-ca", files).get().status == 202)
                #expect(try #require(server.certificateExpiry()) > before)
                try "nonsense".write(toFile: files.path("server"), atomically: true, encoding: .utf8)
                #expect(throws: ListenerError.certificate("the certificate cannot be read")) {
                    try server.reloadCertificates()
                }
                #expect(try await post(port, trusting: "other-ca", files).get().status == 202)
            }
        }

        @Test("TLS 1.1 is not spoken", arguments: [("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)])
        func versions(_ flag: String, isSpoken: Bool) async throws {
            let files = try Certificates()
            try files.issue("server", names: Self.names)
            try await withServer(tls: files.server("server")) { port, _, _ in
                let output = try await blocking {
                    (try? run("sh", ["-c", "openssl s_client -connect 127.0.0.1:\(port) \(flag) </dev/null 2>&1"]))
                        ?? ""
                }
                #expect(output.contains("BEGIN CERTIFICATE") == isSpoken)
            }
        }

        @Test("plain HTTP to a TLS listener, and half a handshake, take nothing")
        func plain() async throws {
            let files = try Certificates()
            try files.issue("server", names: Self.names)
            try await withServer({ $0.headTime = 400 }, tls: files.server("server")) { port, _, stub in
                let (plain, silent) = try await blocking {
                    let socket = try RawSocket(port: port)
                    socket.send(request("POST /v1/referrals", body: "<a/>"))
                    return (
                        socket.receiveAll(milliseconds: 1_500),
                        try RawSocket(port: port).receiveAll(milliseconds: 2_000)
                    )
                }
                #expect(plain.isClosed && silent.isClosed && silent.text.isEmpty && stub.submissions.isEmpty)
            }
        }
    }

    @Suite("listeners")
    struct ListenerTests {
        @Test(
            "beyond this machine only with TLS or behind a trusted proxy",
            arguments: [
                ("0.0.0.0", false), ("::", false), ("192.0.2.7", false), ("example.org", false), ("127.0.0.1", true),
                ("::1", true), ("localhost", true),
            ])
        func openness(_ host: String, isLocal: Bool) {
            var settings = ListenerSettings(address: .tcp(host: host, port: 0))
            #expect((settings.refusal == nil) == isLocal)
            settings.isBehindTrustedProxy = true
            #expect(settings.refusal == nil)
        }

        @Test("refuses to start rather than to be open")
        func refusal() async throws {
            let server = HTTPServer(
                ListenerSettings(address: .tcp(host: "0.0.0.0", port: 0)), service: IntakeService(handler: StubIntake())
            )
            await #expect(throws: ListenerError.openWithoutTLS) { try await server.start() }
        }

        @Test("an address that is taken is said so")
        func taken() async throws {
            try await withServer { port, _, _ in
                let server = HTTPServer(
                    ListenerSettings(address: .tcp(host: "127.0.0.1", port: port)),
                    service: IntakeService(handler: StubIntake()))
                await #expect(throws: ListenerError.address("Address already in use")) { try await server.start() }
            }
        }
    }
#endif
