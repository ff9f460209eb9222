import ArgumentParser
import Reporting
import Workbench

struct IdsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ids", abstract: "Check identifiers by their form.", subcommands: [Check.self],
        defaultSubcommand: Check.self)

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Say which kinds of identifier each value is, and what is wrong with it.",
            discussion: """
                Knows NHS numbers, ODS codes, postcodes, SNOMED CT ids, GMC numbers and UUIDs. Looks at the form only, and \
                never says what a wrong number should have been. Exit codes: 0 every value is valid as something, 1 not.
                """)

        @OptionGroup var output: OutputOptions
        @Argument(help: "Values; put one with spaces in quotes.") var values: [String]
        @Flag(help: "One line for each value and kind, separated by tabs.") var plain = false
        @Flag(help: "As a JSON object.") var json = false

        func run() throws {
            let console = output.console
            let checks = values.map { IdentifierCheck($0) }
            if json {
                console.out(report(checks).text(pretty: true))
            } else {
                for check in checks { for line in lines(check, console.outStyle) { console.out(line) } }
            }
            if !checks.allSatisfy(\.isValid) { throw ExitCode.no }
        }

        private func lines(_ check: IdentifierCheck, _ style: TextStyle) -> [String] {
            if plain {
                if check.verdicts.isEmpty { return ["\(check.text)\tunknown\t-\tno identifier that is known here"] }
                return check.verdicts.map {
                    "\(check.text)\t\($0.isValid ? "valid" : "wrong")\t\($0.kind.rawValue)\t\($0.remark)"
                }
            }
            if check.verdicts.isEmpty {
                return ["\(style.bold(check.text))   \(style.yellow("unknown"))   no identifier that is known here"]
            }
            return check.verdicts.map { verdict in
                let word = verdict.isValid ? style.green("valid") : style.red("wrong")
                return "\(style.bold(check.text))   \(word) as \(verdict.kind.rawValue): \(verdict.remark)"
            }
        }

        private func report(_ checks: [IdentifierCheck]) -> JSONValue {
            .members([
                "schema": .string("linkway.ids/1"),
                "values": .array(
                    checks.map { check in
                        .members([
                            "value": .string(check.text), "valid": .bool(check.isValid),
                            "kinds": .array(
                                check.verdicts.map {
                                    .members([
                                        "kind": .string($0.kind.rawValue), "valid": .bool($0.isValid),
                                        "remark": .string($0.remark),
                                    ])
                                }),
                        ])
                    }),
            ])
        }
    }
}
