import Mappings
import Referrals
import Reporting
import SourceDocuments

/// What a translation says for itself: a line for people, or one JSON object with everything.
struct TranslationReport {
    let translation: Translation
    let set: MappingSet
    let document: SourceDocument

    init(_ translation: Translation, _ set: MappingSet, _ document: SourceDocument) {
        self.translation = translation
        self.set = set
        self.document = document
    }

    /// `itk-cda@1 · held · 41 fields · 120 of 130 source values read, 10 ignored for a reason, 0 unread`.
    func summary(_ style: TextStyle) -> String {
        guard let mapping = translation.mapping else { return style.red("refused: no referral was made") }
        let coverage = translation.coverage
        let fields = translation.parts.reduce(0) { $0 + $1.origins.count }
        return [
            mapping, word(style), "\(fields) fields filled",
            coverage.summary,
        ].joined(separator: " · ")
    }

    private func word(_ style: TextStyle) -> String {
        switch translation.outcome {
        case .accepted: style.green("accepted")
        case .held: style.yellow("held for a person")
        case .refused: style.red("refused")
        }
    }

    func json(withReferrals: Bool) -> JSONValue {
        .members([
            "schema": .string("linkway.map/1"),
            "document": .members([
                "name": .string(translation.document), "format": .text(translation.format?.rawValue),
                "mapping": .text(translation.mapping), "outcome": .string(translation.outcome.rawValue),
            ]),
            "referrals": withReferrals ? .array(translation.parts.map { referral($0) }) : nil,
            "findings": .array(translation.findings.map(\.json)),
            "coverage": coverage,
            "origins": .array(translation.parts.map { .array(origins($0)) }),
        ])
    }

    private func referral(_ part: Translation.Part) -> JSONValue {
        var bytes: [UInt8] = []
        CanonicalJSON.write(part.referral, into: &bytes, pretty: false)
        return .decimal(String(decoding: bytes, as: UTF8.self))
    }

    private var coverage: JSONValue {
        let coverage = translation.coverage
        return .members([
            "total": .number(coverage.total), "read": .number(coverage.read), "compared": .number(coverage.compared),
            "ignored": .number(coverage.ignored),
            "unread": .number(coverage.unread),
            "unreadPaths": .array(coverage.items.filter { $0.state == .unread }.map { .string($0.path) }),
        ])
    }

    /// One object for each value: field, kind of origin, place in the source, rule.
    private func origins(_ part: Translation.Part) -> [JSONValue] {
        part.referral.nodes.indices.dropFirst().compactMap { index in
            let node = part.referral.nodes[index]
            guard node.textEnd > node.textStart, node.origin != Referral.noOrigin else { return nil }
            let origin = part.origins[Int(node.origin)]
            return .members([
                "field": .string(part.referral.path(of: UInt32(index))), "from": .string(origin.kind.word),
                "source": origin.node == 0 ? nil : document.location(of: origin.node).json,
                "rule": rule(origin)?.plan.place.location.json, "as": .text(rule(origin)?.plan.converterName),
            ])
        }
    }

    private func rule(_ origin: Origin) -> CompiledMapping.Rule? {
        guard let index = translation.mappingIndex, origin.rule >= 0 else { return nil }
        return set.mappings[index].rules[origin.rule]
    }
}
