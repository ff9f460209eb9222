import Reporting
import Testing

@testable import Mappings

/// Mappings that look odd and are right: not one may be complained of.
@Suite("Correct mappings")
struct MappingCorrectTests {
    struct Correct: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String

        init(_ name: String, _ text: String) {
            testDescription = name
            self.text = text
        }

        static func person(_ name: String, _ lines: String) -> Correct { Correct(name, Workshop.xml(person: lines)) }
        static func map(_ name: String, _ lines: String) -> Correct { Correct(name, Workshop.xml(map: lines)) }
    }

    static let all: [Correct] = [
        Correct("the smallest", Workshop.xml()),
        Correct(
            "without a namespace",
            Workshop.xml().replacing(", namespaces: { r: \"urn:example:north\" }", with: "").replacing("r:", with: "")),
        Correct(
            "a comment behind every line",
            Workshop.xml().split(separator: "\n").map { $0 + "  # note" }.joined(separator: "\n")),
        Correct("lines that end with CR LF", Workshop.xml().replacing("\n", with: "\r\n")),
        Correct("no line end at the end", String(Workshop.xml().dropLast())),
        Correct("a document mark", "---\n" + Workshop.xml()),
        .person("a path with # in quotes", #"education: { from: "r:x[@t = 'a #b']/r:y" }"#),
        .person("a path with a colon and a space in quotes", #"education: { from: "r:x[. = 'z: w']" }"#),
        .person(
            "a path that begins with @",
            #"localIds: { each: "r:Id", value: { from: "@root" }, type: { from: "@type" } }"#),
        .person("a star", #"localIds: { each: "r:Ids/*", value: { from: "." } }"#),
        .person("quotes in quotes", #"education: { from: "r:x[@t = \"a\"]" }"#),
        .person("single quotes doubled", "education: { from: 'r:x[@t = ''a'']' }"),
        .person("letters of several bytes", #"education: { from: "r:Schülerin/r:Äpfel" }"#),
        .person("paths in turn", #"education: { from: [ "r:School", "r:College", ".//r:University" ] }"#),
        .person("a path over several lines", "education:\n  from: >-\n    r:School\n    /r:Name"),
        .person(
            "words that YAML takes for others",
            "education: { value: no }\nreligion: { display: { value: 01 }, code: { value: 1e3 } }"),
        .person("a date that YAML takes for one", "deathDate: { value: 2026-03-02 }"),
        .person("a partial date as a constant", "deathDate: { value: 2026-03 }"),
        .person("true in a boolean", "interpreter: { value: true }"),
        .person("a coded constant", "sex: { value: female }"),
        .person(
            "a coded group part by part",
            #"sex: { code: { from: "r:Sex", table: sex, as: code }, original: { code: { from: "r:Sex" } } }"#),
        .person(
            "fields with the names of words",
            "contacts:\n  - at: \"r:Kin\"\n    note: { from: \"r:Note\" }\nimmigration: { from: { from: \"r:From\" }, to: { from: \"r:To\" } }"
        ),
        .person(
            "fields called value and use",
            #"telecoms: { each: "r:Tel", value: { from: "." }, use: { value: home }, system: { value: phone } }"#),
        .person(
            "an NHS number by one rule",
            #"nhsNumber: { from: "r:N", as: nhs-number, missing: warn, invalid: quarantine, many: reject }"#),
        .person(
            "an NHS number part by part",
            #"nhsNumber: { value: { from: "r:N" }, status: { from: "r:N/@s", unmapped: reject } }"#),
        .person(
            "every policy",
            #"religion: { from: "r:R", as: code, missing: { use: none }, invalid: warn, unmapped: hold-code, many: first }"#
        ),
        .person(
            "a group with at, when and many",
            #"immigration: { at: "r:S", when: "r:S/@known = 'Y'", many: quarantine, note: { from: "." } }"#),
        .person("a condition on a rule", #"education: { from: "r:School", when: "not(@withheld)" }"#),
        .person("a condition on a constant", #"interpreter: { value: "true", when: "r:Interpreter" }"#),
        .map(
            "a plan whose field is called when",
            #"planSuggested: { each: "r:Plan", text: { from: "r:T" }, when: { from: "r:W" } }"#),
        .map("a field called at", #"needs: { each: "r:Need", text: { from: "." }, at: { from: "@at" } }"#),
        .map(
            "items one by one and repeated",
            "needs:\n  - text: { value: housing }\n    when: \"r:Housing\"\n  - each: \"r:Need\"\n    text: { from: \".\" }"
        ),
        .map("a plain list by each", #"previousIds: { each: "r:Id", from: "@v" }"#),
        .map(
            "a plain list item by item",
            "previousIds: [ { from: \"r:A\" }, { value: \"none\" }, { each: \"r:B\", from: \"@v\" } ]"),
        .map(
            "codes of a list one by one",
            "work: { fitNotes: { each: \"r:Note\", advice: [ { from: \"r:Advice\", as: code } ], assessment: { from: \"r:A\" } }, asked: { value: yes } }"
        ),
        .map("an empty list", "previousIds: []"),
        .map(
            "a table with a key",
            #"needs: { each: "r:Need", code: { from: "@c", as: code, table: needs, key: "@s", unmapped: hold-code } }"#),
        .map(
            "a table with a code that has no counterpart",
            #"urgency: { from: "r:U", as: code, table: urgency, missing: { use: routine } }"#),
        .map(
            "a required code with a fallback",
            #"work: { asked: { from: "r:A", as: code, table: yes-no, unmapped: { use: unknown } } }"#),
        .map("its own source block", "source: { messageId: { from: \"r:Id\" }, format: { value: north-letter } }"),
        .map("a range of its own", #"version: { from: "@version", min: "1", max: "9" }"#),
        Correct(
            "ignored and watched",
            Workshop.xml(
                foot:
                    "ignore:\n  - { path: \"r:Slot\", because: \"internal\" }\n  - { path: \"//r:Need/@colour\", because: \"internal\" }\nwatch: [ \"//r:Risk\", \"//*[contains(local-name(), 'Risk')]\" ]"
            )),
        Correct(
            "systems",
            Workshop.xml(
                person: "localIds: { each: \"r:Id[@s = $ods]\", value: { from: \".\" } }",
                foot:
                    "systems: { ods: [ \"https://fhir.nhs.uk/Id/ods-organization-code\", \"2.16.840.1.113883.2.1.3.2.4.19.1\" ] }"
            )),
        Correct(
            "tests",
            Workshop.xml(
                foot:
                    "tests:\n  - { sample: a.xml, expect: a.json }\n  - { sample: a.xml, set: { \"r:DOB\": \"31/02/1968\" }, expect-finding: date-impossible }"
            )),
        Correct(
            "several conditions",
            Workshop.xml().replacing("root:", with: "when: [ \"r:Header\", \"@version > 2\" ], root:")),
        Correct("one referral for each node", Workshop.xml().replacing("root:", with: "each: \"r:Item\", root:")),
        Correct(
            "JSON",
            Workshop.json(
                "needs: { each: \"$.needs[*]\", text: { from: \"@.text\" }, importance: { from: \"@.importance\" } }\nreason: { text: { from: \"$['the reason'][?@.main == true].text\" } }"
            )),
    ]

    @Test("nothing is said of a mapping that is right", arguments: all)
    func quiet(_ mapping: Correct) {
        let (set, findings) = Workshop.compile(mapping.text)
        #expect(findings.isEmpty, "\(FindingPrinter().text(findings))")
        #expect(set.mappings.count == 1)
    }
}
