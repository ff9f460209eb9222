import DurableFiles
import Foundation
import Gateway
import Mappings
import Referrals
import Reporting
import SourceDocuments
import Testing

@testable import Workbench

enum Shipped {
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let library: MappingLibrary? = try? MappingLibrary.load(package + "/mappings")
    static let names: [String] = library?.set.mappings.map(\.name) ?? []
    static var today: CalendarDay? { CalendarDay(year: 2026, month: 6, day: 1) }

    /// One mapping, its library, and a translator that keeps what coverage is shown from.
    static func detailed(_ name: String) throws -> (MappingLibrary, CompiledMapping, Translator) {
        let library = try #require(library)
        var options = Translator.Options(today: try #require(today))
        options.isDetailed = true
        let compiled = try #require(library.set.mappings.first { $0.name == name })
        return (library, compiled, Translator(library.set, options: options))
    }
}

/// The tools of the workbench on the mappings that come with Linkway.
@Suite("shipped mappings", .enabled(if: Shipped.library != nil))
struct ShippedMappingTests {
    @Test("no path is thought misspelt")
    func noFalseAlarm() throws {
        let library = try #require(Shipped.library)
        #expect(PathsNeverMet.findings(in: library).filter { $0.severity > .note }.map(\.message) == [])
        #expect(NamesNeverMet.findings(in: library).map(\.message) == [])
        #expect(TestsNeverRun.findings(in: library).map(\.message) == [])
    }

    @Test("every value of a sample meant to pass is read, or left out for a reason", arguments: Shipped.names)
    func accounted(_ name: String) throws {
        let (library, compiled, translator) = try Shipped.detailed(name)
        let tests = compiled.mapping.tests.filter { $0.expected != nil && $0.changes.isEmpty }
        #expect(!tests.isEmpty)
        for test in tests {
            let file = library.sample(test.sample.text, of: compiled.mapping)
            let coverage = translator.translate(try Files.read(file), named: file).coverage
            #expect(coverage.items.filter { $0.state == .unread }.map(\.path) == [], "\(file)")
            #expect(coverage.unread == 0 && coverage.read > 0)
        }
    }

    @Test("an effective mapping compiles and makes the same referrals", arguments: Shipped.names)
    func effective(_ name: String) throws {
        let library = try #require(Shipped.library)
        let compiled = try #require(library.set.mappings.first { $0.name == name })
        let text = EffectiveMapping(compiled.mapping, compiled).text
        var findings: [Finding] = []
        let whole = try #require(
            MappingParser.parse(text, named: "whole.yaml", reporting: &findings), "\(findings.map(\.message))")
        var set = MappingSet()
        let tables = Dictionary(
            compiled.tables.map { (Explainer.baseName($0.name), $0) }, uniquingKeysWith: { first, _ in first })
        #expect(set.add(whole, tables: tables, reporting: &findings), "\(findings.map(\.message))")
        let options = Translator.Options(today: try #require(Shipped.today))
        let (before, after) = (Translator(library.set, options: options), Translator(set, options: options))
        for file in Samples.files(of: compiled, in: library) {
            let bytes = try Files.read(file)
            let old = before.translate(bytes, named: file, with: library.set.index(named: name))
            let new = after.translate(bytes, named: file, with: 0)
            #expect(DocumentDifference.canonical(old) == DocumentDifference.canonical(new), "\(file)")
        }
    }

