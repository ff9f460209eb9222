import Testing

@testable import Referrals

@Suite struct SchemaTests {
    let schema = Schema.referral

    @Test("fields are found by path, with their parent and children")
    func paths() throws {
        let family = try #require(schema.field("person.name.family"))
        #expect(schema[family.parent].path == "person.name")
        #expect(schema.child("given", of: family.parent)?.isList == true)
        #expect(schema.field("person.name.famly") == nil)
    }

    @Test(
        "names and nesting are those the design fixes",
        arguments: [
            "schema", "id", "status", "kind", "urgency.code", "referredAt", "journeyId", "source.format",
            "source.mapping",
            "source.messageId", "source.trackingId", "source.sha256", "person.nhsNumber.value",
            "person.nhsNumber.status",
            "person.localIds", "person.name.family", "person.name.given", "person.birthDate", "person.gender.code",
            "person.addresses.lines", "person.addresses.postcode", "person.telecoms.system", "gpPractice.odsCode",
            "referrer.role", "referrer.professionalIds", "referrer.contact", "referredTo.serviceId",
            "reason.codes.original.code",
            "needs.code", "needs.statedBy", "needs.importance", "goals.domain", "work.asked", "work.statement",
            "work.goal",
            "work.employmentStatus", "work.fitNotes", "work.barriers", "work.employerContact.allowed", "risks.none",
            "safeguarding", "accessibility", "consent.scope", "consent.decision", "consent.at", "documents.contentType",
            "documents.sha256", "documents.size",
        ])
    func design(path: String) { #expect(schema.field(path) != nil) }

    @Test("siblings are numbered in the order they are written")
    func order() {
        for field in schema.fields { #expect(field.children == field.children.sorted()) }
    }

    @Test("every row says what it holds in one sentence")
    func documentation() {
        for field in schema.fields.dropFirst() {
            #expect(field.row.documentation.hasSuffix("."), "\(field.path)")
            #expect(field.row.documentation.count > 3, "\(field.path)")
        }
    }

    @Test("two types of one name have the same rows")
    func typeNames() {
        var rows: [String: [String]] = [:]
        for case .group(let type) in schema.fields.map(\.row.type) {
            let own = type.rows.map { "\($0.name) \($0.isList) \($0.requirement) \($0.type.shape)" }
            #expect(rows[type.name, default: own] == own, "\(type.name)")
            rows[type.name] = own
        }
    }

    @Test(
        "health, safeguarding, benefits and immigration are sensitive, names personal, codes of ours open",
        arguments: [
            ("risks.text", Row.Sensitivity.sensitive), ("safeguarding.text", .sensitive),
            ("work.benefits.code.code", .sensitive),
            ("work.fitNotes.condition", .sensitive), ("person.immigration.status.code", .sensitive),
            ("clinicalContext.diagnoses.text", .sensitive), ("person.name.family", .personal),
            ("person.nhsNumber.value", .personal),
            ("work.statement", .personal), ("urgency.code", .open), ("source.messageId", .open),
            ("gpPractice.odsCode", .open),
        ])
    func sensitivity(path: String, expected: Row.Sensitivity) {
        #expect(schema.field(path)?.row.sensitivity == expected)
    }

    @Test(
        "policies a mapping need not write",
        arguments: [
            ("person.birthDate", "reject", "quarantine", "warn", "quarantine"),
            ("person.nhsNumber", "warn", "quarantine", "warn", "quarantine"),
            ("person.nhsNumber.value", "warn", "quarantine", "warn", "quarantine"),
            ("person.nhsNumber.status", "use: unknown", "quarantine", "quarantine", "quarantine"),
            ("person.gender", "omit", "warn", "hold-code", "warn"),
            ("person.gender.code", "omit", "warn", "hold-code", "warn"),
            ("urgency", "warn", "quarantine", "quarantine", "warn"),
            ("urgency.code", "warn", "quarantine", "quarantine", "warn"),
            ("needs.code", "omit", "warn", "hold-code", "warn"),
            ("needs.text", "omit", "warn", "warn", "warn"),
            ("referrer.name", "warn", "quarantine", "warn", "warn"),
            ("person.name.family", "reject", "quarantine", "warn", "quarantine"),
            ("risks.none", "omit", "quarantine", "quarantine", "quarantine"),
            ("safeguarding.concern", "omit", "quarantine", "quarantine", "quarantine"),
            ("consent.scope", "warn", "quarantine", "quarantine", "quarantine"),
            ("consent.decision", "use: not-asked", "quarantine", "quarantine", "quarantine"),
            ("consent.neverTo", "omit", "quarantine", "quarantine", "warn"),
            ("work.employerContact.allowed", "use: no", "use: no", "use: no", "quarantine"),
            ("id", "reject", "quarantine", "warn", "quarantine"),
        ])
    func policies(path: String, missing: String, invalid: String, unmapped: String, many: String) throws {
        let field = try #require(schema.field(path))
        #expect(field.missingDefault.word == missing, "missing")
        #expect(field.invalidDefault.word == invalid, "invalid")
        #expect(field.unmappedDefault.word == unmapped, "unmapped")
        #expect(field.manyDefault.word == many, "many")
    }

    @Test(
        "a group takes one of several nodes as strictly as the fields in it take one of several values",
        arguments: [
            ("person", "quarantine"), ("person.nhsNumber", "quarantine"), ("person.name", "quarantine"),
            ("work", "quarantine"), ("work.employerContact", "quarantine"), ("reason", "warn"), ("aboutMe", "warn"),
            ("person.language", "warn"),
        ])
    func groups(path: String, many: String) throws {
        #expect(schema.manyDefault(ofGroup: try #require(schema.field(path))).word == many)
    }

    @Test("what must be held is held by default, and nothing weaker is strong enough")
    func held() {
        let weak: [FailurePolicy] = [.warn, .omit, .first, .use("x"), .join(" ")]
        for field in schema.fields {
            for failure in field.row.held {
                for policy in weak { #expect(field.isTooWeak(policy, after: failure), "\(field.path)") }
                #expect(!field.isTooWeak(.quarantine, after: failure) && !field.isTooWeak(.reject, after: failure))
            }
            #expect(!field.isTooWeak(field.invalidDefault, after: .invalid), "\(field.path)")
            #expect(!field.isTooWeak(field.unmappedDefault, after: .unmapped), "\(field.path)")
            #expect(!field.isTooWeak(field.manyDefault, after: .many), "\(field.path)")
            #expect(!field.isTooWeak(field.missingDefault, after: .missing), "\(field.path)")
        }
    }

    @Test("what the translator fills itself asks no mapping for a rule")
    func alwaysFilled() {
        let filled = schema.fields.filter(\.isAlwaysFilled).map(\.path)
        #expect(filled == ["schema", "id", "status", "kind", "source.format", "source.mapping", "source.sha256"])
    }

    @Test("values a policy sets by itself are values of the field")
    func usedValues() {
        for field in schema.fields {
            for policy in [field.missingDefault, field.invalidDefault, field.unmappedDefault, field.manyDefault] {
                guard case .use(let value) = policy else { continue }
                let isAccepted = field.row.type.accepts(Array(value.utf8).span)
                #expect(isAccepted, "\(field.path)")
            }
        }
    }

    @Test("answers that differ stay different")
    func answers() {
        for list in [CodeList.answer, .gender, .sex, .carerStatus, .consentDecision] {
            #expect(
                list.contains("not-asked") && list.contains("prefer-not-to-say") && list.contains("unknown"),
                "\(list.name)")
        }
        #expect(CodeList.workAsked.codes.map(\.code) == ["yes", "no", "not-now", "prefer-not-to-say", "unknown"])
        #expect(CodeList.consentScope.codes.map(\.code) == ConsentScope.allCases.map(\.rawValue))
        for scope in ConsentScope.allCases {
            if let recipient = scope.recipientClass { #expect(CodeList.recipientClass.contains(recipient)) }
        }
    }
}

extension FieldType {
    /// Kind and bounds, for comparison.
    var shape: String {
        switch self {
        case .group(let type): "group \(type.name)"
        case .choice(let list): "choice \(list.name)"
        case .integer(let range): "integer \(range)"
        default: "\(self)"
        }
    }
}
