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
        var options = Translator.Options(today: today)
        options.isDetailed = true
        return Translator(set, options: options)
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
            guard !field.isGroup, !isLeftOut(field) else { continue }
            let place = Self.isReordered(field) ? field.path : referral.path(of: node)
            lines.append("\(place) = \(referral.text(node))")
        }
        lines.sort()
    }

    /// Lists whose items come back in another order: statements that there is none after the warnings, and items of which
    /// nothing but what is lost was left.
    private static func isReordered(_ field: Field) -> Bool {
        ["risks.", "safeguarding.", "work.barriers."].contains { field.path.hasPrefix($0) }
    }

    /// The path of a line, places in lists left out.
    static func path(ofLine line: String) -> String {
        let path = line.prefix { $0 != "=" }.dropLast()
        return path.split(separator: ".").map { $0.prefix { $0 != "[" } }.joined(separator: ".")
    }

    /// What is in one and not in the other, `-` lost and `+` come in.
    func differences(to other: Values) -> [String] {
        let (own, others) = (Set(lines), Set(other.lines))
        return own.subtracting(others).map { "- " + $0 }.sorted() + others.subtracting(own).map { "+ " + $0 }.sorted()
    }
}
