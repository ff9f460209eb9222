import Custody
import Delivery
import Digests
import DurableFiles
import Intake
import Projections
import Referrals
import Reporting

/// Questions that change something. Each is a line of the audit trail with who asked.
extension Operator {
    /// Sends one dead delivery out again, or decides one held message anew.
    ///
    /// A held message is read again by the mappings it was read by before, unless `mapping` says `current`.
    func retry(_ question: JSONValue) throws -> JSONValue {
        if let delivery = question["delivery"]?.integer {
            try perform(
                .retry(DeliveryID(rawValue: Int64(delivery)), actor: actor(question)), "retry", question)
            wakeAll()
            return .members(["delivery": .number(delivery), "state": .string("waiting")])
        }
        let reference = try reference(question)
        guard let message = try engine.custody.ledger.message(reference) else { throw Refusal.notThere("it is gone") }
        guard let bytes = try engine.custody.ledger.payload(reference) else {
            throw Refusal.notThere("the document of this message is not kept any more; ask the sender to send it again")
        }
        if message.format == OutcomeDecider.format { return try retryOutcome(message, bytes, question) }
        var arrival = Arrival(source: message.source, name: "", bytes: bytes)
        arrival.contentType = message.contentType
        arrival.mapping = engine.processor.rules.configuration.sources.first { $0.name == message.source }?.mapping
        let rules = try rules(for: message, question)
        let decision = engine.processor.decide(arrival, by: rules).intake.decision
        try perform(.reprocess(message.id, decision, actor: actor(question)), "reprocess", question)
        wakeAll()
        let now = try engine.custody.ledger.message(reference)
        return .members([
            "reference": .string(reference), "state": .string(now?.state.rawValue ?? "gone"),
            "cause": (now?.cause).map { .string($0) },
        ])
    }

    private func rules(for message: MessageSummary, _ question: JSONValue) throws -> Ruleset {
        let current = engine.processor.rules
        guard question["mapping"]?.string != "current", let version = message.mappingVersion,
            version != current.version
        else { return current }
        guard let files = try engine.custody.ledger.mappingFiles(version), let snapshot = LibrarySnapshot(json: files)
        else {
            throw Refusal.notThere("the mappings it was read by are not kept any more; use `--mapping current`")
        }
        let folder = Files.join(current.configuration.state, "versions/\(version.prefix(16))")
        var findings: [Finding] = []
        let library = try snapshot.restore(into: folder)
        guard let rules = try Ruleset.make(current.configuration, library, reporting: &findings) else {
            throw Refusal(exit: 78, message: "the mappings it was read by no longer fit; use `--mapping current`")
        }
        return rules
    }

    /// Takes a document an operator has at hand, as if a source had brought it.
    func send(_ question: JSONValue) throws -> JSONValue {
        let name = try text("source", question)
        let sources = engine.processor.rules.configuration.sources
        guard let source = sources.first(where: { $0.name == name }) else {
            let near = Suggestion.nearest(to: name, among: sources.map(\.name)).map { "; did you mean `\($0)`?" } ?? ""
            throw Refusal.notThere("there is no source `\(name.printable())`\(near)")
        }
        var arrival = Arrival(source: name, name: "", bytes: try bytes(question))
        arrival.mapping = source.mapping
        guard let disposition = try engine.processor.take([arrival]).first else {
            throw Refusal(exit: 70, message: "the document was not taken")
        }
        try perform(
            .note(event: "sent", detail: "reference=\(disposition.receipt.reference)", actor: actor(question)), "send",
            question)
        wakeAll()
        return .members([
            "reference": .string(disposition.receipt.reference), "state": .string(disposition.receipt.state.rawValue),
            "findings": .array(disposition.findings.map(\.json)), "note": .text(disposition.note),
        ])
    }

    private func bytes(_ question: JSONValue) throws -> [UInt8] {
        if let text = question["text"]?.string { return Array(text.utf8) }
        guard let digits = question["hex"]?.string.map({ Array($0.utf8) }), digits.count.isMultiple(of: 2),
            digits.allSatisfy({ 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 })
        else { throw Refusal.wrong("`text` or `hex` is missing") }
        let values = digits.map { $0 > 0x39 ? $0 - 0x57 : $0 - 0x30 }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }

    func drop(_ question: JSONValue) throws -> JSONValue {
        let reason = try text("reason", question)
        if let delivery = question["delivery"]?.integer {
            try perform(
                .dropDelivery(DeliveryID(rawValue: Int64(delivery)), actor: actor(question), reason: reason), "drop",
                question)
            return .members(["delivery": .number(delivery), "state": .string("dropped")])
        }
        let reference = try reference(question)
        guard let message = try engine.custody.ledger.message(reference) else { throw Refusal.notThere("it is gone") }
        try perform(.dropMessage(message.id, actor: actor(question), reason: reason), "drop", question)
        return .members(["reference": .string(reference), "state": .string("dropped")])
    }

