import Foundation
import Referrals
import Reporting
import Testing

@testable import Mappings
@testable import Projections

/// Whatever goes out as `fhir-message` comes back by our own mapping, or stands among the losses with its reason.
@Suite struct FHIRMessageRoundTripTests {
    static func isLost(_ field: Field) -> Bool { FHIRMessageLoss.reason(field) != nil }

    static let goldens: [String] = {
        let samples = RoundTrip.package.appendingPathComponent("samples")
        let found = FileManager.default.enumerator(atPath: samples.path)?.compactMap { $0 as? String } ?? []
        return found.filter { $0.hasSuffix(".referral.json") }.sorted()
    }()

    @Test("every shipped sample comes back as it was", arguments: goldens)
    func sample(name: String) throws {
        let file = RoundTrip.package.appendingPathComponent("samples").appendingPathComponent(name)
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        for json in Self.referrals(in: text) {
            let referral = try Rendered.read(json)
            let translation = try RoundTrip.translation(referral, using: RoundTrip.translator())
            let back = try #require(translation.parts.first?.referral)
            let differences = Values(referral, leavingOut: Self.isLost).differences(
                to: Values(back, leavingOut: Self.isLost))
            #expect(differences.filter { !Self.isExpected($0) } == [])
            #expect(translation.coverage.items.filter { $0.state == .unread }.map(\.path) == [])
        }
    }

    /// Whether a difference is one of those documented.
    static func isExpected(_ difference: String) -> Bool {
        let path = Values.path(ofLine: String(difference.dropFirst(2)))
        if path.hasSuffix(".postcode") { return difference.hasPrefix("-") && !isPostcode(difference) }
        if FHIRMessageLoss.changed.contains(where: { $0.covers(path) }) { return true }
        return difference.hasPrefix("+") && FHIRMessageLoss.filledIn.contains { $0.covers(path) }
    }

    /// Whether a line ends with a postcode of the United Kingdom: the letters C, I, K, M, O and V are in no inward code.
    private static func isPostcode(_ line: String) -> Bool {
        line.firstMatch(of: /= [A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}$/) != nil
    }

    private static func referrals(in text: String) -> [String] {
        text.hasPrefix("{\"") ? text.split(separator: "\n").map(String.init) : [text]
    }

    @Test("every field of the schema comes back, or is among the losses; none is there without need")
    func everyField() throws {
        let translator = try RoundTrip.translator()
        var lost: [String] = []
        var kept: [String] = []
        for field in Schema.referral.fields.dropFirst() where !field.isGroup {
            let referral = SingleField.referral(with: field)
            let back = try RoundTrip.referral(referral, using: translator)
            let (before, after) = (
                referral.all(field.id).map { referral.text($0) }, back.all(field.id).map { back.text($0) }
            )
            if before == after { kept.append(field.path) } else { lost.append("\(field.path) \(before) \(after)") }
        }
        let unexplained = lost.filter { line in
            Schema.referral.field(String(line.prefix { $0 != " " })).map { !Self.isLost($0) } ?? true
        }
        #expect(unexplained == [])
        #expect(kept.filter { path in Schema.referral.field(path).map(Self.isLost) ?? false } == [])
    }

    @Test("referrals made at random come back", arguments: 0..<60)
    func random(seed: Int) throws {
        var maker = ReferralMaker(seed: UInt64(seed), density: UInt64(10 + seed % 3 * 40))
        let referral = maker.referral()
        let back = try RoundTrip.referral(referral, using: RoundTrip.translator())
        let differences = Values(referral, leavingOut: Self.isLost).differences(
            to: Values(back, leavingOut: Self.isLost))
        #expect(differences.filter { !Self.isExpected($0) } == [])
    }
}
