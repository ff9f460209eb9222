import Custody
import DurableFiles
import Foundation
import HTTPService
import Intake
import Projections
import Referrals
import Reporting
import Simulation
import Testing

@testable import Gateway

@Suite("Outcomes that services post")
struct OutcomeIntakeTests {
    /// A gateway with a route for outcomes, and a referral that was delivered.
    private struct Loop {
        let bench: EngineBench
        let reference: String
        let referral: String

        init(form: String = "canonical", practice: String? = nil, hasRoute: Bool = true) throws {
            bench = try EngineBench { configuration in
                guard hasRoute else { return }
                var route = Configuration.Route(
                    name: "back-to-gp", queue: configuration.state + "/back", consent: .scope(.shareBackToGP))
                route.subject = .outcomes
                route.form = form
                route.receiver = practice.map { .init(endpoint: "MAILBOX", odsCode: $0, name: "Practice") }
                configuration.routes.append(route)
            }
            reference = try #require(bench.take(try GatewayBench.letter()).first).receipt.reference
            bench.deliver()
            referral = try #require(
                bench.result(["ask": "message", "reference": .string(reference)])["referrals"]?.items.first?["id"]?
                    .string)
        }

        func outcome(_ changes: (String, String)...) -> [UInt8] {
            var text = """
                {"schema":"outcome/1","id":"7b0c3a52-5a3a-4d0e-9a53-0c9a6e1d2f10","kind":"closed",
                "referralId":"\(referral)","at":"2026-06-01T15:30:00+01:00",
                "from":{"name":"Rosa Quill","role":"link worker","organisation":"Kirkgate Community Trust"},
                "requestsOfGp":[{"none":true}],"clinicalSummary":"Back at work <three> days & happy.",
                "work":{"statusAtReferral":{"code":"04"},"events":[{"kind":"returned","at":"2026-05-04","paid":true}]},
                "measures":[{"scale":"ONS4 life satisfaction","first":{"score":"3"},"last":{"score":"7"}}],
                "risks":[{"none":true}],"shareWith":["share-back-to-gp"]}
                """
            for (old, new) in changes { text = text.replacingOccurrences(of: old, with: new) }
            return Array(text.utf8)
        }

        func post(_ bytes: [UInt8], correlation: String? = nil, id: String? = nil) async throws -> SubmissionAnswer {
            try await OutcomeIntake(bench.engine).take(
                Submission(
                    door: .outcomes, source: "north", bytes: bytes, mediaType: "application/json", transportID: id,
                    correlation: correlation ?? reference))
        }

        func state(_ answer: SubmissionAnswer) throws -> String {
            guard case .taken(let status, let isRepeat) = answer else { return "\(answer)".prefix { $0 != "(" } + "" }
            let cause = try bench.engine.custody.ledger.message(status.reference)?.cause
            return status.state + (cause.map { " " + $0 } ?? "") + (isRepeat ? " again" : "")
        }

