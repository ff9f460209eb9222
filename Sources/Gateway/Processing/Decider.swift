package import Custody
import Digests
package import Intake
import Mappings
import Projections
import Referrals
package import Reporting
import SourceDocuments

/// Decides about one document: reads, maps, checks and routes it. Pure but for chance, which only names the message.
package struct Decider: Sendable {
    /// A document with everything decided about it.
    package struct Decided: Sendable {
        package var intake: Intake
        package var findings: [Finding]
        /// Findings with the document's own name in them, for the note beside it.
        package var mapping: String?
        /// How long it took.
        package var seconds = 0.0
    }

    let keys: PersonKeys
    private let randomness: any Randomness

    package init(keys: PersonKeys, randomness: any Randomness) {
        self.keys = keys
        self.randomness = randomness
    }

    package func decide(_ arrival: Arrival, by rules: Ruleset, at now: Instant) -> Decided {
        let clock = ContinuousClock()
        let start = clock.now
        var decided = decideUntimed(arrival, by: rules, at: now)
        decided.seconds = (clock.now - start) / .seconds(1)
        return decided
    }

    private func decideUntimed(_ arrival: Arrival, by rules: Ruleset, at now: Instant) -> Decided {
        let content = Key(Digest().bytes(of: arrival.bytes.span))
        var intake = Intake(
            reference: MessageReference.make(at: now, randomness), source: arrival.source, receivedAt: now,
            content: content, payload: arrival.bytes, decision: Decision(.refused(cause: Self.endedProcess.rawValue)))
        intake.contentType = arrival.contentType
        intake.correlation = arrival.correlation
        intake.transportKey = arrival.transportID.map { keys.message($0, from: arrival.source) }
        if let unread = unread(arrival) {
            intake.decision = Decision(Self.outcome([unread]))
            intake.decision.findings = Self.json([unread])
            return Decided(intake: intake, findings: [unread])
        }
        let today = now.day
        let (translation, compiled) = rules.withTranslator(on: today) { translator in
            let index = arrival.mapping.flatMap { rules.library.set.index(named: $0) }
            let translation = translator.translate(arrival.bytes, with: index)
            return (translation, translation.mappingIndex.map { translator.set.mappings[$0] })
        }
        intake.senderKey = senderKey(translation, arrival)
        let (decision, findings) = self.decision(translation, compiled, rules, from: arrival.source, on: today)
        intake.decision = decision
        return Decided(intake: intake, findings: findings, mapping: translation.mapping)
    }

    /// Why a document is taken into custody without being read.
    private func unread(_ arrival: Arrival) -> Finding? {
        if arrival.isSuspect { return Finding(Self.endedProcess) }
        // Where it was found is the name of a file, which the store does not keep.
        var problem = arrival.problem
        problem?.location?.document = ""
        return problem
    }

    private static let endedProcess: FindingCode = "process-ended"

    private func senderKey(_ translation: Translation, _ arrival: Arrival) -> Key? {
        guard let referral = translation.parts.first?.referral, let node = referral.first(Self.messageID) else {
            return nil
        }
        return keys.message(referral.text(node), from: arrival.source)
    }

    private static let messageID = Schema.referral.require("source.messageId")

    // MARK: Deciding

    /// What a translation comes to under these rules, with what routing has to say added to the findings.
    private func decision(
        _ translation: Translation, _ mapping: CompiledMapping?, _ rules: Ruleset, from source: String,
        on today: CalendarDay
    ) -> (Decision, [Finding]) {
        var findings = translation.findings
        var decision = Decision(Self.outcome(findings))
        decision.format = translation.format?.rawValue
        decision.mapping = translation.mapping
        decision.mappingVersion = rules.version
        if translation.isMixed { decision.outcome = .accepted }
        if translation.outcome != .refused || translation.isMixed {
            for part in translation.parts {
                let isHeld = translation.isMixed ? part.outcome != .accepted : translation.outcome == .held
                var decided = referral(part, mapping, rules, on: today, isHeld: isHeld, &findings)
                decided.claims = keys.claims(of: part.referral, from: source)
                decision.referrals.append(decided)
            }
        }
        if decision.outcome == .accepted, let cause = Self.commonCause(decision.referrals) {
            decision.outcome = .held(cause: cause)
        }
        decision.findings = Self.json(findings)
        return (decision, findings)
    }

    /// Why all referrals of a document are held, where they are.
    private static func commonCause(_ referrals: [Decision.Referral]) -> String? {
        referrals.allSatisfy { $0.held != nil } ? referrals.first?.held : nil
    }

    private static func outcome(_ findings: [Finding]) -> Decision.Outcome {
        guard let worst = findings.gravestFirst.first, worst.severity >= .quarantine else { return .accepted }
        if worst.code == "not-a-referral" { return .noted(kind: kind(worst)) }
        return worst.severity == .error ? .refused(cause: worst.code.rawValue) : .held(cause: worst.code.rawValue)
    }

    /// What a document is that is no referral, in the words of the finding: `this is an acknowledgement, not a referral`.
    private static func kind(_ finding: Finding) -> String {
        let words = finding.message
        guard words.hasPrefix("this is "), words.hasSuffix(", not a referral") else { return finding.code.rawValue }
        return String(words.dropFirst(8).dropLast(16))
    }

    private func referral(
        _ part: Translation.Part, _ mapping: CompiledMapping?, _ rules: Ruleset, on today: CalendarDay, isHeld: Bool,
        _ findings: inout [Finding]
    ) -> Decision.Referral {
        let referral = part.referral
        var canonical: [UInt8] = []
        CanonicalJSON.write(referral, into: &canonical, pretty: false)
        var decided = Decision.Referral(
            id: referral.id, kind: Self.kind(referral), names: keys.names(of: referral),
            subject: keys.subject(of: referral), canonical: canonical,
            trace: ReferralTrace.write(part, mapping: mapping))
        decided.facts = Self.facts(referral)
        guard !isHeld else {
            decided.held = part.cause?.rawValue
            return decided
        }
        let canon = Canon(referral: referral, json: canonical, digest: Digest().bytes(of: canonical.span))
        var own: [Finding] = []
        decided.deliveries = rules.routes.compactMap { delivery(canon, $0, rules, on: today, &own) }
        if decided.deliveries.isEmpty { own.append(Finding("route-none")) }
        findings += own
        if let grave = own.first(where: { $0.severity >= .quarantine }) {
            decided.held = grave.code.rawValue
            decided.deliveries = []
        }
        return decided
    }

    /// The SHA-256 of what a referral says, whatever it came in.
    private static func facts(_ referral: Referral) -> [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(4096)
        referral.appendContent(leavingOut: sourceGroup, to: &content)
        return Digest().bytes(of: content.span)
    }

    private static let sourceGroup = Schema.referral.require("source")

    private static func kind(_ referral: Referral) -> Decision.Referral.Kind {
        guard let node = referral.first(kindField) else { return .new }
        return Decision.Referral.Kind(rawValue: referral.text(node)) ?? .new
    }

    private static let kindField = Schema.referral.require("kind")

    // MARK: Routing

    /// A referral as all its routes look at it, made once.
    private struct Canon {
        var referral: Referral
        var json: [UInt8]
        /// The SHA-256 of the JSON.
        var digest: [UInt8]
    }

    /// What is owed to a route; `nil` when the route is not for such referrals.
    private func delivery(
        _ canon: Canon, _ route: CompiledRoute, _ rules: Ruleset, on today: CalendarDay, _ findings: inout [Finding]
    ) -> Decision.Delivery? {
        let referral = canon.referral
        if let condition = route.condition, !condition.holds(for: canon.json) { return nil }
        let key = StableID.uuid(
            namespace: "delivery/1",
            name: Array(route.name.utf8) + [0] + Array(referral.id.utf8) + [0] + canon.digest)
        if let reason = route.withholding(referral, on: today) {
            findings.append(
                Finding(
                    "referral-withheld", .note, "the referral is withheld from the route `\(route.name)`: \(reason)",
                    field: "consent"))
            return Decision.Delivery(route: route.name, key: key, standing: .withheld(reason: reason))
        }
        let context = RenderContext(
            sender: rules.configuration.sender, receiver: route.route.receiver, messageID: key)
        return Decision.Delivery(
            route: route.name, key: key,
            standing: .send(body: route.render(referral, context: context), contentType: route.contentType))
    }

    static func json(_ findings: [Finding]) -> [UInt8] {
        Array(JSONValue.array(findings.map(\.json)).text().utf8)
    }
}
