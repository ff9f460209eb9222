import Custody
import Digests
import Intake
import Projections
import Referrals
import Reporting

/// Decides about one outcome: which referral it is about, and on which routes it goes. Reads the store, changes nothing.
struct OutcomeDecider {
    /// What the store calls the format of an outcome.
    static let format = "outcome/1"

    private let ledger: Ledger
    private let keys: PersonKeys
    private let rules: Ruleset
    private let now: Instant

    init(_ engine: Engine) {
        ledger = engine.custody.ledger
        keys = engine.processor.keys
        rules = engine.processor.rules
        now = engine.time.wall()
    }

    /// An outcome with what it is about.
    private struct Subject {
        var outcome: Outcome
        var known: KnownReferral
        var referral: Referral?
        var correlation: String?
        var canonical: [UInt8]
        var digest: [UInt8]
    }

    /// - Parameters:
    ///   - outcome: As it was read from the arrival's bytes.
    ///   - findings: What reading it found.
    func decide(
        _ outcome: Outcome, _ arrival: Arrival, _ findings: [Finding], _ randomness: any Randomness
    ) throws(CustodyError) -> Decider.Decided {
        var intake = Intake(
            reference: MessageReference.make(at: now, randomness), source: arrival.source, receivedAt: now,
            content: Key(Digest().bytes(of: arrival.bytes.span)), payload: arrival.bytes,
            decision: Decision(.held(cause: "outcome-unmatched")))
        intake.contentType = arrival.contentType
        intake.correlation = arrival.correlation
        intake.senderKey = keys.message("outcome/" + outcome.id, from: arrival.source)
        intake.transportKey = arrival.transportID.map { keys.message($0, from: arrival.source) }
        var findings = findings
        intake.decision = try decision(outcome, correlation: arrival.correlation, &findings)
        return Decider.Decided(intake: intake, findings: findings)
    }

    /// What an outcome comes to under the rules in force.
    func decision(
        _ outcome: Outcome, correlation: String?, _ findings: inout [Finding]
    ) throws(CustodyError) -> Decision {
        let known = try ledger.referral(named: outcome.referralID)
        let referral = known?.canonical.flatMap { CanonicalJSON.read($0).referral }
        let problem = OutcomeBinding.problem(
            outcome, correlation: correlation, known: known, referral: referral, keys: keys)
        var canonical: [UInt8] = []
        CanonicalJSON.write(outcome.record, into: &canonical)
        var row = Decision.Referral(
            id: outcome.id, kind: .outcome, names: [], subject: known?.subject, canonical: canonical, trace: [])
        var decision = Decision(.accepted)
        decision.format = Self.format
        if let problem {
            findings.append(Finding(problem))
            decision.outcome = .held(cause: problem.rawValue)
            // Nobody knows yet whose it is.
            row.subject = nil
        } else if let known {
            row.answering = Self.answering(outcome, known)
            let subject = Subject(
                outcome: outcome, known: known, referral: referral, correlation: correlation, canonical: canonical,
                digest: Digest().bytes(of: canonical.span))
            row.deliveries = deliveries(subject, &findings, &decision)
        }
        decision.referrals = [row]
        decision.findings = Decider.json(findings)
        return decision
    }

    private static func answering(_ outcome: Outcome, _ known: KnownReferral) -> Decision.Answering {
        var answering = Decision.Answering(referral: known.row)
        answering.corrects = outcome.text("corrects")
        answering.events = outcome.workEvents.map { event in
            var kept = WorkEvent(kind: event.kind)
            kept.day = event.at
            kept.code = event.code
            kept.hoursPerWeek = event.hoursPerWeek
            kept.isPaid = event.isPaid
            kept.isBelowMinimum = event.isBelowMinimum
            kept.definition = event.definition
            kept.weeks = event.sustainedWeeks
            kept.sustainedTo = event.sustainedTo
            kept.after13 = event.retainedAt13
            kept.after26 = event.retainedAt26
            return kept
        }
        return answering
    }

    // MARK: Routing

    private var routes: [CompiledRoute] { rules.routes.filter { $0.route.subject == .outcomes } }

    private func deliveries(
        _ subject: Subject, _ findings: inout [Finding], _ decision: inout Decision
    ) -> [Decision.Delivery] {
        let deliveries = routes.compactMap { delivery(subject, $0, &findings) }
        if deliveries.isEmpty, !routes.isEmpty {
            findings.append(Finding("route-none"))
            decision.outcome = .held(cause: "route-none")
        }
        return deliveries
    }

    /// What is owed to a route; `nil` when the route is not for such outcomes.
    private func delivery(
        _ subject: Subject, _ route: CompiledRoute, _ findings: inout [Finding]
    ) -> Decision.Delivery? {
        if let condition = route.condition, !condition.holds(for: subject.canonical) { return nil }
        guard isPractice(of: route, subject) else { return nil }
        let key = StableID.uuid(
            namespace: "delivery/1",
            name: Array(route.name.utf8) + [0] + Array(subject.outcome.id.utf8) + [0] + subject.digest)
        if let reason = withholding(subject, route) {
            findings.append(
                Finding(
                    "referral-withheld", .note, "the outcome is withheld from the route `\(route.name)`: \(reason)",
                    field: "consent"))
            return Decision.Delivery(route: route.name, key: key, standing: .withheld(reason: reason))
        }
        return Decision.Delivery(
            route: route.name, key: key,
            standing: .send(body: render(subject, route, key: key), contentType: route.contentType))
    }

    /// Whether a route to one practice is to the practice of this person.
    private func isPractice(of route: CompiledRoute, _ subject: Subject) -> Bool {
        guard let practice = route.route.receiver?.odsCode else { return true }
        let own = subject.outcome.text("gpPractice.odsCode") ?? subject.referral?.text(at: "gpPractice.odsCode")
        return own?.uppercased() == practice.uppercased()
    }

    private func withholding(_ subject: Subject, _ route: CompiledRoute) -> String? {
        guard case .scope(let scope) = route.route.consent else { return "consent-absent" }
        return subject.outcome.withholding(scope: scope, about: subject.referral, on: now.day)
    }

    private func render(_ subject: Subject, _ route: CompiledRoute, key: String) -> [UInt8] {
        var context = RenderContext(
            sender: rules.configuration.sender, receiver: route.route.receiver, messageID: key)
        context.about = subject.referral
        context.correlation = subject.known.correlation ?? subject.known.reference
        return route.render(subject.outcome.record, context: context)
    }

    // MARK: Again

    /// An outcome as its route would send it now, under another key.
    /// - Returns: The body, or why it may not go.
    func rendered(
        _ canonical: [UInt8], on route: CompiledRoute, key: String
    ) throws(CustodyError) -> Result<[UInt8], Withheld> {
        guard let outcome = Outcome.read(canonical).outcome, let known = try ledger.referral(named: outcome.referralID)
        else { return .failure(Withheld(reason: "outcome-unmatched")) }
        let subject = Subject(
            outcome: outcome, known: known, referral: known.canonical.flatMap { CanonicalJSON.read($0).referral },
            canonical: canonical, digest: [])
        guard isPractice(of: route, subject) else { return .failure(Withheld(reason: "route-none")) }
        if let reason = withholding(subject, route) { return .failure(Withheld(reason: reason)) }
        return .success(render(subject, route, key: key))
    }

    struct Withheld: Error { var reason: String }
}
