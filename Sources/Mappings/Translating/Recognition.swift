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
                Finding(
                    "not-a-referral", .error, "this is \(kind), not a referral", at: location,
                    help: KnownKinds.help(for: kind)))
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

    /// The mappings that could have been the one, each with the first thing that spoke against it: those that read such a root,
    /// the closest first, or where none does, all of the format.
    private func nearMisses(_ evaluation: inout Evaluation) -> String? {
        let format = evaluation.document.format
        let mappings = set.mappings.filter { $0.format == format }
        if mappings.isEmpty { return "no mapping for \(format.rawValue) is loaded" }
        var near: [(held: Int, words: String)] = []
        for mapping in mappings where isSameRoot(mapping, evaluation.document) {
            let held = conditionsHeld(mapping, &evaluation)
            near.append((held, "`\(mapping.name)` (\(obstacle(mapping, after: held)))"))
        }
        near.sort { $0.held > $1.held }
        let words =
            near.isEmpty
            ? mappings.map { "`\($0.name)` (reads `\($0.mapping.source.root?.text ?? "")`)" } : near.map(\.words)
        return "mappings for \(format.rawValue): \(words.joined(separator: ", "))"
    }

    /// How many of a mapping's conditions hold before the first that does not.
    private func conditionsHeld(_ mapping: CompiledMapping, _ evaluation: inout Evaluation) -> Int {
        guard let root = evaluation.document.root else { return 0 }
        for (index, condition) in mapping.conditions.enumerated()
        where !evaluation.evaluator.test(condition, from: root, in: &evaluation.document) {
            return index
        }
        return mapping.conditions.count
    }

    /// The condition that does not hold after so many that do.
    private func obstacle(_ mapping: CompiledMapping, after held: Int) -> String {
        let written = mapping.mapping.source.conditions
        if held == mapping.conditions.count { return "its conditions hold" }
        return held < written.count ? "wants `\(written[held].text)`" : "its conditions do not hold"
    }

    private func isSameRoot(_ mapping: CompiledMapping, _ document: SourceDocument) -> Bool {
        guard let root = document.root else { return false }
        guard mapping.root != nil else { return true }
        let node = document.nodes[Int(root)]
        return mapping.root == (document.format == .fhir ? node.resourceType : node.name)
    }
}
