import ArgumentParser
import Gateway
import Reporting

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the store to a new folder while the gateway runs, and check the copy.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var gateway: GatewayOptions
    @Argument(help: "The folder; it must not be there, or be empty. Move it off this machine.") var folder: String

    func run() throws {
        let console = output.console
        let path = folder.hasPrefix("/") ? folder : (Console.environment("PWD") ?? ".") + "/" + folder
        _ = try GatewayAccess(gateway, console).ask(
            .members([
                "ask": .string("backup"), "folder": .string(path), "actor": .string(GatewayAccess.actor),
            ]))
        if !output.quiet { console.say("the store is copied to \(folder.printable()) and the copy is sound") }
    }
}

struct PurgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Erase one person's or one message's content. It cannot be undone.",
        discussion: """
            What still waits for the person is given up. Tombstones and the audit trail stay. The NHS number is read from \
            standard input, so that it stands in no history.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var gateway: GatewayOptions
    @Option(help: "One message, by its reference.") var message: String?
    @Flag(help: "All of one person; the NHS number comes on standard input.") var person = false
    @Option(help: "Why; it stands in the audit trail.") var reason: String
    @Flag(help: "Do it.") var yes = false

    func validate() throws {
        guard (message != nil) != person else { throw ValidationError("give either --message or --person") }
    }

    func run() throws {
        let console = output.console
        guard yes else { return console.say("nothing was done; add --yes to erase") }
        let number = person ? readLine(strippingNewline: true)?.filter(\.isNumber) : nil
        if person, number?.count != 10 {
            console.say("linkway: an NHS number of ten digits is wanted on standard input")
            throw ExitCode(64)
        }
        let result = try GatewayAccess(gateway, console).ask(
            .members([
                "ask": .string("purge"), "reference": .text(message), "nhsNumber": .text(number),
                "reason": .string(reason), "actor": .string(GatewayAccess.actor),
            ]))
        let count = result["messages"]?.integer ?? 0
        console.say("the content of \(count) message\(count == 1 ? "" : "s") is erased")
        if count == 0 { throw ExitCode.no }
    }
}

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The audit trail.", subcommands: [Verify.self], defaultSubcommand: Verify.self)

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Whether the audit trail is whole: nothing changed, dropped, swapped or cut.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var gateway: GatewayOptions
        @Flag(help: "One JSON object.") var json = false

        func run() throws {
            let console = output.console
            let result = try GatewayAccess(gateway, console).ask(.members(["ask": .string("audit")]))
            let isWhole = result["isWhole"]?.flag ?? false
            if json {
                console.out(result.text(pretty: true))
            } else if isWhole {
                let first = result["first"]?.integer ?? 1
                let cut = first > 1 ? ", from line \(first); what was before it is over its time" : ""
                console.out("the audit trail is whole: \(result["lines"]?.integer ?? 0) lines\(cut)")
            } else {
                console.out("the audit trail is NOT whole: \(result["problem"]?.string ?? "")")
            }
            if !isWhole { throw ExitCode.no }
        }
    }
}

struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Hand a document to the gateway as if a source had brought it.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var gateway: GatewayOptions
    @Argument(help: "The document, or `-` for standard input.") var document: String
    @Option(help: "The source it is to come from, as configured.") var source: String
    @Flag(help: "One JSON object.") var json = false

    func run() throws {
        let console = output.console
        let bytes = try InputDocument.read(document, console)
        let text = String(validating: bytes, as: UTF8.self)
        let result = try GatewayAccess(gateway, console).ask(
            .members([
                "ask": .string("send"), "source": .string(source), "text": text.map { .string($0) },
                "hex": text == nil ? .string(bytes.map { Self.hex($0) }.joined()) : nil,
                "actor": .string(GatewayAccess.actor),
            ]))
        let state = result["state"]?.string ?? ""
        if json {
            console.out(result.text(pretty: true))
        } else {
            console.out("\(result["reference"]?.string ?? "")  \(MessageText.state(state, console.outStyle))")
            if let note = result["note"]?.string, !output.quiet { console.say(note) }
        }
        if ["held", "refused"].contains(state) { throw ExitCode.no }
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = Array("0123456789abcdef")
        return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
}
