import SourceDocuments

/// Documents that are met in inboxes and are no referrals, by what they are called.
///
/// What is said of them are names of elements, resource types and codes of closed lists that stand here; never a value.
enum KnownKinds {
    private static let resources: [String: String] = [
        "OperationOutcome": "an OperationOutcome (an answer to a message)",
        "MessageDefinition": "a MessageDefinition (a description of messages)",
        "CapabilityStatement": "a CapabilityStatement (a description of a service)",
        "ServiceRequest": "a ServiceRequest by itself, without the person and the message around it",
        "ReferralRequest": "a ReferralRequest by itself (FHIR STU3), without the person and the message around it",
        "Parameters": "a FHIR Parameters (a call to a service, not a message)",
        "Patient": "a Patient by itself", "Appointment": "an Appointment (a booking)", "Slot": "a Slot (a free time)",
        "HealthcareService": "a HealthcareService (a directory entry)", "Task": "a Task by itself",
        "Consent": "a Consent by itself", "Condition": "a Condition by itself",
        "Observation": "an Observation by itself",
        "QuestionnaireResponse": "a QuestionnaireResponse by itself",
        "DocumentReference": "a DocumentReference by itself", "Goal": "a Goal by itself", "Flag": "a Flag by itself",
        "CarePlan": "a CarePlan by itself", "Encounter": "an Encounter by itself",
        "Composition": "a Composition by itself", "Binary": "a file by itself", "Coverage": "a Coverage by itself",
        "AllergyIntolerance": "an AllergyIntolerance by itself", "Procedure": "a Procedure by itself",
        "MedicationRequest": "a MedicationRequest (a prescription)",
        "MedicationStatement": "a MedicationStatement by itself", "Immunization": "an Immunization (a vaccination)",
        "DiagnosticReport": "a DiagnosticReport (a report of a laboratory or of imaging)",
        "Specimen": "a Specimen (a laboratory sample)", "Schedule": "a Schedule (free times)",
        "Organization": "an Organization (a directory entry)", "Location": "a Location (a directory entry)",
        "Practitioner": "a Practitioner (a directory entry)",
        "PractitionerRole": "a PractitionerRole (a directory entry)", "Endpoint": "an Endpoint (a directory entry)",
        "Communication": "a Communication (a message between people)",
        "CommunicationRequest": "a CommunicationRequest by itself", "RelatedPerson": "a RelatedPerson by itself",
    ]

    /// What a Bundle without any request is, by what it holds.
    private static let contents: [(type: String, words: String)] = [
        ("Appointment", "a booking"), ("Slot", "free times"),
        ("DiagnosticReport", "a report of a laboratory or of imaging"), ("HealthcareService", "a directory"),
    ]

    /// Resources that ask for something, or may hold what does.
    private static let requests: Set<String> = ["ServiceRequest", "ReferralRequest", "Composition", "Bundle", "Task"]

    /// Codes of `Bundle.type`, FHIR R4.
    private static let bundles: Set<String> = [
        "document", "message", "transaction", "transaction-response", "batch", "batch-response", "history", "searchset",
        "collection",
    ]

    /// Events of messages that are no referral.
    private static let events: [String: String] = [
        "servicerequest-response": "a BaRS response (an answer to a referral)",
        "booking-request": "a BaRS booking", "booking-response": "a BaRS response (an answer to a booking)",
        "ITK008M": "an ITK3 response (an acknowledgement)",
    ]

    /// Resources that FHIR R4 no longer has.
    private static let older: Set<String> = [
        "ReferralRequest", "ProcedureRequest", "DeviceComponent", "ImagingManifest", "DataElement",
    ]

    private static let elements: [String: String] = [
        "urn:nhs-itk:ns:201005 SimpleMessageResponse": "an ITK SimpleMessageResponse (an acknowledgement)",
        "urn:nhs-itk:ns:201005 ToolkitErrorInfo": "an ITK ToolkitErrorInfo (an error answer)",
        "urn:nhs-itk:ns:201005 InfrastructureResponse": "an ITK InfrastructureResponse (an acknowledgement)",
        "urn:nhs-itk:ns:201005 BusinessResponseMessage": "an ITK BusinessResponseMessage (an answer to a message)",
        " DTSControl": "a MESH control file (the envelope of a message, not the message)",
    ]

