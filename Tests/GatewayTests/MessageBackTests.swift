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

/// The message back to the practice: from the outcome that a service posts, through the outbox of MESH, to what the
/// practice and MESH say of it.
@Suite("The message back to the practice")
struct MessageBackTests {
    /// A gateway whose outcomes go by MESH to the practice of the letter, and a referral that was delivered.
    private struct Loop {
        let bench: EngineBench
        let reference: String
        let referral: String

        init() throws {
            bench = try EngineBench { configuration in
                let mailbox = configuration.state + "/../mesh"
                configuration.sources.append(
                    Configuration.Source(name: "mesh", kind: .meshFolder(.init(path: mailbox + "/in"))))
                let outbox = Configuration.Route.MeshOutbox(
                    path: mailbox + "/out", from: "X26OT001", to: "Z99999MB001", workflow: "GPCONNECT_SEND_DOCUMENT")
                var route = Configuration.Route(
                    name: "back-to-gp", destination: .meshFolder(outbox), consent: .scope(.shareBackToGP))
                route.subject = .outcomes
                route.form = "itk3-document"
                route.receiver = .init(endpoint: "Z99999MB001", odsCode: "Z99999", name: "Practice")
                configuration.routes.append(route)
            }
            reference = try #require(bench.take(try GatewayBench.letter()).first).receipt.reference
            bench.deliver()
            referral = try #require(
                try bench.engine.custody.ledger.story(reference)?.referrals.first?.id)
        }

        /// An outcome with these requests of the GP, as the members of a list.
        func outcome(_ requests: String) -> [UInt8] {
            Array(
                """
                {"schema":"outcome/1","id":"7b0c3a52-5a3a-4d0e-9a53-0c9a6e1d2f10","kind":"closed",
                "referralId":"\(referral)","at":"2026-06-01T15:30:00+01:00",
                "from":{"name":"Rosa Quill","role":"link worker","organisation":"Kirkgate Community Trust"},
                "gpPractice":{"odsCode":"Z99999"},"clinicalSummary":"Back at work three days.",
                "requestsOfGp":[\(requests)],"actionsForPerson":[{"text":"Walks on Fridays."}],
                "risks":[{"none":true}],"shareWith":["share-back-to-gp"]}
                """.utf8)
        }

        /// Posts an outcome and delivers what is owed.
        /// - Returns: The reference of the outcome, and the key under which the message went.
        func send(_ requests: String) async throws -> (reference: String, key: String) {
            let submission = Submission(
                door: .outcomes, source: "north", bytes: outcome(requests), mediaType: "application/json",
                transportID: nil, correlation: reference)
            guard case .taken(let status, _) = try await OutcomeIntake(bench.engine).take(submission) else {
                throw Unsent()
            }
            bench.deliver()
            let delivery = try bench.delivery(of: status.reference, on: "back-to-gp")
            return (status.reference, try #require(delivery["key"]?.string))
        }

        struct Unsent: Error {}

        /// Puts a pair into the inbox of MESH and waits until it is taken.
        func receive(_ name: String, _ control: String, _ data: String? = nil) throws {
            if let data { try bench.folder.write("mesh/in/\(name).dat", data) }
            try bench.folder.write("mesh/in/\(name).ctl", control)
            for _ in 0..<4 {
                bench.clock.advance(milliseconds: 6_000)
                for source in bench.engine.sources { _ = try source.round() }
            }
        }

        /// The state of the message back, and what was said of it.
        func standing(_ reference: String) throws -> String {
            let delivery = try bench.delivery(of: reference, on: "back-to-gp")
            let answers = try #require(try bench.engine.custody.ledger.story(reference)).answers
            return
                ([delivery["state"]?.string, delivery["cause"]?.string].compactMap { $0 }
                + answers.map { "\($0.verdict)" }).joined(separator: " ")
        }
    }

    private static func control(_ type: String, workflow: String, _ more: String = "") -> String {
        """
        <DTSControl><Version>1.0</Version><AddressType>DTS</AddressType><MessageType>\(type)</MessageType>
        <From_DTS>Z99999MB001</From_DTS><To_DTS>X26OT001</To_DTS>\(more)<WorkflowId>\(workflow)</WorkflowId></DTSControl>
        """
    }

    /// What MESH reports of a message that we sent under a key.
    private static func record(_ key: String, _ status: String, code: String) -> String {
        control(
            "Report", workflow: "GPCONNECT_SEND_DOCUMENT",
            """
            <LocalId>\(key)</LocalId><StatusRecord><DateTime>20260602090000</DateTime><Event>TRANSFER</Event>
            <Status>\(status)</Status><StatusCode>\(code)</StatusCode><Description>x</Description></StatusRecord>
            """)
    }

