import DurableFiles
import ArgumentParser
import Gateway
import Mappings
import Referrals
import Reporting
import Workbench

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the canonical referral, the outcome and the form of mapping files as JSON Schema.",
        discussion: """
            linkway schema                      the canonical referral, draft 2020-12
            linkway schema print outcome        what services post to /v1/outcomes
            linkway schema print mapping        mapping files, draft-07, for editors
            linkway schema --fields             every canonical field, one a line
            linkway schema write schemas        all three, as files
            """,
        subcommands: [Print.self, Write.self], defaultSubcommand: Print.self)

    enum Subject: String, ExpressibleByArgument, CaseIterable { case referral, outcome, mapping }

    enum Draft: String, ExpressibleByArgument, CaseIterable {
        case draft2020 = "2020-12"
        case draft07 = "draft-07"

        var draft: JSONSchema.Draft { self == .draft07 ? .draft07 : .draft2020_12 }
    }

    struct Print: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "print", abstract: "Print a schema (the default).")

        @OptionGroup var output: OutputOptions
        @Argument(help: "What to describe: referral, outcome or mapping.") var subject = Subject.referral
        @Option(help: "For the referral: 2020-12 or draft-07. Mapping files are always draft-07.") var draft = Draft
            .draft2020
        @Flag(help: "Every canonical field, one a line: path, type, need, sensitivity, meaning.") var fields = false

        func run() {
            let console = output.console
            if fields { return console.out(Array(FieldList.text.utf8)) }
            console.out(Array(SchemaCommand.text(subject, draft).utf8))
        }
    }

    struct Write: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "write", abstract: "Write the schemas as files, in the place of older ones.")

        @OptionGroup var output: OutputOptions
        @Argument(help: "The folder to write to.") var folder = "schemas"
        @Option(help: "For the referral: 2020-12 or draft-07.") var draft = Draft.draft2020

        func run() throws {
            let console = output.console
            for subject in Subject.allCases {
                let file = Files.join(folder, "\(subject.rawValue).schema.json")
                let text = SchemaCommand.text(subject, draft)
                try Writing.attempt(console) { () throws(FileError) in
                    try Files.makeFolder(folder)
                    try Files.remove(file)
                    try Files.create(file, Array(text.utf8))
                }
                console.out(file)
            }
            if !output.quiet {
                console.say("in a mapping's first line: # yaml-language-server: $schema=\(folder)/mapping.schema.json")
            }
        }
    }

    static func text(_ subject: Subject, _ draft: Draft) -> String {
        switch subject {
        case .referral: String(decoding: JSONSchema.write(.referral, draft: draft.draft), as: UTF8.self) + "\n"
        case .outcome: String(decoding: JSONSchema.write(.outcome, draft: draft.draft), as: UTF8.self) + "\n"
        case .mapping: MappingFileSchema.json.text(pretty: true) + "\n"
        }
    }
}

/// All canonical fields, one a line, separated by tabs.
private enum FieldList {
    static var text: String {
        let schema = Schema.referral
        return schema.fields.dropFirst().map { field in
            let row = field.row
            let path = path(of: field, schema)
            return [path, type(row), row.requirement.rawValue, row.sensitivity.rawValue, row.documentation].joined(
                separator: "\t") + "\n"
        }.joined()
    }

    private static func path(of field: Field, _ schema: Schema) -> String {
        let above = field.parent == 0 ? "" : path(of: schema[field.parent], schema) + "."
        return above + field.name + (field.isList ? "[]" : "")
    }

    private static func type(_ row: Row) -> String {
        switch row.type {
        case .text: "text"
        case .token: "token"
        case .uuid: "uuid"
        case .date: "date"
        case .partialDate: "partial-date"
        case .instant: "date-time"
        case .integer(let range): "integer \(range.lowerBound)–\(range.upperBound)"
        case .boolean: "boolean"
        case .choice(let list): list.codes.map(\.code).joined(separator: "|")
        case .group(let type): type.name
        }
    }
}
