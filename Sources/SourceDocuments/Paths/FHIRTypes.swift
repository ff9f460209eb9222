/// The types of FHIR R4 a path may name.
enum FHIRTypes {
    /// Elements that may be of several types, written `value[x]`. Only those a referral may meet, and none whose
    /// name with a type is an element of its own somewhere (`locationReference`, `usedReference`, `reasonCode`).
    static let choices: Set<String> = [
        "value", "effective", "onset", "abatement", "deceased", "multipleBirth", "occurrence", "performed",
        "medication", "reported", "asNeeded", "dose", "rate", "item", "serviced", "allowed", "born", "age", "content",
        "source", "author", "detail", "start", "due", "timing", "bounds", "identified", "collected", "fastingStatus",
        "defaultValue", "answer", "occurred", "event", "quantity", "scheduled", "product", "created",
    ]

    /// Data types that may stand in a choice.
    static let data: Set<String> = [
        "base64Binary", "boolean", "canonical", "code", "date", "dateTime", "decimal", "id", "instant", "integer",
        "integer64", "markdown", "oid", "positiveInt", "string", "time", "unsignedInt", "uri", "url", "uuid",
        "Address", "Age", "Annotation", "Attachment", "CodeableConcept", "CodeableReference", "Coding",
        "ContactDetail", "ContactPoint", "Contributor", "Count", "DataRequirement", "Distance", "Dosage", "Duration",
        "Expression", "HumanName", "Identifier", "Meta", "Money", "ParameterDefinition", "Period", "Quantity", "Range",
        "Ratio", "Reference", "RelatedArtifact", "SampledData", "Signature", "Timing", "TriggerDefinition",
        "UsageContext",
    ]

    /// Types that are also of another type.
    static let derived: [String: [String]] = [
        "string": ["code", "id", "markdown"], "uri": ["canonical", "oid", "url", "uuid"],
        "integer": ["positiveInt", "unsignedInt"], "Quantity": ["Age", "Count", "Distance", "Duration"],
    ]

    static let resources: Set<String> = Set(
        """
        Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic Binary \
        BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement CarePlan CareTeam CatalogEntry ChargeItem \
        ChargeItemDefinition Claim ClaimResponse ClinicalImpression CodeSystem Communication CommunicationRequest \
        CompartmentDefinition Composition ConceptMap Condition Consent Contract Coverage CoverageEligibilityRequest \
        CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric DeviceRequest DeviceUseStatement \
        DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest \
        EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario ExplanationOfBenefit \
        FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse HealthcareService ImagingStudy Immunization \
        ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice Library Linkage List \
        Location Measure MeasureReport Media Medication MedicationAdministration MedicationDispense MedicationKnowledge \
        MedicationRequest MedicationStatement MedicinalProduct MessageDefinition MessageHeader MolecularSequence NamingSystem \
        NutritionOrder Observation ObservationDefinition OperationDefinition OperationOutcome Organization \
        OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation Person PlanDefinition Practitioner \
        PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup \
        ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment RiskEvidenceSynthesis \
        Schedule SearchParameter ServiceRequest Slot Specimen SpecimenDefinition StructureDefinition StructureMap \
        Subscription Substance SupplyDelivery SupplyRequest Task TerminologyCapabilities TestReport TestScript ValueSet \
        VerificationResult VisionPrescription
        """.split(separator: " ").map(String.init)
    ).union(older)

    /// Resources of FHIR STU3 that R4 has no more or calls otherwise.
    static let older: Set<String> = [
        "BodySite", "DataElement", "DeviceComponent", "EligibilityRequest", "EligibilityResponse", "ImagingManifest",
        "ProcedureRequest", "ProcessRequest", "ProcessResponse", "ReferralRequest", "Sequence", "ServiceDefinition",
    ]

    /// Any resource.
    static let abstractResources: Set<String> = ["Resource", "DomainResource"]

    /// `value` and `Quantity` as an element's name: `valueQuantity`.
    static func choiceName(_ base: String, _ type: String) -> String {
        base + type.prefix(1).uppercased() + type.dropFirst()
    }

    /// Splits `valueQuantity` into its choice and its type, or `nil` when it is no such name.
    static func splitChoice(_ name: String) -> (base: String, type: String)? {
        for base in choices where name.count > base.count && name.hasPrefix(base) {
            if let type = data.first(where: { choiceName(base, $0) == name }) { return (base, type) }
        }
        return nil
    }

    static let everyName = data.union(resources).union(abstractResources)
}

/// An element of several types as a path writes it.
package enum FHIRChoice {
    /// `value` for `valueQuantity`; `nil` for an element of one type.
    package static func base(of name: String) -> String? { FHIRTypes.splitChoice(name)?.base }

    /// `value.ofType(Quantity)` for `valueQuantity`; `nil` for an element of one type.
    package static func step(_ name: String) -> String? {
        FHIRTypes.splitChoice(name).map { "\($0.base).ofType(\($0.type))" }
    }
}
