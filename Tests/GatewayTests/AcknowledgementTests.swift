import Custody
import DurableFiles
import Intake
import Reporting
import Simulation
import Testing

@testable import Gateway

@Suite("Acknowledgements")
struct AcknowledgementTests {
    private static let key = "0f8fad5b-d9cb-469f-a165-70867728950e"
    private static let at = Instant(milliseconds: 1_772_615_640_000)

    static func itk3(_ key: String, code: String = "ok", severity: String = "information", issue: String = "20013")
        -> String
    {
        """
        <Bundle xmlns="http://hl7.org/fhir"><identifier><value value="1"/></identifier><type value="message"/>
        <entry><fullUrl value="urn:uuid:5d0c0000-0000-4000-8000-000000000001"/><resource><MessageHeader>
        <event><system value="https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2"/><code value="ITK008M"/></event>
        <timestamp value="2026-03-02T09:14:00+00:00"/><source><endpoint value="X26OT001"/></source>
        <response><identifier value="\(key)"/><code value="\(code)"/></response></MessageHeader></resource></entry>
        <entry><resource><OperationOutcome><issue><severity value="\(severity)"/><code value="processing"/><details>
        <coding><system value="https://fhir.nhs.uk/STU3/CodeSystem/ITK-ResponseCodes-1"/><code value="\(issue)"/>
        </coding></details></issue></OperationOutcome></resource></entry></Bundle>
        """
    }

    private static func bars(_ status: String) -> String {
        """
        {"resourceType":"Bundle","type":"message","entry":[{"resource":{"resourceType":"MessageHeader",
        "eventCoding":{"system":"https://fhir.nhs.uk/CodeSystem/message-events-bars","code":"servicerequest-response"},
        "response":{"identifier":"\(key)","code":"ok"}}},
        {"resource":{"resourceType":"ServiceRequest","status":"\(status)"}}]}
        """
    }

    private static func ack(_ code: String) -> String {
        "MSH|^~\\&|A|B|C|D|20260302091400||ACK^I12^ACK|7|P|2.4\rMSA|\(code)|\(key)\r"
    }

    private static func mcci(_ code: String) -> String {
        """
        <MCCI_IN010000UK13 xmlns="urn:hl7-org:v3"><id root="AA"/><acknowledgement typeCode="\(code)"><messageRef>
        <id root="\(key.uppercased())"/></messageRef></acknowledgement></MCCI_IN010000UK13>
        """
    }

    private static func soap(_ body: String) -> String {
        """
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>
        <a:RelatesTo xmlns:a="http://www.w3.org/2005/08/addressing">urn:uuid:\(key)</a:RelatesTo></s:Header><s:Body>
        \(body)</s:Body></s:Envelope>
        """
    }

    private static let itk = " xmlns=\"urn:nhs-itk:ns:201005\""

    @Test(
        "each form says what it answers, whether it was taken, and under which cause a person will find it",
        arguments: [
            (itk3(key), "fhir", "itk3 received 20013"),
            (itk3(key, code: "fatal-error", severity: "fatal", issue: "10001"), "fhir", "itk3 refused ack-10001"),
            (itk3(key, code: "fatal-error", severity: "fatal", issue: "30002"), "fhir", "itk3 wrong-target ack-30002"),
            (itk3(key, code: "transient-error", issue: "zzz"), "fhir", "itk3 not-delivered ack-try-later"),
            (itk3(key, code: "ok", severity: "error", issue: "77"), "fhir", "itk3 refused ack-refused"),
            (itk3(key, code: "__CODE__"), "fhir", "itk3 unclear 20013"),
            (bars("active"), "fhir", "fhir received ok"),
            (bars("revoked"), "fhir", "fhir wrong-target ack-wrong-target"),
            (ack("AA"), "hl7v2", "hl7v2 received AA"), (ack("AE"), "hl7v2", "hl7v2 refused ack-ae"),
            (ack("CR"), "hl7v2", "hl7v2 wrong-target ack-cr"), (ack("ZZ"), "hl7v2", "hl7v2 unclear ZZ"),
            (mcci("AA"), "xml", "hl7v3 received AA"), (mcci("AR"), "xml", "hl7v3 wrong-target ack-ar"),
            (soap("<SimpleMessageResponse\(itk)>x</SimpleMessageResponse>"), "xml", "itk received"),
            (
                soap("<ToolkitErrorInfo\(itk)><ErrorCode>1000</ErrorCode></ToolkitErrorInfo>"), "xml",
                "itk refused ack-refused"
            ),
            (
                "<E><InfrastructureResponse\(itk) result=\"Failure\" trackingIdRef=\"\(key)\"/></E>", "xml",
                "itk refused ack-refused"
            ),
        ])
    func forms(text: String, format: String, expected: String) throws {
        let answer = try #require(AcknowledgementReader.read(Array(text.utf8), format: format, at: Self.at))
        let word = answer.verdict.isNegative ? answer.cause : answer.code
        #expect([answer.kind, answer.verdict.rawValue, word].compactMap { $0 }.joined(separator: " ") == expected)
        #expect(answer.key == Self.key)
    }

