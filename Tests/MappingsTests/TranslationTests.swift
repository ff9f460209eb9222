import Referrals
import Reporting
import SourceDocuments
import Testing

@testable import Mappings

@Suite("Translation")
struct TranslationTests {
    /// The mapping of the eight faults that other engines let pass.
    static let eight = Workshop.xml(
        person: """
            nhsNumber: { from: "r:NHSNumber", as: nhs-number }
            sex: { from: "r:Sex", as: code, table: sex }
            """,
        map: """
            reason: { text: { from: "r:Reason" } }
            needs: { each: "r:Need", code: { from: "@code", as: code, table: needs }, text: { from: "." } }
            consent:
              - scope: { value: share-with-link-worker }
                decision: { from: "r:Consent/@given", as: code, table: yes-no, missing: { use: not-asked } }
            """,
        foot: "watch: [ \"//r:Risk\" ]")

    static let sound =
        "<NHSNumber>9990000018</NHSNumber><Sex>F</Sex><Reason>Lonely</Reason><Need code=\"02\">Damp flat</Need><Consent given=\"Y\"/>"

    @Test("a letter without a fault is accepted without a word of the mapping")
    func soundLetter() throws {
        let translation = try TranslationBench(Self.eight).translate(TranslationBench.letter(Self.sound))
        #expect(translation.outcome == .accepted)
        #expect(translation.findings.filter { $0.rule != nil && $0.code.rawValue.contains("missing") }.isEmpty)
        #expect(translation.values("person.nhsNumber.value") == ["9990000018"])
        #expect(translation.values("needs.code.code") == ["105531004"])
        #expect(translation.values("consent.decision") == ["yes"])
    }

    /// The eighth, no consent, is told by the origin of its fallback: see below.
    @Test(
        "the eight faults of a message are all told",
        arguments: [
            ("an impossible date", "1968-02-14", "1968-02-31", "date-impossible", Translation.Outcome.held),
            ("a wrong check digit", "9990000018", "9990000019", "nhs-number-check-digit", .held),
            ("an unknown sex", ">F<", ">Q<", "code-unmapped", .accepted),
            ("an unknown need", "code=\"02\"", "code=\"47\"", "code-unmapped", .accepted),
            ("no surname", "<Surname>Ashworth</Surname>", "", "value-missing", .refused),
            (
                "two reasons", "<Reason>Lonely</Reason>", "<Reason>Lonely</Reason><Reason>In debt</Reason>", "too-many",
                .accepted
            ),
            ("a risk that nobody reads", "<Reason>", "<Risk>Dog bites</Risk><Reason>", "watch-unread", .held),
        ])
    func eightFaults(name: String, sound: String, faulty: String, code: String, outcome: Translation.Outcome) throws {
        let letter = TranslationBench.letter(Self.sound)
        #expect(letter.contains(sound))
        let translation = try TranslationBench(Self.eight).translate(letter.replacing(sound, with: faulty))
        #expect(translation.outcome == outcome, "\(translation.rendered)")
        #expect(translation.findings.contains { $0.code.rawValue == code }, "\(translation.rendered)")
    }

    @Test(
        "a number that was left out is not verified, whatever the sender says; other statuses stay",
        arguments: [
            ("9990000018", "verified", "verified"), ("9990000019", "verified", "unknown"),
            ("1111111111", "verified", "unknown"), ("", "verified", "unknown"),
            ("9990000019", "trace-failed", "trace-failed"), ("9990000018", "unverified", "unverified"),
        ])
    func verifiedNoMore(_ number: String, _ sent: String, _ status: String) throws {
        for order in [["value", "status"], ["status", "value"]] {
            let rules = [
                "value": "value: { from: \"r:NHSNumber\", as: nhs-number, missing: warn, invalid: quarantine }",
                "status": "status: { from: \"r:NHSNumber/@status\", as: code }",
            ]
            let lines = order.compactMap { rules[$0] }.joined(separator: ", ")
            let bench = try TranslationBench(Workshop.xml(person: "nhsNumber: { \(lines) }"))
            let translation = bench.translate(
                TranslationBench.letter("<NHSNumber status=\"\(sent)\">\(number)</NHSNumber>"))
            #expect(translation.values("person.nhsNumber.status") == [status], "\(translation.rendered)")
            let isWithdrawn = status != sent
            #expect(translation.origin("person.nhsNumber.status")?.kind == (isWithdrawn ? .fallback : .source))
        }
    }

    @Test("a consent that is not there has an origin that says so")
    func fallbackOrigin() throws {
        let bench = try TranslationBench(Self.eight)
        let translation = bench.translate(
            TranslationBench.letter(Self.sound.replacing("<Consent given=\"Y\"/>", with: "")))
        #expect(translation.values("consent.decision") == ["not-asked"])
        let origin = try #require(translation.origin("consent.decision"))
        #expect(origin.kind == .fallback)
        #expect(bench.translator.set.mappings[0].rules[origin.rule].plan.place.position.line == 16)
    }

