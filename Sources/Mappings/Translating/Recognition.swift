import Reporting
import SourceDocuments

/// Telling by content which mapping reads a document, and saying what was seen when none does.
extension Translator {
    func recognise(_ evaluation: inout Evaluation, _ translation: inout Translation) -> Int? {
        let candidates = set.candidates(for: &evaluation.document, with: &evaluation.evaluator)
        if candidates.count == 1 { return candidates[0] }
        let location = evaluation.document.root.map { evaluation.document.location(of: $0) }
        if candidates.count > 1 {
            let names = candidates.map { set.mappings[$0].name }.joined(separator: "` and `")
            translation.findings.append(
                Finding(
                    "mapping-ambiguous", .error, "both `\(names)` could read this document", at: location,
                    help: "add a condition under `source: { when: … }` to one of them"))
        } else if let kind = KnownKinds.kind(of: evaluation.document) {
            translation.findings.append(
                Finding("not-a-referral", .error, "this is \(kind), not a referral", at: location))
        } else if KnownKinds.looksLikeFHIR(evaluation.document) {
            translation.findings.append(
                Finding(
                    "fhir-malformed", .error, "this looks like FHIR, but declares no namespace `http://hl7.org/fhir`",
                    at: location,
                    help: "put xmlns=\"http://hl7.org/fhir\" on the root element, which is a resource such as `Bundle`")
            )
        } else {
            translation.findings.append(
                Finding(
                    "mapping-none", .error, "no mapping reads \(describe(evaluation.document))", at: location,
                    help: nearMisses(&evaluation)))
        }
        return nil
    }

    /// A mapping that was asked for by name must at least fit the root, or every field would come out missing.
    func isRoot(
        of mapping: CompiledMapping, _ evaluation: inout Evaluation, _ translation: inout Translation
    ) -> Bool {
        guard let wanted = mapping.root, let root = evaluation.document.root else { return true }
        let node = evaluation.document.nodes[Int(root)]
        if (evaluation.document.format == .fhir ? node.resourceType : node.name) == wanted { return true }
        translation.findings.append(
            Finding(
                "root-unexpected", .error,
                "the mapping `\(mapping.name)` reads `\(mapping.mapping.source.root?.text ?? "")`, and this is \(describe(evaluation.document))",
                at: evaluation.document.location(of: root), rule: mapping.mapping.source.root?.place.location))
        return false
    }

    private func describe(_ document: SourceDocument) -> String {
        guard let root = document.root else { return "an empty document" }
        let node = document.nodes[Int(root)]
        let name = DocumentName.shown(document.symbols.name(node.name))
        switch document.format {
        case .fhir: return KnownKinds.fhirWords(document)
        case .json: return "this JSON"
        case .csv: return "this table (CSV)"
        case .hl7v2: return "an HL7 v2 message `\(name)`"
        case .xml:
            let namespace = document.symbols.namespace(node.name)
            let place = namespace.isEmpty ? "without a namespace" : "in `\(DocumentName.shown(namespace: namespace))`"
            return "an XML document `<\(name)>` \(place)"
        }
    }

    /// The mappings that could have been the one, each with the first thing that spoke against it.
    private func nearMisses(_ evaluation: inout Evaluation) -> String? {
        let format = evaluation.document.format
        var near: [String] = []
        for mapping in set.mappings where mapping.format == format {
            near.append("`\(mapping.name)` (\(obstacle(mapping, &evaluation)))")
        }
        return near.isEmpty
            ? "no mapping for \(format.rawValue) is loaded"
            : "mappings for \(format.rawValue): \(near.joined(separator: ", "))"
    }

    /// Why a mapping does not read a document: its root, or the first of its conditions that does not hold.
    private func obstacle(_ mapping: CompiledMapping, _ evaluation: inout Evaluation) -> String {
        guard let root = evaluation.document.root, mapping.root == nil || isSameRoot(mapping, evaluation.document)
        else {
            return "reads `\(mapping.mapping.source.root?.text ?? "")`"
        }
        for (index, condition) in mapping.conditions.enumerated()
        where !evaluation.evaluator.test(condition, from: root, in: &evaluation.document) {
            let written = mapping.mapping.source.conditions
            return index < written.count ? "wants `\(written[index].text)`" : "its conditions do not hold"
        }
        return "its conditions hold"
    }

    private func isSameRoot(_ mapping: CompiledMapping, _ document: SourceDocument) -> Bool {
        guard let root = document.root else { return false }
        let node = document.nodes[Int(root)]
        return mapping.root == (document.format == .fhir ? node.resourceType : node.name)
    }
}