    /// JSON objects by members that all must be there.
    private static let objects: [(members: [String], words: String)] = [
        (["message_id", "workflow_id", "recipient"], "a MESH record of a message (not the message)"),
        (["name", "status", "organization", "service_at_locations"], "an Open Referral service (a directory entry)"),
    ]

    /// What a document is, with its article, when it is one of these.
    static func kind(of document: SourceDocument) -> String? {
        guard let root = document.root else { return nil }
        switch document.format {
        case .fhir:
            return resourceKind(document.symbols.name(document.nodes[Int(root)].resourceType), document)
                ?? bundleKind(document)
        case .xml: return elementKind(document)
        case .json: return objectKind(of: root, document)
        case .hl7v2: return KnownMessages.hl7v2Kind(named: document.symbols.name(document.nodes[Int(root)].name))
        case .csv: return nil
        }
    }

    // MARK: XML and JSON

    /// Looks at the root, and at what a SOAP body or an ITK payload holds, which stands near the beginning.
    private static func elementKind(_ document: SourceDocument) -> String? {
        for node in document.nodes.prefix(120).dropFirst() where node.kind == .element {
            let name = "\(document.symbols.namespace(node.name)) \(document.symbols.name(node.name))"
            if let kind = elements[name] ?? KnownMessages.elementKind(named: name, at: node, document) { return kind }
        }
        return nil
    }

    private static func objectKind(of root: NodeID, _ document: SourceDocument) -> String? {
        let names = Set(children(of: root, document).map { document.symbols.name(document.nodes[Int($0)].name) })
        return objects.first { $0.members.allSatisfy(names.contains) }?.words
    }

    /// Whether an XML document without a namespace has the names of FHIR: a resource whose elements carry `value`.
    static func looksLikeFHIR(_ document: SourceDocument) -> Bool {
        guard document.format == .xml else { return false }
        var hasResource = false
        for node in document.nodes.prefix(60).dropFirst() where document.symbols.namespace(node.name).isEmpty {
            let name = document.symbols.name(node.name)
            if node.kind == .element, name == "Bundle" || name == "MessageHeader" || resources[name] != nil {
                hasResource = true
            }
            if hasResource, node.kind == .attribute, name == "value" { return true }
        }
        return false
    }

    // MARK: FHIR

    private static func resourceKind(_ type: String, _ document: SourceDocument) -> String? {
        guard let words = resources[type] else { return nil }
        let isFitNote = type == "QuestionnaireResponse" && KnownGuides.isFitNote(document)
        let held = type == "Parameters" ? holding(parameterTypes(document)) : ""
        return words + held + (isFitNote ? " (a statement of fitness for work)" : "") + KnownGuides.words(document)
    }

    /// The types of the resources that a FHIR Parameters carries, each once, in order.
    private static func parameterTypes(_ document: SourceDocument) -> [String] {
        guard let root = document.root else { return [] }
        var types: [String] = []
        for parameter in children(of: root, document) {
            guard let resource = child("resource", of: parameter, document),
                let type = document.typeName(of: resource), !types.contains(type)
            else { continue }
            types.append(type)
        }
        return types
    }

    /// What to do with a part of a referral that came by itself.
    static func help(for kind: String) -> String? {
        if kind.contains("Parameters"), kind.contains("`ReferralRequest`") || kind.contains("`ServiceRequest`") {
            return "if a resource in it is the referral, send that by itself"
        }
        return kind.contains("by itself")
            ? "if it belongs to a referral, send it in one Bundle with the ServiceRequest and the Patient" : nil
    }