    /// The titles of the sections of a document, in order.
    private static func titles(_ text: String) -> [String] {
        text.components(separatedBy: "<section><title value=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    @Test("is a pair in the outbox: the document first, then what addresses it")
    func pair() async throws {
        let loop = try Loop()
        let sent = try await loop.send(#"{"text":"Review the fit note."}"#)
        #expect(loop.bench.folder.names("mesh/out") == [sent.key + ".ctl", sent.key + ".dat"])
        let control = try loop.bench.folder.text("mesh/out/\(sent.key).ctl")
        for part in [
            "<From_DTS>X26OT001</From_DTS>", "<To_DTS>Z99999MB001</To_DTS>", "<LocalId>\(sent.key)</LocalId>",
            "<WorkflowId>GPCONNECT_SEND_DOCUMENT</WorkflowId>",
        ] { #expect(control.contains(part)) }
        // A client that finds the control file finds the whole document beside it.
        func written(_ ending: String) throws -> Date {
            let path = loop.bench.folder["mesh/out/" + sent.key + ending]
            return try #require(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)
        }
        #expect(try written(".dat") <= written(".ctl"))
        #expect(try loop.standing(sent.reference) == "delivered")
    }

    @Test("begins with what the GP is asked, and says whom it is about and from whom it comes")
    func content() async throws {
        let loop = try Loop()
        let sent = try await loop.send(#"{"text":"Review the fit note."}"#)
        let text = try loop.bench.folder.text("mesh/out/\(sent.key).dat")
        #expect(text.hasPrefix("<Bundle xmlns=\"http://hl7.org/fhir\">") && text.contains("<code value=\"ITK007C\"/>"))
        let titles = Self.titles(text)
        #expect(Array(titles.prefix(3)) == ["Plan and requested actions", "What came of it", "Clinical summary"])
        #expect(titles.contains("Risks") && text.contains("No known risks."))
        let asked = try #require(text.range(of: "Review the fit note."))
        let told = try #require(text.range(of: "Walks on Fridays."))
        let summary = try #require(text.range(of: "Back at work three days."))
        #expect(asked.lowerBound < told.lowerBound && told.lowerBound < summary.lowerBound)
        #expect(!text.contains("Nothing is asked of the GP practice.") && text.contains("<code value=\"FA\"/>"))
        for word in ["9990004110", "Dray", "Kirkgate Community Trust", "Z99999"] { #expect(text.contains(word)) }
        #expect(text.contains("<MessageHeader><id value=\"\(sent.key)\"/>"))
    }

    @Test("says in words that nothing is asked, in the same first place")
    func none() async throws {
        let loop = try Loop()
        let sent = try await loop.send(#"{"none":true}"#)
        let text = try loop.bench.folder.text("mesh/out/\(sent.key).dat")
        #expect(Self.titles(text).first == "Plan and requested actions")
        let first = try #require(text.components(separatedBy: "<section><title value=\"").dropFirst().first)
        #expect(first.contains("Nothing is asked of the GP practice.") && text.contains("<code value=\"FI\"/>"))
    }

    @Test(
        "an acknowledgement by MESH finds it again",
        arguments: [
            ("ok", "information", "20013", "delivered received"),
            ("fatal-error", "fatal", "30003", "dead ack-30003 wrongTarget"),
        ])
    func acknowledged(code: String, severity: String, issue: String, expected: String) async throws {
        let loop = try Loop()
        let sent = try await loop.send(#"{"none":true}"#)
        try loop.receive(
            "A1", Self.control("Data", workflow: "GPCONNECT_SEND_DOCUMENT_ACK", "<LocalId>1</LocalId>"),
            AcknowledgementTests.itk3(sent.key, code: code, severity: severity, issue: issue))
        #expect(try loop.standing(sent.reference) == expected)
        // Of the referral itself, which went to a service, nothing was said.
        #expect(try loop.bench.delivery(of: loop.reference)["state"]?.string == "delivered")
        #expect(try loop.bench.result(["ask": "answers", "isUnmatched": .bool(true)]).items.isEmpty)
    }

    @Test(
        "a report of MESH finds it again",
        arguments: [("SUCCESS", "00", "delivered received"), ("ERROR", "14", "dead mesh-14 notDelivered")])
    func reported(status: String, code: String, expected: String) async throws {
        let loop = try Loop()
        let sent = try await loop.send(#"{"none":true}"#)
        try loop.receive("R1", Self.record(sent.key, status, code: code))
        #expect(try loop.standing(sent.reference) == expected)
    }
}
