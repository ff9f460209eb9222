#if HTTP
    import Foundation
    import Testing

    @testable import HTTPService

    @Suite("intake over HTTP: smuggling and framing")
    struct FramingTests {
        struct Case: Sendable, CustomTestStringConvertible {
            var name: String
            var bytes: [UInt8]
            /// What the first answer may be; 0 for none.
            var statuses: Set<Int>
            /// How many documents may be taken of it.
            var taken: Int
            var testDescription: String { name }

            init(_ name: String, _ text: String, _ statuses: Set<Int>, taken: Int = 0) {
                self.name = name
                self.bytes = Array(text.utf8)
                self.statuses = statuses
                self.taken = taken
            }
        }

        /// A head for a document, with these lines beside what every one has.
        static func post(_ lines: String..., body: String = "", target: String = "/v1/referrals") -> String {
            let fixed =
                "Host: gateway\r\nAuthorization: Bearer \(StubIntake.token)\r\nContent-Type: application/xml\r\n"
            return "POST \(target) HTTP/1.1\r\n" + fixed + lines.map { $0 + "\r\n" }.joined() + "\r\n" + body
        }

        /// A request that must never be seen as one of its own.
        static let hidden = request("POST /v1/referrals", body: "<hidden/>")
        static let chunked = "Transfer-Encoding: chunked"

        static let cases: [Case] = [
            Case("length and chunks", post("Content-Length: 6", chunked, body: "0\r\n\r\n" + hidden), [400]),
            Case("chunks and length", post(chunked, "Content-Length: 6", body: "0\r\n\r\n" + hidden), [400]),
            Case("two lengths that differ", post("Content-Length: 4", "Content-Length: 0", body: "<a/>"), [400]),
            Case("two lengths alike", post("Content-Length: 4", "Content-Length: 4", body: "<a/>"), [400]),
            Case("lengths in a list", post("Content-Length: 4, 4", body: "<a/>"), [400]),
            Case("a negative length", post("Content-Length: -1", body: hidden), [400]),
            Case("a length with a sign", post("Content-Length: +4", body: "<a/>"), [400]),
            Case("a hexadecimal length", post("Content-Length: 0x4", body: "<a/>"), [400]),
            Case("a length with a space inside", post("Content-Length: 4 4", body: "<a/>"), [400]),
            Case("a length that is empty", post("Content-Length:", body: hidden), [400]),
            Case("a length past 64 bits", post("Content-Length: 18446744073709551620", body: hidden), [400, 413]),
            Case("a huge length", post("Content-Length: 999999999999999999", body: hidden), [413]),
            Case("a length with a letter", post("Content-Length: 4a", body: "<a/>"), [400]),
            Case("a space before the colon", post("Content-Length : 4", body: "<a/>"), [400]),
            Case("chunked twice", post(chunked, chunked, body: "4\r\n<a/>\r\n0\r\n\r\n"), [400]),
            Case("chunked, chunked", post(chunked + ", chunked", body: "4\r\n<a/>\r\n0\r\n\r\n"), [400]),
            Case("chunked not last", post(chunked + ", identity", body: "0\r\n\r\n" + hidden), [400]),
            Case("gzip, chunked", post("Transfer-Encoding: gzip, chunked", body: "0\r\n\r\n"), [400]),
            Case("identity", post("Transfer-Encoding: identity", body: hidden), [400]),
            Case("a misspelt coding", post("Transfer-Encoding: xchunked", body: "0\r\n\r\n" + hidden), [400]),
            Case("a coding in quotes", post("Transfer-Encoding: \"chunked\"", body: "0\r\n\r\n" + hidden), [400]),
            Case(
                "a coding after a vertical tab", post("Transfer-Encoding: \u{0B}chunked", body: "0\r\n\r\n" + hidden),
                [400]),
            Case(
                "a space before the coding's colon", post("Transfer-Encoding : chunked", body: "0\r\n\r\n" + hidden),
                [400]),
            Case(
                "a coding on a folded line", post("Transfer-Encoding:\r\n chunked", body: "0\r\n\r\n" + hidden), [400]),
            Case(
                "an underscore for a hyphen", post("Transfer_Encoding: chunked", "Content-Length: 4", body: "<a/>"),
                [202], taken: 1),
            Case("chunks", post(chunked, body: "2\r\n<a\r\n2\r\n/>\r\n0\r\n\r\n"), [202], taken: 1),
            Case("Chunked", post("Transfer-Encoding: Chunked", body: "4\r\n<a/>\r\n0\r\n\r\n"), [202], taken: 1),
            Case("a trailer", post(chunked, body: "4\r\n<a/>\r\n0\r\nX-Last: 1\r\n\r\n"), [202], taken: 1),
            Case(
                "a length in a trailer", post(chunked, body: "4\r\n<a/>\r\n0\r\nContent-Length: 9\r\n\r\n"),
                [202, 400], taken: 1),
            Case("a chunk's extension", post(chunked, body: "4;a=b\r\n<a/>\r\n0\r\n\r\n"), [202], taken: 1),
            Case("a chunk size past 64 bits", post(chunked, body: "10000000000000004\r\n<a/>\r\n0\r\n\r\n"), [400]),
            Case("a negative chunk size", post(chunked, body: "-4\r\n<a/>\r\n0\r\n\r\n"), [400]),
            Case("a chunk size with 0x", post(chunked, body: "0x4\r\n<a/>\r\n0\r\n\r\n"), [400]),
            Case("a chunk size that is empty", post(chunked, body: "\r\n<a/>\r\n0\r\n\r\n"), [400]),
            Case("a chunk longer than it says", post(chunked, body: "2\r\n<a/>\r\n0\r\n\r\n"), [400]),
            Case("a chunk without its end", post(chunked, body: "4\r\n<a/>0\r\n\r\n"), [400]),
            Case("chunk lines that end in LF", post(chunked, body: "4\n<a/>\n0\n\n"), [400]),
            Case("a huge chunk size", post(chunked, body: "FFFFFFFFFFFFFFF\r\n<a/>"), [400, 408, 413]),
            Case("a chunk that stops", post(chunked, body: "4\r\n<a"), [400, 408]),
            Case("a body that stops", post("Content-Length: 9", body: "<a/>"), [400, 408]),
            Case("more than the length says", post("Content-Length: 4", body: "<a/>" + "XXXX"), [202], taken: 1),
            Case("a request after the request", post("Content-Length: 4", body: "<a/>" + hidden), [202], taken: 2),
            Case("no host", "GET /v1/messages/a1 HTTP/1.1\r\n\r\n", [400]),
            Case("two hosts", request("GET /v1/messages/a1", ["Host: other"]), [400]),
            Case("a target of another host", request("GET http://other/v1/messages/a1"), [400]),
            Case("a target with a fragment", request("GET /v1/messages/a1#x"), [400]),
            Case("a target not in ASCII", request("GET /v1/messages/\u{E9}"), [400]),
            Case("the asterisk", request("OPTIONS *"), [400]),
            Case("CONNECT", "CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n", [400]),
            Case("TRACE", request("TRACE /v1/referrals"), [405]),
            Case("an unknown method", request("BREW /v1/referrals"), [400]),
            Case("a method in lower case", "post /v1/referrals HTTP/1.1\r\nHost: gateway\r\n\r\n", [400]),
            Case("HTTP/1.0", "GET /v1/messages/a1 HTTP/1.0\r\nHost: gateway\r\n\r\n", [505]),
            Case("HTTP/0.9", "GET /v1/messages/a1\r\n\r\n", [400, 505]),
            Case("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400, 505]),
            Case("HTTP/9.9", "GET /v1/messages/a1 HTTP/9.9\r\nHost: gateway\r\n\r\n", [400, 505]),
            Case("a TLS greeting", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", [400]),
            Case("a NUL in a header", request("GET /v1/messages/a1", ["X-A: a\u{0}b"]), [400]),
            Case("a lone CR in a header", request("GET /v1/messages/a1", ["X-A: a\rX-B: b"]), [400]),
            Case("a header without a name", request("GET /v1/messages/a1", [": a"]), [400]),
            Case("a header without a colon", request("GET /v1/messages/a1", ["nonsense"]), [400]),
            Case("a folded header", request("GET /v1/messages/a1", ["X-A: a\r\n b"]), [200, 400]),
            Case("an id with an escape", request("GET /v1/messages/a1", ["X-Request-Id: \u{1B}[2J"]), [200, 400]),
            Case("101 headers", request("GET /v1/messages/a1", (0..<101).map { "X-\($0): a" }), [431]),
            Case(
                "a header of 40 KiB",
                request("GET /v1/messages/a1", ["X-A: " + String(repeating: "a", count: 40 << 10)]), [431]),
            Case(
                "headers of 40 KiB",
                request("GET /v1/messages/a1", (0..<40).map { "X-\($0): " + String(repeating: "a", count: 1_024) }),
                [431]),
            Case("a target of 9 KiB", request("GET /v1/messages/" + String(repeating: "a", count: 9 << 10)), [414]),
            Case("an expectation that is not known", request("GET /v1/messages/a1", ["Expect: 200-maybe"]), [417]),
            Case("an upgrade", request("GET /v1/messages/a1", ["Upgrade: h2c", "Connection: Upgrade"]), [200]),
            Case("a body for GET", request("GET /v1/messages/a1", body: "<a/>"), [413]),
            Case(
                "too large in chunks",
                post(
                    chunked,
                    body: String(repeating: "8000\r\n" + String(repeating: "a", count: 0x8000) + "\r\n", count: 40)),
                [413]),
        ]

        @Test("only sound requests are answered otherwise than with a refusal, and none is hidden", arguments: cases)
        func framing(_ test: Case) async throws {
            try await withServer({
                $0.bodyBytes = 1 << 20
                $0.bodyTime = 600
                $0.headTime = 600
            }) { port, _, stub in
                let answer = try await blocking {
                    let socket = try RawSocket(port: port)
                    socket.send(test.bytes)
                    return socket.receiveUntilQuiet(milliseconds: 700)
                }
                #expect(test.statuses.contains(status(answer.text)), "\(answer.text.prefix(60))")
                let refuses = test.statuses == [400]
                #expect(answer.isClosed || !refuses, "a refusal for framing ends the connection")
                #expect(stub.submissions.count <= test.taken)
                if status(answer.text) == 202 { #expect(stub.submissions.count == test.taken) }
                let isAnswered = answer.text.hasPrefix("HTTP/1.1 ") && answer.text.contains("X-Request-Id: ")
                #expect(isAnswered && !answer.text.contains("\u{1B}"))
            }
        }
    }
#endif
