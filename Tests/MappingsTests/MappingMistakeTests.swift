import Foundation
import Reporting
import Testing

@testable import Mappings

/// A mapping with one mistake, ① before the place where the finding must point.
struct Mistake: Sendable, CustomTestStringConvertible {
    let name: String
    let code: FindingCode
    let text: String
    var tables: [String: String] = [:]

    var testDescription: String { name }

    init(_ name: String, _ code: FindingCode, _ text: String, tables: [String: String] = [:]) {
        self.name = name
        self.code = code
        self.text = text
        self.tables = tables
    }

    /// A mistake in a field of the person.
    static func person(_ name: String, _ code: FindingCode, _ lines: String) -> Mistake {
        Mistake(name, code, Workshop.xml(person: lines))
    }

    /// A mistake in another field.
    static func map(_ name: String, _ code: FindingCode, _ lines: String) -> Mistake {
        Mistake(name, code, Workshop.xml(map: lines))
    }

    static func foot(_ name: String, _ code: FindingCode, _ lines: String) -> Mistake {
        Mistake(name, code, Workshop.xml(foot: lines))
    }
}

@Suite("Mistakes in mappings")
struct MappingMistakeTests {
    static let all: [Mistake] =
        yaml + heads + fields + lists + rules + policies + constants + paths + jsonPaths + fhirPaths
        + tables

    @Test("a mistake is the only thing found, at its own line and column, with a remedy", arguments: all)
    func found(_ mistake: Mistake) throws {
        let text = MarkedText(mistake.text)
        var tables = Workshop.tables
        var places = text.places
        for (name, csv) in mistake.tables {
            let marked = MarkedText(csv)
            tables[name] = marked.text
            places += marked.places
        }
        let place = try #require(places.first)
        let (set, findings) = Workshop.compile(text.text, tables: tables)
        let errors = findings.filter { $0.severity == .error }
        #expect(errors.map(\.code) == [mistake.code], "\(FindingPrinter().text(findings))")
        #expect(errors.first?.location?.position == place, "\(FindingPrinter().text(findings))")
        for finding in findings {
            #expect(!(finding.help ?? finding.code.entry.help).isEmpty)
            #expect(!finding.code.entry.why.isEmpty, "\(finding.code) has no row in the catalogue")
        }
        #expect(set.mappings.count == 0)
    }

    @Test("there are enough of them")
    func enough() {
        #expect(Self.all.count >= 45)
        print("seeded mistakes: \(Self.all.count)")
    }

    @Test("whatever is done to a mapping file, it is compiled or told what is wrong, at a line and column")
    func fuzz() throws {
        let mappings = TranslationSamples.repository.appendingPathComponent("mappings")
        let names = ["riverside-xml", "riverside-json", "fhir-bars", "itk-cda"]
        var random = SeededRandom(4)
        for name in names {
            let bytes = Array(try Data(contentsOf: mappings.appendingPathComponent("\(name)/\(name).yaml")))
            for _ in 0..<150 {
                let text = String(decoding: TranslationPropertyTests.mutate(bytes, &random), as: UTF8.self)
                var findings: [Finding] = []
                var set = MappingSet()
                guard let mapping = MappingParser.parse(text, named: name, reporting: &findings) else {
                    #expect(findings.worst == .error)
                    continue
                }
                set.add(mapping, tables: [:], reporting: &findings)
                for finding in findings where finding.severity == .error && finding.code != "yaml-empty" {
                    #expect(finding.location?.position != nil, "\(finding.code): \(finding.message)")
                }
            }
        }
    }

    @Test("every mistake of a file is told at once")
    func atOnce() {
        let text = MarkedText(
            """
            mapping: north
            version: 1
            ①sorce: 1
            source: { format: xml, root: "r:Referral", namespaces: { r: "urn:example:north" } }
            target: referral/1
            ignore: ②yes
            map:
              person:
                name: { family: { from: "r:Surname" } }
                birthDate: { from: "r:DOB", as: ③dat }
                ④gendre: { from: "r:Sex" }
                education: { from: "⑤Person/r:School" }
              urgency: { from: "r:U", ⑥from: "r:V" }
              ⑦urgency: { from: "r:W" }
            """)
        let (set, findings) = Workshop.compile(text.text)
        let found = Set(findings.filter { $0.severity == .error }.compactMap { $0.location?.position })
        #expect(found == Set(text.places), "\(FindingPrinter().text(findings))")
        #expect(set.mappings.isEmpty)
    }
}

