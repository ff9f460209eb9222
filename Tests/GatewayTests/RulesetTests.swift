import Intake
import Mappings
import Referrals
import Reporting
import Testing

@testable import Gateway

@Suite("Rules of routing")
struct RulesetTests {
    private static let position = SourcePosition(line: 9, column: 12)

    private static func compile(_ text: String) -> (ReferralCondition?, [Finding]) {
        var findings: [Finding] = []
        let condition = ReferralCondition.compile(text, at: position, in: "linkway.yaml", reporting: &findings)
        return (condition, findings)
    }

    private static func referral(_ letter: String) throws -> Referral {
        let translator = Translator(
            GatewayBench.library.set,
            options: Translator.Options(today: try #require(CalendarDay(year: 2026, month: 6, day: 1))))
        return try #require(translator.translate(Array(letter.utf8)).parts.first?.referral)
    }

    private static func canonical(_ letter: String) throws -> [UInt8] {
        var json: [UInt8] = []
        CanonicalJSON.write(try referral(letter), into: &json, pretty: false)
        return json
    }

    static let conditions: [(String, Bool)] = [
        ("urgency.code = 'routine'", true), ("urgency.code = 'urgent'", false),
        ("Referral.urgency.code = 'routine'", true),
        ("work.asked = 'no'", true), ("work.statement.exists()", false),
        ("needs.code.where(code = '422650009').exists()", true), ("needs.where(code.code = '1').exists()", false),
        ("person.nhsNumber.value = '9990004110'", true), ("person.nhsNumber.value.exists().not()", false),
        ("gpPractice.odsCode.startsWith('A81')", true), ("person.birthDate < @1960-01-01", true),
        ("risks.none = true", true), ("consent.exists().not()", true),
        ("urgency.code = 'routine' and kind = 'new'", true), ("kind = 'cancellation' or kind = 'update'", false),
    ]

    @Test("a condition holds for the referrals it means", arguments: conditions)
    func condition(_ item: (text: String, holds: Bool)) throws {
        let (condition, findings) = Self.compile(item.text)
        #expect(findings.map(\.message) == [])
        #expect(try #require(condition).holds(for: try Self.canonical(try GatewayBench.letter())) == item.holds)
    }

    @Test("the value of an observation is a field like any other")
    func choice() {
        #expect(Self.compile("clinicalContext.observations.value.exists()").1.map(\.message) == [])
        #expect(Self.compile("person.telecoms.value.startsWith('07')").1.map(\.message) == [])
    }

    static let mistakes: [(String, String, String?)] = [
        ("urgencies.code = 'urgent'", "no field of the referral is called `urgencies`", nil),
        ("urgency.cod = 'urgent'", "no field of the referral is called `cod`", "did you mean `code`?"),
        ("person.nhsNumbr.exists()", "no field of the referral is called `nhsNumbr`", "did you mean `nhsNumber`?"),
        ("needs.where(txt = 'a').exists()", "no field of the referral is called `txt`", "did you mean `text`?"),
    ]

    @Test("a name that no field has is told with the nearest one", arguments: mistakes)
    func unknownName(_ item: (text: String, message: String, help: String?)) {
        let (condition, findings) = Self.compile(item.text)
        #expect(condition == nil)
        #expect(findings.map(\.code) == ["configuration-invalid"])
        #expect(findings.first?.message == "`when`: " + item.message)
        if let help = item.help { #expect(findings.first?.help == help) }
        #expect(findings.first?.location?.position == Self.position)
    }

    @Test("what is no FHIRPath is told", arguments: ["urgency.code =", "(", "urgency.code ==== 'a'", "dance()"])
    func malformed(_ text: String) {
        let (condition, findings) = Self.compile(text)
        #expect(condition == nil && findings.map(\.severity) == [.error])
    }

    @Test("rules that do not fit together are none, and all that is wrong is told at once")
    func misfits() throws {
        let folder = try Folder()
        let configuration = EngineBench.configuration(in: folder) {
            $0.sources[0].mapping = "riversid-xml"
            $0.routes[0].when = ("urgncy.code = 'urgent'", SourcePosition(line: 7, column: 3))
            $0.routes.append(Configuration.Route(name: "second", queue: folder["second"]))
            $0.routes[1].form = "canonicl"
            $0.routes.append(Configuration.Route(name: "third", queue: folder["third"]))
            $0.routes[2].fields = [("person.nam", SourcePosition(line: 11, column: 5))]
        }
        var findings: [Finding] = []
        #expect(try Ruleset.make(configuration, GatewayBench.library, reporting: &findings) == nil)
        #expect(findings.count == 4 && findings.allSatisfy { $0.severity == .error })
    }

    @Test("what is only made at a start is told of when other rules ask for it")
    func restart() throws {
        let folder = try Folder()
        func made(_ shape: (inout Configuration) -> Void = { _ in }) throws -> Ruleset {
            try EngineBench.rules(EngineBench.configuration(in: folder, shape))
        }
        let rules = try made()
        #expect(rules.needsRestart(for: try made { $0.routes[0].consent = .noneNeeded }) == nil)
        #expect(rules.needsRestart(for: try made { $0.state = folder["other"] }) == "`state`")
        #expect(rules.needsRestart(for: try made { $0.sources[0].name = "south" }) == "`sources`")
        #expect(rules.needsRestart(for: try made { $0.http = .init() }) == "`http`")
        #expect(rules.needsRestart(for: try made { $0.settleSeconds = 9 }) == "`settle`")
        #expect(rules.needsRestart(for: try made { $0.largestDocument = 1 << 20 }) == "`largest-document`")
        #expect(rules.needsRestart(for: try made { $0.routes[0].giveUpDays = 9 }) == "a route's `give-up`")
        #expect(
            rules.needsRestart(for: try made { $0.routes[0].destination = .queue(folder["q"]) })
                == "a route's name, subject (`of`), order or destination")
    }
}
