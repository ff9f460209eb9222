import Reporting
import SourceDocuments

/// Checks on the document itself, whatever its values: do its parts fit together? Made after coverage was counted, so that
/// what only they look at does not count as read.
extension Translator {
    /// The requirements of the mapping (manifest and payloads, how many of each resource), and in FHIR that references
    /// lead somewhere (V12, V13 and V14 of the validation rules).
    func checkDocument(_ mapping: CompiledMapping, _ evaluation: inout Evaluation, _ translation: inout Translation) {
        guard let root = evaluation.document.root else { return }
        var places: [NodeID] = []
        for requirement in mapping.plan.requirements
        where !evaluation.evaluator.test(requirement.condition, from: root, in: &evaluation.document) {
            places.removeAll(keepingCapacity: true)
            if let at = requirement.at {
                evaluation.evaluator.select(at, from: root, in: &evaluation.document, into: &places)
            }
            translation.findings.append(
                Finding(
                    requirement.finding, requirement.severity,
                    at: evaluation.document.location(of: places.first ?? root), rule: requirement.place.location))
        }
        if let resolve = mapping.plan.resolve { checkReferences(resolve, &evaluation, &translation) }
    }

    /// A reference within the message that leads nowhere. One to another server is not followed and not judged.
    private func checkReferences(_ resolve: Path, _ evaluation: inout Evaluation, _ translation: inout Translation) {
        guard let name = evaluation.mapping.plan.reference else { return }
        var targets: [NodeID] = []
        for node in 1..<max(1, NodeID(evaluation.document.nodes.count))
        where evaluation.document.nodes[Int(node)].name == name {
            guard let value = evaluation.document.ownValue(node), !Self.isElsewhere(value, evaluation.document) else {
                continue
            }
            targets.removeAll(keepingCapacity: true)
            evaluation.evaluator.select(
                resolve, from: evaluation.document.nodes[Int(node)].parent, in: &evaluation.document, into: &targets)
            guard targets.isEmpty, evaluation.budget.admits("reference-unresolved", .warning, field: 0) else {
                continue
            }
            translation.findings.append(Finding("reference-unresolved", at: evaluation.document.location(of: node)))
        }
    }

    /// Whether a reference begins with `http`.
    private static func isElsewhere(_ value: TextRange, _ document: borrowing SourceDocument) -> Bool {
        guard value.count >= 4 else { return false }
        let scheme = TextRange(start: value.start, end: value.start + 4, isAside: value.isAside)
        return document.equals(scheme, Self.http.span)
    }

    private static let http = Array("http".utf8)
}
