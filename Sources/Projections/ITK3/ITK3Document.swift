import Referrals

extension Form {
    package static let itk3Document = Form(
        "itk3-document", "application/fhir+xml", fileExtension: "xml",
        "an ITK3-shaped FHIR STU3 message with a document for the practice, in the shape of GP Connect Send Document",
        for: [.outcomes]
    ) { record, context, output in
        guard let outcome = Outcome(record) else { return }
        ITK3Document(outcome, context).message().write(into: &output)
    }
}

/// Turns an outcome into an ITK3-shaped message: docs/itk3-document.md says what goes where.
///
/// Who the person is comes from the referral the outcome is about, or from the outcome where that is not kept. All identifiers come
/// from the delivery's key and the role of the resource, so that the same delivery gives the same bytes.
struct ITK3Document {
    let outcome: Outcome
    let context: RenderContext
    let record: Part
    let sections: [OutcomeLetter.Section]

    init(_ outcome: Outcome, _ context: RenderContext) {
        self.outcome = outcome
        self.context = context
        record = Part(outcome.record)
        sections = OutcomeLetter(outcome).sections()
    }

    // MARK: The message

    /// The outer Bundle: header, sender, receiver, and the document that the header has as its focus. The header's id and
    /// the Bundle's identifier are the delivery's key, which an acknowledgement names.
    func message() -> XMLNode {
        .element(
            "Bundle", [("xmlns", "http://hl7.org/fhir")],
            [
                .value("id", context.messageID), Self.profile(ITK3Terms.itk + "ITK-Message-Bundle-1"),
                identifier(context.messageID), .value("type", "message"),
                entry(context.messageID, "MessageHeader", header()),
                entry(id("Sender"), "Organization", headerOrganisation("Sender", context.sender)),
                context.receiver.map { entry(id("Receiver"), "Organization", headerOrganisation("Receiver", $0)) },
                entry(id("Document"), "Bundle", document()),
            ].compactMap { $0 })
    }

    private func header() -> [XMLNode?] {
        [
            .value("id", context.messageID), Self.profile(ITK3Terms.itk + "ITK-MessageHeader-2"), handling(),
            .of(
                "event",
                [
                    .value("system", ITK3Terms.messageEvent), .value("code", "ITK007C"),
                    .value("display", "ITK GP Connect Send Document"),
                ]),
            context.receiver.map { party in
                .of("destination", [.value("name", party.name), .value("endpoint", party.endpoint)])
            },
            context.receiver.map { _ in reference("receiver", "Receiver") }, reference("sender", "Sender"),
            .value("timestamp", context.sentAt ?? outcome.text("at")),
            .of(
                "source",
                [
                    .value("name", context.sender.name), .value("software", "Linkway"),
                    .value("endpoint", context.sender.endpoint),
                ]),
            reference("focus", "Document"),
        ]
    }

    /// How it is to be handled: for action when the practice is asked something, else for information; both answers wanted.
    private func handling() -> XMLNode {
        let (code, words) = outcome.asksOfGP ? ("FA", "For Action") : ("FI", "For Information")
        return .extending(
            ITK3Terms.itk + "Extension-ITK-MessageHandling-2",
            [
                .extending("BusAckRequested", [.value("valueBoolean", "true")]),
                .extending("InfAckRequested", [.value("valueBoolean", "true")]),
                .extending(
                    "RecipientType", [Self.coding("valueCoding", ITK3Terms.recipientType, code, words)]),
                .extending("Priority", [Self.coding("valueCoding", ITK3Terms.priority, "routine", "Routine")]),
                .extending(
                    "MessageDefinition",
                    [.of("valueReference", [.value("reference", ITK3Terms.sendDocument)])]),
                .extending("SenderReference", [.value("valueString", context.correlation ?? "None")]),
                .extending("LocalExtension", [.value("valueString", "None")]),
            ])
    }

    private func headerOrganisation(_ role: String, _ party: RenderContext.Party) -> [XMLNode?] {
        [
            .value("id", id(role)), Self.profile(ITK3Terms.careConnect + "CareConnect-ITK-Header-Organization-1"),
            party.odsCode.map { identifier(ITK3Terms.odsCode, $0) }, .value("name", party.name),
        ]
    }

    // MARK: The document

    private func document() -> [XMLNode?] {
        [
            .value("id", id("Document")),
            .of(
                "meta",
                [
                    .value("lastUpdated", outcome.text("at")),
                    .value("profile", ITK3Terms.itk + "ITK-Document-Bundle-1"),
                ]),
            identifier(id("Document")), .value("type", "document"),
            entry(id("Composition"), "Composition", composition()), entry(id("Patient"), "Patient", patient()),
            hasAuthor ? entry(id("Author"), "Practitioner", author()) : nil,
            entry(id("Custodian"), "Organization", custodian()),
            practice().map { entry(id("Practice"), "Organization", $0) },
        ] + coded()
            + [entry(id("Attachment"), "Binary", attachment())]
    }

    private func composition() -> [XMLNode?] {
        let replaced = outcome.text("corrects").map { corrected in
            XMLNode.of(
                "relatesTo",
                [.value("code", "replaces"), .of("targetIdentifier", Self.uuid(corrected))])
        }
        return [
            .value("id", id("Composition")), Self.profile(ITK3Terms.careConnect + "CareConnect-Composition-1"),
            narrative([.of("p", [.text(Self.title)])]), identifier(outcome.id), .value("status", "final"),
            .of("type", [Self.coding("coding", ITK3Terms.snomed, "371531000", "Report of clinical encounter")]),
            reference("subject", "Patient"), .value("date", outcome.text("at")),
            reference("author", hasAuthor ? "Author" : "Custodian"), .value("title", Self.title),
            .value("confidentiality", isRestricted ? "R" : "N"), reference("custodian", "Custodian"), replaced,
        ] + sections.map { section($0) }
            + [.of("section", [.value("title", "The whole document"), reference("entry", "Attachment")])]
    }

    /// A safeguarding concern is for fewer people than usual; so is what the person must not see.
    private var isRestricted: Bool {
        !outcome.texts("safeguarding.text").isEmpty || !outcome.texts("safeguarding.code.code").isEmpty
            || outcome.texts("safeguarding.concern").contains { $0 != "no" }
            || outcome.texts("safeguarding.withholdFromPerson").contains("true")
    }

    static let title = "Social prescribing: what came of a referral"

    private func section(_ section: OutcomeLetter.Section) -> XMLNode {
        .of(
            "section",
            [
                .value("title", section.title),
                narrative([.of("ul", section.lines.map { .of("li", XMLNode.lines($0)) })]),
            ]
                + (section.title == "Goals" || section.title == "Measures" || section.title == "Work"
                    ? codedEntries(of: section.title).map { reference("entry", $0) } : []))
    }

    /// The document as a page by itself, for a viewer that knows no FHIR.
    private func attachment() -> [XMLNode?] {
        [
            .value("id", id("Attachment")), Self.profile(ITK3Terms.itk + "ITK-Attachment-Binary-1"),
            .value("contentType", "text/html"), .value("content", Base64.text(page())),
        ]
    }
}