    // MARK: NHS numbers

    @Test(
        "one person has one NHS number",
        arguments: [
            ("<NHSNumber>9990000018</NHSNumber><NHSNumber>9990000026</NHSNumber>", Translation.Outcome.held),
            ("<NHSNumber>9990000018</NHSNumber><NHSNumber>9990000018</NHSNumber>", .accepted),
            ("<NHSNumber>9990000018</NHSNumber><NHSNumber>999 000 0018</NHSNumber>", .accepted),
            ("<NHSNumber/><NHSNumber>9990000018</NHSNumber>", .accepted),
            ("<NHSNumber>9990000018</NHSNumber><NHSNumber> </NHSNumber>", .accepted),
            ("<NHSNumber>9990000018</NHSNumber><NHSNumber>unknown</NHSNumber>", .held),
            ("<NHSNumber>999<!-- -->0000018</NHSNumber>", .accepted),
            ("<NHSNumber>999<?x y?>0000018</NHSNumber>", .accepted),
            ("<NHSNumber>999<![CDATA[0000]]>018</NHSNumber>", .accepted),
            ("<NHSNumber>999&#48;000&#x30;18</NHSNumber>", .accepted),
        ])
    func nhsNumbers(elements: String, outcome: Translation.Outcome) throws {
        let mapping = Workshop.xml(person: "nhsNumber: { from: \"r:NHSNumber\", as: nhs-number }")
        let translation = try TranslationBench(mapping).translate(TranslationBench.letter(elements))
        #expect(translation.outcome == outcome, "\(translation.rendered)")
        #expect(translation.values("person.nhsNumber.value") == ["9990000018"])
    }

    @Test(
        "a text is read whole over comments, CDATA, entities and elements",
        arguments: [
            ("Lonely <!-- not --> since <![CDATA[March & April]]>", "Lonely  since March & April"),
            ("a &lt;b&gt; &amp; c", "a <b> & c"), ("one<br/>two", "onetwo"),
            ("<p>one</p> and <p>two</p>", "one and two"),
            ("&#x1F642; caf&#233;", "🙂 café"),
        ])
    func texts(inner: String, text: String) throws {
        let bench = try TranslationBench(Workshop.xml(map: "reason: { text: { from: \"r:Reason\" } }"))
        #expect(bench.translate(TranslationBench.letter("<Reason>\(inner)</Reason>")).values("reason.text") == [text])
    }

    // MARK: Structure

    @Test("the first path that selects something not blank is taken, and the origin says which")
    func alternatives() throws {
        let bench = try TranslationBench(Workshop.xml(person: "education: { from: [ \"r:A\", \"r:B\", \"r:C\" ] }"))
        for (elements, value, place) in [
            ("<A>a</A><B>b</B>", "a", 0), ("<A> </A><B>b</B><C>c</C>", "b", 1), ("<A/><B>\n</B><C>c</C>", "c", 2),
            ("<C>c</C>", "c", 2),
        ] {
            let translation = bench.translate(TranslationBench.letter(elements))
            #expect(translation.values("person.education") == [value])
            #expect(translation.origin("person.education")?.alternative == place)
        }
    }

    @Test("at, each and when start, repeat and leave out")
    func structure() throws {
        let bench = try TranslationBench(
            Workshop.xml(
                map: """
                    reason: { at: "r:Why", when: "r:Why/@known = 'Y'", text: { from: "r:Text" } }
                    needs:
                      - each: "r:Needs/r:Need"
                        text: { from: "." }
                        importance: { from: "@weight", when: "@weight > 3" }
                      - text: { value: extra }
                        when: "r:Needs/@more"
                    previousIds: { each: "r:Old", from: "@id" }
                    """))
        let full = bench.translate(
            TranslationBench.letter(
                "<Why known=\"Y\"><Text>x</Text></Why><Needs more=\"1\"><Need weight=\"2\">a</Need><Need weight=\"5\">b</Need></Needs><Old id=\"1\"/><Old id=\"2\"/>"
            ))
        #expect(full.values("reason.text") == ["x"])
        #expect(full.values("needs.text") == ["a", "b", "extra"])
        #expect(full.values("needs.importance") == ["5"])
        #expect(full.values("previousIds") == ["1", "2"])
        let bare = bench.translate(TranslationBench.letter("<Why known=\"N\"><Text>x</Text></Why><Needs/>"))
        #expect(bare.values("reason.text").isEmpty)
        #expect(bare.values("needs").isEmpty)
    }

