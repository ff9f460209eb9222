import Reporting

/// The schema table and the rules as Markdown: the generated parts of `docs/canonical-referral.md`.
package enum SchemaDocumentation {
    /// One table for each type, the root first, and one for each closed list.
    package static func fields(of schema: Schema) -> String {
        guard case .group(let root) = schema[0].row.type else { return "" }
        let types = types(from: root)
        return types.map { table(of: $0.type, usedAt: $0.paths) }.joined(separator: "\n")
    }

    /// The types and closed lists that another schema does not have; those it has are described there.
    package static func ownFields(of schema: Schema, beside other: Schema) -> String {
        guard case .group(let root) = schema[0].row.type, case .group(let known) = other[0].row.type else { return "" }
        let names = Set(types(from: known).map(\.type.name))
        let own = types(from: root).filter { !names.contains($0.type.name) }
        var met = Set(other.fields.compactMap(\.codes).map(\.name))
        let lists = schema.fields.compactMap(\.codes).filter { met.insert($0.name).inserted }
        return (own.map { table(of: $0.type, usedAt: $0.paths) } + lists.map(table)).joined(separator: "\n")
    }

    package static func codeLists(of schema: Schema) -> String {
        var names: Set<String> = []
        let lists = schema.fields.compactMap(\.codes).filter { names.insert($0.name).inserted }
        return lists.map(table).joined(separator: "\n")
    }

    private static func table(of list: CodeList) -> String {
        let rows = list.codes.map { "| `\($0.code)` | \($0.meaning) |\n" }.joined()
        return "### \(list.name)\n\n| code | means |\n|---|---|\n\(rows)"
    }

    /// One row for each code of each rule.
    package static func rules() -> String {
        let rows = AllRules.all.flatMap { rule in
            rule.codes.map {
                "| \(rule.number) | `\($0.code)` | \($0.code.entry.title) | \($0.minimum) | \($0.prsb) |\n"
            }
        }
        return "| rule | code | says | `minimum` | `prsb-sp-1.1` |\n|---|---|---|---|---|\n" + rows.joined()
    }

    /// The types in the order they are met, with where each is used. Coded values are described once, in the text.
    private static func types(from root: RecordType) -> [(type: RecordType, paths: [String])] {
        var found: [(type: RecordType, paths: [String])] = []
        func visit(_ type: RecordType, _ path: String) {
            if let place = found.firstIndex(where: { $0.type.name == type.name }) {
                return found[place].paths.append(path)
            }
            found.append((type, [path]))
            for row in type.rows where row.codeRow == nil {
                let rowPath = (path.isEmpty ? "" : path + ".") + row.name + (row.isList ? "[]" : "")
                if case .group(let inner) = row.type { visit(inner, rowPath) }
            }
        }
        visit(root, "")
        return found
    }

    private static func table(of type: RecordType, usedAt paths: [String]) -> String {
        let place = paths == [""] ? "the whole" : paths.map { "`\($0)`" }.joined(separator: ", ")
        var text = "### \(type.name)\n\n\(type.documentation) At: \(place).\n\n"
        text += "| field | type | need | shown | what it holds |\n|---|---|---|---|---|\n"
        for row in type.rows { text += line(row) }
        return text
    }

    private static func line(_ row: Row) -> String {
        let name = "`\(row.name)\(row.isList ? "[]" : "")`"
        let need = row.isAlwaysFilled ? "always" : row.requirement.rawValue
        var text = "| \(name) | \(word(for: row)) | \(need) | \(row.sensitivity) | \(row.documentation) |\n"
        if row.codeRow != nil, case .group(let type) = row.type {
            for extra in type.rows.dropFirst(4) {
                text +=
                    "| `\(row.name).\(extra.name)` | \(word(for: extra)) | \(extra.requirement) | \(extra.sensitivity) | \(extra.documentation) |\n"
            }
        }
        return text
    }

    private static func word(for row: Row) -> String {
        if let code = row.codeRow { return code.codeList.map { "coded, \($0.name)" } ?? "coded" }
        switch row.type {
        case .text: return "text"
        case .token: return "token"
        case .uuid: return "UUID"
        case .date: return "date"
        case .partialDate: return "partial date"
        case .instant: return "instant"
        case .boolean: return "boolean"
        case .integer(let range):
            return range.upperBound < Int.max
                ? "\(range.lowerBound) to \(range.upperBound)" : "from \(range.lowerBound)"
        case .choice(let list): return "one of \(list.name)"
        case .group(let type): return type.name
        }
    }
}