    @Test("what is no answer says nothing of a delivery")
    func others() throws {
        for (text, format) in [
            (#"{"resourceType":"Patient"}"#, "fhir"), ("<a/>", "xml"), ("<broken", "xml"), ("{}", "json"),
            ("MSH|^~\\&|A|B|C|D|20260302091400||ADT^A01|7|P|2.4\rMSA|AE|x\r", "hl7v2"),
        ] {
            #expect(AcknowledgementReader.read(Array(text.utf8), format: format, at: Self.at) == nil, "\(text)")
        }
    }

    // MARK: Through the gateway

    private func delivered() throws -> (bench: EngineBench, reference: String, key: String) {
        let bench = try EngineBench()
        let reference = try #require(bench.take(try GatewayBench.letter()).first).receipt.reference
        bench.deliver()
        return (bench, reference, try #require(bench.delivery(of: reference)["key"]?.string))
    }

    @Test("a refusal that comes as a document makes a dead letter of what it refuses, and the trace shows it")
    func refused() throws {
        let (bench, reference, key) = try delivered()
        let refusal = Self.itk3(key, code: "fatal-error", severity: "fatal", issue: "30002")
        let disposition = try #require(bench.take(refusal).first)
        #expect(disposition.receipt.state == .noted && disposition.isDone)
        let delivery = try bench.delivery(of: reference)
        #expect(delivery["state"]?.string == "dead" && delivery["cause"]?.string == "ack-30002")
        let answers = try bench.result(["ask": "message", "reference": .string(reference)])["answers"]?.items ?? []
        #expect(answers.map { $0["verdict"]?.string } == ["wrong-target"])
        #expect(answers.map { $0["broughtBy"]?.string } == [disposition.receipt.reference])
        #expect(bench.spoken.whole.contains("delivery.answered"))
        let about = try bench.result(["ask": "dead"]).items.first
        #expect(about?["about"]?.string != nil)
    }

    @Test("what went out by MESH is found again by the answer that comes in by MESH")
    func byMesh() throws {
        let bench = try EngineBench { configuration in
            let mailbox = configuration.state + "/../mesh"
            configuration.sources.append(
                Configuration.Source(name: "mesh", kind: .meshFolder(.init(path: mailbox + "/in"))))
            let outbox = Configuration.Route.MeshOutbox(
                path: mailbox + "/out", from: "X26OT01", to: "X26OT02", workflow: "SP_REFERRAL")
            configuration.routes = [.init(name: "out", destination: .meshFolder(outbox), consent: .noneNeeded)]
        }
        let reference = try #require(bench.take(try GatewayBench.letter()).first).receipt.reference
        bench.deliver()
        let key = try #require(bench.delivery(of: reference)["key"]?.string)
        #expect(bench.folder.names("mesh/out") == [key + ".ctl", key + ".dat"])
        try bench.folder.write("mesh/in/M1.dat", Self.itk3(key, code: "fatal-error", severity: "fatal", issue: "30002"))
        try bench.folder.write(
            "mesh/in/M1.ctl",
            """
            <DTSControl><Version>1.0</Version><AddressType>DTS</AddressType><MessageType>Data</MessageType>
            <From_DTS>X26OT02</From_DTS><To_DTS>X26OT01</To_DTS><LocalId>1</LocalId><WorkflowId>SP_ACK</WorkflowId></DTSControl>
            """)
        for _ in 0..<4 {
            bench.clock.advance(milliseconds: 6_000)
            for source in bench.engine.sources { _ = try source.round() }
        }
        let delivery = try bench.delivery(of: reference)
        #expect(delivery["state"]?.string == "dead" && delivery["cause"]?.string == "ack-30002")
        #expect(Set(bench.folder.names("mesh/in/done")).isSuperset(of: ["M1.ctl", "M1.dat"]))
    }

    @Test("an answer to nothing known here is noted and listed")
    func unmatched() throws {
        let (bench, reference, _) = try delivered()
        #expect(try bench.take(Self.itk3(Self.key)).map(\.receipt.state) == [.noted])
        #expect(try bench.delivery(of: reference)["state"]?.string == "delivered")
        let answers = try bench.result(["ask": "answers", "isUnmatched": .bool(true)]).items
        #expect(answers.map { $0["key"]?.string } == [Self.key])
    }

    @Test(
        "a MESH report of a failure makes a dead letter, one of success is kept",
        arguments: [
            (false, "14", "dead mesh-14"), (false, "EPL-152", "dead mesh-epl-152"), (false, "x", "dead mesh-failed"),
            (true, "00", "delivered"),
        ])
    func mesh(isDelivered: Bool, code: String, expected: String) throws {
        let (bench, reference, key) = try delivered()
        let journal = MeshJournal(
            committer: bench.engine.committer, time: bench.clock,
            log: Log(form: .json, time: bench.clock, sink: bench.spoken.hear))
        let report = MeshReport(
            localID: key, isDelivered: isDelivered, statusCode: code, digest: Key([UInt8](repeating: 7, count: 32)))
        try journal.report(report)
        try journal.report(report)
        let delivery = try bench.delivery(of: reference)
        let words = [delivery["state"]?.string, delivery["cause"]?.string].compactMap { $0 }.joined(separator: " ")
        #expect(words == expected)
        let story = try bench.result(["ask": "message", "reference": .string(reference)])
        #expect(story["answers"]?.items.map { $0["code"]?.string } == [code])
        #expect(bench.spoken.whole.contains("dead.new") == !isDelivered)
    }
}
