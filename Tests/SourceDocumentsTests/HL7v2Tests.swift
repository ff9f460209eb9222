import Testing

@testable import Reporting
@testable import SourceDocuments

@Suite("reading HL7 v2")
struct HL7v2Tests {
    static let pipes = [
        #"MSH|^~\&|SYSTEM|A81001|HUB||20260302091400||REF^I12^REF_I12|M1|P|2.5"#,
        #"PRD|RP|Patel^Nila^^^Dr"#,
        #"PID|1||9990000018^^^NHS&2.16.840&ISO^NH~L7||Ashworth^Aisha||19680214"#,
        #"NTE|1||one \T\ two\.br\three \X41\"#, "",
    ]
    static let xml = """
        <REF_I12 xmlns="urn:hl7-org:v2xml">
          <MSH><MSH.1>|</MSH.1><MSH.2>^~\\&amp;</MSH.2><MSH.3><HD.1>SYSTEM</HD.1></MSH.3><MSH.4><HD.1>A81001</HD.1></MSH.4>
            <MSH.5><HD.1>HUB</HD.1></MSH.5><MSH.6/><MSH.7><TS.1>20260302091400</TS.1></MSH.7>
            <MSH.9><MSG.1>REF</MSG.1><MSG.2>I12</MSG.2><MSG.3>REF_I12</MSG.3></MSH.9><MSH.10>M1</MSH.10>
            <MSH.11><PT.1>P</PT.1></MSH.11><MSH.12><VID.1>2.5</VID.1></MSH.12></MSH>
          <REF_I12.PROVIDER_CONTACT>
            <PRD><PRD.1><CE.1>RP</CE.1></PRD.1><PRD.2><XPN.1><FN.1>Patel</FN.1></XPN.1><XPN.2>Nila</XPN.2><XPN.5>Dr</XPN.5></PRD.2></PRD>
          </REF_I12.PROVIDER_CONTACT>
          <PID><PID.1>1</PID.1>
            <PID.3><CX.1>9990000018</CX.1><CX.4><HD.1>NHS</HD.1><HD.2>2.16.840</HD.2><HD.3>ISO</HD.3></CX.4><CX.5>NH</CX.5></PID.3>
            <PID.3><CX.1>L7</CX.1></PID.3>
            <PID.5><XPN.1><FN.1>Ashworth</FN.1></XPN.1><XPN.2>Aisha</XPN.2></PID.5><PID.7><TS.1>19680214</TS.1></PID.7></PID>
          <NTE><NTE.1>1</NTE.1><NTE.3>one &amp; two<escape V=".br"/>three <escape V="X41"/></NTE.3></NTE>
        </REF_I12>
        """

    @Test("pipes and XML give the same tree")
    func twins() {
        let pipes = Reading(Self.pipes.joined(separator: "\r"))
        let xml = Reading(Self.xml)
        #expect(pipes.document.format == .hl7v2 && xml.document.format == .hl7v2)
        #expect(pipes.lines == xml.lines)
        #expect(pipes.lines.contains("REF_I12/PID/PID.3[1]/PID.3.4/PID.3.4.2 = 2.16.840"))
        #expect(pipes.lines.contains("REF_I12/PID/PID.3[2]/PID.3.1 = L7"))
        #expect(pipes.lines.contains("REF_I12/NTE/NTE.3/NTE.3.1 = one & two\nthree A"))
        #expect(pipes.lines.contains("REF_I12/MSH/MSH.2/MSH.2.1 = ^~\\&"))
    }

    @Test("line ends and frames do not matter", arguments: ["\r", "\n", "\r\n"])
    func lineEnds(_ end: String) {
        let plain = Reading(Self.pipes.joined(separator: "\r")).lines
        #expect(Reading("\u{B}" + Self.pipes.joined(separator: end) + "\u{1C}\r").lines == plain)
    }

    @Test("other delimiters are those the message names")
    func delimiters() {
        let reading = Reading("MSH$%*!?$A%B\nPID$1$$7%!S!x*8\n", as: .hl7v2)
        #expect(
            reading.lines.suffix(7) == [
                "HL7/PID/PID.1", "HL7/PID/PID.1/PID.1.1 = 1", "HL7/PID/PID.3[1]", "HL7/PID/PID.3[1]/PID.3.1 = 7",
                "HL7/PID/PID.3[1]/PID.3.2 = %x", "HL7/PID/PID.3[2]", "HL7/PID/PID.3[2]/PID.3.1 = 8",
            ])
    }

    @Test("the root takes its name from type and event when no structure is named")
    func rootName() {
        #expect(Reading("MSH|^~\\&|||||||ADT^A01\r").lines.first == "ADT_A01")
    }

    @Test("a message may say that it is written in ISO-8859-1")
    func latin() {
        let head = "MSH|^~\\&|||||||ADT^A01|1|P|2.5||||||8859/1\rPID|||"
        #expect(Reading(Array(head.utf8) + [0xE9]).lines.last == "ADT_A01/PID/PID.3/PID.3.1 = é")
        #expect(Reading(Array(head.replacing("8859/1", with: "").utf8) + [0xE9]).found == ["encoding-invalid 2:7"])
    }

    @Test("places point at the value")
    func places() {
        let document = Reading(Self.pipes.joined(separator: "\r")).document
        let node = (1..<NodeID(document.nodes.count)).first { document.path(of: $0).hasSuffix("PID.5.2") } ?? 0
        #expect(document.location(of: node).position == SourcePosition(line: 3, column: 54))
    }

    @Test("an escape that is not known, or half one, stays as written")
    func oddEscapes() {
        let reading = Reading("MSH|^~\\&|A\rNTE|\\Zx\\|a\\b|\\X4\\|\\XE9\\|\\H\\bold\\N\\")
        #expect(
            reading.lines.filter { $0.contains("NTE.") && $0.contains("=") } == [
                "HL7/NTE/NTE.1/NTE.1.1 = \\Zx\\", "HL7/NTE/NTE.2/NTE.2.1 = a\\b", "HL7/NTE/NTE.3/NTE.3.1 = \\X4\\",
                "HL7/NTE/NTE.4/NTE.4.1 = é", "HL7/NTE/NTE.5/NTE.5.1 = bold",
            ])
    }
}
