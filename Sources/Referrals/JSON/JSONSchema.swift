/// The schema table as JSON Schema, for validators and editors.
package enum JSONSchema {
    package enum Draft: String, Sendable, CaseIterable {
        /// For validators.
        // swift-format-ignore: AlwaysUseLowerCamelCase
        case draft2020_12 = "https://json-schema.org/draft/2020-12/schema"
        /// For editors, many of which know no later one.
        case draft07 = "http://json-schema.org/draft-07/schema#"

        var definitions: String { self == .draft07 ? "definitions" : "$defs" }
    }

    /// The schema, two spaces a level, without a line end after the last.
    ///
    /// - Parameter complete: Whether every required field must be there. Left out, only what every canonical referral has:
    ///   some formats carry no name or date of birth (e-RS names a person by NHS number alone), and a profile may let
    ///   them pass.
    package static func write(_ schema: Schema, draft: Draft, complete: Bool = false) -> [UInt8] {
        guard case .group(let root) = schema[0].row.type else { return [] }
        var writer = JSONSchemaWriter(draft: draft, complete: complete)
        writer.write(root, named: schema.name)
        return writer.text.bytes
    }
}

private struct JSONSchemaWriter {
    let draft: JSONSchema.Draft
    let complete: Bool
    var text = JSONText()

    init(draft: JSONSchema.Draft, complete: Bool) {
        self.draft = draft
        self.complete = complete
    }

    mutating func write(_ root: RecordType, named name: String) {
        let (draft, writer) = (draft, self)
        text.object { text in
            text.string("$schema", draft.rawValue)
            text.string("$id", "urn:linkway:schema:\(name.split(separator: "/").joined(separator: ":"))")
            text.string("title", name)
            writer.body(of: root, into: &text)
            text.object(draft.definitions) { text in
                for type in Self.types(below: root) {
                    text.object(type.name) { writer.body(of: type, into: &$0) }
                }
            }
        }
    }

    /// All types used, each once, in the order they are met.
    private static func types(below root: RecordType) -> [RecordType] {
        var names: Set<String> = []
        var types: [RecordType] = []
        var waiting = [root]
        while let next = waiting.popLast() {
            for row in next.rows.reversed() {
                guard case .group(let type) = row.type, names.insert(type.name).inserted else { continue }
                types.append(type)
                waiting.append(type)
            }
        }
        return types.sorted { $0.name < $1.name }
    }

    private func body(of type: RecordType, into text: inout JSONText) {
        text.string("description", type.documentation)
        text.string("type", "object")
        let required = type.rows.filter { $0.isAlwaysFilled || complete && $0.requirement == .required }.map(\.name)
        if !required.isEmpty { text.strings("required", required) }
        text.integer("minProperties", 1)
        text.boolean("additionalProperties", false)
        text.object("properties") { text in
            for row in type.rows { text.object(row.name) { property(row, into: &$0) } }
        }
    }

    private func property(_ row: Row, into text: inout JSONText) {
        text.string("description", row.documentation)
        guard row.isList else { return value(row.type, into: &text) }
        text.string("type", "array")
        text.integer("minItems", 1)
        text.object("items") { value(row.type, into: &$0) }
    }

    private func value(_ type: FieldType, into text: inout JSONText) {
        switch type {
        case .text: string(into: &text)
        case .token: string(pattern: #"^\S(.*\S)?$"#, into: &text)
        case .uuid: string(format: "uuid", pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", into: &text)
        case .date: string(format: "date", pattern: #"^\d{4}-\d{2}-\d{2}$"#, into: &text)
        case .partialDate: string(pattern: #"^\d{4}(-\d{2}(-\d{2})?)?$"#, into: &text)
        case .instant: string(format: "date-time", pattern: #"^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$"#, into: &text)
        case .boolean: text.string("type", "boolean")
        case .integer(let range): integer(range, into: &text)
        case .choice(let list): choice(list, into: &text)
        case .group(let type): reference(to: type, into: &text)
        }
    }

    private func string(format: String? = nil, pattern: String? = nil, into text: inout JSONText) {
        text.string("type", "string")
        text.integer("minLength", 1)
        if let format { text.string("format", format) }
        if let pattern { text.string("pattern", pattern) }
    }

    private func integer(_ range: ClosedRange<Int>, into text: inout JSONText) {
        text.string("type", "integer")
        text.integer("minimum", range.lowerBound)
        if range.upperBound < Int.max { text.integer("maximum", range.upperBound) }
    }

    /// `enumDescriptions` is what editors show beside each value; validators pass over it.
    private func choice(_ list: CodeList, into text: inout JSONText) {
        text.string("type", "string")
        text.strings("enum", list.codes.map(\.code))
        text.strings("enumDescriptions", list.codes.map(\.meaning))
    }

    /// In draft-07 nothing may stand beside `$ref`, so there it is wrapped.
    private func reference(to type: RecordType, into text: inout JSONText) {
        let target = "#/\(draft.definitions)/\(type.name)"
        switch draft {
        case .draft2020_12: text.string("$ref", target)
        case .draft07: text.array("allOf") { text in text.object { $0.string("$ref", target) } }
        }
    }
}
