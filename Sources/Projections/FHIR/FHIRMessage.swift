import Referrals

extension Form {
    static let fhirMessage = Form(
        "fhir-message", "application/fhir+json", fileExtension: "json",
        "a FHIR R4 message Bundle in the shape of the Booking and Referral Standard"
    ) { referral, context, output in
        var message = FHIRMessage(referral, context)
        message.bundle().write(into: &output)
    }
}

/// Turns one referral into a message Bundle: docs/fhir-message.md says what goes where.
///
/// Everything in the referral goes out. What R4 or UK Core has a place for stands there; the rest are extensions. All
/// identifiers come from the referral's own and the role of the resource, so that the same referral gives the same bytes.
struct FHIRMessage {
    let referral: Part
    let context: RenderContext
    private let referralID: String
    private(set) var entries: [Element] = []
    /// How many resources each role has so far.
    private var counts: [String: Int] = [:]

    init(_ referral: Referral, _ context: RenderContext) {
        self.referral = Part(referral)
        self.context = context
        referralID = self.referral.peek("id") ?? ""
    }

    mutating func bundle() -> Element {
        let sentAt = referral.text("sentAt")
        let journey = encounter()
        addPerson()
        addReferrer()
        addServices()
        addWants()
        addWork()
        addStatements()
        addSafety()
        addHealth()
        addConsents()
        addDocuments()
        let returnTo = addReturnTo()
        let header = header(returnTo: returnTo)
        // Last, since it takes whatever nothing else took.
        let request = request(encounter: journey)
        return .object(
            [
                ("resourceType", "Bundle"), ("id", .text(context.messageID)),
                ("meta", .object([("versionId", .text(Terms.barsVersion))])), ("type", "message"),
            ] + ((context.sentAt ?? sentAt).map { [("timestamp", Element.text($0))] } ?? []) + [
                ("entry", .list([header, request] + entries))
            ])
    }

    // MARK: Resources

    /// The reference of a resource, whether it is made already or not.
    func reference(_ role: String, _ index: Int = 0) -> Element {
        .object([("reference", .text("urn:uuid:" + identifier(role, index)))])
    }

    private func identifier(_ role: String, _ index: Int) -> String {
        StableID.uuid(namespace: "linkway/fhir-message", name: Array("\(referralID)|\(role)|\(index)".utf8))
    }

    /// The person: everything is about them, so they are always there, if need be without a name.
    var subject: Element { reference("Patient") }

    /// Adds a resource as the next of its role.
    /// - Returns: The reference to it.
    @discardableResult
    mutating func add(_ type: String, _ role: String? = nil, _ members: KeyValuePairs<String, Element?>) -> Element {
        let role = role ?? type
        let index = counts[role, default: 0]
        counts[role] = index + 1
        entries.append(entry(type, role, index, members))
        return reference(role, index)
    }

    private func entry(
        _ type: String, _ role: String, _ index: Int, _ members: KeyValuePairs<String, Element?>
    ) -> Element {
        let id = identifier(role, index)
        let present = members.compactMap { member in member.value.map { (key: member.key, value: $0) } }
        return .object([
            ("fullUrl", .text("urn:uuid:" + id)),
            ("resource", .object([("resourceType", .text(type)), ("id", .text(id))] + present)),
        ])
    }

    var hasReferrer: Bool { counts["Referrer"] != nil }

    // MARK: What every message has

    private mutating func header(returnTo: Element?) -> Element {
        let sender = add("Organization", "Sender", Self.organisation(of: context.sender))
        let receiver = context.receiver.map { add("Organization", "Receiver", Self.organisation(of: $0)) }
        let correlation = Terms.named("correlation-id", "valueString", .text(referral.text("correlationId")))
        return entry(
            "MessageHeader", "MessageHeader", 0,
            [
                "extension": .items([correlation, Terms.named("return-to", "valueReference", returnTo)]),
                "eventCoding": Terms.coding(
                    Terms.messageEvents, "servicerequest-request", "ServiceRequest Request - Referral"),
                "destination": .items([
                    context.receiver.flatMap { party in
                        .members(["name": .text(party.name), "endpoint": .text(party.endpoint), "receiver": receiver])
                    }
                ]),
                "sender": sender,
                "source": .members([
                    "name": .text(context.sender.name), "software": "Linkway",
                    "endpoint": .text(context.sender.endpoint),
                ]),
                "reason": Terms.concept(Terms.messageReasons, event == .cancellation ? "delete" : event.rawValue),
                "focus": .list([reference("ServiceRequest")]),
            ])
    }

