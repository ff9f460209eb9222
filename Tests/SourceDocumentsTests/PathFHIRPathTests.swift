import Foundation
import Reporting
import Testing

@testable import SourceDocuments

@Suite("FHIRPath")
struct PathFHIRPathTests {
    private struct Case: Decodable {
        struct Output: Decodable {
            var type: String?
            var value: String
        }
        var group: String
        var name: String
        var input: String?
        var expression: String
        var invalid: String?
        var outputs: [Output]
    }

    static func read(_ bytes: [UInt8], _ symbols: SymbolTable) -> SourceDocument {
        var document = SourceDocument(symbols: symbols)
        var findings: [Finding] = []
        let isRead = DocumentReader().read(bytes, as: .fhir, into: &document, reporting: &findings)
        #expect(isRead, "\(findings)")
        return document
    }

    /// What an expression gives, each item as text.
    static func values(_ path: Path, _ document: inout SourceDocument, from node: NodeID = 1) -> [String] {
        var evaluator = PathEvaluator()
        evaluator.begin(document)
        var result: [String] = []
        let program = path.program
        evaluator.evaluate(program, from: node, in: &document) { evaluator, base, document in
            for item in evaluator.items[base...] {
                switch item.kind {
                case .node: result.append(document.text(item.node))
                case .boolean: result.append("\(item.boolean)")
                case .number: result.append(PathNumber.xpathText(item.number))
                case .text, .decimal: result.append(evaluator.string(item, program, document))
                case .date: result.append("@" + evaluator.string(item, program, document))
                case .null: result.append("null")
                }
            }
        }
        return result
    }

    @Test(
        "the HL7 suite for R4: right, or refused when compiled",
        .enabled(if: Shared.has("suites/fhirpath-r4/cases.json")))
    func suite() throws {
        var right = 0
        var invalid = 0
        var refused: [String: Int] = [:]
        let cases = try Shared.decode([Case].self, from: "suites/fhirpath-r4/cases.json")
        for test in cases {
            let input = test.input ?? "patient-example.xml"
            let bytes = try Shared.bytes("suites/fhirpath-r4/\(input)")
            let root = Self.read(bytes, SymbolTable())
            let type = root.symbols.name(root.nodes[1].resourceType)
            var symbols = SymbolTable()
            let context = PathContext(language: .fhirPath, rootName: type)
            switch Path.compileExpression(test.expression, in: context, symbols: &symbols) {
            case .failure(let problem):
                if test.invalid != nil { invalid += 1 } else { refused[problem.message, default: 0] += 1 }
            case .success(let path):
                var document = Self.read(bytes, symbols)
                let found = Self.values(path, &document)
                let wanted =
                    test.invalid == nil
                    ? test.outputs.map { $0.type == "date" && !$0.value.hasPrefix("@") ? "@" + $0.value : $0.value }
                    : []
                let isRight =
                    found == wanted || found == wanted.map { $0.hasPrefix("@") ? String($0.dropFirst()) : $0 }
                    || test.invalid != nil && (found == [] || found == test.outputs.map(\.value))
                if isRight {
                    right += 1
                } else {
                    Issue.record(
                        "\(test.group)/\(test.name): \(test.expression): \(found), not \(wanted) \(test.invalid ?? "")")
                }
            }
        }
        print(
            "FHIRPath suite: \(right) right, \(invalid) invalid refused, \(refused.values.reduce(0, +)) refused, of \(cases.count)"
        )
        for (message, count) in refused.sorted(by: { $0.value > $1.value }) { print("  \(count) × \(message)") }
        #expect(right > 200)
    }