    private static func bundleKind(_ document: SourceDocument) -> String? {
        let types = entryTypes(document)
        if bundleType(document) == "searchset" { return "the answer to a search, a FHIR Bundle" + holding(types) }
        if let code = event(document), let words = events[code] { return words }
        if types == ["MessageDefinition"] { return "a FHIR Bundle" + holding(types) + " (a description of messages)" }
        guard requests.isDisjoint(with: types), let content = contents.first(where: { types.contains($0.type) })
        else { return nil }
        return "a FHIR Bundle" + holding(types) + " (\(content.words))"
    }

    /// `a FHIR Bundle of type message that holds …`, and whether it is of an older FHIR.
    static func fhirWords(_ document: SourceDocument) -> String {
        guard let root = document.root else { return "an empty document" }
        guard let name = document.typeName(of: root) else { return "a FHIR resource of no known type" }
        guard name == "Bundle" else { return "a FHIR `\(name)`" }
        let types = entryTypes(document)
        let version = types.contains(where: older.contains) || hasUntypedEvent(document) ? "FHIR STU3" : "FHIR"
        let type = bundleType(document).map { " of type `\($0)`" } ?? ""
        return "a \(version) `Bundle`" + type + holding(types) + (isFromAdaptor(types, document) ? adaptorWords : "")
    }

    /// Whether a message is what an adaptor of NHS England makes of a letter of NHS 111.
    private static func isFromAdaptor(_ types: [String], _ document: SourceDocument) -> Bool {
        event(document) == "referral-1" && types.contains("ReferralRequest")
    }

    private static let adaptorWords =
        " (a report of NHS 111 that an adaptor turned into FHIR; no mapping reads that form, but the ITK letter it was made of)"

    private static func holding(_ types: [String]) -> String {
        if types.isEmpty { return "" }
        return " with " + types.prefix(4).map { "`\($0)`" }.joined(separator: ", ")
            + (types.count > 4 ? " and others" : "")
    }

    /// `Bundle.type`, if it is one that FHIR knows.
    private static func bundleType(_ document: SourceDocument) -> String? {
        guard let root = document.root, let node = child("type", of: root, document),
            let range = document.ownValue(node)
        else { return nil }
        let text = document.text(range)
        return bundles.contains(text) ? text : nil
    }

    /// The types of the entries' resources, each once, in order.
    private static func entryTypes(_ document: SourceDocument) -> [String] {
        var types: [String] = []
        for resource in resources(in: document) {
            guard let type = document.typeName(of: resource), !types.contains(type) else { continue }
            types.append(type)
        }
        return types
    }

    private static func resources(in document: SourceDocument) -> [NodeID] {
        guard let root = document.root else { return [] }
        return children(of: root, document).compactMap { entry in
            guard document.symbols.name(document.nodes[Int(entry)].name) == "entry" else { return nil }
            return child("resource", of: entry, document)
        }
    }

    /// The code of the message's event.
    private static func event(_ document: SourceDocument) -> String? {
        guard let header = header(document) else { return nil }
        guard let event = child("eventCoding", of: header, document) ?? child("event", of: header, document),
            let code = child("code", of: event, document), let range = document.ownValue(code)
        else { return nil }
        return document.text(range)
    }

    /// STU3 wrote `event` where R4 writes `eventCoding` or `eventUri`.
    private static func hasUntypedEvent(_ document: SourceDocument) -> Bool {
        header(document).map { child("event", of: $0, document) != nil } ?? false
    }

    private static func header(_ document: SourceDocument) -> NodeID? {
        resources(in: document).first { document.symbols.name(document.nodes[Int($0)].resourceType) == "MessageHeader" }
    }

    // MARK: Tree

    private static func child(_ name: String, of node: NodeID, _ document: SourceDocument) -> NodeID? {
        children(of: node, document).first { document.symbols.name(document.nodes[Int($0)].name) == name }
    }

    private static func children(of node: NodeID, _ document: SourceDocument) -> [NodeID] {
        var result: [NodeID] = []
        var index = node + 1
        while index < document.nodes[Int(node)].next {
            result.append(index)
            index = document.nodes[Int(index)].next
        }
        return result
    }
}