    private static func organisation(of party: RenderContext.Party) -> KeyValuePairs<String, Element?> {
        [
            "identifier": .items([party.odsCode.map { Terms.identifier(Terms.odsCode, $0) }]),
            "name": .text(party.name ?? party.odsCode ?? party.endpoint),
        ]
    }

    private var event: RenderContext.Event {
        context.event ?? referral.peek("kind").flatMap { .init(rawValue: $0) } ?? .new
    }

    private mutating func encounter() -> Element? {
        guard let journey = referral.text("journeyId") else { return nil }
        return add(
            "Encounter", nil,
            [
                "status": "unknown", "class": Terms.coding(Terms.hl7 + "v3-ActCode", "AMB"), "subject": subject,
                "episodeOfCare": .list([.object([("identifier", .object([("value", .text(journey))]))])]),
            ])
    }

    /// Where answers go, if not to the referrer.
    private mutating func addReturnTo() -> Element? {
        guard let party = referral.part("returnTo") else { return nil }
        let (name, identifier, contact) = (party.text("name"), party.odsIdentifier(), party.contactPoints("contact"))
        return add(
            "Organization", "ReturnTo",
            ["extension": party.rest(), "identifier": identifier, "name": .text(name), "telecom": contact])
    }

    // MARK: The request

    private func request(encounter: Element?) -> Element {
        let identifiers =
            [referral.text("id").map { Terms.identifier(Terms.referralID, $0) }]
            + referral.texts("previousIds").map { .object([("value", .text($0))]) }
        let setID = referral.text("setId")
        let (status, exactStatus) = requestStatus()
        let urgency = referral.part("urgency")
        let (priority, due) = (urgency.flatMap { Self.priority($0) }, urgency?.peek("date"))
        let exactUrgency = urgency?.codeableConcept()
        let referredAt = referral.text("referredAt")
        let security = referral.part("confidentiality").flatMap { Self.label($0) }
        let (reasons, ownWords) = reasons()
        _ = (referral.text("schema"), referral.part("source"))
        let extensions = [
            Terms.named("status", "valueCode", exactStatus),
            Terms.named("urgency", "valueCodeableConcept", exactUrgency),
        ]
        return entry(
            "ServiceRequest", "ServiceRequest", 0,
            [
                "meta": security.map { .object([("security", .list([$0]))]) },
                "extension": Element.joined(extensions + ownWords, referral.rest()),
                "identifier": .items(identifiers),
                "requisition": setID.map { .object([("value", .text($0))]) },
                "status": .text(status), "intent": "order",
                "category": .list([Terms.concept(Terms.messageCategory, "referral", "Transfer of Care")]),
                "priority": .text(priority), "subject": subject, "encounter": encounter,
                "occurrencePeriod": due.map { .object([("end", .text($0))]) },
                "authoredOn": .text(referredAt),
                "requester": hasReferrer ? reference("Referrer") : nil,
                "performer": .items(
                    (0..<(counts["HealthcareService"] ?? 0)).map { reference("HealthcareService", $0) }),
                "reasonCode": reasons,
            ])
    }

    /// FHIR R4 RequestStatus. A message that withdraws says so in the status too (BaRS), and has no other one.
    private func requestStatus() -> (String, exact: Element?) {
        let status = referral.text("status")
        _ = referral.text("kind")
        if status == "error" { return ("entered-in-error", nil) }
        if event == .cancellation { return ("revoked", nil) }
        switch status {
        case "superseded": return ("unknown", "superseded")
        case let status?: return (status, nil)
        case nil: return ("unknown", nil)
        }
    }

    /// FHIR R4 RequestPriority, never lower than what was asked: `soon` is `urgent` there, and ours stays beside it.
    private static func priority(_ urgency: Part) -> String? {
        switch urgency.peek("code") {
        case "routine", "dated": "routine"
        case "soon": "urgent"
        case "urgent": "asap"
        default: nil
        }
    }

    /// A security label (FHIR R4, security-labels.html).
    static func label(_ confidentiality: Part) -> Element? {
        let system = confidentiality.peek("code") == "NOPAT" ? "v3-ActCode" : "v3-Confidentiality"
        return confidentiality.coding(in: Terms.hl7 + system)
    }

    /// The reason in words, then each code; what the person said themselves stands beside them.
    private func reasons() -> (Element?, [Element?]) {
        guard let reason = referral.part("reason") else { return (nil, []) }
        let words = Element.members(["text": .text(reason.text("text"))])
        let codes = reason.parts("codes").map { $0.codeableConcept() }
        guard case .list(let more)? = reason.rest() else { return (.items([words] + codes), []) }
        return (.items([words] + codes), more)
    }
}
