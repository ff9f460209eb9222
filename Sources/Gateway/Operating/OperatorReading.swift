import Custody
import Delivery
import Digests
import Reporting

/// Questions that change nothing.
extension Operator {
    private var ledger: Ledger { engine.custody.ledger }

    func status() throws -> JSONValue {
        let counts = try ledger.counts()
        let size = try ledger.size()
        return .members([
            "at": .string(engine.time.wall().text),
            "messages": .object(
                MessageState.allCases.map { .init(key: $0.rawValue, value: .number(counts[$0] ?? 0)) }),
            "isRunning": .bool(engine.standings.isWatched), "routes": try routes(), "sources": try sources(),
            "alerts": .array(engine.standings.alerts.entries.map(\.json)),
            "store": .members([
                "bytes": .number(size.store), "free": .number(size.free), "files": .number(size.files),
            ]),
        ])
    }

    func routes() throws -> JSONValue {
        let backlog = Dictionary(
            try ledger.backlog().map { ($0.route, $0) }, uniquingKeysWith: { first, _ in first })
        let pauses = try ledger.pauses().filter { $0.kind == "route" }
        let now = engine.time.wall()
        return .array(
            engine.processor.rules.routes.map { route in
                let waiting = backlog[route.name]
                let status = engine.dispatchers.first { $0.route == route.name }?.status
                let pause = pauses.first { $0.name == route.name }
                return .members([
                    "name": .string(route.name), "state": .string(pause != nil ? "paused" : Self.word(status)),
                    "cause": Self.cause(status).map { .string($0) }, "waiting": .number(waiting?.waiting ?? 0),
                    "oldestSeconds": (waiting?.waiting ?? 0) == 0
                        ? nil : waiting.map { .number(Int((now.milliseconds - $0.oldest.milliseconds) / 1000)) },
                    "dead": .number(waiting?.dead ?? 0), "inFlight": .number(status?.inFlight ?? 0),
                    "pausedBy": (pause?.actor).map { .string($0) }, "pausedWhy": (pause?.reason).map { .string($0) },
                    "recipient": route.route.recipient.map { .string($0) }, "form": .string(route.route.form),
                ])
            })
    }

    private static func word(_ status: DispatcherStatus?) -> String {
        switch status?.state {
        case .working: "working"
        case .backingOff: "backing-off"
        case .stopped: "stopped"
        case .paused: "paused"
        case .storeFailing: "store-failing"
        case .draining: "draining"
        case .idle, nil: "idle"
        }
    }

    private static func cause(_ status: DispatcherStatus?) -> String? {
        switch status?.state {
        case .backingOff(_, let cause), .stopped(let cause): cause
        default: nil
        }
    }

    func sources() throws -> JSONValue {
        let pauses = try ledger.pauses().filter { $0.kind == "source" }
        return .array(
            engine.processor.rules.configuration.sources.map { source in
                let pause = pauses.first { $0.name == source.name }
                let trouble = engine.standings.trouble(of: source.name)
                return .members([
                    "name": .string(source.name),
                    "state": .string(pause != nil ? "paused" : trouble != nil ? "failing" : "open"),
                    "failingSince": (trouble?.since.text).map { .string($0) },
                    "failingWhy": (trouble?.why).map { .string($0) },
                    "pausedBy": (pause?.actor).map { .string($0) }, "pausedWhy": (pause?.reason).map { .string($0) },
                ])
            })
    }

    // MARK: Messages

    func messages(_ question: JSONValue) throws -> JSONValue {
        var filter = MessageFilter()
        filter.states = Set(question["states"]?.items.compactMap { $0.string.flatMap(MessageState.init) } ?? [])
        filter.source = question["source"]?.string
        filter.route = question["route"]?.string
        filter.cause = question["cause"]?.string
        filter.reference = question["reference"]?.string
        if let minutes = question["sinceMinutes"]?.integer {
            filter.since = Instant(milliseconds: engine.time.wall().milliseconds - Int64(minutes) * 60_000)
        }
        let before = question["before"]?.integer.map { MessageID(rawValue: Int64($0)) }
        let page = try ledger.messages(filter, before: before, limit: question["limit"]?.integer ?? 50)
        return .members([
            "messages": .array(page.map { Self.json($0) }),
            "next": page.last.map { .number(Int($0.id.rawValue)) },
        ])
    }

    static func json(_ message: MessageSummary) -> JSONValue {
        .members([
            "id": .number(Int(message.id.rawValue)), "reference": .string(message.reference),
            "source": .string(message.source), "receivedAt": .string(message.receivedAt.text),
            "state": .string(message.state.rawValue), "cause": .text(message.cause), "format": .text(message.format),
            "mapping": .text(message.mapping), "mappingVersion": .text(message.mappingVersion),
            "bytes": .number(message.size), "sha256": .string(message.content.bytes.hex),
            "repeats": .number(message.repeats), "changedAt": .string(message.changedAt.text),
            "erasedAt": (message.erasedAt?.text).map { .string($0) },
        ])
    }

    /// The message a whole reference or the beginning of one names.
    func reference(_ question: JSONValue) throws -> String {
        let prefix = try text("reference", question).lowercased()
        var filter = MessageFilter()
        filter.reference = prefix
        let found = try ledger.messages(filter, limit: 2)
        guard let first = found.first else { throw Refusal.notThere("there is no message `\(prefix.printable())`") }
        guard found.count == 1 else {
            throw Refusal.wrong("more than one message begins with `\(prefix.printable())`; give more of it")
        }
        return first.reference
    }

