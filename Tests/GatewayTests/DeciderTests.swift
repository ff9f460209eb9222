import Custody
import Digests
import Foundation
import Intake
import Mappings
import Referrals
import Reporting
import Simulation
import Testing

@testable import Gateway

@Suite("Deciding about a document")
struct DeciderTests {
    private static let now = Instant(milliseconds: 1_772_615_640_000)
    private static let held = ("999 000 4110", "999 000 4111")

    private func decider(secret: UInt8 = 1, seed: UInt64 = 1) -> Decider {
        Decider(
            keys: PersonKeys(secret: [UInt8](repeating: secret, count: 32)), randomness: SimulatedRandomness(seed: seed)
        )
    }

    private func rules(_ shape: (inout Configuration) -> Void = { _ in }) throws -> Ruleset {
        try EngineBench.rules(EngineBench.configuration(in: try Folder(), shape))
    }

    private func decide(_ text: String, by rules: Ruleset, source: String = "north") -> Decider.Decided {
        decider().decide(Arrival(source: source, name: "a.xml", bytes: Array(text.utf8)), by: rules, at: Self.now)
    }

    private func standings(_ decided: Decider.Decided) -> [String] {
        decided.intake.decision.referrals.flatMap(\.deliveries).map { delivery in
            switch delivery.standing {
            case .send: "\(delivery.route): send"
            case .withheld(let reason): "\(delivery.route): \(reason)"
            }
        }
    }

    private func bodies(_ decided: Decider.Decided) -> [String] {
        decided.intake.decision.referrals.flatMap(\.deliveries).compactMap { delivery in
            guard case .send(let body, _) = delivery.standing else { return nil }
            return String(decoding: body, as: UTF8.self)
        }
    }

    // MARK: Outcomes

    @Test("a sound letter is accepted, with everything that is kept of it")
    func accepted() throws {
        let rules = try rules()
        let letter = try GatewayBench.letter()
        let intake = decide(letter, by: rules).intake
        #expect(intake.decision.outcome == .accepted)
        #expect(intake.decision.format == "xml" && intake.decision.mapping == "riverside-xml@1")
        #expect(intake.decision.mappingVersion == rules.version)
        #expect(intake.content.bytes.hex == Digest.sha256(Array(letter.utf8)))
        #expect(intake.payload == Array(letter.utf8))
        let referral = try #require(intake.decision.referrals.first)
        #expect(CanonicalJSON.read(referral.canonical, named: "").0?.id == referral.id)
        #expect(referral.subject != nil && referral.kind == .new && !referral.names.isEmpty)
        #expect(String(decoding: referral.trace, as: UTF8.self).contains("person.nhsNumber.value\t"))
        #expect(!String(decoding: referral.trace, as: UTF8.self).contains("9990004110"))
    }

    @Test("a held document owes nobody anything, and neither does a refused one")
    func held() throws {
        let held = decide(try GatewayBench.letter(change: Self.held), by: try rules()).intake.decision
        #expect(held.outcome == .held(cause: "nhs-number-check-digit"))
        #expect(held.referrals.count == 1 && held.referrals.flatMap(\.deliveries).isEmpty)
        let refused = decide("<broken", by: try rules()).intake.decision
        guard case .refused(let cause) = refused.outcome else {
            Issue.record("\(refused.outcome)")
            return
        }
        #expect(cause.hasPrefix("xml-") && refused.referrals.isEmpty)
    }

    @Test("a document that ended a process twice is refused unread")
    func suspect() throws {
        var arrival = Arrival(source: "north", name: "", bytes: Array(try GatewayBench.letter().utf8))
        arrival.isSuspect = true
        let decided = decider().decide(arrival, by: try rules(), at: Self.now)
        #expect(decided.intake.decision.outcome == .refused(cause: "process-ended"))
        #expect(decided.intake.payload == arrival.bytes && decided.mapping == nil)
    }

    @Test("a referral that no route is for is held, not lost")
    func noRoute() throws {
        let rules = try rules { $0.routes[0].when = ("urgency.code = 'urgent'", .init(line: 1, column: 1)) }
        let decision = decide(try GatewayBench.letter(), by: rules).intake.decision
        #expect(decision.outcome == .held(cause: "route-none"))
        #expect(decision.referrals.count == 1 && decision.referrals.flatMap(\.deliveries).isEmpty)
    }

    @Test("what a source found wrong is kept without the file's name, which may name a person")
    func problem() throws {
        var arrival = Arrival(source: "north", name: "ASHWORTH_9990000018.dat", bytes: Array("x".utf8))
        arrival.problem = Finding("mesh-encrypted", at: .init(document: arrival.name))
        let decision = decider().decide(arrival, by: try rules(), at: Self.now).intake.decision
        #expect(decision.outcome == .held(cause: "mesh-encrypted"))
        #expect(!String(decoding: decision.findings, as: UTF8.self).contains("ASHWORTH"))
    }

    // MARK: Routes

    @Test("each route gets the referrals it is for")
    func when() throws {
        let rules = try rules { configuration in
            configuration.routes[0].when = ("urgency.code = 'urgent'", .init(line: 1, column: 1))
            configuration.routes.append(Configuration.Route(name: "all", queue: "q"))
        }
        #expect(standings(decide(try GatewayBench.letter(), by: rules)) == ["all: send"])
    }

