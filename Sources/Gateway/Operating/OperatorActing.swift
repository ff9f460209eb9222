import Custody
import Delivery
import Intake
import Reporting

/// Questions that change something. Each is a line of the audit trail with who asked.
extension Operator {
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

    func wakeAll() { for dispatcher in engine.dispatchers { dispatcher.wake() } }

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