    static let bundle = """
        {"resourceType":"Bundle","type":"message","entry":[
        {"fullUrl":"urn:uuid:AAAA-1","resource":{"resourceType":"ServiceRequest","id":"sr","status":"active",
          "subject":{"reference":"urn:uuid:aaaa-2"},"requester":{"reference":"#prac"},"performer":[{"reference":"Organization/o1"},{"reference":"https://other.example/Patient/9"}],
          "locationReference":[{"reference":"Location/none"}],
          "contained":[{"resourceType":"Practitioner","id":"prac","name":[{"family":"Jones"}],"extension":[{"url":"urn:e","valueReference":{"reference":"#"}}]}],
          "extension":[{"url":"urn:goal","valueString":"work"},{"url":"urn:score","valueInteger":8}]}},
        {"fullUrl":"urn:uuid:AAAA-2","resource":{"resourceType":"Patient","id":"9","active":true,"birthDate":"1968-02",
          "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"},{"system":"urn:local","value":"7"}],
          "name":[{"use":"official","family":"Ashworth","given":["Aisha","Mary"]},{"use":"usual","given":["Ash"]}]}},
        {"fullUrl":"https://a.example/fhir/Organization/o1","resource":{"resourceType":"Organization","id":"o1","name":"Riverside"}},
        {"fullUrl":"https://a.example/fhir/Observation/x","resource":{"resourceType":"Observation","id":"x","valueQuantity":{"value":12.50,"unit":"kg"},
          "performer":[{"reference":"https://a.example/fhir/Organization/o1/_history/3"}],"subject":{"reference":"Patient/9"}}}]}
        """

    static func bench() -> PathBench {
        PathBench(
            bundle,
            PathContext(
                language: .fhirPath,
                systems: ["nhs": ["http://fhir.nhs.uk/id/NHS-number"], "local": ["urn:local", "urn:other"]],
                rootName: "Bundle"), as: .fhir)
    }

    /// Paths, where they start (a path from the root, or empty) and what they select.
    static let selections: [(String, String, [String])] = [
        ("Bundle.type", "", ["type"]),
        ("type", "", ["type"]),
        (
            "entry.resource.ofType(Patient).name.given", "",
            [
                "entry[1].resource.name[0].given[0]", "entry[1].resource.name[0].given[1]",
                "entry[1].resource.name[1].given",
            ]
        ),
        (
            "Bundle.entry[1].resource.name.where(use='official').given.first()", "",
            ["entry[1].resource.name[0].given[0]"]
        ),
        ("Patient.name.last().given", "Bundle.entry.resource", ["entry[1].resource.name[1].given"]),
        ("Bundle.type", "Bundle.entry[1].resource", ["type"]),
        (
            "identifier.where(system = %nhs).value", "Bundle.entry[1].resource",
            ["entry[1].resource.identifier[0].value"]
        ),
        (
            "identifier.where(system in %local).value", "Bundle.entry[1].resource",
            ["entry[1].resource.identifier[1].value"]
        ),
        (
            "identifier.where(system in ('urn:x' | 'urn:local')).value", "Bundle.entry[1].resource",
            ["entry[1].resource.identifier[1].value"]
        ),
        (
            "identifier.where(value.startsWith('999') and value.length() = 10).value", "Bundle.entry[1].resource",
            ["entry[1].resource.identifier[0].value"]
        ),
        ("entry.resource.ofType(ServiceRequest).subject.resolve().birthDate", "", ["entry[1].resource.birthDate"]),
        (
            "entry.resource.ofType(ServiceRequest).requester.resolve().name.family", "",
            ["entry[0].resource.contained.name.family"]
        ),
        (
            "entry.resource.ofType(ServiceRequest).requester.reference.resolve().name.family", "",
            ["entry[0].resource.contained.name.family"]
        ),
        (
            "entry.resource.ofType(ServiceRequest).performer.resolve().ofType(Organization).name", "",
            ["entry[2].resource.name"]
        ),
        ("entry.resource.ofType(ServiceRequest).performer[1].resolve()", "", []),
        ("entry.resource.ofType(ServiceRequest).locationReference.resolve()", "", []),
        ("entry.resource.ofType(Observation).performer.resolve().name", "", ["entry[2].resource.name"]),
        ("entry.resource.ofType(Observation).subject.resolve().birthDate", "", ["entry[1].resource.birthDate"]),
        (
            "contained.extension('urn:e').value.resolve().status", "Bundle.entry[0].resource",
            ["entry[0].resource.status"]
        ),
        (
            "entry.resource.where(status = 'active').extension('urn:goal').value", "",
            ["entry[0].resource.extension[0].valueString"]
        ),
        ("entry.resource.extension.value.ofType(integer)", "", ["entry[0].resource.extension[1].valueInteger"]),
        (
            "entry.resource.ofType(Observation).value.ofType(Quantity).unit", "",
            ["entry[3].resource.valueQuantity.unit"]
        ),
        ("Observation.value", "Bundle.entry[3].resource", ["entry[3].resource.valueQuantity"]),
        (
            "(Observation.value as Quantity).value", "Bundle.entry[3].resource",
            ["entry[3].resource.valueQuantity.value"]
        ),
        ("%resource.id", "Bundle.entry[1].resource.name", ["entry[1].resource.id"]),
        ("%rootResource.status", "Bundle.entry[0].resource.contained.name", ["entry[0].resource.status"]),
        (
            "name.where(given.exists() and use = 'usual').given", "Bundle.entry[1].resource",
            ["entry[1].resource.name[1].given"]
        ),
        ("name.where(family.exists().not()).given", "Bundle.entry[1].resource", ["entry[1].resource.name[1].given"]),
        ("name.where(period.start < @2020).given", "Bundle.entry[1].resource", []),
        (
            "name.given.where($this = 'Mary' or $this.contains('sh'))", "Bundle.entry[1].resource",
            [
                "entry[1].resource.name[0].given[0]", "entry[1].resource.name[0].given[1]",
                "entry[1].resource.name[1].given",
            ]
        ),
        ("entry.resource.where($this is Patient).active", "", ["entry[1].resource.active"]),
        ("Bundle.entry.resource.descendants().where(unit = 'kg').unit", "", ["entry[3].resource.valueQuantity.unit"]),
        (
            "iif(active, name.first(), name.last()).given.first()", "Bundle.entry[1].resource",
            ["entry[1].resource.name[0].given[0]"]
        ),
        (
            "name.first().family | name.last().given", "Bundle.entry[1].resource",
            ["entry[1].resource.name[0].family", "entry[1].resource.name[1].given"]
        ),
    ]

