import Reporting

/// V15: codes are of known systems, have the shape of their system, and what had no mapping is pointed out.
enum CodeRule: Rule {
    static let number = "V15"
    static let summary =
        "codes name a known system and have its shape; those without a mapping are kept and pointed out"
    static let codes = [
        RuleCode("code-unmapped", minimum: .off, prsb: .warn),
        RuleCode("code-system-missing", minimum: .off, prsb: .warn),
        RuleCode("code-system-unknown", minimum: .off, prsb: .warn),
        RuleCode("snomed-code-invalid", minimum: .warn, prsb: .warn),
    ]

    static let snomed = "http://snomed.info/sct"
    private static let snomedBytes = Array(snomed.utf8)

    /// Beginnings of the systems that are not taken for a slip.
    static let knownSystems: [[UInt8]] = [
        snomed, "http://loinc.org", "http://unitsofmeasure.org", "http://hl7.org/fhir/", "http://terminology.hl7.org/",
        "https://fhir.nhs.uk/", "http://fhir.nhs.uk/", "http://fhir.nhs.net/", "https://fhir.hl7.org.uk/",
        "http://fhir.hl7.org.uk/", "https://datadictionary.nhs.uk", "https://www.datadictionary.nhs.uk",
        "http://read.info/", "http://hl7.org/", "urn:ietf:bcp:47", "urn:oid:", "2.16.840.1.113883.", "1.2.826.0.1285.",
        "https://dmd.nhs.uk", "urn:linkway:",
    ].map { Array($0.utf8) }

    /// For each field the role it plays in a coded value.
    private enum Role: UInt8 { case none, group, code }

    private static let roles: [Role] = Schema.referral.fields.map { field in
        guard field.isCoded else { return .none }
        return field.isGroup ? .group : .code
    }

    static func check(_ context: inout RuleContext) {
        let nodes = context.referral.nodes
        for index in nodes.indices where roles[Int(nodes[index].field)] == .group {
            checkGroup(UInt32(index), &context)
        }
    }

    private static func checkGroup(_ group: UInt32, _ context: inout RuleContext) {
        let parts = Parts(of: group, in: context.referral)
        guard let code = parts.code else {
            if let original = parts.original {
                context.report("code-unmapped", context.referral.nodes[Int(group)].field, at: original)
            }
            return
        }
        let field = context.referral.nodes[Int(code)].field
        if context.referral.schema[field].isClosed { return }
        checkSystem(parts.system, of: code, field, &context)
    }

    private static func checkSystem(_ system: UInt32?, of code: UInt32, _ field: FieldID, _ context: inout RuleContext)
    {
        guard let system else { return context.report("code-system-missing", field, at: code) }
        let uri = context.referral.bytes(system)
        if uri.count == snomedBytes.count, uri.elementsEqual(snomedBytes) {
            if !context.read(code, Lexical.isSNOMED) { context.report("snomed-code-invalid", field, at: code) }
        } else if !knownSystems.contains(where: { uri.starts(with: $0) }) {
            context.report("code-system-unknown", context.referral.nodes[Int(system)].field, at: system)
        }
    }

    /// The parts of one coded value.
    private struct Parts {
        var system: UInt32?
        var code: UInt32?
        var original: UInt32?

        init(of group: UInt32, in referral: Referral) {
            var child = group + 1
            let first = referral.schema.fields[Int(referral.nodes[Int(group)].field)].children
            while child < referral.nodes[Int(group)].next {
                let field = referral.nodes[Int(child)].field
                if field == first[0] { system = child }
                if field == first[1] { code = child }
                if field == first[3] { original = child }
                child = referral.nodes[Int(child)].next
            }
        }
    }
}
