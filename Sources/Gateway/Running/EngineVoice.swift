import Custody
import Intake
import Reporting

/// What an engine says in the log of each document and each try.
struct EngineVoice: Sendable {
    let log: Log
    let metrics: GatewayMetrics
    let consents: ConsentWatch
    let time: any TimeSource

    func taken(
        _ arrival: Arrival, _ disposition: Disposition, _ decision: Decision, _ seconds: Double, profile: String
    ) {
        let now = time.wall()
        metrics.taken(arrival, disposition, decision, seconds: seconds, profile: profile, at: now)
        if disposition.receipt.kind == .new { consents.taken(from: arrival.source, decision, at: now) }
        let receipt = disposition.receipt
        let codes = disposition.findings.filter { $0.severity >= .quarantine }.map(\.code.rawValue)
        let (event, level, words) = Self.words(receipt)
        log.say(
            level, event, words,
            [
                "message_id": .string(receipt.reference), "source": .string(arrival.source),
                "outcome": .string(receipt.state.rawValue), "bytes": .number(arrival.bytes.count),
                "causes": codes.isEmpty ? nil : .array(Set(codes).sorted().map { .string($0) }),
            ])
    }

    /// Says of an answer what it said, whichever delivery it is about.
    func answered(_ disposition: Disposition, _ decision: Decision) {
        guard disposition.receipt.kind == .new || disposition.receipt.kind == .retried else { return }
        for answer in decision.answers {
            log.say(
                answer.verdict.isNegative ? .warning : .info, .answered,
                answer.verdict.isNegative ? "a receiver refused what it was sent" : "a receiver answered",
                [
                    "message_id": .string(disposition.receipt.reference), "outcome": .string(answer.verdict.rawValue),
                    "cause": answer.verdict.isNegative ? .string(answer.cause) : nil,
                ])
        }
    }

    private static func words(_ receipt: Receipt) -> (Log.Event, Log.Level, String) {
        switch (receipt.kind, receipt.state) {
        case (.repeated, _), (.duplicate, _): (.repeated, .info, "a document came again and is delivered once")
        case (.conflict, _): (.held, .warning, "a sender's number was used again with other content")
        case (.unknownReferral, _): (.held, .warning, "an update or cancellation of a referral that is not known")
        case (_, .held): (.held, .warning, "a document is held for a person")
        case (_, .refused): (.refused, .warning, "a document was refused")
        default: (.received, .info, "a document was taken into custody")
        }
    }

    func tried(_ operations: [Operation], on route: String) {
        for case .record(let attempt) in operations {
            metrics.tried(attempt, on: route)
            let fields: KeyValuePairs<String, JSONValue?> = [
                "route": .string(route), "delivery": .number(Int(attempt.delivery.rawValue)),
                "duration_ms": .number(attempt.durationMilliseconds), "cause": .text(attempt.cause),
            ]
            switch attempt.outcome {
            case .delivered: log.say(.debug, .delivered, "delivered", fields)
            case .again: log.say(.warning, .retrying, "a delivery failed and is tried again", fields)
            case .dead: log.say(.error, .dead, "a delivery was given up and is for a person", fields)
            }
        }
    }
}