    func message(_ question: JSONValue) throws -> JSONValue {
        guard let story = try ledger.story(try reference(question)) else { throw Refusal.notThere("it is gone") }
        return .members([
            "message": Self.json(story.message),
            "findings": story.findings.flatMap { JSONValue(text: String(decoding: $0, as: UTF8.self)) },
            "referrals": .array(
                story.referrals.map { referral in
                    .members([
                        "id": .string(referral.id), "kind": .string(referral.kind.rawValue),
                        "status": .string(referral.status.rawValue), "cause": .text(referral.cause),
                        "changes": (referral.earlier?.rawValue).map { .number(Int($0)) },
                        "changedBy": (referral.later?.rawValue).map { .number(Int($0)) },
                    ])
                }),
            "deliveries": .array(story.deliveries.map { Self.json($0) }),
            "attempts": .array(
                story.attempts.map { attempt in
                    .members([
                        "delivery": .number(Int(attempt.delivery.rawValue)), "number": .number(attempt.number),
                        "at": .string(attempt.at.text), "durationMs": .number(attempt.durationMilliseconds),
                        "outcome": .string(attempt.outcome), "cause": .text(attempt.cause),
                    ])
                }),
            "answers": .array(story.answers.map { Self.json($0) }),
            "audit": .array(story.audit.map { Self.json($0) }),
        ])
    }

    static func json(_ delivery: DeliverySummary) -> JSONValue {
        .members([
            "id": .number(Int(delivery.id.rawValue)), "reference": .string(delivery.reference),
            "referral": .string(delivery.referral), "route": .string(delivery.route), "key": .string(delivery.key),
            "state": .string(delivery.state.rawValue), "cause": .text(delivery.cause),
            "since": .string(delivery.since.text), "attempts": .number(delivery.attemptsInAll),
            "endedAt": (delivery.endedAt?.text).map { .string($0) }, "receipt": .text(delivery.receipt),
        ])
    }

    private static func json(_ line: AuditLine) -> JSONValue {
        .members([
            "number": .number(Int(line.number)), "at": .string(line.at.text), "event": .string(line.event),
            "route": .text(line.route), "actor": .text(line.actor), "detail": .text(line.detail),
        ])
    }

    /// The bytes of a message: as received, canonical, or as sent on a route. Personal data: asking for it is audited.
    func content(_ question: JSONValue) throws -> JSONValue {
        let reference = try reference(question)
        let part = question["part"]?.string ?? "source"
        let texts: [[UInt8]]
        switch part {
        case "source": texts = try ledger.payload(reference).map { [$0] } ?? []
        case "canonical": texts = try ledger.canonicals(reference).map(\.canonical)
        case "trace": texts = try ledger.canonicals(reference).map(\.trace)
        case "sent": texts = try sent(reference, on: question["route"]?.string)
        default: throw Refusal.wrong("there is no part `\(part.printable())`: source, canonical, trace or sent")
        }
        guard !texts.isEmpty else { throw Refusal.notThere("nothing of that is kept any more") }
        try perform(
            .note(event: "revealed", detail: "reference=\(reference) part=\(part)", actor: actor(question)), "reveal",
            question)
        engine.metrics.revealed()
        return .array(
            texts.map { bytes in
                String(validating: bytes, as: UTF8.self).map { .members(["text": .string($0)]) }
                    ?? .members(["hex": .string(bytes.hex)])
            })
    }

    /// What routes were or will be sent; where that is nothing, the refusal says why.
    private func sent(_ reference: String, on route: String?) throws -> [[UInt8]] {
        let deliveries = (try ledger.story(reference)?.deliveries ?? []).filter { route == nil || $0.route == route }
        let texts = try deliveries.compactMap { try ledger.body($0.id) }
        guard texts.isEmpty else { return texts }
        guard !deliveries.isEmpty else {
            throw Refusal.notThere(
                "nothing was sent: the message is owed to no route" + (route == nil ? "" : " of that name"))
        }
        let withheld = deliveries.filter { $0.state == .withheld }
        guard !withheld.isEmpty else { throw Refusal.notThere("nothing of that is kept any more") }
        let reasons = withheld.map { "\($0.route) (\($0.cause ?? "withheld"))" }.joined(separator: ", ")
        throw Refusal.notThere("nothing was sent: it is withheld from \(reasons)")
    }

    // MARK: Dead letters and audit

    func deadLetters() throws -> JSONValue {
        let now = engine.time.wall()
        return .array(
            try ledger.deadLetters().map { group in
                .members([
                    "kind": .string(group.kind.rawValue), "cause": .string(group.cause), "route": .text(group.route),
                    "count": .number(group.count),
                    "oldestSeconds": .number(Int((now.milliseconds - group.oldest.milliseconds) / 1000)),
                    "examples": .array(group.examples.map { .string($0) }),
                    "about": .text(FindingCatalogue.title(of: group.cause)),
                ])
            })
    }

    /// Dead deliveries, and messages that are held or refused.
    func deadList(_ question: JSONValue) throws -> JSONValue {
        let found = try needingAPerson(question)
        return .members([
            "deliveries": .array(found.deliveries.map { Self.json($0) }),
            "messages": .array(found.messages.map { Self.json($0) }),
        ])
    }

    func audit() throws -> JSONValue {
        let verification = try engine.custody.auditVerify()
        return .members([
            "isWhole": .bool(verification.problem == nil), "problem": verification.problem.map { .string("\($0)") },
            "lines": .number(Int(verification.lines)), "first": .number(Int(verification.first)),
            "last": .number(Int(verification.last)), "losses": .number(verification.losses.count),
        ])
    }
}