// MARK: - The mistakes

extension MappingMistakeTests {
    /// What YAML itself makes of it, and what strict YAML leaves out.
    static let yaml: [Mistake] = [
        .person(
            "a key twice in a flow group", "yaml-duplicate-key", #"sex: { from: "r:Sex", as: code, ①from: "r:Gender" }"#
        ),
        .person(
            "a field twice in a block", "yaml-duplicate-key",
            "sex: { from: \"r:Sex\", as: code, table: sex }\n①sex: { from: \"r:Gender\", as: code, table: sex }"),
        .person(
            "a field twice, with the same name inside the first", "yaml-duplicate-key",
            "education: { from: \"r:E\" }\nname: { family: { from: \"r:S\" }, given: [ { from: \"r:G\" } ] }\n①name: { family: { from: \"r:S\" } }"
        ).inName,
        Mistake(
            "a top word twice", "yaml-duplicate-key", Workshop.xml().replacing("target:", with: "①version: 2\ntarget:")),
        .person(
            "the key of a quoted pair twice", "yaml-duplicate-key",
            #"sex: { "from": "r:Sex", "①from": "r:Gender", as: code, table: sex }"#),
        .person(
            "an attribute path without quotes", "yaml-malformed", "localIds:\n  each: \"r:Id\"\n  value: { from: ①@id }"
        ),
        .person("a star without quotes", "yaml-malformed", "sex: { from: *①, as: code }"),
        .person("a comma in an unquoted path", "yaml-malformed", "education: { from: r:a①[b='c',d='e'] }"),
        .person("a colon and space in an unquoted path", "yaml-malformed", "education:\n  from: r:x[. = 'z①: w']"),
        .person("an unquoted path cut at its #", "path-invalid", "education:\n  from: r:x[@t=①'a #b']/r:y"),
        Mistake(
            "a tab as indentation", "yaml-malformed",
            Workshop.xml(foot: "ignore:\n①\t- { path: \"r:A\", because: \"b\" }")),
        .person("an anchor", "yaml-feature-refused", "sex: ①&s { from: \"r:Sex\", as: code, table: sex }"),
        .person(
            "an alias", "yaml-feature-refused",
            "education: { from: ①&p \"r:School\" }\nreligion: { display: { from: *p } }"),
        .person("a tag", "yaml-feature-refused", "education: { from: ①!path \"r:School\" }"),
        .person("a tag for what it would be anyway", "yaml-feature-refused", "education: { from: ①!!str r:School }"),
        Mistake("a merge key", "yaml-feature-refused", Workshop.xml(person: "education: { ①<<: x, from: \"r:S\" }")),
        Mistake(
            "an unclosed bracket", "yaml-malformed",
            "mapping: north\nversion: 1\nmap:\n  person: { name: { family: { from: \"r:S\" } }\n①"),
        Mistake("two documents in one file", "yaml-malformed", "mapping: north\nversion: 1\n①---\nmapping: south\n"),
    ]

    static let heads: [Mistake] = [
        Mistake("no name", "mapping-form", "①version: 1\ntarget: referral/1\n"),
        Mistake("an empty name", "mapping-form", Workshop.xml().replacing("mapping: north", with: "mapping: \"①\"")),
        Mistake(
            "a name with a slash", "mapping-form",
            Workshop.xml().replacing("mapping: north", with: "mapping: ①../north")),
        Mistake(
            "no version", "mapping-form",
            Workshop.xml().replacing("version: 1\n", with: "").replacing("mapping: north", with: "mapping: ①north")),
        Mistake(
            "a version with a point", "mapping-form", Workshop.xml().replacing("version: 1", with: "version: ①1.2")),
        Mistake(
            "a misspelt top word", "mapping-key-unknown",
            Workshop.xml().replacing("tables:", with: "①tabels:").replacing("sex, needs, urgency, yes-no", with: "sex")),
        Mistake(
            "an unknown word of the source", "mapping-key-unknown",
            Workshop.xml().replacing("root:", with: "①rooot: x, root:")),
        Mistake(
            "no target", "target-unknown",
            Workshop.xml().replacing("target: referral/1\n", with: "").replacing(
                "mapping: north", with: "mapping: ①north")),
        Mistake("a target that is not", "target-unknown", Workshop.xml().replacing("referral/1", with: "①referral/2")),
        Mistake(
            "a format that is not", "format-not-known", Workshop.xml().replacing("format: xml", with: "format: ①xlm")),
        Mistake(
            "no format", "mapping-form",
            Workshop.xml().replacing("format: xml, ", with: "").replacing("mapping: north", with: "mapping: ①north")),
        Mistake(
            "no root", "mapping-form",
            Workshop.xml().replacing("root: \"r:Referral\", ", with: "").replacing(
                "mapping: north", with: "mapping: ①north")),
        Mistake(
            "a root without its prefix", "path-unprefixed",
            Workshop.xml().replacing("\"r:Referral\"", with: "\"①Referral\"")),
        Mistake(
            "a root with an undeclared prefix", "path-invalid",
            Workshop.xml().replacing("\"r:Referral\"", with: "\"①q:Referral\"")),
        Mistake(
            "a root for JSON", "mapping-form",
            Workshop.json("").replacing("when: \"$.patient\"", with: "root: ①patient")),
        Mistake(
            "namespaces that are a text", "mapping-form",
            Workshop.xml().replacing("{ r: \"urn:example:north\" }", with: "①urn:example:north").replacing(
                "\"r:", with: "\"")),
        Mistake("systems that are a list", "mapping-form", Workshop.xml(foot: "systems: ①[ a, b ]")),
        Mistake(
            "a condition that cannot be read", "path-invalid",
            Workshop.xml().replacing("root:", with: "when: \"r:Header[①\", root:")),
        Mistake("a map with a start of its own", "rule-form", Workshop.xml(map: "at: \"①r:Body\"")),
        Mistake("abstract with another word", "mapping-form", Workshop.xml(foot: "abstract: ①yes")),
        .foot("ignored without a reason", "ignore-without-reason", "ignore:\n  - ①{ path: \"r:Slot\" }"),
        .foot(
            "ignored for an empty reason", "ignore-without-reason", "ignore:\n  - ①{ path: \"r:Slot\", because: \"\" }"),
        .foot(
            "an ignored path that counts", "path-invalid",
            "ignore:\n  - { path: \"①r:Slot[2]\", because: \"the second only\" }"),
        .foot("a watched path with an undeclared prefix", "path-invalid", "watch: [ \"//①x:Risk\" ]"),
        .foot("a test that expects nothing", "mapping-form", "tests:\n  - ①{ sample: a.xml }"),
        .foot("a test without a sample", "mapping-form", "tests:\n  - ①{ expect: a.json }"),
        .foot(
            "an unknown word of a test", "mapping-key-unknown",
            "tests:\n  - { sample: a.xml, ①expects: a.json, expect: b.json }"),
        .foot(
            "a test that expects a finding that is not", "finding-unknown",
            "tests:\n  - { sample: a.xml, expect-finding: ①date-imposible }"),
        .foot(
            "a sample that is its own golden file", "mapping-form",
            "tests:\n  - { sample: a.xml, expect: ①a.xml }"),
        .foot(
            "a change at a path that cannot be read", "path-invalid",
            "tests:\n  - { sample: a.xml, expect: a.json, set: { \"r:Patient/①DOB\": x } }"),
        .foot(
            "a change at a path with an undeclared prefix", "path-invalid",
            "tests:\n  - { sample: a.xml, expect: a.json, set: { \"①q:Patient\": x } }"),
        .foot(
            "an expected referral written out", "mapping-form",
            "tests:\n  - { sample: a.xml, expect: ①{ person: x } }"),
        .foot("a change that is no path", "mapping-form", "tests:\n  - { sample: a.xml, expect: b, set: ①r:DOB }"),
        .foot("a test that is a name only", "mapping-form", "tests: [ ①a.xml ]"),
    ]

    static let fields: [Mistake] = [
        .map("a misspelt field at the top", "field-unknown", "①urgencey: { from: \"r:U\", as: code, table: urgency }"),
        .person("a misspelt field of a group", "field-unknown", "①gendre: { from: \"r:Sex\", as: code, table: sex }"),
        .person(
            "a misspelt field three levels down", "field-unknown",
            "contacts:\n  - at: \"r:Kin\"\n    name: { family: { from: \"r:S\" }, ①famly: { from: \"r:T\" } }"),
        .person(
            "a misspelt part of a code", "field-unknown",
            "religion: { code: { from: \"r:R\" }, original: { ①cod: { from: \"r:O\" } } }"),
        .map("a field of another group", "field-unknown", "①nhsNumber: { from: \"r:N\" }"),
        .person("a misspelt word of a group", "field-unknown", "①att: \"r:Patient\""),
        Mistake(
            "a required field of a group", "field-required",
            Workshop.xml().replacing("    birthDate: { from: \"r:DOB\" }\n", with: "").replacing(
                "    name:", with: "    ①name:")),
        Mistake(
            "the person left out", "field-required",
            "mapping: north\nversion: 1\nsource: { format: xml, root: R }\ntarget: referral/1\nmap:\n  ①urgency: { code: { value: routine } }\n"
        ),
        .person("a bare text for a rule", "rule-form", "education: \"①r:School\""),
        .person("a field without anything", "rule-form", "education:①\nreligion: { display: { from: \"r:R\" } }"),
        .person("a group for one value", "rule-form", "①education: { text: { from: \"r:School\" } }"),
        .person("one rule for a group", "rule-form", "immigration: ①{ from: \"r:Status\" }"),
        .person(
            "a path on a group of fields", "rule-form",
            "immigration: { ①from: \"r:Status\", note: { from: \"r:Note\" } }"),
        .person(
            "a policy on a group of fields", "rule-form",
            "immigration: { at: \"r:Status\", ①missing: warn, note: { from: \"r:Note\" } }"),
        .person("a group without fields", "rule-form", "immigration: ①{ at: \"r:Status\" }"),
        .person(
            "at and each together", "rule-form",
            "addresses: { at: \"①r:Home\", each: \"r:Address\", city: { from: \"r:Town\" } }"),
        .person("many without at", "rule-form", "immigration: { many: ①warn, note: { from: \"r:Note\" } }"),
        .person(
            "a value for several nodes of a group", "policy-unknown",
            "immigration: { at: \"r:S\", many: ①{ use: x }, note: { from: \"r:Note\" } }"),
    ]

    static let lists: [Mistake] = [
        .person(
            "one rule for a list", "list-expected",
            "name: { family: { from: \"r:S\" }, ①given: { from: \"r:Forename\" } }"
        ).inName,
        .map("one group for a list", "list-expected", "①needs: { code: { from: \"@code\", as: code, table: needs } }"),
        .person("a list for one value", "list-not-expected", "education: ①[ { from: \"r:School\" } ]"),
        .person("each on one value", "list-not-expected", "education: { each: \"①r:School\", from: \".\" }"),
        .person(
            "each on one group", "list-not-expected", "immigration: { each: \"①r:Status\", note: { from: \"r:N\" } }"),
        .map("a list within a list", "list-not-expected", "needs:\n  - ①[ { text: { from: \"r:T\" } } ]"),
        .map("a bare text in a list", "rule-form", "previousIds: [ \"①r:Id\" ]"),
        .map("a group as an item of plain values", "rule-form", "previousIds: [ ①{ text: { from: \"r:Id\" } } ]"),
        .map("from beside the fields of an item", "rule-form", "needs: { ①from: \"r:Need\", text: { from: \".\" } }")
            .alsoListExpected,
    ]

    static let rules: [Mistake] = [
        .person("a rule that says nothing of its source", "rule-without-source", "education: ①{ as: text }"),
        .person("a path and a constant", "rule-form", "education: { from: \"r:S\", value: ①none }"),
        .person("a converter that is not", "converter-unknown", "deathDate: { from: \"r:D\", as: ①dat }"),
        .person(
            "a converter for another kind of field", "converter-mismatch",
            "deathDate: { from: \"r:D\", as: ①code, table: sex }"),
        .person("a text converter for a date", "converter-mismatch", "deathDate: { from: \"r:D\", as: ①text }"),
        .person("an argument that is not", "rule-key-unknown", "deathDate: { from: \"r:D\", ①formt: dd/MM/yyyy }"),
        .person(
            "an argument of another converter", "rule-key-unknown", "education: { from: \"r:D\", ①format: dd/MM/yyyy }"),
        .person(
            "a date format that cannot be", "argument-invalid",
            "deathDate: { from: \"r:D\", as: date, ①format: dd/mm/yyyy }"),
        .person("a table without as code", "rule-form", "education: { from: \"r:S\", table: ①sex }"),
        .person("a key without a table", "rule-form", "religion: { from: \"r:R\", as: code, key: \"①@system\" }"),
        .person(
            "a table that is not listed", "table-missing", "religion: { from: \"r:R\", as: code, table: ①religions }"),
    ]

    /// What a person must decide, left to the mapping.
    private static let unsafePolicies: [Mistake] = [
        .person(
            "the first of two NHS numbers", "policy-unsafe", "nhsNumber: { value: { from: \"r:N\", many: ①first } }"),
        .person(
            "a wrong NHS number passed over", "policy-unsafe", "nhsNumber: { value: { from: \"r:N\", invalid: ①omit } }"
        ),
        .person(
            "two NHS numbers with a warning", "policy-unsafe",
            "nhsNumber: { at: \"r:N\", many: ①warn, value: { from: \".\" } }"),
        .person(
            "a status nobody gave", "policy-unsafe",
            "nhsNumber: { value: { from: \"r:N\" }, status: { from: \"r:S\", missing: ①{ use: verified } } }"),
        Mistake(
            "the first of two people", "policy-unsafe",
            Workshop.xml().replacing("  person:\n", with: "  person:\n    at: \"r:P\"\n    many: ①first\n")),
        Mistake(
            "a day of birth from a moment", "policy-unsafe",
            Workshop.xml().replacing("{ from: \"r:DOB\" }", with: "{ from: \"r:DOB\", ①time: drop }")),
        .map(
            "an unknown answer about safeguarding", "policy-unsafe",
            "safeguarding: [ { concern: { from: \"r:C\", as: code, table: yes-no, unmapped: ①warn } } ]"),
        .map(
            "no concern because nobody says so", "policy-unsafe",
            "safeguarding: [ { concern: { from: \"r:C\", as: code, table: yes-no, missing: ①{ use: no } } } ]"),
        .map(
            "a risk whose day cannot be read", "policy-unsafe",
            "risks: [ { text: { from: \"r:R\" }, start: { from: \"r:D\", invalid: ①omit } } ]"),
        .map(
            "a yes because nobody says no", "policy-unsafe",
            "consent: [ { scope: { value: research }, decision: { from: \"r:C\", as: code, table: yes-no, missing: ①{ use: yes } } } ]"
        ),
        .map(
            "a last day that cannot be read", "policy-unsafe",
            "consent: [ { scope: { value: research }, decision: { value: no }, expires: { from: \"r:D\", invalid: ①warn } } ]"
        ),
    ]

    static let policies: [Mistake] =
        unsafePolicies + [
            .person("a misspelt policy", "policy-unknown", "education: { from: \"r:S\", missing: ①quarentine }"),
            .person("use without a value", "policy-unknown", "education: { from: \"r:S\", missing: ①use }"),
            .person(
                "a policy with another word", "policy-unknown",
                "education: { from: \"r:S\", missing: ①{ default: none } }"),
            .person(
                "hold-code for what is missing", "policy-unknown",
                "religion: { from: \"r:S\", as: code, missing: ①hold-code }"),
            .person("first for what is missing", "policy-unknown", "education: { from: \"r:S\", missing: ①first }"),
            .person(
                "a policy that is a list", "policy-unknown", "education: { from: \"r:S\", missing: ①[ warn, omit ] }"),
            .person("unmapped for what is no code", "rule-form", "education: { from: \"r:S\", unmapped: ①warn }"),
            .person("dates joined", "policy-unknown", "deathDate: { from: \"r:D\", many: ①{ join: \", \" } }"),
            .person(
                "join for what is missing", "policy-unknown", "education: { from: \"r:S\", missing: ①{ join: \", \" } }"
            ),
            .person(
                "the nodes of a group joined", "policy-unknown",
                "immigration: { at: \"r:S\", many: ①{ join: x }, note: { from: \"r:N\" } }"),
            .map("many in a list", "rule-form", "previousIds: [ { from: \"r:Id\", many: ①first } ]"),
            .person("a policy for a constant", "rule-form", "education: { value: none, missing: ①warn }"),
            .person("a converter for a constant", "rule-form", "education: { value: none, as: ①text }"),
        ]

    static let constants: [Mistake] = [
        .person("a constant outside its list", "constant-invalid", "sex: { code: { value: ①femal } }"),
        .person("a coded constant outside its list", "constant-invalid", "sex: { value: ①F }"),
        .person("a constant that is no date", "constant-invalid", "deathDate: { value: ①03/02/2026 }"),
        .map("a constant that is no moment", "constant-invalid", "referredAt: { value: \"①2026-02-30T09:00:00Z\" }"),
        .map("a moment without its offset", "constant-invalid", "referredAt: { value: \"①2026-02-03T09:00:00\" }"),
        .person("yes for true", "constant-invalid", "interpreter: { value: ①yes }"),
        .map(
            "a number outside its range", "constant-invalid",
            "goals: [ { text: { from: \"r:G\" }, importance: { value: ①11 } } ]"),
        .person(
            "one text for an NHS number with its status", "constant-invalid",
            "nhsNumber: { value: ①\"9990000018\" }".replacing("①\"", with: "\"①")),
        .person(
            "a fallback for an NHS number", "constant-invalid",
            "nhsNumber: { from: \"r:N\", as: nhs-number, missing: ①{ use: \"9990000018\" } }"),
        .map(
            "a fallback outside its list", "constant-invalid",
            "urgency: { from: \"r:U\", as: code, table: urgency, missing: ①{ use: rutine } }"),
        .person("an empty constant", "constant-invalid", "education: { value: \"①\" }"),
        .person(
            "a constant not written as the field holds it", "constant-invalid", "deathDate: { value: \"① 2026-02-03\" }"
        ),
    ]

    static let paths: [Mistake] = [
        .person("a step without its prefix", "path-invalid", "education: { from: \"r:Person/①School\" }"),
        .person("an undeclared prefix", "path-invalid", "education: { from: \"r:Person/①p:School\" }"),
        .person(
            "an undeclared prefix in the second of two paths", "path-invalid",
            "education: { from: [ \"r:A\", \"r:B/①q:C\" ] }"),
        .person("an open bracket", "path-invalid", "education: { from: \"r:School[@type = 'x'①\" }"),
        .person("an open quote", "path-invalid", "education: { from: \"r:School[@type = ①'x]\" }"),
        .person("two equals signs", "path-invalid", "education: { from: \"r:School[@a ①== 'x']\" }"),
        .person("a function that is not", "path-invalid", "education: { from: \"r:School[①uppercase(@a) = 'X']\" }"),
        .person("a text where nodes are due", "path-invalid", "education: { from: \"①concat('a', 'b')\" }"),
        .person("an empty path", "path-invalid", "education: { from: \"①\" }"),
        .person("a path that goes on after its end", "path-invalid", "education: { from: \"r:School ①r:Other\" }"),
        .person(
            "a fault after letters of several bytes", "path-invalid", "education: { from: \"r:Schülerin/①x:Äpfel\" }"),
        .person("a fault after escaped quotes", "path-invalid", #"education: { from: "r:x[@t = \"a\"]/①q:y" }"#),
        .person("a fault after an escaped letter", "path-invalid", #"education: { from: "r:\u00C4\xC4/①q:y" }"#),
        .person("a fault after doubled quotes", "path-invalid", "education: { from: 'r:x[@t = ''a'']/①q:y' }"),
        .person("a fault at the end after escaped quotes", "path-invalid", #"education: { from: "r:x[@t = \"a\"①" }"#),
        .person("a systems name that is not declared", "path-invalid", "education: { from: \"r:S[@t = $①odss]\" }"),
        .person("an axis that is not supported", "path-invalid", "education: { from: \"①following::r:S\" }"),
        .person("a condition that cannot be read", "path-invalid", "education: { from: \"r:S\", when: \"r:A and ①\" }"),
        .map(
            "the start of a list that cannot be read", "path-invalid",
            "needs: { each: \"r:Need/①\", text: { from: \".\" } }"),
        .map(
            "the key of a table that cannot be read", "path-invalid",
            "needs: { each: \"r:Need\", code: { from: \"@c\", as: code, table: needs, key: \"①x:s\" } }"),
    ]

    static let jsonPaths: [Mistake] = [
        Mistake(
            "JSONPath without its beginning", "path-invalid", Workshop.json("reason: { text: { from: \"①reason\" } }")),
        Mistake(
            "an open bracket in JSONPath", "path-invalid", Workshop.json("reason: { text: { from: \"$.reasons[0①\" } }")
        ),
        Mistake(
            "an XPath in a JSON mapping", "path-invalid", Workshop.json("reason: { text: { from: \"①r:Reason\" } }")),
        Mistake(
            "a JSONPath filter with one equals sign", "path-invalid",
            Workshop.json("reason: { text: { from: \"$.reasons[?@.a ①= 'b']\" } }")),
    ]

    static let fhirPaths: [Mistake] = [
        Mistake(
            "an XPath in a FHIR mapping", "path-invalid", Workshop.fhir("reason: { text: { from: \"Bundle①/entry\" } }")
        ),
        Mistake(
            "a FHIRPath function that is not", "path-invalid",
            Workshop.fhir("reason: { text: { from: \"Bundle.entry.①wher(fullUrl = 'x')\" } }")),
        Mistake(
            "a systems name that FHIRPath does not find", "path-invalid",
            Workshop.fhir("reason: { text: { from: \"Bundle.entry.where(fullUrl = %①nsh)\" } }")),
        Mistake(
            "an open parenthesis in FHIRPath", "path-invalid",
            Workshop.fhir("reason: { text: { from: \"Bundle.entry.where(fullUrl = 'x'①\" } }")),
    ]

    static let tables: [Mistake] = [
        Mistake(
            "a table that is not there", "table-missing", Workshop.xml().replacing("yes-no ]", with: "yes-no, ①nedes ]")
        ),
        table("a code that the field does not have", "table-code-unknown", "from,to\nM,male\n①F,femal\n"),
        table("a code twice", "table-from-duplicate", "from,to\nM,male\n①M,female\n"),
        table("nothing under from", "table-from-empty", "from,to\nM,male\n①,female\n"),
        table("a comma too many", "table-row-ragged", "from,to\n①M,male,m\n"),
        table("a column that is not known", "table-column-unknown", "from,to,①dispaly\nM,male,m\n"),
        table("a column that is missing", "table-column-missing", "①from\nM\n"),
        table("a column twice", "table-column-duplicate", "from,to,①to\nM,male,x\n"),
        table("a quotation mark in a value", "table-quote", "from,to\nM,ma①\"le\n"),
        table("an empty table", "table-empty", "①"),
    ]

    static func table(_ name: String, _ code: FindingCode, _ csv: String) -> Mistake {
        Mistake(
            name, code, Workshop.xml(person: "sex: { from: \"r:Sex\", as: code, table: sex }"), tables: ["sex": csv])
    }
}

extension Mistake {
    /// The mistake stands in the name that every mapping here has: takes the place of that one.
    fileprivate var inName: Mistake {
        Mistake(name, code, text.replacing("    name: { family: { from: \"r:Surname\" } }\n", with: ""), tables: tables)
    }

    /// `needs` is a list besides, so that the remedy names `each`.
    fileprivate var alsoListExpected: Mistake {
        Mistake(
            name, code, text.replacing("text: { from: \".\" }", with: "each: \"r:Need\", text: { from: \".\" }"),
            tables: tables)
    }
}
