import Foundation
import Gateway
import Mappings
import Referrals
import Reporting
import SourceDocuments
import Testing

@testable import Projections

/// A referral sent as `fhir-message` and read back by the mapping `fhir-bars`.
enum RoundTrip {
    static let package: URL = {
        var place = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { place.deleteLastPathComponent() }
        return place
    }()

    static let set: MappingSet = {
        do {
            return try MappingLibrary.load(package.appendingPathComponent("mappings").path).set
        } catch {
            Issue.record("the mappings cannot be loaded: \(error)")
            return MappingSet()
        }
    }()

    static func translator() throws -> Translator {
        let today = try #require(CalendarDay(year: 2026, month: 6, day: 1))
        return Translator(set, options: Translator.Options(today: today))
    }

    static func message(_ referral: Referral) throws -> [UInt8] {
        try #require(Form.named("fhir-message")).render(referral, context: Rendered.context)
    }

    static func translation(_ referral: Referral, using translator: Translator) throws -> Translation {
        translator.translate(try message(referral), named: "message.json", with: set.index(named: "fhir-bars"))
    }

    static func referral(_ referral: Referral, using translator: Translator) throws -> Referral {
        let translation = try translation(referral, using: translator)
        return try #require(translation.parts.first?.referral, "nothing was read back: \(translation.findings)")
    }
}

/// The values of a referral by path, places in lists included.
struct Values: Equatable {
    private(set) var lines: [String] = []

    /// - Parameter isLeftOut: Fields that are not compared.
    init(_ referral: Referral, leavingOut isLeftOut: (Field) -> Bool = { _ in false }) {
        for node in 1..<UInt32(referral.nodes.count) {
            let field = referral.schema[referral.nodes[Int(node)].field]
            if !field.isGroup, !isLeftOut(field) { lines.append("\(referral.path(of: node)) = \(referral.text(node))") }
        }
        lines.sort()
    }

    /// What is in one and not in the other, `-` lost and `+` come in.
    func differences(to other: Values) -> [String] {
        let (own, others) = (Set(lines), Set(other.lines))
        return own.subtracting(others).map { "- " + $0 }.sorted() + others.subtracting(own).map { "+ " + $0 }.sorted()
    }
}
