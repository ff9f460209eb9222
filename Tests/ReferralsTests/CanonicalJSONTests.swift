import Reporting
import Testing

@testable import Referrals

@Suite struct CanonicalJSONTests {
    @Test("reading and writing gives the same bytes, pretty and compact")
    func roundTrip() {
        let referral = Sample.referral
        #expect(Sample.json(referral, pretty: true) == Sample.json)
        let compact = Sample.json(referral)
        #expect(!compact.contains("\n"))
        #expect(Sample.json(Sample.read(compact)) == compact)
        #expect(Sample.json(Sample.read(compact), pretty: true) == Sample.json)
    }

    @Test(
        "hard strings survive",
        arguments: [
            #"a \"quoted\" word"#, #"back\\slash"#, #"line\nbreak\ttab\r"#, #"\u0000\u0001\u001f\b\f"#, "Zoë Ængström",
            "日本語",
            "👩🏽‍⚕️", "\u{7F}", "</script>", "a/b", "'", "\u{2028}\u{2029}", "\u{FFFD}", "\u{FEFF}x", "{\\\"a\\\":1}",
        ])
    func hardStrings(escaped: String) {
        let json =
            #"{"schema":"referral/1","id":"2f1c3e0a-8f5b-4d6e-9a3c-5b7d9e1f2a4c","status":"active","kind":"new","#
            + #""source":{"format":"x","mapping":"x@1","sha256":"0"},"reason":{"text":"\#(escaped)"}}"#
        #expect(Sample.json(Sample.read(json)) == json)
    }

    @Test("texts of every length survive, with and without something to escape at their ends", arguments: 1...71)
    func everyLength(length: Int) {
        let plain = String("abcdefghijklmnopqrstuvwxyz0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ .,:;-()".prefix(length))
        for text in [plain, #"\"\#(plain)"#, #"\#(plain)\n"#, String(repeating: plain, count: 100)] {
            let json =
                #"{"schema":"referral/1","id":"2f1c3e0a-8f5b-4d6e-9a3c-5b7d9e1f2a4c","status":"active","kind":"new","#
                + #""source":{"format":"x","mapping":"x@1","sha256":"0"},"reason":{"text":"\#(text)"}}"#
            #expect(Sample.json(Sample.read(json)) == json)
        }
    }

    @Test("what is written is put behind what stands there")
    func behind() {
        var output = Array("before ".utf8)
        CanonicalJSON.write(Sample.referral, into: &output)
        #expect(String(decoding: output, as: UTF8.self) == "before " + Sample.json(Sample.referral))
    }

    @Test("escapes that JSON allows and we do not write come out in our form")
    func otherEscapes() {
        let json = Sample.json(Sample.referral).replacing(
            "Rent arrears", with: #"\u0052ent \/ arr\u00e9ars \ud83d\ude00"#)
        #expect(Sample.json(Sample.read(json)).contains("Rent / arréars 😀"))
    }

    @Test("members come out in the order of the schema, items in the order they were set")
    func order() {
        var referral = Referral(schema: .referral)
        let first = referral.open(Schema.referral.require("needs"), in: 0)
        referral.add("needs.text", "one", in: first)
        referral.close(first)
        let person = referral.open(Schema.referral.require("person"), in: 0)
        referral.add("person.birthDate", "1968-02-14", in: person)
        referral.add("person.interpreter", "true", in: person)
        let number = referral.open(Schema.referral.require("person.nhsNumber"), in: person)
        referral.add("person.nhsNumber.value", "9990000018", in: number)
        referral.close(number)
        referral.close(person)
        let second = referral.open(Schema.referral.require("needs"), in: 0)
        referral.add("needs.importance", "3", in: second)
        referral.add("needs.text", "two", in: second)
        referral.close(second)
        referral.add("schema", "referral/1")
        referral.close(0)
        #expect(
            Sample.json(referral) == #"{"schema":"referral/1","person":{"nhsNumber":{"value":"9990000018"},"#
                + #""birthDate":"1968-02-14","interpreter":true},"needs":[{"text":"one"},{"text":"two","importance":3}]}"#
        )
    }

    @Test("numbers and booleans stand bare only when they are such")
    func bareValues() {
        var referral = Referral(schema: .referral)
        referral.add("version", "007")
        referral.close(0)
        #expect(Sample.json(referral) == #"{"version":"007"}"#)
    }

    @Test("masking hides what says something of a person and keeps the shape")
    func masking() {
        let masked = Sample.json(Sample.referral, masked: true)
        for word in [
            "Ashworth", "Aisha", "9990000018", "1968", "LS1", "Rent", "Hale", "cut off", "0113", ":8", "female",
        ] {
            #expect(!masked.contains(word), "\(word)")
        }
        #expect(masked.contains(#""urgency":{"code":"routine""#))
        #expect(masked.contains(#""birthDate":"••••-••-••""#))
        #expect(masked.contains(#""given":["•••","•••"]"#))
        #expect(masked.contains(#""interpreter":null"#))
        #expect(masked.contains(#""odsCode":"A81001""#))
    }

    @Test("writing appends")
    func appends() {
        var output = Array("x".utf8)
        CanonicalJSON.write(Referral(schema: .referral), into: &output)
        #expect(output == Array("x{}".utf8))
    }
}

