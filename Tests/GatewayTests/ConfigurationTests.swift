import Foundation
import Referrals
import Reporting
import Testing

@testable import Gateway

@Suite("Configuration")
struct ConfigurationTests {
    static let sound = """
        mappings: maps
        profile: minimum
        largest-document: 5MB
        settle: 10s
        sources:
          - { name: north, folder: in/north, mapping: riverside-xml }
          - { name: south, folder: /srv/south }
        routes:
          - { name: out, queue: queue, consent: share-with-link-worker }
        """

    @Test("a sound configuration is read, folders from where it stands")
    func sound() throws {
        let folder = try Folder()
        try folder.write("linkway.yaml", Self.sound)
        var findings: [Finding] = []
        let configuration = try #require(try Configuration.read(folder["linkway.yaml"], reporting: &findings))
        #expect(findings.isEmpty)
        #expect(configuration.mappings == folder["maps"])
        #expect(configuration.largestDocument == 5 << 20)
        #expect(configuration.sources.map(\.folder) == [folder["in/north"], "/srv/south"])
        #expect(configuration.settleSeconds == 10)
        #expect(configuration.routes.map(\.queue) == [folder["queue"]])
        #expect(configuration.routes.map(\.consent) == [.scope(.shareWithLinkWorker)])
        #expect(configuration.findings(beside: GatewayBench.library).isEmpty)
    }

    /// What to change, to what (① before the place), and the code.
    static let mistakes: [(String, String, String, FindingCode)] = [
        ("an unknown key", "profile:", "①profil:", "configuration-invalid"),
        ("an unknown key of a source", "folder: in/north", "①foldr: x, folder: in/north", "configuration-invalid"),
        ("an unknown profile", "minimum", "①maximum", "configuration-invalid"),
        ("a size without its unit", "5MB", "①5", "configuration-invalid"),
        ("a size past its range", "5MB", "①4000MB", "configuration-invalid"),
        ("a time without its unit", "10s", "①10", "configuration-invalid"),
        ("a time past its range", "10s", "①4000s", "configuration-invalid"),
        ("a consent that is not known", "share-with-link-worker", "①share-with-link-workers", "configuration-invalid"),
        ("a consent that is a list", "share-with-link-worker", "①[ share-with-link-worker ]", "configuration-invalid"),
        (
            "a source without a folder", "{ name: south, folder: /srv/south }", "①{ name: south }",
            "configuration-invalid"
        ),
        ("a source with an empty name", "name: south", "name: \"①\"", "configuration-invalid"),
        ("a source that is a text", "{ name: south, folder: /srv/south }", "①south", "configuration-invalid"),
        ("two sources of one name", "name: south", "name: ①north", "configuration-invalid"),
        ("two sources of one folder", "/srv/south", "①in/north", "configuration-invalid"),
        ("routes that are no list", "\n  - { name: out", " ①{ name: out", "configuration-invalid"),
        (
            "no routes", "routes:\n  - { name: out, queue: queue, consent: share-with-link-worker }", "",
            "configuration-invalid"
        ),
        ("a mapping that is a list", "mapping: riverside-xml", "mapping: ①[ a ]", "configuration-invalid"),
        ("mappings that are a list", "mappings: maps", "mappings: ①[ maps ]", "configuration-invalid"),
        ("a key twice", "profile: minimum", "profile: minimum\n①profile: minimum", "yaml-duplicate-key"),
        ("a tab", "  - { name: out", "①\t- { name: out", "yaml-malformed"),
        ("an anchor", "profile: minimum", "profile: ①&p minimum", "yaml-feature-refused"),
    ]

    @Test("a mistake is the only thing found, at its line and column", arguments: mistakes)
    func mistake(_ item: (name: String, old: String, new: String, code: FindingCode)) throws {
        #expect(Self.sound.contains(item.old))
        let text = Self.sound.replacing(item.old, with: item.new, maxReplacements: 1)
        let folder = try Folder()
        try folder.write("linkway.yaml", text.replacing("①", with: ""))
        var findings: [Finding] = []
        #expect(try Configuration.read(folder["linkway.yaml"], reporting: &findings) == nil)
        #expect(findings.map(\.code) == [item.code], "\(FindingPrinter().text(findings))")
        let place = Place.marked(in: ["linkway.yaml": text])?.position ?? SourcePosition(line: 1, column: 1)
        #expect(findings.first?.location?.position == place, "\(FindingPrinter().text(findings))")
    }

    @Test("a route without a consent is warned of, and one that needs none says so")
    func withoutConsent() throws {
        let folder = try Folder()
        try folder.write("linkway.yaml", Self.sound.replacing(", consent: share-with-link-worker", with: ""))
        var findings: [Finding] = []
        let silent = try #require(try Configuration.read(folder["linkway.yaml"], reporting: &findings))
        #expect(silent.routes.map(\.consent) == [.unsaid])
        #expect(findings.map(\.code) == ["route-without-consent"])
        #expect(findings.map(\.severity) == [.warning])
        #expect(findings.first?.location?.position == SourcePosition(line: 9, column: 5))
        try folder.write("linkway.yaml", Self.sound.replacing("share-with-link-worker", with: "none-needed"))
        findings = []
        let open = try #require(try Configuration.read(folder["linkway.yaml"], reporting: &findings))
        #expect(open.routes.map(\.consent) == [.noneNeeded] && findings.isEmpty)
        try folder.write("linkway.yaml", Self.sound.replacing("with-link-worker", with: "with-linkworker"))
        #expect(try Configuration.read(folder["linkway.yaml"], reporting: &findings) == nil)
        #expect(findings.map(\.help) == ["did you mean `share-with-link-worker`?"])
    }

    @Test("all mistakes are told at once, and a mapping that is not there too")
    func atOnce() throws {
        let folder = try Folder()
        try folder.write("linkway.yaml", "profil: x\nlargest-document: 1\nsources: []\n")
        var findings: [Finding] = []
        #expect(try Configuration.read(folder["linkway.yaml"], reporting: &findings) == nil)
        #expect(findings.count == 4)
        try folder.write("linkway.yaml", Self.sound.replacing("riverside-xml", with: "riversid-xml"))
        findings = []
        let configuration = try #require(try Configuration.read(folder["linkway.yaml"], reporting: &findings))
        let beside = configuration.findings(beside: GatewayBench.library)
        #expect(beside.map(\.help) == ["did you mean `riverside-xml`?"])
        #expect(beside.first?.location?.position == SourcePosition(line: 6, column: 47))
    }
}
