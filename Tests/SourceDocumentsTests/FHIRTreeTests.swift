import Foundation
import Testing

@testable import Reporting
@testable import SourceDocuments

@Suite("the one FHIR tree")
struct FHIRTreeTests {
    static let json = #"""
        {"resourceType": "Patient", "id": "p1",
         "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><b>Aisha</b> &amp; co</div>"},
         "contained": [{"id": "o", "name": "Mill Lane", "resourceType": "Organization"}],
         "extension": [{"url": "urn:e", "valueDecimal": 0.10}],
         "active": true,
         "_birthDate": {"id": "b", "extension": [{"url": "urn:t", "valueTime": "08:00"}]},
         "name": [{"family": "Ashworth", "given": ["Aisha", null, "Noor"], "_given": [null, {"id": "g"}]}],
         "birthDate": "1968-02-14",
         "_gender": {"extension": [{"url": "urn:absent", "valueCode": "unknown"}]}}
        """#
    static let xml = """
        <?xml version="1.0"?>
        <Patient xmlns="http://hl7.org/fhir" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b">
          <id value="p1"/>
          <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><b>Aisha</b> &amp; co</div></text>
          <contained><Organization><id value="o"/><name value="Mill Lane"/></Organization></contained>
          <extension url="urn:e"><valueDecimal value="0.10"/></extension>
          <active value="true"/>
          <name><family value="Ashworth"/><given value="Aisha"/><given id="g"/><given value="Noor"/></name>
          <birthDate id="b" value="1968-02-14"><extension url="urn:t"><valueTime value="08:00"/></extension></birthDate>
          <gender><extension url="urn:absent"><valueCode value="unknown"/></extension></gender>
        </Patient>
        """
    static let tree = [
        "Patient", "Patient.id = p1", "Patient.text", "Patient.text.status = generated",
        "Patient.text.div markup = <div xmlns=\"http://www.w3.org/1999/xhtml\"><b>Aisha</b> &amp; co</div>",
        "Patient.contained resource Organization", "Patient.contained.id = o", "Patient.contained.name = Mill Lane",
        "Patient.extension", "Patient.extension.url = urn:e", "Patient.extension.valueDecimal = 0.10",
        "Patient.active = true", "Patient.name", "Patient.name.family = Ashworth", "Patient.name.given[0] = Aisha",
        "Patient.name.given[1]", "Patient.name.given[1].id = g", "Patient.name.given[2] = Noor",
        "Patient.birthDate = 1968-02-14", "Patient.birthDate.id = b", "Patient.birthDate.extension",
        "Patient.birthDate.extension.url = urn:t", "Patient.birthDate.extension.valueTime = 08:00", "Patient.gender",
        "Patient.gender.extension", "Patient.gender.extension.url = urn:absent",
        "Patient.gender.extension.valueCode = unknown",
    ]

    @Test("JSON and XML give the same tree", arguments: [json, xml])
    func same(_ text: String) {
        let reading = Reading(text)
        #expect(reading.document.format == .fhir)
        #expect(reading.lines == Self.tree)
        #expect(reading.findings == [])
        #expect(reading.document.symbols.name(reading.document.nodes[1].name) == "Patient")
        #expect(reading.document.symbols.name(reading.document.nodes[1].resourceType) == "Patient")
    }

    @Test("the root's type may come anywhere in the object")
    func lateType() {
        let reading = Reading(#"{"id": "1", "resourceType": "Task"}"#)
        #expect(reading.lines == ["Task", "Task.id = 1"])
    }

    @Test("places point at the value in both encodings")
    func places() {
        for text in [Self.json, Self.xml] {
            let document = Reading(text).document
            for id in 1..<NodeID(document.nodes.count) {
                guard let own = document.ownValue(id), !own.isAside else { continue }
                let span = document.span(of: id)
                #expect(Array(document.source[span.start..<span.end]) == document.bytes(own))
            }
        }
        let family = Reading(Self.xml).document
        let node = (1..<NodeID(family.nodes.count)).first { family.path(of: $0) == "Patient.name.family" } ?? 0
        #expect(family.location(of: node).position == SourcePosition(line: 8, column: 24))
    }

    @Test("a prefix on the namespace changes nothing")
    func prefixed() {
        let text = "<f:Patient xmlns:f='http://hl7.org/fhir'><f:id value='1'/></f:Patient>"
        #expect(Reading(text).lines == ["Patient", "Patient.id = 1"])
    }

    static let odd: [(String, [String], [String])] = [
        (#"{"resourceType":"Patient","birthDate":null}"#, ["Patient"], ["fhir-malformed 1:39"]),
        (#"{"resourceType":"Patient","name":[]}"#, ["Patient"], ["fhir-malformed 1:34"]),
        (#"{"resourceType":"Patient","name":[{}]}"#, ["Patient", "Patient.name"], ["fhir-malformed 1:35"]),
        (
            "<Patient xmlns='http://hl7.org/fhir'><name/></Patient>", ["Patient", "Patient.name"],
            ["fhir-malformed 1:38"]
        ),
        (
            "<Patient xmlns='http://hl7.org/fhir' colour='red'><id value='1'/></Patient>",
            ["Patient", "Patient.id = 1"],
            ["fhir-malformed 1:38"]
        ),
    ]

    @Test("what FHIR forbids but cannot be misread is a warning", arguments: odd)
    func warnings(_ text: String, _ tree: [String], _ found: [String]) {
        let reading = Reading(text)
        #expect(reading.isRead && reading.lines == tree && reading.found == found)
        #expect(reading.findings.allSatisfy { $0.severity == .warning })
    }

    @Test(
        "text where FHIR has none holds the referral for a person",
        arguments: [
            "<Patient xmlns='http://hl7.org/fhir'><id>7</id></Patient>",
            "<Patient xmlns='http://hl7.org/fhir'>7<id value='1'/></Patient>",
        ])
    func strayText(_ text: String) {
        let reading = Reading(text)
        #expect(reading.isRead && reading.found == ["fhir-malformed 1:38"])
        #expect(reading.findings.first?.severity == .quarantine)
    }

    @Test("a document asked for as plain JSON or XML keeps its own tree")
    func plain() {
        #expect(Reading(Self.json, as: .json).lines.first == "$ object")
        #expect(Reading(Self.xml, as: .xml).lines.first == "/Patient element")
    }

    // MARK: Twins

    static var documents: [String] {
        let examples = (try? Shared.files(in: "suites/fhir-r4-examples", ending: ".json")) ?? []
        let corpus = (try? Shared.files(in: "corpus", ending: ".json")) ?? []
        return examples + corpus
    }

    private static let python: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let found = folders.map { "\($0)/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        if found == nil { print("SKIPPED: there is no python3, so FHIR JSON was not compared with its XML twin") }
        return found
    }()

    /// Runs the converter over pairs of files.
    private static func convert(_ pairs: [(URL, URL)]) throws {
        let tool = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Tools/fhir_json_to_xml.py")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(python))
        process.arguments = [tool.standardizedFileURL.path]
        let input = Pipe()
        process.standardInput = input
        try process.run()
        input.fileHandleForWriting.write(Data(pairs.map { "\($0.0.path)\n\($0.1.path)\n" }.joined().utf8))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test(
        "every published example and its XML twin give the same tree",
        .enabled(if: Shared.has("suites/fhir-r4-examples") && python != nil))
    func twins() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fhir-twins-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let reader = DocumentReader()
        var pairs: [(URL, URL)] = []
        var jsons: [Reading] = []
        for path in Self.documents {
            let reading = Reading(try Shared.bytes(path), reader: reader)
            guard reading.isRead, reading.document.format == .fhir else { continue }
            jsons.append(reading)
            let source = try #require(Shared.folder).appendingPathComponent(path)
            pairs.append((source, folder.appendingPathComponent("\(pairs.count).xml")))
        }
        try Self.convert(pairs)
        var nodes = 0
        for (pair, json) in zip(pairs, jsons) {
            let xml = Reading(Array(try Data(contentsOf: pair.1)), reader: reader)
            #expect(xml.isRead && xml.document.format == .fhir, "\(pair.0.lastPathComponent) \(xml.findings)")
            #expect(xml.lines.sorted() == json.lines.sorted(), "\(pair.0.lastPathComponent)")
            nodes += xml.document.nodes.count
        }
        print("FHIR twins: \(pairs.count) documents, \(nodes) nodes")
        #expect(pairs.count >= 90)
    }
}