        func body() throws -> String {
            let name = try #require(bench.folder.names("state/back/ready").first)
            return try bench.folder.text("state/back/ready/" + name)
        }
    }

    @Test("an outcome is bound to its referral, goes back, and is told once")
    func through() async throws {
        let loop = try Loop()
        #expect(try loop.state(try await loop.post(loop.outcome())) == "waiting")
        loop.bench.deliver()
        #expect(try Outcome.read(Array(loop.body().utf8)).outcome?.referralID == loop.referral)
        #expect(try loop.state(try await loop.post(loop.outcome())) == "delivered again")
        #expect(loop.bench.folder.names("state/back/ready").count == 1)
        let story = try #require(try loop.bench.engine.custody.ledger.story(loop.reference))
        #expect(story.audit.filter { $0.event == "outcome" }.count == 1)
        #expect(story.referrals.map(\.status) == [.current])
        let other = loop.outcome(("Back at work", "Not back at work"))
        guard case .conflict = try await loop.post(other) else {
            Issue.record("the same id with other content was taken")
            return
        }
    }

    @Test("what it tells of work is kept as rows that can be measured, also when content is gone")
    func work() async throws {
        let loop = try Loop(hasRoute: false)
        #expect(try loop.state(try await loop.post(loop.outcome())) == "noted")
        let events = try loop.bench.engine.custody.ledger.workEvents()
        #expect(events.map(\.event.kind) == ["status-at-referral", "returned"])
        #expect(events.map(\.event.day) == [nil, "2026-05-04"] && events[1].event.isPaid == true)
        #expect(events.allSatisfy { $0.referral == loop.referral && $0.outcome.hasPrefix("7b0c") })
        let later = Instant(milliseconds: loop.bench.clock.wall().milliseconds + 60 * 86_400_000)
        while try loop.bench.engine.custody.retire(RetentionPolicy(), now: later).isMore {}
        #expect(try loop.bench.engine.custody.ledger.workEvents().count == 2)
        _ = try loop.bench.result([
            "ask": "purge", "nhsNumber": "999 000 4110", "actor": "sam", "reason": "asked",
        ])
        #expect(try loop.bench.engine.custody.ledger.workEvents().isEmpty)
    }

    @Test("what cannot be bound is held for a person, and decided anew when asked")
    func held() async throws {
        let loop = try Loop()
        let unknown = loop.outcome((loop.referral, "0f8fad5b-d9cb-469f-a165-70867728950e"))
        #expect(try loop.state(try await loop.post(unknown)) == "held outcome-unmatched")
        let id = ("7b0c3a52", "7b0c3a53")
        #expect(try loop.state(try await loop.post(loop.outcome(id), correlation: "x")) == "held outcome-contradicts")
        let reply = loop.outcome(
            ("7b0c3a52", "7b0c3a54"), ("\"kind\":\"closed\"", "\"inReplyTo\":\"abc\",\"kind\":\"closed\""))
        #expect(try loop.state(try await loop.post(reply)) == "held outcome-contradicts")
        let person = loop.outcome(
            ("7b0c3a52", "7b0c3a55"),
            (
                "\"risks\"",
                "\"person\":{\"nhsNumber\":{\"value\":\"9990000018\"},\"name\":{\"family\":\"Else\"},\"birthDate\":\"1951-05-05\"},\"risks\""
            ))
        #expect(try loop.state(try await loop.post(person)) == "held outcome-person-differs")
        let birthday = loop.outcome(
            ("7b0c3a52", "7b0c3a57"),
            ("\"risks\"", "\"person\":{\"name\":{\"family\":\"Else\"},\"birthDate\":\"1911-05-05\"},\"risks\""))
        #expect(try loop.state(try await loop.post(birthday)) == "held outcome-person-differs")
        #expect(try loop.bench.engine.custody.ledger.workEvents().isEmpty)
        var filter = MessageFilter()
        filter.cause = "outcome-unmatched"
        let reference = try #require(try loop.bench.engine.custody.ledger.messages(filter, limit: 1).first).reference
        let plan = try loop.bench.plan("retry", ["references": .array([.string(reference)])])
        #expect(plan["items"]?.items.map { $0["why"]?.string } == ["it would be held (outcome-unmatched) again"])
    }

    @Test("what is no sound outcome is refused with its place, and not kept")
    func refused() async throws {
        let loop = try Loop()
        guard case .malformed = try await loop.post(Array("{".utf8)) else {
            Issue.record("half an object was not malformed")
            return
        }
        guard case .invalid(let findings) = try await loop.post(loop.outcome(("\"closed\"", "\"finished\""))) else {
            Issue.record("an unknown kind was taken")
            return
        }
        #expect(findings.first?.code == "canonical-code-unknown" && findings.first?.location?.position?.line == 1)
        #expect(try loop.bench.engine.custody.ledger.messages(limit: 9).count == 1)
    }

    @Test("without the person's yes it is withheld, and that is seen")
    func withheld() async throws {
        let loop = try Loop()
        let refusal = "\"consent\":[{\"scope\":\"share-back-to-gp\",\"decision\":\"no\"}],\"shareWith\""
        let answer = try await loop.post(loop.outcome(("\"shareWith\"", refusal)))
        #expect(try loop.state(answer) == "withheld")
        guard case .taken(let status, _) = answer else { return }
        let delivery = try loop.bench.delivery(of: status.reference, on: "back-to-gp")
        #expect(delivery["state"]?.string == "withheld" && delivery["cause"]?.string == "consent-no")
    }

    @Test("a document for a practice goes to the practice of the person and to no other")
    func practice() async throws {
        let other = try Loop(form: "itk3-document", practice: "Z99999")
        #expect(try other.state(try await other.post(other.outcome())) == "held route-none")
        let outcome = other.outcome(
            ("7b0c3a52", "7b0c3a56"), ("\"risks\"", "\"gpPractice\":{\"odsCode\":\"z99999\"},\"risks\""))
        #expect(try other.state(try await other.post(outcome)) == "waiting")
        other.bench.deliver()
        let body = try other.body()
        #expect(body.hasPrefix("<Bundle xmlns=\"http://hl7.org/fhir\">") && body.contains("&lt;three&gt; days &amp;"))
        #expect(body.contains("Nothing is asked of the GP practice.") && body.contains("9990004110"))
        #expect(body.contains("<code value=\"FI\"/>"))
    }

    @Test("an acknowledgement of the document finds it again")
    func acknowledged() async throws {
        let loop = try Loop()
        guard case .taken(let status, _) = try await loop.post(loop.outcome()) else { return }
        loop.bench.deliver()
        let key = try #require(loop.bench.delivery(of: status.reference, on: "back-to-gp")["key"]?.string)
        try loop.bench.take(
            AcknowledgementTests.itk3(key, code: "fatal-error", severity: "fatal", issue: "30003"))
        let delivery = try loop.bench.delivery(of: status.reference, on: "back-to-gp")
        #expect(delivery["state"]?.string == "dead" && delivery["cause"]?.string == "ack-30003")
    }

    @Test(
        "a route of outcomes names its consent, carries them whole, and knows the practice",
        arguments: [
            ("of: outcomes, queue: q", "consent it needs"),
            ("of: outcomes, queue: q, consent: none-needed", "consent it"),
            ("of: outcomes, queue: q, consent: share-back-to-gp, fields: [ needs ]", "carries them whole"),
            ("of: outcomes, queue: q, consent: share-back-to-gp, form: itk3-document", "which one"),
            ("of: outcome, queue: q, consent: share-back-to-gp", "kind of thing to send"),
        ])
    func configuration(route: String, complaint: String) throws {
        let folder = try Folder()
        try folder.write(
            "linkway.yaml", "sources: [ { name: a, folder: in } ]\nroutes:\n  - { name: back, \(route) }\n")
        var findings: [Finding] = []
        #expect(try Configuration.read(folder["linkway.yaml"], reporting: &findings) == nil)
        #expect(findings.contains { $0.message.contains(complaint) && $0.location?.position != nil })
    }
}
