/// Fields of the canonical referral that our own code names, resolved once.
package struct ReferralFields: Sendable {
    package static let referral = ReferralFields(.referral)

    package let id, status, kind, urgency, urgencyCode, confidentialityCode: FieldID
    package let sourceReferralID: FieldID
    package let person, nhsNumber, nhsNumberValue, nhsNumberStatus, localIDs, localIDValue: FieldID
    package let name, family, given, birthDate: FieldID
    package let gpPractice, gpOdsCode, gpOptOut: FieldID
    package let referrer, referrerName, referrerOdsCode, referrerOrganisation, referrerContact: FieldID
    package let referredTo, referredToOdsCode, referredToName, returnToOdsCode: FieldID
    package let reason, reasonText: FieldID
    package let work, workAsked, workBenefits, workSickPay: FieldID
    package let risks, riskNone, safeguarding: FieldID
    package let consent, consentScope, consentDecision, consentAt, consentStarts, consentExpires: FieldID
    package let consentSharedWith, consentNeverTo, consentPurpose: FieldID
    package let documents, documentType, documentSize, documentConfidentialityCode: FieldID
    /// Every `postcode` and every `uprn`, wherever an address stands.
    package let postcodes, uprns: [FieldID]

    private init(_ schema: Schema) {
        id = schema.require("id")
        status = schema.require("status")
        kind = schema.require("kind")
        urgency = schema.require("urgency")
        urgencyCode = schema.require("urgency.code")
        confidentialityCode = schema.require("confidentiality.code")
        sourceReferralID = schema.require("source.referralId")
        person = schema.require("person")
        nhsNumber = schema.require("person.nhsNumber")
        nhsNumberValue = schema.require("person.nhsNumber.value")
        nhsNumberStatus = schema.require("person.nhsNumber.status")
        localIDs = schema.require("person.localIds")
        localIDValue = schema.require("person.localIds.value")
        name = schema.require("person.name")
        family = schema.require("person.name.family")
        given = schema.require("person.name.given")
        birthDate = schema.require("person.birthDate")
        gpPractice = schema.require("gpPractice")
        gpOdsCode = schema.require("gpPractice.odsCode")
        gpOptOut = schema.require("gpPractice.optOut")
        referrer = schema.require("referrer")
        referrerName = schema.require("referrer.name")
        referrerOdsCode = schema.require("referrer.odsCode")
        referrerOrganisation = schema.require("referrer.organisation")
        referrerContact = schema.require("referrer.contact")
        referredTo = schema.require("referredTo")
        referredToOdsCode = schema.require("referredTo.odsCode")
        referredToName = schema.require("referredTo.name")
        returnToOdsCode = schema.require("returnTo.odsCode")
        reason = schema.require("reason")
        reasonText = schema.require("reason.text")
        work = schema.require("work")
        workAsked = schema.require("work.asked")
        workBenefits = schema.require("work.benefits")
        workSickPay = schema.require("work.sicknessAbsence.pay")
        risks = schema.require("risks")
        riskNone = schema.require("risks.none")
        safeguarding = schema.require("safeguarding")
        consent = schema.require("consent")
        consentScope = schema.require("consent.scope")
        consentDecision = schema.require("consent.decision")
        consentAt = schema.require("consent.at")
        consentStarts = schema.require("consent.starts")
        consentExpires = schema.require("consent.expires")
        consentSharedWith = schema.require("consent.sharedWith")
        consentNeverTo = schema.require("consent.neverTo")
        consentPurpose = schema.require("consent.purpose")
        documents = schema.require("documents")
        documentType = schema.require("documents.contentType")
        documentSize = schema.require("documents.size")
        documentConfidentialityCode = schema.require("documents.confidentiality.code")
        postcodes = schema.fields.filter { $0.name == "postcode" }.map(\.id)
        uprns = schema.fields.filter { $0.name == "uprn" }.map(\.id)
    }

    /// What may tell a body about benefits, and so leaves only with a yes of its own (V24).
    package var benefitIndicators: [FieldID] { [workBenefits, workSickPay] }
}