    @Test("every field that a translation sets can be explained", arguments: Shipped.names)
    func explainable(_ name: String) throws {
        let library = try #require(Shipped.library)
        let compiled = try #require(library.set.mappings.first { $0.name == name })
        let translator = Translator(library.set, options: Translator.Options(today: try #require(Shipped.today)))
        for file in Samples.files(of: compiled, in: library) {
            let translation = translator.translate(
                try Files.read(file), named: file, with: library.set.index(named: name))
            guard var explainer = Explainer(translation, library.set, translator.document) else { continue }
            for field in explainer.allFields() {
                let explanation = explainer.explain(field)
                #expect(!explanation.isEmpty || !explanation.reasons.isEmpty, "\(field) of \(file)")
                for source in explanation.sources where source.kind == .source {
                    #expect(source.location?.position != nil)
                }
            }
        }
    }

    @Test("a scaffold from the samples has only clear errors for a person to decide", arguments: Shipped.names)
    func scaffold(_ name: String) throws {
        let library = try #require(Shipped.library)
        let compiled = try #require(library.set.mappings.first { $0.name == name })
        var inventory = Inventory()
        var document = SourceDocument()
        var findings: [Finding] = []
        for file in Samples.files(of: compiled, in: library) {
            guard
                DocumentReader().read(
                    try Files.read(file), named: file, as: compiled.format, into: &document, reporting: &findings)
            else { continue }
            inventory.add(document)
        }
        findings = []
        let text = Scaffold(inventory, name: "scaffold", samples: ["a.xml"]).text
        let mapping = try #require(
            MappingParser.parse(text, named: "scaffold.yaml", reporting: &findings), "\(findings.map(\.message))")
        var set = MappingSet()
        _ = set.add(mapping, tables: [:], reporting: &findings)
        #expect(findings.filter { $0.severity == .error && $0.code != "field-required" }.map(\.message) == [])
    }

    @Test("a page of coverage is complete in itself", arguments: Shipped.names)
    func page(_ name: String) throws {
        let (library, compiled, translator) = try Shipped.detailed(name)
        var report = CoverageReport(library.set)
        for file in Samples.files(of: compiled, in: library) {
            report.add(translator.translate(try Files.read(file), named: file, with: library.set.index(named: name)))
        }
        let page = CoverageHTML(report).page
        #expect(page.hasPrefix("<!DOCTYPE html>") && !page.contains("<script") && !page.contains("src="))
        #expect(!MappingDocumentation(compiled).text.contains("||"))
    }
}

@Suite("hints and paths")
struct HintTests {
    @Test(
        "the names in a path",
        arguments: [
            ("r:Patient/r:DOB", ["Patient", "DOB"]), ("@code", ["code"]),
            ("//r:Risks/*[@noneKnown = 'Y']", ["Risks", "noneKnown"]),
            (
                "entry.resource.ofType(Patient).name.where(use = 'official').family",
                ["entry", "resource", "Patient", "name", "use", "family"]
            ),
            ("$.patient['known as'].a-b", ["patient", "a-b"]),
            ("hl7:id[@root = $ods]/@extension", ["id", "root", "extension"]),
        ])
    func names(_ path: String, _ names: [String]) { #expect(NameHints.names(in: path) == names) }

    @Test("a path lies at or below another, whatever places are left open")
    func below() {
        #expect(FieldPath.isAtOrBelow("needs[1].code.code", "needs.code"))
        #expect(FieldPath.isAtOrBelow("needs[1].code.code", "needs[1]"))
        #expect(!FieldPath.isAtOrBelow("needs[1].code.code", "needs[0]"))
        #expect(!FieldPath.isAtOrBelow("needs[1]", "needs.code"))
        #expect(!FieldPath.isAtOrBelow("needsOther", "needs"))
    }

    @Test("every reference of the schema for mapping files leads somewhere")
    func references() throws {
        let json = try JSONSerialization.jsonObject(with: Data(MappingFileSchema.json.text().utf8)) as? [String: Any]
        let definitions = try #require(json?["definitions"] as? [String: Any])
        let text = MappingFileSchema.json.text()
        let names = text.components(separatedBy: "\"#/definitions/").dropFirst().map {
            String($0.prefix { $0 != "\"" })
        }
        #expect(names.allSatisfy { definitions[$0] != nil })
        #expect(!text.contains("oneOf"))
    }
}
