internal import Reporting

/// What the gateway says of itself in FHIR R4. It describes what is there and claims conformance with nothing.
struct FHIRDescription: Sendable {
    let capabilityStatement: String
    let messageDefinitions: String

    init(softwareVersion: String) {
        capabilityStatement = Self.capability(softwareVersion).text()
        messageDefinitions = Self.definitions.text()
    }

    private static let events = "https://fhir.nhs.uk/CodeSystem/message-events-bars"
    private static let request = "servicerequest-request"

    private static func capability(_ version: String) -> JSONValue {
        let message = JSONValue.members([
            "mode": .string("receiver"),
            "definition": .string("urn:linkway:MessageDefinition:\(request)"),
        ])
        let operation = JSONValue.members([
            "name": .string("process-message"),
            "definition": .string("http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message"),
        ])
        let rest = JSONValue.members([
            "mode": .string("server"),
            "documentation": .string("takes referral messages; the shape follows BaRS, conformance is not claimed"),
            "operation": .array([operation]),
        ])
        return .members([
            "resourceType": .string("CapabilityStatement"), "status": .string("active"), "date": .string("2026-01-01"),
            "kind": .string("instance"),
            "software": .members(["name": .string("Linkway"), "version": version.isEmpty ? nil : .string(version)]),
            "implementation": .members(["description": .string("Linkway, a gateway for social-prescribing referrals")]),
            "fhirVersion": .string("4.0.1"),
            "format": .array([.string("application/fhir+json"), .string("application/fhir+xml")]),
            "rest": .array([rest]),
            "messaging": .array([.members(["supportedMessage": .array([message])])]),
        ])
    }

    private static var definitions: JSONValue {
        let focus = JSONValue.members(["code": .string("ServiceRequest"), "min": .number(1), "max": .string("*")])
        let definition = JSONValue.members([
            "resourceType": .string("MessageDefinition"), "id": .string(request),
            "url": .string("urn:linkway:MessageDefinition:\(request)"), "status": .string("active"),
            "date": .string("2026-01-01"),
            "eventCoding": .members(["system": .string(events), "code": .string(request)]),
            "category": .string("consequence"), "focus": .array([focus]),
        ])
        return .members([
            "resourceType": .string("Bundle"), "type": .string("searchset"), "total": .number(1),
            "entry": .array([.members(["resource": definition])]),
        ])
    }
}
