import ArgumentParser
import Referrals
import Reporting

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Say which version this is.")

    @OptionGroup var output: OutputOptions
    @Flag(help: "As a JSON object.") var json = false

    func run() {
        let console = output.console
        guard json else { return console.out("linkway \(Version.text) · canonical referral \(Schema.referral.name)") }
        let value = JSONValue.members([
            "schema": .string("linkway.version/1"), "version": .string(Version.text),
            "canonical": .string(Schema.referral.name),
        ])
        console.out(value.text(pretty: true))
    }
}