    @Test("what the person did not agree to is withheld with its reason, and said")
    func withheld() throws {
        let rules = try rules { configuration in
            configuration.routes[0].consent = .scope(.shareWithLinkWorker)
            for scope in [ConsentScope.shareWithEmploymentSupport, .shareWithHousingLandlord] {
                configuration.routes.append(
                    Configuration.Route(name: scope.rawValue, queue: scope.rawValue, consent: .scope(scope)))
            }
            configuration.routes.append(Configuration.Route(name: "open", queue: "open", consent: .noneNeeded))
        }
        #expect(
            standings(decide(try GatewayBench.letter(), by: rules)) == [
                "out: consent-absent", "share-with-employment-support: consent-absent",
                "share-with-housing-landlord: consent-absent", "open: send",
            ])
        let decided = decide(try GatewayBench.refusal(), by: rules)
        #expect(
            standings(decided) == [
                "out: send", "share-with-employment-support: consent-no",
                "share-with-housing-landlord: consent-withdrawn", "open: send",
            ])
        #expect(decided.findings.count { $0.code == "referral-withheld" } == 2)
    }

    @Test("a referral withheld from every route is accepted and goes nowhere")
    func withheldFromAll() throws {
        let rules = try rules { $0.routes[0].consent = .scope(.shareWithLinkWorker) }
        let decided = decide(try GatewayBench.letter(), by: rules)
        #expect(decided.intake.decision.outcome == .accepted)
        #expect(standings(decided) == ["out: consent-absent"])
    }

    @Test("a route carries its fields and no other")
    func projection() throws {
        let rules = try rules { configuration in
            configuration.routes[0].fields = [("needs", nil), ("urgency", nil)]
            configuration.routes.append(Configuration.Route(name: "all", queue: "all"))
        }
        let bodies = bodies(decide(try GatewayBench.letter(), by: rules))
        #expect(bodies.count == 2)
        #expect(bodies[0].contains("422650009") && !bodies[0].contains("Dray") && !bodies[0].contains("9990004110"))
        #expect(bodies[1].contains("Dray"))
    }

    // MARK: Keys

    @Test("deciding again gives the same keys and the same bytes; other content gives others")
    func stable() throws {
        let rules = try rules {
            $0.routes[0].form = "fhir-message"
            $0.routes.append(Configuration.Route(name: "second", queue: "second"))
        }
        func keys(_ decided: Decider.Decided) -> [String] {
            decided.intake.decision.referrals.flatMap(\.deliveries).map(\.key)
        }
        let letter = try GatewayBench.letter()
        let first = decide(letter, by: rules)
        let again = decider(seed: 99).decide(
            Arrival(source: "south", name: "", bytes: Array(letter.utf8)), by: rules,
            at: Instant(milliseconds: Self.now.milliseconds + 86_400_000))
        #expect(keys(first) == keys(again) && bodies(first) == bodies(again))
        #expect(Set(keys(first)).count == 2)
        #expect(first.intake.reference != again.intake.reference)
        let other = decide(try GatewayBench.letter("Reed"), by: rules)
        #expect(Set(keys(first)).isDisjoint(with: keys(other)))
    }

    @Test("what the sender calls a message is known again within its source, and only there")
    func senderKey() throws {
        let rules = try rules()
        func key(_ id: String, from source: String = "north", surname: String = "Dray") throws -> Key? {
            let change = ("<Header>", "<Header>\n    <MessageId>\(id)</MessageId>")
            return decide(try GatewayBench.letter(surname, change: change), by: rules, source: source).intake.senderKey
        }
        #expect(decide(try GatewayBench.letter(), by: rules).intake.senderKey == nil)
        let first = try #require(try key("M-1"))
        #expect(try key("M-1", surname: "Reed") == first)
        #expect(try key("M-2") != first && key("M-1", from: "south") != first)
    }

    @Test("the transport's name for a document is keyed, never kept")
    func transportKey() throws {
        var arrival = Arrival(source: "north", name: "", bytes: Array(try GatewayBench.letter().utf8))
        arrival.transportID = "20260302-ABC"
        let rules = try rules()
        let key = decider().decide(arrival, by: rules, at: Self.now).intake.transportKey
        #expect(key != nil && key == decider().decide(arrival, by: rules, at: Self.now).intake.transportKey)
        #expect(key != decider(secret: 2).decide(arrival, by: rules, at: Self.now).intake.transportKey)
    }

    @Test("one person has one key, however the number is written; without the secret there is no way to it")
    func subject() throws {
        let rules = try rules()
        func subject(_ letter: String) -> Key? { decide(letter, by: rules).intake.decision.referrals.first?.subject }
        let key = try #require(subject(try GatewayBench.letter()))
        #expect(subject(try GatewayBench.letter("Other")) == key)
        let keys = decider().keys
        #expect(keys.subject(nhsNumber: "999 000 4110") == key && keys.subject(nhsNumber: "9990004110") == key)
        #expect(keys.subject(nhsNumber: "9990000018") != key)
        #expect(decider(secret: 2).keys.subject(nhsNumber: "9990004110") != key)
    }

    @Test("references are UUIDs of version 7 that sort by time and do not repeat")
    func references() {
        let chance = SimulatedRandomness(seed: 3)
        let references = (0..<200).map { number in
            MessageReference.make(at: Instant(milliseconds: Self.now.milliseconds + Int64(number)), chance)
        }
        #expect(references == references.sorted() && Set(references).count == 200)
        for reference in references {
            let isRight = reference.wholeMatch(
                of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
            #expect(isRight != nil)
        }
    }
}