    @Test("paths over a message Bundle", arguments: selections)
    func selects(_ path: String, _ from: String, _ wanted: [String]) throws {
        var bench = Self.bench()
        let starts = from.isEmpty ? [1] : try bench.nodes(from)
        var found: [String] = []
        for start in starts { found += try bench.select(path, from: start) }
        #expect(Set(found) == Set(wanted.map { "Bundle." + $0 }))
    }

    @Test(
        "conditions over a message Bundle",
        arguments: [
            ("Bundle.type = 'message'", true), ("Bundle.entry.count() = 4", true),
            ("Bundle.entry.resource.ofType(Patient).exists()", true),
            ("Bundle.entry.resource.ofType(Task).exists()", false), ("Bundle.entry.resource.ofType(Task)", false),
            ("Bundle.entry.resource.ofType(Patient).active", true),
            ("entry.resource.ofType(Patient).birthDate < @1968-03", true),
            ("entry.resource.ofType(Patient).birthDate < @1968-02-10", false),
            ("entry.resource.ofType(Observation).value.value = 12.5", true),
            ("entry.resource.ofType(Observation).value.value > 12", true),
            ("entry.resource.ofType(Observation).value.value in (1 | 12.50)", true),
            ("entry.all(fullUrl.exists())", true), ("entry.resource.ofType(Patient).name.given.isDistinct()", true),
            ("type = 'x' or type = 'message'", true), ("nothing = 'x' or true", true), ("nothing = 'x'", false),
            ("(nothing = 'x').not()", false),
            ("nothing.empty() implies type = 'message'", true), ("type.lower() & '!' = 'message!'", true),
            ("'message' + nothing = 'message'", false),
        ])
    func conditions(_ condition: String, _ wanted: Bool) throws {
        var bench = Self.bench()
        #expect(try bench.test(condition) == wanted)
    }

    @Test(
        "a pattern matches just the nodes it selects",
        arguments: [
            "Bundle.entry.resource", "entry.resource.ofType(Patient).name",
            "Bundle.entry.resource.ofType(Observation).value",
            "Bundle.entry.resource.where(status = 'active')", "entry.resource.extension('urn:goal').value",
            "Bundle.descendants()",
            "Bundle.entry.children()", "entry.resource.value.ofType(Quantity) | entry.fullUrl",
        ])
    func matching(_ pattern: String) throws {
        var bench = Self.bench()
        #expect(try bench.path(pattern).isPattern)
        #expect(try bench.matched(pattern) == bench.select(pattern))
    }
}
