#if HTTP
    import Foundation
    import Reporting
    import Synchronization

    @testable import HTTPService

    /// A handler that does what the body says, and remembers what it was given.
    final class StubIntake: IntakeHandling {
        static let token = "correct-horse-battery-staple"
        private let taken = Mutex<[Submission]>([])
        private let tokens: BearerTokens
        private let names: [String: SourceIdentity]

        init(names: [String: SourceIdentity] = [:]) {
            var tokens = BearerTokens()
            tokens.add(Self.token + "\n", for: SourceIdentity(source: "north", others: ["annex"]))
            tokens.add("another", for: SourceIdentity(source: "south"))
            tokens.add("service", for: SourceIdentity(source: "service", postsOutcomes: true))
            self.tokens = tokens
            self.names = names
        }

        var submissions: [Submission] { taken.withLock { $0 } }

        func authenticate(token: String?, peerCertificateNames: [String]) -> SourceIdentity? {
            if let token { return tokens.identity(for: token) }
            return peerCertificateNames.compactMap { names[$0] }.first
        }

        func submit(_ submission: Submission) async -> SubmissionAnswer {
            taken.withLock { $0.append(submission) }
            let words = String(decoding: submission.bytes, as: UTF8.self).split(separator: " ")
            switch words.first {
            case "malformed": return .malformed([Self.finding])
            case "conflict": return .conflict(reference: "a1")
            case "in-progress": return .inProgress
            case "full": return .unavailable(.full, retryAfterSeconds: 30)
            case "sick": return .unavailable(.sick, retryAfterSeconds: 30)
            case "paused": return .unavailable(.paused, retryAfterSeconds: 60)
            case "busy": return .unavailable(.busy, retryAfterSeconds: 2)
            case "held": return .taken(Self.status("held", isUnusable: true), isRepeat: false)
            case "repeat": return .taken(Self.status("delivered"), isRepeat: true)
            case "slow": try? await Task.sleep(for: .milliseconds(Int(words[1]) ?? 0))
            default: break
            }
            return .taken(Self.status("waiting"), isRepeat: false)
        }

        func status(of reference: String, source: SourceIdentity) async -> MessageStatus? {
            reference == "a1" && source.source == "north" ? Self.status("delivered") : nil
        }

        private static func status(_ state: String, isUnusable: Bool = false) -> MessageStatus {
            MessageStatus(
                reference: "a1", state: state, isUnusable: isUnusable, findings: isUnusable ? [finding] : [])
        }

        private static let finding = Finding(
            "xml-malformed", "the element is not closed",
            at: Finding.Location(document: "", position: SourcePosition(line: 3, column: 7)))
    }

    /// A server on a free port of this machine, for as long as a test runs.
    func withServer<Value: Sendable>(
        _ change: (inout ServiceLimits) -> Void = { _ in }, handler: StubIntake = StubIntake(), tls: TLSFiles? = nil,
        observe: @escaping @Sendable (ServedRequest) -> Void = { _ in },
        _ body: (Int, HTTPServer, StubIntake) async throws -> Value
    ) async throws -> Value {
        var limits = ServiceLimits()
        change(&limits)
        let settings = ListenerSettings(address: .tcp(host: "127.0.0.1", port: 0), tls: tls, limits: limits)
        let server = HTTPServer(
            settings, service: IntakeService(handler: handler, limits: limits), observe: observe)
        let port = try await server.start() ?? 0
        do {
            let value = try await body(port, server, handler)
            await server.stop(graceMilliseconds: 200)
            return value
        } catch {
            await server.stop(graceMilliseconds: 200)
            throw error
        }
    }

    /// The text of a request; `Host`, a token and `Content-Length` are there unless they are given or left out.
    func request(
        _ line: String, _ headers: [String] = [], body: String = "", type: String? = "application/xml",
        token: String? = StubIntake.token, length: Int? = nil
    ) -> String {
        var lines = ["\(line) HTTP/1.1", "Host: gateway"]
        if let token { lines.append("Authorization: Bearer \(token)") }
        if line.hasPrefix("POST") || !body.isEmpty {
            if let type { lines.append("Content-Type: \(type)") }
            lines.append("Content-Length: \(length ?? body.utf8.count)")
        }
        return (lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    /// Sends a request and gives the answer: status, head with names in lower case, body.
    func exchange(_ port: Int, _ text: String) async throws -> (status: Int, head: [String: String], body: String) {
        try await blocking {
            let socket = try RawSocket(port: port)
            socket.send(text)
            guard let message = socket.receiveMessage() else { return (0, [:], "") }
            return (status(message.head), headers(message.head), message.body)
        }
    }

    func status(_ head: String) -> Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }

    func headers(_ head: String) -> [String: String] {
        var headers: [String: String] = [:]
        for line in head.components(separatedBy: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        return headers
    }
#endif
