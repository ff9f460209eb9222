package import Custody

/// What each answer of an HTTP endpoint means for the delivery: one table, in code and in `docs/delivery.md`.
///
/// Where sources differ it takes what loses nothing: an answer that speaks of our credentials, the address or the method
/// stops the destination rather than throwing messages out, and what may have arrived is sent again under the same key.
package enum HTTPOutcome {
    package enum Match: Sendable, Hashable {
        case status(ClosedRange<Int>)
        /// 409 whose body says `duplicate`.
        case duplicate
        /// A refusal on a BaRS route that no BaRS receiver gave: without an OperationOutcome, or without our ids.
        case unexplained
        case error(ExchangeError)
    }

    package enum Verdict: String, Sendable, Hashable {
        case delivered, again, aFewTimes = "a few times", messageRefused = "message refused"
        case destinationWrong = "destination wrong"
    }

    package struct Row: Sendable {
        package var matches: [Match]
        package var verdict: Verdict
        /// What the answer says of us, and what is done, in plain words.
        package var meaning: String
    }

    /// How often a 409 is tried before the delivery is a dead letter.
    package static let conflictTries = 6

    /// The first row that matches counts.
    package static let table: [Row] = [
        Row([.status(200...299)], .delivered, "the receiver has it; what it calls it (`Location`, `id`) is kept"),
        Row([.duplicate], .delivered, "the receiver had it before"),
        Row(
            statuses(409), .aFewTimes,
            "the same key is being worked on, or contradicts what is there: tried \(conflictTries) times, then a dead letter"
        ),
        Row(
            [.status(300...399)] + statuses(401, 403, 404, 405, 407, 421, 426, 501, 505, 511), .destinationWrong,
            "address, credentials or protocol are wrong, not the message: the destination is stopped and probed slowly; no redirect is followed; after 401 a new token is fetched once"
        ),
        Row(
            statuses(408, 425, 429) + [.status(500...599)], .again,
            "the receiver cannot just now: again later, and not before `Retry-After` for the whole destination"),
        Row(
            [.unexplained], .again,
            "no answer of the receiver's own, but of something in between (BaRS): the same bytes again under the same `X-Request-Id`"
        ),
        Row([.status(400...499)], .messageRefused, "this message will never pass: a dead letter, tried once"),
        Row(
            [.error(.connect), .error(.nameResolution), .error(.tls)], .again,
            "nothing was sent: again for as long as it takes, never a dead letter"),
        Row(
            [.error(.timeoutBeforeSending), .error(.resetBeforeSending)], .again,
            "nothing was sent: again for as long as it takes, never a dead letter"),
        Row(
            [.error(.timeoutAfterSending), .error(.resetAfterSending), .error(.truncated), .error(.tooLarge)]
                + [.error(.malformed), .status(Int.min...199), .status(600...Int.max)], .again,
            "nobody knows whether it arrived: the same bytes again under the same `Idempotency-Key`"),
    ]

    /// The verdict on an answer.
    package static func verdict(_ match: Match) -> Verdict {
        for row in table where row.matches.contains(where: { $0.covers(match) }) { return row.verdict }
        return .again
    }

    /// What came of an exchange.
    /// - Parameters:
    ///   - now: The wall clock, for a `Retry-After` that is a date.
    ///   - barsRequest: The `X-Request-Id` a BaRS receiver must mirror; `nil` on other routes.
    package static func handover(
        _ result: Result<ExchangeResponse, ExchangeError>, now: Instant, barsRequest: String? = nil
    ) -> Handover {
        switch result {
        case .failure(let error): return .again(cause: error.cause.rawValue, retryAfter: nil, answer: [])
        case .success(let response): return handover(response, now: now, barsRequest: barsRequest)
        }
    }

    private static func handover(_ response: ExchangeResponse, now: Instant, barsRequest: String?) -> Handover {
        let answerOfTheirs = ReceiverAnswer(response)
        let isDuplicate = response.status == 409 && answerOfTheirs.isDuplicate
        let isUnexplained =
            barsRequest.map { !answerOfTheirs.isOutcome || !mirrors($0, response) } ?? false
            && verdict(.status(response.status...response.status)) == .messageRefused
        let match: Match =
            isDuplicate ? .duplicate : isUnexplained ? .unexplained : .status(response.status...response.status)
        let cause = isUnexplained ? DeliveryCause.unexplained.rawValue : "status-\(response.status)"
        let answer = Array(response.body.prefix(2048))
        switch verdict(match) {
        case .delivered: return .delivered(receipt: ReceiverAnswer(response).receipt)
        case .messageRefused: return .messageRefused(cause: cause, answer: answer)
        case .destinationWrong: return .destinationWrong(cause: cause, answer: answer)
        case .again, .aFewTimes:
            let wait = response.header("retry-after").flatMap {
                RetryAfter.milliseconds($0, date: response.header("date"), now: now)
            }
            return .again(cause: cause, retryAfter: wait, answer: answer)
        }
    }

    /// Whether an answer carries our id back (BaRS: it must). UUIDs compare without case.
    private static func mirrors(_ request: String, _ response: ExchangeResponse) -> Bool {
        response.header("x-request-id")?.lowercased() == request.lowercased()
    }

    /// How many tries a cause is given; `nil` for as many as the age limit allows.
    package static func tries(_ cause: String) -> Int? { cause == "status-409" ? conflictTries : nil }

    private static func statuses(_ list: Int...) -> [Match] { list.map { .status($0...$0) } }
}

