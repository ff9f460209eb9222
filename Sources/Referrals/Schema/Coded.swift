/// Coded values: always `{system, code, display, original}`, so that what was sent is never lost to what it was mapped to.
extension Row {
    /// A row for a coded value.
    ///
    /// - Parameters:
    ///   - codes: The closed list `code` is taken from; `nil` where any code of any system may stand.
    ///   - codeRequirement: Whether `code` itself is required. A code held unmapped has only its `original`.
    ///   - extra: Rows that follow the coded ones, such as a date.
    package static func coded(
        _ name: String, from codes: CodeList? = nil, list isList: Bool = false, _ requirement: Requirement,
        _ sensitivity: Sensitivity, _ documentation: String, code codeRequirement: Requirement = .optional,
        and extra: [Row] = []
    ) -> Row {
        let typeName = extra.isEmpty ? codes.map { "Coded.\($0.name)" } ?? "Coded" : "Coded.\(name)"
        let type = RecordType(
            typeName, "A code with its system and what was sent.",
            [
                Row("system", .token, sensitivity, "The code system's URI; absent for a code of our own lists."),
                Row("code", codes.map(FieldType.choice) ?? .token, codeRequirement, sensitivity, "The code."),
                Row(
                    "display", .text, sensitivity,
                    "The code in words, or the words that stood where a code was expected."),
                Row(
                    "original", .group(original(sensitivity)), sensitivity,
                    "The code as sent, where it was mapped or has no mapping."),
            ] + extra)
        return Row(name, .group(type), list: isList, requirement, sensitivity, documentation)
    }

    /// A row for an optional coded value.
    package static func coded(
        _ name: String, from codes: CodeList? = nil, list isList: Bool = false, _ sensitivity: Sensitivity,
        _ documentation: String, and extra: [Row] = []
    ) -> Row {
        coded(name, from: codes, list: isList, .optional, sensitivity, documentation, and: extra)
    }

    private static func original(_ sensitivity: Sensitivity) -> RecordType {
        RecordType(
            "OriginalCode", "A code as the sender wrote it.",
            [
                Row("system", .token, sensitivity, "The code system as sent: a URI, an OID or a name."),
                Row("code", .token, sensitivity, "The code as sent."),
                Row("display", .text, sensitivity, "The display as sent."),
            ])
    }

    /// The `code` row when this row is a coded group (it has both `code` as a value and `original`).
    package var codeRow: Row? {
        guard case .group(let type) = type, type.rows.contains(where: { $0.name == "original" }) else { return nil }
        return type.rows.first { row in
            guard row.name == "code" else { return false }
            if case .group = row.type { return false }
            return true
        }
    }

    /// The closed list of a plain choice.
    package var codeList: CodeList? { if case .choice(let list) = type { list } else { nil } }
}
