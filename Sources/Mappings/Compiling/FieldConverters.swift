import Referrals

/// Which converters make what a field holds.
extension Field {
    /// The converter used when a rule names none; `nil` for a group that one rule cannot make.
    var defaultConverter: String? {
        switch row.type {
        case .text: "text"
        case .token: "token"
        case .uuid: "uuid"
        case .date: "date"
        case .partialDate: "partial-date"
        case .instant: "date-time"
        case .integer: "integer"
        case .boolean: "boolean"
        case .choice: "code"
        case .group(let type):
            if type.rows.contains(where: { $0.name == "original" }) {
                "code"
            } else if type.rows.contains(where: { $0.name == "value" }),
                type.rows.contains(where: { $0.name == "status" })
            {
                "nhs-number"
            } else {
                nil
            }
        }
    }

    /// Whether it is free text, or an identifier that may be written in parts: several values may be joined into one.
    var holdsText: Bool {
        switch row.type {
        case .text, .token: true
        default: false
        }
    }

    /// Whether a converter's result fits. A plain value may take the part of a composite that has its name.
    func accepts(_ spec: ConverterSpec) -> Bool {
        if !isGroup, !spec.parts.isEmpty { return spec.parts.contains(name) }
        switch row.type {
        case .text: return true
        case .token: return !["narrative", "boolean"].contains(spec.name)
        case .uuid: return ["uuid", "stable-id"].contains(spec.name)
        case .date: return spec.name == "date"
        case .partialDate: return ["date", "partial-date"].contains(spec.name)
        case .instant: return spec.name == "date-time"
        case .integer: return spec.name == "integer"
        case .boolean: return ["boolean", "code"].contains(spec.name)
        case .choice: return ["code", "token", "boolean"].contains(spec.name)
        case .group(let type):
            if spec.name == "code" { return type.rows.contains { $0.name == "original" } }
            return !spec.parts.isEmpty && spec.parts.allSatisfy { hasField($0) }
        }
    }

    private func hasField(_ part: String) -> Bool {
        var type = row.type
        for name in part.split(separator: ".") {
            guard case .group(let record) = type, let row = record.rows.first(where: { $0.name == name }) else {
                return false
            }
            type = row.type
        }
        return true
    }

    /// What the field holds, in words.
    var typeName: String {
        switch row.type {
        case .text: "text"
        case .token: "an identifier"
        case .uuid: "a UUID"
        case .date: "a date yyyy-MM-dd"
        case .partialDate: "a date, day or month left out if not known"
        case .instant: "a date and time with its offset"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .choice(let list): "one of \(list.codes.map(\.code).joined(separator: ", "))"
        case .group(let type): "a group of fields (\(type.name))"
        }
    }
}