extension HTTPOutcome.Row {
    fileprivate init(_ matches: [HTTPOutcome.Match], _ verdict: HTTPOutcome.Verdict, _ meaning: String) {
        self.init(matches: matches, verdict: verdict, meaning: meaning)
    }
}

extension HTTPOutcome.Match {
    fileprivate func covers(_ other: Self) -> Bool {
        switch (self, other) {
        case (.status(let range), .status(let status)): range.contains(status.lowerBound)
        case (.status, _), (.duplicate, _), (.unexplained, _), (.error, _): self == other
        }
    }

    /// As the documentation names it.
    package var words: String {
        switch self {
        case .status(let range) where range.lowerBound == range.upperBound: "\(range.lowerBound)"
        case .status(200...299): "2xx"
        case .status(300...399): "3xx"
        case .status(400...499): "any other 4xx"
        case .status(500...599): "any other 5xx"
        case .status: "no HTTP status"
        case .duplicate: "409 that says `duplicate`"
        case .unexplained: "form `fhir-message`: any other 4xx without an OperationOutcome or our `X-Request-Id`"
        case .error(let error): error.words
        }
    }
}

extension ExchangeError {
    package var cause: DeliveryCause {
        switch self {
        case .connect: .connect
        case .nameResolution: .name
        case .tls: .tls
        case .timeoutBeforeSending: .timeoutBeforeSending
        case .timeoutAfterSending: .timeout
        case .resetBeforeSending: .resetBeforeSending
        case .resetAfterSending: .reset
        case .truncated: .truncated
        case .tooLarge: .tooLarge
        case .malformed: .malformed
        }
    }

    fileprivate var words: String {
        switch self {
        case .connect: "no connection"
        case .nameResolution: "no such name"
        case .tls: "TLS failed"
        case .timeoutBeforeSending: "timeout before sending"
        case .timeoutAfterSending: "timeout after sending"
        case .resetBeforeSending: "reset before sending"
        case .resetAfterSending: "reset after sending"
        case .truncated: "answer cut short"
        case .tooLarge: "answer without end"
        case .malformed: "answer that is not HTTP"
        }
    }
}

extension HTTPOutcome {
    /// The table as the documentation shows it.
    package static func markdown() -> String {
        var text = "| answer | verdict | meaning |\n|---|---|---|\n"
        for row in table {
            var answers: [String] = []
            for match in row.matches where !answers.contains(match.words) { answers.append(match.words) }
            text += "| \(answers.joined(separator: ", ")) | \(row.verdict.rawValue) | \(row.meaning) |\n"
        }
        return text
    }
}