    /// Sends a referral again under a new key: a replay, which the receiver must not take for a repeat.
    func replay(_ question: JSONValue) throws -> JSONValue {
        let reason = try text("reason", question)
        guard let number = question["delivery"]?.integer,
            let delivery = try engine.custody.ledger.delivery(DeliveryID(rawValue: Int64(number)))
        else { throw Refusal.notThere("there is no such delivery") }
        let at = String(engine.time.wall().milliseconds)
        let key = StableID.uuid(namespace: "replay/1", name: Array((delivery.key + "/" + at).utf8))
        let body = try rendered(delivery, key: key)
        try perform(
            .replay(delivery.id, key: key, body: body, actor: actor(question), reason: reason), "replay", question)
        wakeAll()
        return .members(["delivery": .number(number), "key": .string(key), "state": .string("waiting")])
    }

    /// The referral as its route would send it now, under another key.
    private func rendered(_ delivery: DeliverySummary, key: String) throws -> [UInt8] {
        let rules = engine.processor.rules
        guard let route = rules.routes.first(where: { $0.name == delivery.route }) else {
            throw Refusal.notThere("the route `\(delivery.route)` is not in the configuration any more")
        }
        let canonical = try engine.custody.ledger.canonicals(delivery.reference).first { $0.id == delivery.referral }
        if route.route.subject == .outcomes, let canonical {
            return try renderedOutcome(canonical.canonical, on: route, key: key)
        }
        guard let canonical, let referral = CanonicalJSON.read(canonical.canonical, named: "").0 else {
            throw Refusal.notThere("the referral is not kept any more")
        }
        if let reason = route.withholding(referral, on: engine.time.wall().day) {
            throw Refusal(exit: 1, message: "the referral may not go to `\(route.name)`: \(reason)")
        }
        return route.render(
            referral,
            context: RenderContext(
                sender: rules.configuration.sender, receiver: route.route.receiver, messageID: key))
    }

    // MARK: Pausing

    func pause(_ question: JSONValue) throws -> JSONValue {
        let kind = try text("kind", question)
        guard ["route", "source"].contains(kind) else { throw Refusal.wrong("`kind` is `route` or `source`") }
        let name = try text("name", question)
        let isPaused = question["isPaused"]?.flag ?? true
        let configuration = engine.processor.rules.configuration
        let names = kind == "route" ? configuration.routes.map(\.name) : configuration.sources.map(\.name)
        guard names.contains(name) else {
            let near = Suggestion.nearest(to: name, among: names).map { "; did you mean `\($0)`?" } ?? ""
            throw Refusal.notThere("there is no \(kind) `\(name.printable())`\(near)")
        }
        try perform(
            .pause(
                kind: kind, name: name, isPaused: isPaused, actor: actor(question),
                reason: question["reason"]?.string ?? ""), isPaused ? "pause" : "resume", question)
        if kind == "route" {
            engine.dispatchers.first { $0.route == name }?.setPaused(isPaused)
        } else {
            setPaused(source: name, isPaused)
        }
        return .members(["kind": .string(kind), "name": .string(name), "isPaused": .bool(isPaused)])
    }

    private func wakeAll() { for dispatcher in engine.dispatchers { dispatcher.wake() } }

    // MARK: Keeping and erasing

    func backup(_ question: JSONValue) throws -> JSONValue {
        let folder = try text("folder", question)
        let messages = try engine.custody.backup(to: folder)
        // Without it nobody in the copy would be recognised: no erasure by NHS number, no order of a person's referrals.
        try IdentityKey.copy(from: engine.processor.rules.configuration.state, to: folder)
        try perform(
            .note(event: "backed-up", detail: "messages=\(messages)", actor: actor(question)), "backup", question)
        return .members(["folder": .string(folder), "messages": .number(messages)])
    }

    func purge(_ question: JSONValue) throws -> JSONValue {
        let reason = try text("reason", question)
        let target: PurgeTarget
        if let number = question["nhsNumber"]?.string {
            target = .subject(engine.processor.keys.subject(nhsNumber: number))
        } else {
            target = .reference(try reference(question))
        }
        let count = try engine.custody.purge(target, actor: actor(question), reason: reason)
        log.say(.operated, "an operator erased a person's content", ["messages": .number(count)])
        return .members(["messages": .number(count)])
    }
}
