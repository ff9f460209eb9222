#if HTTP
    import Foundation
    import Synchronization
    import Testing

    @testable import HTTPService

    @Suite("intake over HTTP: what is answered")
    struct IntakeServiceTests {
        struct Case: Sendable, CustomTestStringConvertible {
            var name: String
            var text: String
            var status: Int
            var code: String?
            var testDescription: String { name }

            init(_ name: String, _ text: String, _ status: Int, _ code: String? = nil) {
                self.name = name
                self.text = text
                self.status = status
                self.code = code
            }
        }

        static let ids = [
            "X-Request-Id: 11111111-2222-4333-8444-555555555555",
            "X-Correlation-Id: 66666666-7777-4888-8999-aaaaaaaaaaaa",
        ]
        static let message = "POST /FHIR/R4/$process-message"
        static let json = "application/json"
        static let fhir = "application/fhir+json; charset=utf-8"

        static let cases: [Case] = [
            Case("a document", request("POST /v1/referrals", body: "<a/>"), 202),
            Case("a repeat", request("POST /v1/referrals", body: "repeat"), 200),
            Case(
                "a document for another source of the client", request("POST /v1/referrals?source=annex", body: "x"),
                202),
            Case("not well-formed", request("POST /v1/referrals", body: "malformed"), 400, "document-malformed"),
            Case("held, not waited for", request("POST /v1/referrals", body: "held"), 202),
            Case("held", request("POST /v1/referrals?wait=mapped", body: "held"), 422, "document-unusable"),
            Case("conflict", request("POST /v1/referrals", body: "conflict"), 409, "id-reused"),
            Case("full", request("POST /v1/referrals", body: "full"), 503, "unavailable-full"),
            Case("sick", request("POST /v1/referrals", body: "sick"), 503, "unavailable-sick"),
            Case("paused", request("POST /v1/referrals", body: "paused"), 503, "unavailable-paused"),
            Case("busy", request("POST /v1/referrals", body: "busy"), 429, "too-many-requests"),
            Case("no token", request("POST /v1/referrals", body: "x", token: nil), 401, "not-allowed"),
            Case("a wrong token", request("POST /v1/referrals", body: "x", token: "guess"), 401, "not-allowed"),
            Case("two tokens", request("POST /v1/referrals", ["Authorization: Bearer another"], body: "x"), 401),
            Case("another's source", request("POST /v1/referrals?source=south", body: "x"), 403, "not-allowed"),
            Case("an outcome", request("POST /v1/outcomes", ids, body: "{}", type: json, token: "service"), 202),
            Case(
                "an outcome of a practice", request("POST /v1/outcomes", ids, body: "{}", type: json), 403,
                "not-allowed"),
            Case("a referral of a service", request("POST /v1/referrals", body: "x", token: "service"), 403),
            Case(
                "BaRS of a service", request(message, ids, body: "{}", type: fhir, token: "service"), 403,
                "REC_FORBIDDEN"),
            Case("an unknown wait", request("POST /v1/referrals?wait=long", body: "x"), 400, "parameter-invalid"),
            Case("an unknown parameter", request("POST /v1/referrals?debug=1", body: "x"), 400, "parameter-invalid"),
            Case("no media type", request("POST /v1/referrals", body: "x", type: nil), 415, "media-type-unsupported"),
            Case("a picture", request("POST /v1/referrals", body: "x", type: "image/png"), 415),
            Case("a form", request("POST /v1/referrals", body: "x", type: "text/plain"), 415),
            Case("compressed", request("POST /v1/referrals", ["Content-Encoding: gzip"], body: "x"), 415),
            Case("JSON", request("POST /v1/referrals", body: "{}", type: "application/fhir+json"), 202),
            Case("HL7v2", request("POST /v1/referrals", body: "MSH|", type: "x-application/hl7-v2+er7"), 202),
            Case("announced too large", request("POST /v1/referrals", length: 6 << 20), 413, "body-too-large"),
            Case(
                "an id that could forge a log", request("POST /v1/referrals", ["X-Request-Id: a\u{1B}[31m"], body: "x"),
                400),
            Case("a wrong method", request("PUT /v1/referrals"), 405, "method-not-allowed"),
            Case("a path that is not", request("GET /v2/referrals"), 404, "not-found"),
            Case("a path upwards", request("GET /v1/messages/../referrals"), 404),
            Case("its own message", request("GET /v1/messages/a1"), 200),
            Case("another's message", request("GET /v1/messages/a1", token: "another"), 404, "not-found"),
            Case("a message, no token", request("GET /v1/messages/a1", token: nil), 401),
            Case("a BaRS message", request(message, ids, body: "{}", type: fhir), 200),
            Case("BaRS without ids", request(message, body: "{}", type: fhir), 400, "REC_BAD_REQUEST"),
            Case(
                "BaRS with ids that are not UUIDs",
                request(message, ["X-Request-Id: 1", "X-Correlation-Id: 2"], type: fhir), 400, "REC_BAD_REQUEST"),
            Case("BaRS repeat", request(message, ids, body: "repeat", type: fhir), 409, "REC_CONFLICT"),
            Case("BaRS conflict", request(message, ids, body: "conflict", type: fhir), 409, "REC_CONFLICT"),
            Case("BaRS in progress", request(message, ids, body: "in-progress", type: fhir), 425),
            Case("BaRS held", request(message, ids, body: "held", type: fhir), 422, "REC_UNPROCESSABLE_ENTITY"),
            Case("BaRS malformed", request(message, ids, body: "malformed", type: fhir), 400, "REC_BAD_REQUEST"),
            Case("BaRS full", request(message, ids, body: "full", type: fhir), 503, "REC_UNAVAILABLE"),
            Case("BaRS busy", request(message, ids, body: "busy", type: fhir), 429, "REC_TOO_MANY_REQUESTS"),
            Case("BaRS no token", request(message, ids, body: "{}", type: fhir, token: nil), 401, "REC_UNAUTHORIZED"),
            Case("BaRS plain JSON", request(message, ids, body: "{}", type: "application/json"), 415),
            Case("BaRS wrong method", request("GET /FHIR/R4/$process-message", ids), 405, "REC_METHOD_NOT_ALLOWED"),
            Case("BaRS unknown", request("GET /FHIR/R4/Patient", ids), 404, "REC_NOT_FOUND"),
            Case("capability statement", request("GET /FHIR/R4/metadata", ids), 200),
            Case("message definitions", request("GET /FHIR/R4/MessageDefinition", ids), 200),
        ]

        @Test("each answer has its status, its code and its ids", arguments: cases)
        func answers(_ test: Case) async throws {
            try await withServer { port, _, _ in
                let answer = try await exchange(port, test.text)
                #expect(answer.status == test.status)
                if let code = test.code { #expect(answer.body.contains("\"code\":\"\(code)\"")) }
                for name in ["x-request-id", "x-correlation-id"] { #expect(answer.head[name]?.isEmpty == false) }
                #expect(answer.head["x-content-type-options"] == "nosniff")
                #expect(answer.head["access-control-allow-origin"] == nil)
                if answer.status == 429 || answer.status == 503 {
                    #expect(Int(answer.head["retry-after"] ?? "") ?? 0 > 0)
                }
                if answer.status >= 400 {
                    let isFHIR = test.text.contains(" /FHIR/")
                    #expect(
                        answer.head["content-type"] == (isFHIR ? "application/fhir+json" : "application/problem+json"))
                    #expect(!isFHIR || answer.body.contains("OperationOutcome"))
                }
            }
        }

        @Test("what is handed on is what was sent, with the sender's own names")
        func handedOn() async throws {
            try await withServer { port, _, stub in
                let answer = try await exchange(
                    port,
                    request(
                        "POST /v1/referrals?source=%61nnex", ["X-Request-Id: id-1", "X-Correlation-Id: case-2"],
                        body: "<a>é</a>", type: "Application/XML; Charset=\"UTF-8\""))
                #expect(answer.body == #"{"reference":"a1","state":"waiting"}"#)
                #expect(answer.head["location"] == "/v1/messages/a1")
                #expect(answer.head["x-request-id"] == "id-1" && answer.head["x-correlation-id"] == "case-2")
                let submission = try #require(stub.submissions.first)
                #expect(submission.source == "annex" && submission.bytes == Array("<a>é</a>".utf8))
                #expect(submission.mediaType == "application/xml" && submission.charset == "utf-8")
                #expect(submission.transportID == "id-1" && submission.correlation == "case-2")
                #expect(!submission.waitsForMapping && submission.door == .referrals)
            }
        }

        @Test("findings say what is wrong, where, why and how to put it right")
        func findings() async throws {
            try await withServer { port, _, _ in
                let answer = try await exchange(port, request("POST /v1/referrals", body: "malformed"))
                #expect(answer.body.contains(#""message":"the element is not closed""#))
                #expect(answer.body.contains(#""line":3,"column":7"#))
                #expect(answer.body.contains(#""why":"#) && answer.body.contains(#""help":"#))
            }
        }

        @Test("not allowed and not known read alike")
        func alike() async throws {
            try await withServer { port, _, _ in
                let unknown = try await exchange(port, request("POST /v1/referrals", body: "x", token: "guess"))
                let forbidden = try await exchange(port, request("POST /v1/referrals?source=south", body: "x"))
                #expect(
                    unknown.body.replacingOccurrences(of: "401", with: "403")
                        == forbidden.body)
            }
        }

        @Test("BaRS: an answer that is not there in time is 408")
        func timeout() async throws {
            try await withServer({ $0.fhirAnswerTime = 400 }) { port, _, _ in
                let answer = try await exchange(
                    port, request(Self.message, Self.ids, body: "slow 2000", type: Self.fhir))
                #expect(answer.status == 408 && answer.body.contains("REC_TIMEOUT"))
                #expect(answer.head["x-request-id"] == "11111111-2222-4333-8444-555555555555")
            }
        }

        @Test("one connection carries many requests, also when they are sent all at once")
        func pipelined() async throws {
            try await withServer { port, _, stub in
                let text = try await blocking {
                    let socket = try RawSocket(port: port)
                    socket.send(String(repeating: request("POST /v1/referrals", body: "<a/>"), count: 20))
                    socket.closeOutput()
                    return socket.receiveAll(milliseconds: 3_000)
                }
                #expect(text.text.components(separatedBy: "HTTP/1.1 202").count == 21)
                #expect(text.isClosed && stub.submissions.count == 20)
            }
        }

        @Test("who asks first hears 100 before the body, or the answer instead of it")
        func expectation() async throws {
            try await withServer { port, _, _ in
                let (first, last) = try await blocking {
                    let socket = try RawSocket(port: port)
                    socket.send(request("POST /v1/referrals", ["Expect: 100-continue"], length: 4))
                    let first = socket.receiveMessage()?.head ?? ""
                    socket.send("<a/>")
                    return (first, socket.receiveMessage()?.head ?? "")
                }
                #expect(status(first) == 100 && status(last) == 202)
                let large = try await exchange(
                    port, request("POST /v1/referrals", ["Expect: 100-continue"], length: 6 << 20))
                #expect(large.status == 413)
            }
        }

        @Test("requests are counted by template, never by what a client wrote")
        func observed() async throws {
            let seen = SeenRequests()
            try await withServer(observe: { seen.add("\($0.method) \($0.template) \($0.status)") }) { port, _, _ in
                _ = try await exchange(port, request("GET /v1/messages/a1"))
                _ = try await exchange(port, request("DELETE /secret/name"))
                _ = try await exchange(port, "nonsense\r\n\r\n")
            }
            #expect(seen.all == ["GET /v1/messages/{reference} 200", "other other 404", "other other 400"])
        }
    }

    final class SeenRequests: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }
#endif
