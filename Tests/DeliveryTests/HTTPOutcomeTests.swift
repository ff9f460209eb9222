import Custody
import Foundation
import Testing

@testable import Delivery

@Suite("HTTP outcome")
struct HTTPOutcomeTests {
    private let now = Instant(milliseconds: 1_000)

    private func verdict(_ status: Int, _ body: String = "", _ headers: [(name: String, value: String)] = [])
        -> Handover
    {
        HTTPOutcome.handover(
            .success(ExchangeResponse(status: status, headers: headers, body: Array(body.utf8))), now: now)
    }

    @Test("every 2xx is delivered", arguments: [200, 201, 202, 204, 299])
    func delivered(status: Int) {
        #expect(verdict(status) == .delivered(receipt: nil))
    }

    @Test(
        "what the receiver calls it is kept, without what may name a person",
        arguments: [
            ([("location", "https://example.org/Task/17?nhs=9990000000#x")], "", "https://example.org/Task/17"),
            ([("location", "/a b")], "", nil),
            ([("content-type", "application/fhir+json")], #"{"resourceType":"Bundle","id":"abc-1"}"#, "abc-1"),
            ([("content-type", "application/fhir+json")], #"{"resourceType":"OperationOutcome","id":"abc-1"}"#, nil),
            ([("content-type", "application/json")], #"{"id":7}"#, nil),
            ([("content-type", "application/json")], #"{"id":"Mrs Example"}"#, nil),
            ([("content-type", "text/plain")], #"{"id":"abc-1"}"#, nil),
            ([("content-type", "application/json")], String(repeating: "[", count: 100_000), nil),
        ] as [([(String, String)], String, String?)])
    func receipt(headers: [(String, String)], body: String, receipt: String?) {
        let named = headers.map { (name: $0.0, value: $0.1) }
        #expect(verdict(201, body, named) == .delivered(receipt: receipt))
    }

    @Test(
        "a conflict that says duplicate is delivered",
        arguments: [
            (
                "application/fhir+json",
                #"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"duplicate"}]}"#
            ),
            ("application/problem+json; charset=utf-8", #"{"type":"about:blank","code":"duplicate"}"#),
            (
                "application/fhir+xml",
                #"<OperationOutcome xmlns="http://hl7.org/fhir"><issue><code value="duplicate"/></issue></OperationOutcome>"#
            ),
        ])
    func duplicate(type: String, body: String) {
        #expect(verdict(409, body, [(name: "content-type", value: type)]) == .delivered(receipt: nil))
        #expect(
            verdict(422, body, [(name: "content-type", value: type)])
                == .messageRefused(cause: "status-422", answer: Array(body.utf8)))
    }

    @Test(
        "a BaRS receiver's refusal counts when it is an OperationOutcome with our id; else something in between answered",
        arguments: [
            (400, true, true, Handover.messageRefused(cause: "status-400", answer: Array(outcome.utf8))),
            (422, true, true, .messageRefused(cause: "status-422", answer: Array(outcome.utf8))),
            (
                422, true, false,
                .again(cause: "answer-unexplained", retryAfter: nil, answer: Array(outcome.utf8))
            ),
            (400, false, true, .again(cause: "answer-unexplained", retryAfter: nil, answer: Array("<html>".utf8))),
            (404, false, false, .destinationWrong(cause: "status-404", answer: Array("<html>".utf8))),
            (503, false, false, .again(cause: "status-503", retryAfter: nil, answer: Array("<html>".utf8))),
            (409, true, false, .again(cause: "status-409", retryAfter: nil, answer: Array(outcome.utf8))),
            (200, false, false, .delivered(receipt: nil)),
        ])
    func bars(status: Int, isOutcome: Bool, isMirrored: Bool, expected: Handover) {
        var response = ExchangeResponse(status: status, body: Array((isOutcome ? Self.outcome : "<html>").utf8))
        response.headers = [(name: "content-type", value: isOutcome ? "application/fhir+json" : "text/html")]
        if isMirrored { response.headers.append((name: "x-request-id", value: "0F8FAD5B-d9cb-469f-a165-70867728950e")) }
        let result = HTTPOutcome.handover(
            .success(response), now: now, barsRequest: "0f8fad5b-d9cb-469f-a165-70867728950e")
        #expect(result == expected)
    }

    private static let outcome =
        #"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid"}]}"#

    @Test("another conflict is tried a few times")
    func conflict() {
        let body = #"{"code":"conflict"}"#
        let handover = verdict(409, body, [(name: "content-type", value: "application/problem+json")])
        #expect(handover == .again(cause: "status-409", retryAfter: nil, answer: Array(body.utf8)))
        #expect(HTTPOutcome.tries("status-409") == 6)
        #expect(HTTPOutcome.tries("status-503") == nil)
    }

    @Test(
        "what speaks of us or the address stops the destination",
        arguments: [300, 301, 302, 303, 304, 307, 308, 399, 401, 403, 404, 405, 407, 421, 426, 501, 505, 511])
    func wrong(status: Int) {
        #expect(verdict(status) == .destinationWrong(cause: "status-\(status)", answer: []))
    }

    @Test("what passes is tried again", arguments: [408, 425, 429, 500, 502, 503, 504, 506, 507, 520, 599])
    func again(status: Int) {
        #expect(
            verdict(status, "busy", [(name: "retry-after", value: "3")])
                == .again(cause: "status-\(status)", retryAfter: 3_000, answer: Array("busy".utf8)))
    }

    @Test(
        "what will never pass is refused", arguments: [400, 402, 406, 410, 411, 412, 413, 414, 415, 417, 422, 431, 451])
    func refused(status: Int) {
        #expect(
            verdict(status, String(repeating: "x", count: 5_000))
                == .messageRefused(cause: "status-\(status)", answer: Array(repeating: 0x78, count: 2_048)))
    }

    @Test("a status outside HTTP is as good as none", arguments: [0, 99, 100, 199, 600, 999, -1])
    func noStatus(status: Int) {
        #expect(verdict(status) == .again(cause: "status-\(status)", retryAfter: nil, answer: []))
    }

    @Test("every failure of an exchange is tried again", arguments: ExchangeError.allCases)
    func failure(error: ExchangeError) {
        let handover = HTTPOutcome.handover(.failure(error), now: now)
        #expect(handover == .again(cause: error.cause.rawValue, retryAfter: nil, answer: []))
        let isUnknown: Set<ExchangeError> = [
            .timeoutAfterSending, .resetAfterSending, .truncated, .tooLarge, .malformed,
        ]
        #expect(error.cause.isOfDestination == !isUnknown.contains(error))
        #expect(HTTPOutcome.table.contains { $0.matches.contains(.error(error)) })
    }

    /// With `LINKWAY_WRITE_DOCS=1` the table in the page is written anew instead of compared.
    @Test("docs/delivery.md shows the table of the code")
    func documentation() throws {
        let page = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("docs/delivery.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let parts = text.components(separatedBy: "<!-- outcomes -->\n")
        try #require(parts.count == 3)
        let expected = [parts[0], HTTPOutcome.markdown(), parts[2]].joined(separator: "<!-- outcomes -->\n")
        if ProcessInfo.processInfo.environment["LINKWAY_WRITE_DOCS"] == "1" {
            try expected.write(to: page, atomically: true, encoding: .utf8)
        } else {
            #expect(text == expected, "run the tests with LINKWAY_WRITE_DOCS=1 and commit docs/delivery.md")
        }
    }
}
