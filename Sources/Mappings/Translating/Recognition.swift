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
        } else {
            translation.findings.append(
                Finding(
                    "mapping-none", .error, "no mapping reads \(describe(evaluation.document))", at: location,
                    help: nearMisses(evaluation.document)))
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
        switch document.format {
        case .fhir: return "a FHIR `\(DocumentName.shown(document.symbols.name(node.resourceType)))`"
        case .json: return "this JSON"
        case .xml, .hl7v2:
            let namespace = document.symbols.namespace(node.name)
            let name = "`<\(DocumentName.shown(document.symbols.name(node.name)))>`"
            return namespace.isEmpty
                ? "an XML document \(name) without a namespace"
                : "an XML document \(name) in `\(DocumentName.shown(namespace: namespace))`"
        }
    }

    private func nearMisses(_ document: SourceDocument) -> String? {
        let near = set.mappings.filter { $0.format == document.format }
        guard !near.isEmpty else { return "no mapping for \(document.format.rawValue) is loaded" }
        let names = near.map { mapping in
            mapping.root == nil || isSameRoot(mapping, document)
                ? "`\(mapping.name)` (its conditions do not hold)"
                : "`\(mapping.name)` (reads `\(mapping.mapping.source.root?.text ?? "")`)"
        }
        return "mappings for \(document.format.rawValue): \(names.joined(separator: ", "))"
    }

    private func isSameRoot(_ mapping: CompiledMapping, _ document: SourceDocument) -> Bool {
        guard let root = document.root else { return false }
        let node = document.nodes[Int(root)]
        return mapping.root == (document.format == .fhir ? node.resourceType : node.name)
    }
}

/// Documents that are met in inboxes and are no referrals, by what they are called.
enum KnownKinds {
    private static let fhir: [String: String] = [
        "OperationOutcome": "an OperationOutcome (an answer to a message)",
        "MessageDefinition": "a MessageDefinition (a description of messages)",
        "CapabilityStatement": "a CapabilityStatement (a description of a service)",
        "ServiceRequest": "a ServiceRequest by itself, without the person and the message around it",
        "Patient": "a Patient by itself", "Appointment": "an Appointment (a booking)", "Slot": "a Slot (a free time)",
        "HealthcareService": "a HealthcareService (a directory entry)", "Task": "a Task by itself",
        "Consent": "a Consent by itself", "Condition": "a Condition by itself", "Observation": "an Observation by itself",
        "QuestionnaireResponse": "a QuestionnaireResponse by itself", "DocumentReference": "a DocumentReference by itself",
    ]

    private static let xml: [String: String] = [
        "urn:nhs-itk:ns:201005 SimpleMessageResponse": "an ITK SimpleMessageResponse (an acknowledgement)",
        "urn:nhs-itk:ns:201005 ToolkitErrorInfo": "an ITK ToolkitErrorInfo (an error answer)",
        " DTSControl": "a MESH control file (the envelope of a message, not the message)",
    ]

    /// What a document is, with its article, when it is one of these.
    static func kind(of document: SourceDocument) -> String? {
        guard let root = document.root else { return nil }
        if document.format == .fhir {
            return fhir[document.symbols.name(document.nodes[Int(root)].resourceType)]
        }
        guard document.format == .xml else { return nil }
        return xmlKind(of: root, document)
    }

    /// Looks at the root and at what a SOAP body holds.
    private static func xmlKind(of root: NodeID, _ document: SourceDocument) -> String? {
        var node = root
        let end = min(NodeID(document.nodes.count), root + 40)
        while node < end {
            let name = document.nodes[Int(node)].name
            if let kind = xml["\(document.symbols.namespace(name)) \(document.symbols.name(name))"] { return kind }
            node += 1
        }
        return nil
    }
}