@Suite struct CanonicalJSONReaderTests {
    private static let head =
        #"{"schema":"referral/1","id":"2f1c3e0a-8f5b-4d6e-9a3c-5b7d9e1f2a4c","status":"active","kind":"new","#
        + #""source":{"format":"x","mapping":"x@1","sha256":"0"},"#

    @Test(
        "what is wrong is named with its place and what to do",
        arguments: [
            (#""persn":{}"#, "canonical-unknown-field", "did you mean `person`?"),
            (#""person":{"name":{"famly":"A"}}"#, "canonical-unknown-field", "did you mean `family`?"),
            (#""person":"A""#, "canonical-not-an-object", nil),
            (#""needs":{"text":"a"}"#, "canonical-not-a-list", nil),
            (#""needs":["a"]"#, "canonical-not-an-object", nil),
            (#""person":{"birthDate":19680214}"#, "canonical-wrong-type", nil),
            (#""person":{"birthDate":null}"#, "canonical-wrong-type", nil),
            (#""needs":[{"importance":"8"}]"#, "canonical-wrong-type", nil),
            (#""needs":[{"importance":11}]"#, "canonical-value-invalid", nil),
            (#""needs":[{"importance":8.0}]"#, "canonical-value-invalid", nil),
            (#""person":{"birthDate":"1968-02-30"}"#, "canonical-value-invalid", nil),
            (#""person":{"birthDate":"1968-02"}"#, "canonical-value-invalid", nil),
            (#""referredAt":"2026-03-02T09:14:00""#, "canonical-value-invalid", nil),
            (#""journeyId":" a""#, "canonical-value-invalid", nil),
            (#""urgency":{"code":"routne"}"#, "canonical-code-unknown", "did you mean `routine`?"),
            (#""consent":[{"scope":"everything","decision":"yes"}]"#, "canonical-code-unknown", nil),
            (#""setId":"a","setId":"b""#, "json-duplicate-key", nil),
            (#""setId":"a",}"#, "json-malformed", nil),
        ])
    func faults(members: String, code: String, help: String?) throws {
        let (referral, findings) = CanonicalJSON.read(Array((Self.head + members + "}").utf8), named: "in.json")
        #expect(referral == nil)
        let finding = try #require(findings.first)
        #expect(finding.code.rawValue == code)
        #expect(finding.location?.document == "in.json")
        #expect(finding.location?.position != nil)
        if let help { #expect(finding.help == help) }
    }

    @Test("the place is that of the value")
    func place() throws {
        let json = Self.head + "\n  \"needs\": [\n    { \"importance\": 11 } ] }"
        let finding = try #require(CanonicalJSON.read(Array(json.utf8)).findings.first)
        #expect(finding.location?.position == SourcePosition(line: 3, column: 21))
        #expect(finding.location?.path == "$.needs[0].importance")
        #expect(finding.field == "needs.importance")
    }

    @Test("everything found is reported, not only the first")
    func allFaults() {
        let json = Self.head + #""persn":1,"needs":[{"importance":0},{"importance":99}]}"#
        let (_, findings) = CanonicalJSON.read(Array(json.utf8))
        #expect(
            findings.map(\.code.rawValue) == [
                "canonical-unknown-field", "canonical-value-invalid", "canonical-value-invalid",
            ])
    }

    @Test("empty is read as absent and pointed out", arguments: [#""needs":[]"#, #""person":{}"#, #""setId":"""#])
    func empty(members: String) throws {
        let (referral, findings) = CanonicalJSON.read(Array((Self.head + members + "}").utf8))
        #expect(findings.map(\.code.rawValue) == ["canonical-value-empty"])
        #expect(Sample.json(try #require(referral)) == String(Self.head.dropLast()) + "}")
    }

    @Test("what every referral has is missed")
    func missing() throws {
        let (referral, findings) = CanonicalJSON.read(Array(#"{"status":"active"}"#.utf8))
        #expect(referral != nil)
        #expect(findings.map(\.field) == ["schema", "id", "kind"])
        #expect(findings.allSatisfy { $0.severity == .warning })
    }

    @Test("findings hold no value of the document")
    func noValues() {
        let json = Self.head + #""urgency":{"code":"Ashworth"},"person":{"birthDate":"Ashworth"}}"#
        for finding in CanonicalJSON.read(Array(json.utf8)).findings { #expect(!"\(finding)".contains("Ashworth")) }
    }

    @Test("one reader reads many and forgets what it met")
    func reuse() {
        let reader = CanonicalJSONReader()
        for _ in 0..<3 {
            #expect(reader.read(Array(#"{"nonsense":1}"#.utf8)).referral == nil)
            #expect(reader.read(Array(Sample.json.utf8)).findings == [])
        }
    }

    @Test("no prefix of a referral is read or crashes")
    func prefixes() {
        let bytes = Array(Sample.json.utf8)
        let reader = CanonicalJSONReader()
        for end in stride(from: 0, to: bytes.count - 1, by: 7) {
            #expect(reader.read(Array(bytes[..<end])).referral == nil)
        }
    }
}
