import Foundation
import Testing

@testable import Referrals

/// Referrals made at random from the schema itself, the same ones on every run.
@Suite struct RandomReferralTests {
    @Test("whatever the schema allows is written, read back and written again as the same bytes", arguments: 0..<60)
    func roundTrip(seed: Int) throws {
        var maker = ReferralMaker(seed: UInt64(seed))
        let referral = maker.referral()
        let json = Sample.json(referral, pretty: seed % 2 == 0)
        let (again, findings) = CanonicalJSON.read(Array(json.utf8))
        #expect(findings == [])
        let read = try #require(again)
        #expect(Sample.json(read, pretty: seed % 2 == 0) == json)
        #expect(read.nodes.count == referral.nodes.count)
        let parsed = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect(parsed?["schema"] as? String == "referral/1")
    }

    @Test("masked, it is still JSON, and no rule trips over any of them", arguments: 0..<20)
    func maskedAndChecked(seed: Int) throws {
        var maker = ReferralMaker(seed: UInt64(seed))
        let referral = maker.referral()
        _ = try JSONSerialization.jsonObject(with: Data(Sample.json(referral, masked: true).utf8))
        for violation in AllRules.check(
            referral, profile: .prsbSP11, today: Sample.today, scopes: ConsentScope.allCases)
        {
            #expect(Int(violation.node) < referral.nodes.count)
            #expect(!referral.path(of: violation.node).contains("[-"))
        }
    }
}

/// Makes referrals from the schema, members in any order, with text that is hard to write.
struct ReferralMaker {
    private var random: SplitMix
    private let schema = Schema.referral

    init(seed: UInt64) { random = SplitMix(state: seed) }

    mutating func referral() -> Referral {
        var referral = Referral(schema: schema)
        members(of: 0, in: 0, &referral)
        referral.close(0)
        return referral
    }

    private mutating func members(of field: FieldID, in group: UInt32, _ referral: inout Referral) {
        let needed = schema[field].children.filter { schema[$0].isAlwaysFilled || schema[$0].path == "source" }
        let others = schema[field].children.filter { !needed.contains($0) && random.next() % 3 == 0 }
        for child in (needed + others).shuffled(using: &random) {
            for _ in 0..<(schema[child].isList ? 1 + random.next() % 3 : 1) { item(child, in: group, &referral) }
        }
    }

    private mutating func item(_ field: FieldID, in group: UInt32, _ referral: inout Referral) {
        guard schema[field].isGroup else {
            return referral.append(field, Array(value(schema[field].row.type).utf8).span, in: group)
        }
        let opened = referral.open(field, in: group)
        members(of: field, in: opened, &referral)
        referral.close(opened)
    }

    private mutating func value(_ type: FieldType) -> String {
        switch type {
        case .text: hardText() + " \n"
        case .token: "t" + hardText() + "t"
        case .uuid: StableID.uuid(namespace: "test", name: Array("\(random.next())".utf8))
        case .date: "2024-02-29"
        case .partialDate: ["2024", "2024-02", "2024-02-29"].randomElement(using: &random) ?? "2024"
        case .instant: "2024-02-29T23:59:59.5+01:00"
        case .integer(let range):
            String(Int.random(in: range.lowerBound...min(range.upperBound, 1 << 40), using: &random))
        case .boolean: random.next() % 2 == 0 ? "true" : "false"
        case .choice(let list): list.codes.randomElement(using: &random)?.code ?? ""
        case .group: ""
        }
    }

    private mutating func hardText() -> String {
        let parts = [
            "\"", "\\", "\u{0}", "\u{1F}", "\n", "é", "日本", "👩🏽‍⚕️", "\u{2028}", "</x>", "@@a@@", "plain words", "\u{7F}",
        ]
        return (0..<(1 + random.next() % 5)).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
    }
}

/// SplitMix64: small, and the same everywhere.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
