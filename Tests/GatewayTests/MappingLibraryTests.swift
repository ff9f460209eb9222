import Foundation
import Mappings
import Referrals
import Reporting
import Testing

@testable import Gateway

@Suite("Mapping library")
struct MappingLibraryTests {
    static let head =
        "version: 1\ntarget: referral/1\nsource: { format: xml, root: \"r:R\", namespaces: { r: \"urn:n\" } }\n"
    static let person = "map:\n  person:\n    name: { family: { from: \"r:S\" } }\n    birthDate: { from: \"r:D\" }\n"
    static let whole = head + person

    @Test("the mappings that come with Linkway have no mistake")
    func shipped() throws {
        let library = try MappingLibrary.load(Repository.folder.appendingPathComponent("mappings").path)
        #expect(library.findings.isEmpty, "\(FindingPrinter().text(library.findings))")
        #expect(library.set.mappings.count >= 4)
    }

    // MARK: Extends

    @Test("an overlay inherits what it does not write")
    func overlay() throws {
        let library = try load([
            "base.yaml":
                "mapping: base\nabstract: true\nversion: 1\ntarget: referral/1\ntables: [ sex ]\nmap: { person: { sex: { as: code, table: sex, missing: quarantine } } }\n",
            "base/sex.csv": "from,to\nM,male\n", "sex.csv": "from,to\nM,male\n",
            "own.yaml": "mapping: own\nextends: base\n" + Self.whole + "    sex: { from: \"r:Sex\" }\n",
        ])
        #expect(library.findings.isEmpty, "\(FindingPrinter().text(library.findings))")
        let rule = try #require(library.set.mappings.first?.rules.first(where: { $0.plan.converterName == "code" }))
        #expect(rule.plan.missing == .quarantine)
        #expect(rule.plan.table == 0)
    }

    @Test("a constant in an overlay replaces the whole rule")
    func constantOverlay() throws {
        let library = try load([
            "base.yaml":
                "mapping: base\nabstract: true\nversion: 1\nmap: { person: { sex: { from: \"r:X\", as: code, missing: warn, many: first } } }\n",
            "own.yaml": "mapping: own\nextends: base\n" + Self.whole + "    sex: { value: female }\n",
        ])
        #expect(library.findings.isEmpty, "\(FindingPrinter().text(library.findings))")
    }

    @Test("an overlay may write one word that groups have too")
    func wordOverlay() throws {
        let library = try load([
            "base.yaml":
                "mapping: base\nabstract: true\nversion: 1\nmap: { person: { sex: { from: \"r:X\", as: code } } }\n",
            "own.yaml": "mapping: own\nextends: base\n" + Self.whole + "    sex: { many: first }\n",
        ])
        #expect(library.findings.isEmpty, "\(FindingPrinter().text(library.findings))")
        #expect(
            library.set.mappings.first?.rules.first(where: { $0.plan.converterName == "code" })?.plan.many == .first)
    }

    /// ① in one of the files is where the finding must point.
    static let mistakes: [(String, FindingCode, [String: String])] = [
        ("a base that is not there", "extends-unknown", ["a.yaml": "mapping: a\nextends: ①bse\n" + whole]),
        ("a mapping that extends itself", "extends-circle", ["a.yaml": "mapping: a\nextends: ①a\n" + whole]),
        (
            "a name twice", "mapping-name-twice",
            ["a.yaml": "mapping: a\n" + whole, "b.yaml": "mapping: ①a\n" + whole]
        ),
        (
            "a name twice, one abstract", "mapping-name-twice",
            ["a.yaml": "mapping: a\nabstract: true\n" + whole, "b.yaml": "mapping: ①a\n" + whole]
        ),
        (
            "a mistake in a base, told once for two overlays", "field-unknown",
            [
                "base.yaml": "mapping: base\nabstract: true\nversion: 1\nmap: { person: { ①gendre: { value: x } } }\n",
                "a.yaml": "mapping: a\nextends: base\n" + whole,
                "b.yaml": "mapping: b\nextends: base\n" + whole.replacing("r:R", with: "r:Q"),
            ]
        ),
        (
            "a mistake in the form of a base, and no other for its overlay", "mapping-key-unknown",
            [
                "base.yaml": "mapping: base\nabstract: true\nversion: 1\n①abuot: x\n",
                "a.yaml": "mapping: a\nextends: base\n" + whole,
            ]
        ),
        (
            "a path that an overlay does not give", "rule-without-source",
            [
                "base.yaml": "mapping: base\nabstract: true\nversion: 1\nmap: { person: { sex: ①{ as: code } } }\n",
                "a.yaml": "mapping: a\nextends: base\n" + whole,
            ]
        ),
        (
            "a row of a table beside the mapping", "table-from-duplicate",
            [
                "a.yaml": "mapping: a\ntables: [ sex ]\n" + whole
                    + "    sex: { from: \"r:X\", as: code, table: sex }\n",
                "sex.csv": "from,to\nM,male\n①M,female\n",
            ]
        ),
        (
            "a code of a table in the folder for all", "table-code-unknown",
            [
                "a/a.yaml": "mapping: a\ntables: [ sex ]\n" + whole
                    + "    sex: { from: \"r:X\", as: code, table: sex }\n",
                "tables/sex.csv": "from,to\nM,male\n①F,fmale\n",
            ]
        ),
        (
            "a table with a path for its name", "table-missing",
            ["a.yaml": "mapping: a\ntables: [ ①../sex ]\n" + whole, "sex.csv": "from,to\n"]
        ),
    ]

    @Test("a mistake among mappings is found once, at its place", arguments: mistakes)
    func mistake(_ item: (name: String, code: FindingCode, files: [String: String])) throws {
        let library = try load(item.files)
        let errors = library.findings.filter { $0.severity == .error }
        #expect(errors.map(\.code) == [item.code], "\(FindingPrinter().text(library.findings))")
        let place = try #require(Place.marked(in: item.files))
        #expect(errors.first?.location?.position == place.position)
        #expect(errors.first?.location?.document.hasSuffix("/" + place.file) == true)
        #expect(!library.isUsable)
    }

    @Test("a circle of three is told, and nothing loops")
    func circle() throws {
        let library = try load([
            "a.yaml": "mapping: a\nextends: b\n" + Self.whole, "b.yaml": "mapping: b\nextends: c\n" + Self.whole,
            "c.yaml": "mapping: c\nextends: a\n" + Self.whole,
        ])
        #expect(Set(library.findings.map(\.code)) == ["extends-circle"])
        #expect(library.set.mappings.count == 0)
    }

    @Test("one wrong mapping leaves the others usable, and bytes that are not UTF-8 are not repaired")
    func others() throws {
        let folder = try Folder()
        try folder.write("a.yaml", Array("mapping: a\n\(Self.whole)".utf8))
        try folder.write("b.yaml", Array("mapping: b\nabout: ".utf8) + [0xE9, 0x0A])
        try folder.write(".hidden/c.yaml", Array("nonsense".utf8))
        let library = try MappingLibrary.load(folder.path)
        #expect(library.findings.map(\.code) == ["yaml-malformed"])
        #expect(library.set.mappings.map(\.name) == ["a"])
    }

    private func load(_ files: [String: String]) throws -> MappingLibrary {
        let folder = try Folder()
        for (name, text) in files { try folder.write(name, Array(text.replacing("①", with: "").utf8)) }
        return try MappingLibrary.load(folder.path)
    }
}
