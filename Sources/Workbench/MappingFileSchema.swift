import Mappings
import Referrals
package import Reporting

/// JSON Schema (draft-07, the latest that editors know) of mapping files: made from the schema table, the converters and
/// the vocabulary, so that an editor offers fields, codes and policies.
///
/// Where a field may be a rule, a group or a list, one open form with the words of all three stands, since editors
/// explain `oneOf` badly.
package struct MappingFileSchema {
    private var definitions: [(String, JSONValue)] = []

    private init() {}

    package static var json: JSONValue {
        var schema = MappingFileSchema()
        return schema.root()
    }

    private mutating func root() -> JSONValue {
        guard case .group(let type) = Schema.referral[0].row.type else { return .null }
        group(type)
        let top: KeyValuePairs<String, JSONValue?> = [
            "mapping": Self.text("The mapping's own name."),
            "version": Self.text("A whole number, raised with every change."),
            "about": Self.text("What it reads, in words."),
            "abstract": Self.text("true for a base that others extend."),
            "extends": Self.text("The mapping that is laid under this one."), "source": Self.source,
            "target": .members(["enum": .array([.string(Schema.referral.name)])]),
            "tables": Self.texts("Code tables it uses."),
            "systems": .members(["type": .string("object"), "additionalProperties": Self.texts(nil)]),
            "map": Self.reference("group.\(type.name)", "Where each canonical field comes from."),
            "ignore": Self.list(
                Self.object(
                    ["path": Self.text("What is left unread."), "because": Self.text("Why.")],
                    required: ["path", "because"])),
            "watch": Self.texts("Unread nodes like these hold the referral for a person."),
            "require": Self.list(
                Self.object(
                    [
                        "that": Self.text("A condition that must hold of the document."),
                        "at": Self.text("The place to point at when it does not."),
                        "finding": Self.text("The code of the finding when it does not."),
                        "else": .members(["enum": .array(["reject", "quarantine", "warn"].map { .string($0) })]),
                    ], required: ["that", "finding", "else"])),
            "tests": Self.list(Self.test),
        ]
        return .members([
            "$schema": .string("http://json-schema.org/draft-07/schema#"),
            "$id": .string("urn:linkway:schema:mapping:1"),
            "title": .string("Linkway mapping"), "type": .string("object"), "required": .array([.string("mapping")]),
            "additionalProperties": .bool(false), "properties": .members(top),
            "definitions": .object(definitions.sorted { $0.0 < $1.0 }.map { JSONValue.Member($0.0, $0.1) }),
        ])
    }

    // MARK: Fields

    /// The form of a group field: its fields beside the words of a rule and of a group.
    private mutating func group(_ type: RecordType) {
        let name = "group.\(type.name)"
        guard !definitions.contains(where: { $0.0 == name }) else { return }
        definitions.append((name, .null))
        let index = definitions.count - 1
        var members = type.rows.map { JSONValue.Member($0.name, field($0)) }
        let own = Set(members.map(\.key))
        let words = self.words(codes: type.rows.first { $0.name == "code" }?.codes)
        let both = own.intersection(words.map(\.key))
        members += words.filter { !own.contains($0.key) }
        for index in members.indices where both.contains(members[index].key) {
            members[index].value = .members(["description": .string("the field, or the word of a rule")])
        }
        definitions[index].1 = Self.form(members, itself: name, type.documentation)
    }

    private mutating func field(_ row: Row) -> JSONValue {
        if case .group(let type) = row.type {
            group(type)
            return Self.reference("group.\(type.name)", row.documentation)
        }
        return Self.reference(plain(row), row.documentation)
    }

    /// The form of a plain field: one for each closed list, one for all others.
    private mutating func plain(_ row: Row) -> String {
        let name = row.codes.map { "rule.\($0.name)" } ?? "rule"
        if !definitions.contains(where: { $0.0 == name }) {
            definitions.append(
                (name, Self.form(words(codes: row.codes), itself: name, "A rule: where one value comes from.")))
        }
        return name
    }

    private static func form(_ members: [JSONValue.Member], itself name: String, _ documentation: String) -> JSONValue {
        .members([
            "description": .string(documentation), "type": .array([.string("object"), .string("array")]),
            "properties": .object(members), "additionalProperties": .bool(false),
            "items": .members(["$ref": .string("#/definitions/\(name)")]),
        ])
    }

    // MARK: Words

    /// The words of a rule and of a group; each form is defined once and referred to.
    private mutating func words(codes: CodeList?) -> [JSONValue.Member] {
        var members = [
            word("from", Self.texts("A path, or several tried in order.")),
            JSONValue.Member("value", codes.map { code($0) } ?? Self.text("A constant.")),
            word(
                "as",
                .members([
                    "description": .string("The converter."), "enum": .array(AllConverters.names.map { .string($0) }),
                ])),
            word("table", Self.text("The code table to look the value up in.")),
            word("key", Self.text("The path of the code's system.")),
            word("at", Self.text("Where the paths below start.")),
            word("each", Self.text("One item for each node of this path.")),
            word("when", Self.text("A condition; when it does not hold, this does not exist.")),
        ]
        for (name, extra, meaning) in Self.policies {
            let form = policy(extra, "What to do when \(meaning).", codes, joins: name == "many")
            members.append(word(name, form, codes.map { "policy.\(name).\($0.name)" } ?? "policy.\(name)"))
        }
        let arguments = AllConverters.all.flatMap { $0.spec.arguments }
        for (name, meaning) in Dictionary(arguments, uniquingKeysWith: { first, _ in first }).sorted(by: {
            $0.key < $1.key
        }) {
            members.append(word(name, Self.text(meaning), "argument.\(name)"))
        }
        return members
    }

    private static let policies = [
        ("missing", "", "there is no value"), ("invalid", "", "the value cannot be read"),
        ("unmapped", "|hold-code", "the code is in no row of the table"),
        ("many", "|first", "there are several different values"),
    ]

    private mutating func word(_ name: String, _ form: JSONValue, _ definition: String? = nil) -> JSONValue.Member {
        JSONValue.Member(name, define(definition ?? "word.\(name)", form))
    }

    private mutating func code(_ list: CodeList) -> JSONValue {
        define("code.\(list.name)", Self.choice(list, "One of the codes."))
    }

    private mutating func define(_ name: String, _ form: JSONValue) -> JSONValue {
        if !definitions.contains(where: { $0.0 == name }) { definitions.append((name, form)) }
        return .members(["$ref": .string("#/definitions/\(name)")])
    }

    private mutating func policy(_ extra: String, _ description: String, _ codes: CodeList?, joins: Bool) -> JSONValue {
        let use = codes.map { code($0) } ?? Self.text("This value is set instead.")
        return .members([
            "description": .string(description), "type": .array([.string("string"), .string("object")]),
            "pattern": .string("^(reject|quarantine|warn|omit\(extra))$"),
            "properties": .members([
                "use": use, "join": joins ? Self.text("All of them, with this text between.") : nil,
            ]),
            "minProperties": .number(1), "maxProperties": .number(1), "additionalProperties": .bool(false),
        ])
    }

    private static func choice(_ list: CodeList, _ description: String) -> JSONValue {
        .members([
            "description": .string(description), "enum": .array(list.codes.map { .string($0.code) }),
            "enumDescriptions": .array(list.codes.map { .string($0.meaning) }),
        ])
    }

    // MARK: Parts

    private static let scalar: JSONValue = .array([.string("string"), .string("number"), .string("boolean")])

    /// Every scalar is text in a mapping, whatever YAML makes of it.
    private static func text(_ description: String) -> JSONValue {
        .members(["description": .string(description), "type": scalar])
    }

    private static func texts(_ description: String?) -> JSONValue {
        .members([
            "description": .text(description), "type": .array([.string("string"), .string("array")]),
            "items": .members(["type": scalar]),
        ])
    }

    private static func list(_ item: JSONValue) -> JSONValue { .members(["type": .string("array"), "items": item]) }

    private static func object(_ properties: KeyValuePairs<String, JSONValue?>, required: [String] = []) -> JSONValue {
        .members([
            "type": .string("object"), "properties": .members(properties),
            "required": required.isEmpty ? nil : .array(required.map { .string($0) }),
            "additionalProperties": .bool(false),
        ])
    }

    private static func reference(_ name: String, _ description: String) -> JSONValue {
        .members([
            "description": .string(description),
            "allOf": .array([.members(["$ref": .string("#/definitions/\(name)")])]),
        ])
    }

    private static let source = object([
        "format": .members(["enum": .array(["xml", "json", "fhir", "hl7v2", "csv"].map { .string($0) })]),
        "root": text("The root element, or the FHIR resource type."),
        "namespaces": .members([
            "type": .string("object"), "additionalProperties": .members(["type": .string("string")]),
        ]),
        "when": texts("Conditions that must all hold."), "each": text("One referral for each node of this path."),
    ])

    private static let test = object(
        [
            "sample": text("A document beside the mapping or in samples/NAME."), "expect": text("The golden file."),
            "expect-finding": text("A finding that must come."),
            "set": .members([
                "description": .string("Paths and new texts: changes to the sample."), "type": .string("object"),
                "additionalProperties": .members(["type": scalar]),
            ]),
        ], required: ["sample"])
}

extension Row {
    /// The closed list of a plain field, or of the code of a coded one.
    fileprivate var codes: CodeList? { codeList ?? codeRow?.codeList }
}
