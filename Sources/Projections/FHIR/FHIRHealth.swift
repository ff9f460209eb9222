import Referrals

/// Health matters, assessments and documents.
extension FHIRMessage {
    mutating func addHealth() {
        for assessment in referral.parts("assessments") { addAssessment(assessment) }
        guard let context = referral.part("clinicalContext") else { return }
        for diagnosis in context.parts("diagnoses") { addDiagnosis(diagnosis) }
        for observation in context.parts("observations") { addFinding(observation) }
        for medication in context.parts("medications") { addMedication(medication) }
        for allergy in context.parts("allergies") { addAllergy(allergy) }
        addStatements(Statement.others.filter { $0.group == "clinicalContext" }, of: context)
        addLeftOver(of: context)
    }

    private mutating func addDiagnosis(_ condition: Part) {
        let (onset, end) = (condition.text("onset"), condition.text("end"))
        let status = Self.status(condition.text("status"), Terms.hl7 + "condition-clinical")
        let note = condition.text("note").map { Element.list([.object([("text", .text($0))])]) }
        let code = Self.concept(of: condition, text: condition.text("text"))
        add(
            "Condition", "Diagnosis",
            [
                "extension": condition.rest(), "clinicalStatus": status,
                "category": .list([Terms.concept(Terms.hl7 + "condition-category", "problem-list-item")]),
                "code": code, "subject": subject, "onsetDateTime": .text(onset), "abatementDateTime": .text(end),
                "note": note,
            ])
    }

    private mutating func addAllergy(_ allergy: Part) {
        let onset = allergy.text("onset")
        let status = Self.status(allergy.text("status"), Terms.hl7 + "allergyintolerance-clinical")
        let note = allergy.text("note").map { Element.list([.object([("text", .text($0))])]) }
        let code = Self.concept(of: allergy, text: allergy.text("text"))
        add(
            "AllergyIntolerance", nil,
            [
                "extension": allergy.rest(), "clinicalStatus": status, "code": code, "patient": subject,
                "onsetDateTime": .text(onset), "note": note,
            ])
    }

    /// The clinical status as sent; its system is named only for the codes that it has.
    private static func status(_ code: String?, _ system: String) -> Element? {
        guard let code else { return nil }
        let known = ["active", "recurrence", "relapse", "inactive", "remission", "resolved"]
        let coding = Element.members(["system": known.contains(code) ? .text(system) : nil, "code": .text(code)])
        return .members(["coding": .items([coding])])
    }

    private mutating func addFinding(_ observation: Part) {
        let at = observation.text("at")
        let code = Self.concept(of: observation, text: observation.text("text"))
        let coded = observation.part("valueCode")?.codeableConcept(text: observation.peek("value"))
        let quantity = coded == nil ? Self.quantity(observation) : nil
        let value = observation.text("value")
        add(
            "Observation", "Finding",
            [
                "extension": observation.rest(), "status": "final", "code": code, "subject": subject,
                "effectiveDateTime": .text(at), "valueCodeableConcept": coded, "valueQuantity": quantity,
                "valueString": coded == nil && quantity == nil ? .text(value) : nil,
            ])
    }

    /// A number with a unit; a value that is no number keeps its unit as an extension.
    private static func quantity(_ observation: Part) -> Element? {
        guard let value = observation.peek("value"), isDecimal(value), observation.peek("unit") != nil else {
            return nil
        }
        return .members(["value": .bare(value), "system": .text(Terms.ucum), "code": .text(observation.text("unit"))])
    }

    /// Whether a text is a number as JSON writes it, without exponent.
    static func isDecimal(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first else { return false }
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
            return false
        }
        return whole.count == 1 || whole.first != "0"
    }

    private mutating func addMedication(_ medication: Part) {
        let dosage = medication.text("dosage").map { Element.list([.object([("text", .text($0))])]) }
        let code = Self.concept(of: medication, text: medication.text("text"))
        add(
            "MedicationStatement", nil,
            [
                "extension": medication.rest(), "status": "unknown", "medicationCodeableConcept": code,
                "subject": subject, "dosage": dosage,
            ])
    }

    // MARK: Assessments

    private mutating func addAssessment(_ assessment: Part) {
        let isURI = assessment.peek("name").map { Terms.isURI($0) } ?? false
        let questionnaire = isURI ? assessment.text("name") : nil
        let date = assessment.text("date")
        let items = assessment.parts("answers").enumerated().map { Self.item($1, number: $0 + 1) }
        add(
            "QuestionnaireResponse", nil,
            [
                "extension": assessment.rest(), "questionnaire": .text(questionnaire), "status": "completed",
                "subject": subject, "authored": .text(date), "item": .items(items),
            ])
    }

    /// An answer in a code has its words beside it where they are not those of the code.
    private static func item(_ answer: Part, number: Int) -> Element? {
        let coding = answer.part("code")?.coding()
        let words = answer.text("answer")
        let value: Element? = coding.map { .object([("valueCoding", $0)]) } ?? .members(["valueString": .text(words)])
        let beside = coding == nil ? nil : Terms.named("answer", "valueString", .text(words))
        let (linkID, question) = (answer.text("linkId") ?? String(number), answer.text("question"))
        return .members([
            "extension": Element.joined([beside], answer.rest()), "linkId": .text(linkID), "text": .text(question),
            "answer": .items([value]),
        ])
    }

    // MARK: Documents

    mutating func addDocuments() {
        for document in referral.parts("documents") { addDocument(document) }
    }

    private mutating func addDocument(_ document: Part) {
        // FHIR shows the description where there is no title; a reader would take it for one.
        let description = document.peek("title") == nil ? nil : document.text("description")
        let attachment = Element.members([
            "contentType": .text(document.text("contentType")), "url": .text(document.text("reference")),
            "size": document.text("size").map { .bare($0) }, "title": .text(document.text("title")),
            "creation": .text(document.text("date")),
        ])
        let identifier = document.text("sourceId").map { Element.list([.object([("value", .text($0))])]) }
        let type = document.part("type")?.codeableConcept()
        let author = document.text("author").map { Element.list([.object([("display", .text($0))])]) }
        let label = document.part("confidentiality").flatMap { Self.label($0) }
        let rest = document.rest()
        add(
            "DocumentReference", nil,
            [
                "extension": rest, "identifier": identifier, "status": "current", "type": type, "subject": subject,
                "author": author, "description": .text(description),
                "securityLabel": label.map { .list([.object([("coding", .list([$0]))])]) },
                "content": .list([.object([("attachment", attachment ?? .object([("title", "Document")]))])]),
            ])
    }
}