    @Test("groups with nothing set disappear, however deep")
    func emptyGroups() throws {
        let bench = try TranslationBench(
            Workshop.xml(
                person:
                    "contacts: [ { at: \"r:Kin\", name: { family: { from: \"r:S\" } }, relationship: { original: { code: { from: \"r:R\" } } } } ]",
                map: "aboutMe: { text: { from: \"r:About\" } }\nneeds: { each: \"r:Need\", text: { from: \".\" } }"))
        let json = bench.translate(TranslationBench.letter("<Kin/><Need/><About> </About>")).json()
        for name in ["contacts", "aboutMe", "needs", "{}", "[]"] { #expect(!json.contains(name), "\(json)") }
    }

    @Test("the order of rules in the file does not matter")
    func order() throws {
        let lines = [
            "reason: { text: { from: \"r:Reason\" } }", "urgency: { from: \"r:U\", as: code, table: urgency }",
            "needs: { each: \"r:Need\", text: { from: \".\" }, importance: { from: \"@w\" } }",
            "version: { from: \"@version\" }",
        ]
        let letter = TranslationBench.letter("<U>U</U><Need w=\"3\">a</Need><Reason>x</Reason>", root: " version=\"4\"")
        let first = try TranslationBench(Workshop.xml(map: lines.joined(separator: "\n"))).translate(letter)
        let other = try TranslationBench(Workshop.xml(map: lines.reversed().joined(separator: "\n"))).translate(letter)
        #expect(first.json() == other.json())
    }

    @Test("several referrals in one document, each from its own node")
    func several() throws {
        let mapping = Workshop.xml().replacing("root:", with: "each: \"r:Item\", root:")
        let translation = try TranslationBench(mapping).translate(
            "<Referral xmlns=\"urn:example:north\"><Item><Surname>A</Surname><DOB>1968-02-14</DOB></Item><Item><Surname>B</Surname><DOB>1970-01-01</DOB></Item></Referral>"
        )
        #expect(translation.parts.count == 2)
        #expect(translation.values("person.name.family", part: 0) == ["A"])
        #expect(translation.values("person.name.family", part: 1) == ["B"])
        #expect(translation.parts[0].referral.id != translation.parts[1].referral.id)
        let none = try TranslationBench(mapping).translate("<Referral xmlns=\"urn:example:north\"/>")
        #expect(none.findings.map(\.code) == ["referral-none"])
    }

    // MARK: Identity

    @Test("the same facts have the same id, whatever they are written in; other facts another")
    func ids() throws {
        let bench = try TranslationBench(Self.eight)
        let letter = TranslationBench.letter(Self.sound)
        let id = bench.translate(letter).parts[0].referral.id
        #expect(bench.translate(letter).parts[0].referral.id == id)
        let spaced = letter.replacing("><", with: ">\n  <").replacing("Lonely", with: "<![CDATA[Lonely]]>")
        let other = bench.translate(spaced)
        #expect(other.parts[0].referral.id == id)
        #expect(other.values("source.sha256") != bench.translate(letter).values("source.sha256"))
        #expect(bench.translate(letter.replacing("Lonely", with: "lonely")).parts[0].referral.id != id)
    }

    @Test("values are not confused with their neighbours when an id is made")
    func idBoundaries() throws {
        let bench = try TranslationBench(
            Workshop.xml(
                map:
                    "previousIds: { each: \"r:Old\", from: \".\" }\nneeds: { each: \"r:Need\", text: { from: \"r:A\" } }"
            ))
        var ids: Set<String> = []
        for elements in [
            "<Old>ab</Old><Old>c</Old>", "<Old>a</Old><Old>bc</Old>", "<Old>abc</Old>",
            "<Need><A>x</A></Need><Need><A>y</A></Need>",
        ] {
            ids.insert(bench.translate(TranslationBench.letter(elements)).parts[0].referral.id)
        }
        #expect(ids.count == 4)
    }

    @Test("a source block of the mapping's own keeps each of its fields once")
    func sourceBlock() throws {
        let bench = try TranslationBench(
            Workshop.xml(map: "source: { format: { value: north-letter }, messageId: { from: \"@id\" } }"))
        let translation = bench.translate(TranslationBench.letter("", root: " id=\"m1\""))
        #expect(translation.values("source.format") == ["north-letter"])
        #expect(translation.values("source.mapping") == ["north@1"])
        #expect(translation.values("source.messageId") == ["m1"])
    }

    // MARK: JSON

    @Test(
        "nothing is made of null, and numbers stay as written",
        arguments: [
            ("null", []), ("\"\"", []), ("\" \"", []), ("12", ["12"]), ("1.50", ["1.50"]), ("\"a\\u0041\"", ["aA"]),
            ("true", ["true"]),
        ])
    func jsonValues(value: String, expected: [String]) throws {
        let bench = try TranslationBench(Workshop.json("reason: { text: { from: \"$.why\" } }"))
        let translation = bench.translate(
            "{\"patient\": {\"surname\": \"A\", \"dob\": \"1968-02-14\"}, \"why\": \(value)}")
        #expect(translation.values("reason.text") == expected)
    }

    @Test(
        "an object or a list is no value: its parts are not run together",
        arguments: ["{\"a\": \"x\", \"b\": \"y\"}", "[\"x\", \"y\"]"])
    func jsonStructures(value: String) throws {
        let bench = try TranslationBench(Workshop.json("reason: { text: { from: \"$.why\" } }"))
        let translation = bench.translate(
            "{\"patient\": {\"surname\": \"A\", \"dob\": \"1968-02-14\"}, \"why\": \(value)}")
        #expect(translation.values("reason.text").isEmpty)
        #expect(translation.said("value-structured").count == 1)
        #expect(translation.said("value-structured").first?.location?.path == "$.why")
        #expect(
            try TranslationBench(Workshop.json("reason: { text: { from: \"$.empty\" } }")).translate(
                "{\"patient\": {\"surname\": \"A\", \"dob\": \"1968-02-14\"}, \"empty\": {}}"
            ).said("value-structured").isEmpty)
    }

