import Reporting
import SourceDocuments
import Testing

@testable import Mappings

@Suite("Coverage and watching")
struct TranslationCoverageTests {
    static let mapping = Workshop.xml(
        person: "education: { from: \"r:School\" }",
        map:
            "needs: { each: \"r:Need[@kind = 'real']\", text: { from: \".\" } }\nrisks: { each: \"r:Risk[@level = 'high']\", text: { from: \".\" } }",
        foot: "ignore:\n  - { path: \"r:Slot\", because: \"internal\" }\nwatch: [ \"//r:Risk\", \"//r:Safeguarding\" ]")

    @Test("every node with a value is read, ignored for its reason, or unread")
    func accounts() throws {
        let bench = try TranslationBench(Self.mapping, isDetailed: true)
        let translation = bench.translate(
            TranslationBench.letter(
                "<School>Hill</School><Need kind=\"real\">a</Need><Need kind=\"other\">b</Need><Slot n=\"1\"><Room>2</Room></Slot><Empty/><New>x</New>"
            ))
        let coverage = translation.coverage
        #expect(coverage.items.count == coverage.total)
        #expect(coverage.items.count { $0.state == .read } == coverage.read)
        #expect(coverage.items.count { $0.state == .ignored } == coverage.ignored)
        let document = bench.translator.document
        let values = document.nodes.indices.dropFirst().count {
            document.nodes[$0].hasValue || Int(document.nodes[$0].next) == $0 + 1
        }
        let texts = document.nodes.count { $0.kind == .text }
        #expect(coverage.total == values, "\(coverage.items)")
        #expect(texts == 0 || coverage.total > 0)
        let unread = coverage.items.filter { $0.state == .unread }.map(\.path)
        #expect(
            unread.contains("/Referral/New") && unread.contains("/Referral/Need[2]")
                && unread.contains("/Referral/Empty"))
        #expect(Set(coverage.items.compactMap(\.because)) == ["internal"])
        #expect(
            coverage.items.filter { $0.state == .ignored }.map(\.path) == ["/Referral/Slot/@n", "/Referral/Slot/Room"])
    }

    @Test(
        "what is watched and not read holds the referral; what is read does not",
        arguments: [
            ("<Risk level=\"high\">dog</Risk>", 0), ("<Risk level=\"low\">dog</Risk>", 1), ("<Risk>dog</Risk>", 1),
            ("<Part><Risk level=\"high\">dog</Risk></Part>", 1), ("<Safeguarding/>", 1),
            ("<Risk level=\"low\">a</Risk><Risk level=\"high\">b</Risk>", 1), ("<Slot><Risk>dog</Risk></Slot>", 0),
            ("<Safeguarding><Note>x</Note></Safeguarding><Risk/>", 2),
        ])
    func watched(elements: String, count: Int) throws {
        let translation = try TranslationBench(Self.mapping).translate(TranslationBench.letter(elements))
        let findings = translation.said("watch-unread")
        #expect(findings.count == count, "\(translation.rendered)")
        #expect(translation.outcome == (count == 0 ? .accepted : .held))
        for finding in findings { #expect(finding.location?.position != nil && finding.rule?.position != nil) }
    }

    @Test(
        "a watched node whose only content decided something counts as read",
        arguments: [
            ("<Risks none=\"Y\"/>", 0), ("<Risks none=\"N\"/>", 1),
        ])
    func decided(elements: String, count: Int) throws {
        let bench = try TranslationBench(
            Workshop.xml(
                map: "risks: [ { none: { value: \"true\", when: \"r:Risks/@none = 'Y'\" } } ]",
                foot: "watch: [ \"//r:Risks\" ]"))
        #expect(bench.translate(TranslationBench.letter(elements)).said("watch-unread").count == count)
    }

    @Test(
        "a watched node that sets a constant by being there counts as read",
        arguments: [
            ("<Risks none=\"Y\"/>", 0), ("<Risks none=\"N\"/>", 1), ("<NoRisk/>", 0),
        ])
    func present(elements: String, count: Int) throws {
        let bench = try TranslationBench(
            Workshop.xml(
                map:
                    "risks:\n  - each: \"r:Risks[@none = 'Y']\"\n    none: { value: \"true\" }\n  - at: \"r:NoRisk\"\n    none: { value: \"true\" }",
                foot: "watch: [ \"//r:Risks\", \"//r:NoRisk\" ]"))
        #expect(bench.translate(TranslationBench.letter(elements)).said("watch-unread").count == count)
    }

    @Test("comparing in a condition is not reading")
    func comparedOnly() throws {
        let bench = try TranslationBench(
            Workshop.xml(
                person: "education: { from: \"r:School[../r:Risk = 'none']\" }", foot: "watch: [ \"//r:Risk\" ]"))
        let translation = bench.translate(TranslationBench.letter("<School>Hill</School><Risk>knife</Risk>"))
        #expect(translation.said("watch-unread").count == 1, "\(translation.rendered)")
    }
}
