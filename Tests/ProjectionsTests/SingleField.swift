import Referrals

/// Referrals that hold little more than one field.
enum SingleField {
    private static let schema = Schema.referral

    /// What a message cannot be read without.
    private static let base: [(String, String)] = [
        ("schema", "referral/1"), ("id", "11111111-1111-4111-8111-111111111111"), ("status", "active"), ("kind", "new"),
        ("urgency.code", "routine"), ("referredAt", "2026-03-02T09:14:00+00:00"),
        ("person.name.family", "Ashworth"), ("person.birthDate", "1968-02-14"),
    ]

    /// - Returns: The base, and the field with what its groups need beside it.
    static func referral(with field: Field) -> Referral {
        var values = Dictionary(base.map { (schema.require($0.0), $0.1) }, uniquingKeysWith: { first, _ in first })
        var above = field.parent
        while above != .root {
            for sibling in schema[above].children where isWanted(sibling, beside: field) {
                if values[sibling] == nil { values[sibling] = value(schema[sibling], isSecond: false) }
            }
            above = schema[above].parent
        }
        values[field.id] = value(field, isSecond: true)
        var referral = Referral(schema: schema)
        members(of: .root, in: 0, values, &referral)
        referral.close(0)
        return referral
    }

    /// Required siblings, the words beside a code, and the code beside its display.
    private static func isWanted(_ sibling: FieldID, beside field: Field) -> Bool {
        let candidate = schema[sibling]
        guard !candidate.isGroup, candidate.id != field.id else { return false }
        if candidate.row.requirement == .required { return candidate.path != "risks.none" }
        if candidate.name == "text", candidate.parent != field.id { return schema[candidate.parent].isList }
        return candidate.name == "code" && candidate.parent == field.parent && field.isClosedPart(in: schema)
            || candidate.path == "referrer.organisation" || candidate.path == "work.asked"
    }

    private static func members(
        of parent: FieldID, in group: UInt32, _ values: [FieldID: String], _ referral: inout Referral
    ) {
        for child in schema[parent].children {
            if schema[child].isGroup {
                let opened = referral.open(child, in: group)
                members(of: child, in: opened, values, &referral)
                referral.close(opened)
            } else if let value = values[child] {
                referral.append(child, Array(value.utf8).span, in: group)
            }
        }
    }

    /// A value of a field; the second is one that would not be assumed.
    private static func value(_ field: Field, isSecond: Bool) -> String {
        if field.path == "person.nhsNumber.value" { return "9990000018" }
        switch field.row.type {
        case .text: return "Words of \(field.name), \"quoted\"\nover two lines"
        case .token: return token(field)
        case .uuid: return "22222222-2222-4222-8222-222222222222"
        case .date: return "2026-03-04"
        case .partialDate: return isSecond ? "2025-11" : "2025"
        case .instant: return "2026-03-03T10:00:00+00:00"
        case .integer: return "3"
        case .boolean: return "true"
        case .choice(let list):
            let code = isSecond ? list.codes.last?.code : list.codes.first?.code
            return ["schema": "referral/1", "status": "superseded", "kind": "update"][field.path] ?? code ?? ""
        case .group: return ""
        }
    }

    private static func token(_ field: Field) -> String {
        switch field.name {
        case "odsCode": "A81001"
        case "postcode": "LS1 4AP"
        case "system": "https://other.example/system"
        case "uprn": "100012345678"
        case "contentType": "application/pdf"
        default: "token-\(field.name)"
        }
    }
}

extension Field {
    /// Whether it stands in a coded group with a closed list.
    fileprivate func isClosedPart(in schema: Schema) -> Bool { schema[parent].isCoded && schema[parent].codes != nil }
}