    @Test(
        "a FHIR value that is only said to be absent is missing",
        arguments: [
            (
                "\"_birthDate\": {\"extension\": [{\"url\": \"http://hl7.org/fhir/StructureDefinition/data-absent-reason\", \"valueCode\": \"unknown\"}]}",
                "value-missing"
            ),
            ("\"birthDate\": \"1968-02-14\", \"_birthDate\": {\"id\": \"x\"}", nil),
        ])
    func fhirAbsent(birthDate: String, code: String?) throws {
        let bench = try TranslationBench(Workshop.fhir(""))
        let translation = bench.translate(
            "{\"resourceType\": \"Bundle\", \"type\": \"message\", \"entry\": [{\"resource\": {\"resourceType\": \"Patient\", \"name\": [{\"family\": \"A\"}], \(birthDate)}}]}"
        )
        let said = translation.findings.filter { $0.field == "person.birthDate" && $0.code != "birth-date-missing" }
        #expect(said.map(\.code.rawValue) == (code.map { [$0] } ?? []), "\(translation.rendered)")
    }

    @Test("a finding about what is missing names no rule that set something else")
    func missingHasNoRule() throws {
        let bench = try TranslationBench(Workshop.xml(person: "nhsNumber: { from: \"r:N\", as: nhs-number }"))
        let letter = TranslationBench.letter("<N>9990000018</N>").replacing("<DOB>1968-02-14</DOB>", with: "")
        let finding = try #require(bench.translate(letter).said("birth-date-missing").first)
        #expect(finding.rule == nil)
        #expect(finding.location?.path == "/Referral")
    }

    @Test("what was wrong with a value is said once, not again as missing")
    func notTwice() throws {
        let bench = try TranslationBench(Workshop.xml())
        let letter = TranslationBench.letter("").replacing("<DOB>1968-02-14</DOB>", with: "<DOB>unknown</DOB>")
        let said = bench.translate(letter).findings.filter { $0.field == "person.birthDate" }
        #expect(said.map(\.code) == ["date-unreadable"])
    }

    // MARK: Recognition

    @Test("a document no mapping reads, one that two read, and one for another mapping are told apart")
    func recognition() throws {
        let bench = try TranslationBench(Workshop.xml())
        #expect(bench.translate("<Other xmlns=\"urn:example:north\"/>").findings.map(\.code) == ["mapping-none"])
        #expect(bench.translate("<Referral/>").findings.map(\.code) == ["mapping-none"])
        #expect(bench.translate("{}").findings.map(\.code) == ["mapping-none"])
        let forced = bench.translator.translate(Array("<Other/>".utf8), named: "letter", with: 0)
        #expect(forced.findings.map(\.code) == ["root-unexpected"])
        var findings: [Finding] = []
        var set = bench.translator.set
        let twin = try #require(
            MappingParser.parse(
                Workshop.xml().replacing("mapping: north", with: "mapping: south"), named: "s", reporting: &findings))
        let tables = Workshop.tables.mapValues {
            CodeTable.parse(Array($0.utf8), named: "t", reporting: &findings) ?? .unreadable(named: "t")
        }
        #expect(set.add(twin, tables: tables, reporting: &findings))
        let two = Translator(set, options: bench.translator.options).translate(Array(TranslationBench.letter("").utf8))
        #expect(two.findings.map(\.code) == ["mapping-ambiguous"])
    }
}
