import Referrals

/// Every code system, identifier system and url that `fhir-message` writes, in one place; docs/fhir-message.md lists them.
/// The mapping `fhir-bars` reads the same ones.
enum Terms {
    static let structure = "https://linkway.example/StructureDefinition/"
    /// Our closed lists, each by its name: `goal-domain`, `consent-scope`.
    static let codeSystem = "https://linkway.example/CodeSystem/"
    static let referralID = "https://linkway.example/Id/referral"
    static let serviceID = "https://linkway.example/Id/service"
    static let hsdsID = "https://linkway.example/Id/hsds-service"
    static let flagCategory = codeSystem + "flag-category"

    static let nhsNumber = "https://fhir.nhs.uk/Id/nhs-number"
    static let odsCode = "https://fhir.nhs.uk/Id/ods-organization-code"
    static let dosID = "https://fhir.nhs.uk/Id/dos-service-id"
    static let messageEvents = "https://fhir.nhs.uk/CodeSystem/message-events-bars"
    static let messageReasons = "https://fhir.nhs.uk/CodeSystem/message-reason-bars"
    static let messageCategory = "https://fhir.nhs.uk/CodeSystem/message-category-servicerequest"
    static let flagCategoryBaRS = "https://fhir.nhs.uk/CodeSystem/flag-categories-bars"
    /// The version of BaRS whose shape the message follows.
    static let barsVersion = "1.1.0"

    static let ukCore = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-"
    static let nhsNumberStatus = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus"
    static let ownNHSNumberStatus = codeSystem + "NHSNumberVerificationStatus"
    static let birthSex = "https://fhir.hl7.org.uk/CodeSystem/UKCore-BirthSex"
    static let employmentStatus = "https://fhir.nhs.uk/CodeSystem/NHSDataModelAndDictionary-employment-status"

    static let hl7 = "http://terminology.hl7.org/CodeSystem/"
    static let hl7Structure = "http://hl7.org/fhir/StructureDefinition/"
    static let loinc = "http://loinc.org"
    static let ucum = "http://unitsofmeasure.org"

    static func coding(_ system: String, _ code: String, _ display: String? = nil) -> Element {
        .object(
            [("system", .text(system)), ("code", .text(code))] + (display.map { [("display", .text($0))] } ?? []))
    }

    static func concept(_ system: String, _ code: String, _ display: String? = nil) -> Element {
        .object([("coding", .list([coding(system, code, display)]))])
    }

    /// A code of one of our own lists.
    static func concept(_ list: CodeList, _ code: String, text: String? = nil) -> Element? {
        .members(["coding": .list([coding(codeSystem + list.name, code)]), "text": .text(text)])
    }

    static func identifier(_ system: String, _ value: String) -> Element {
        .object([("system", .text(system)), ("value", .text(value))])
    }

    static func named(_ name: String, _ type: String, _ value: Element?) -> Element? {
        value.map { .object([("url", .text(structure + name)), (type, $0)]) }
    }

    /// `goalImportance` as `goal-importance`.
    static func kebab(_ name: String) -> String {
        name.reduce(into: "") { result, letter in
            if letter.isUppercase { result += "-" }
            result += letter.lowercased()
        }
    }

    /// Whether a text may stand where FHIR wants a URI.
    static func isURI(_ text: String) -> Bool { text.contains(":") && !text.contains(" ") }
}
