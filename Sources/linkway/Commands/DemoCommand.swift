import ArgumentParser
import DurableFiles
import Gateway
import Glibc
import Reporting

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Show what Linkway does, with invented people.",
        discussion: """
            Lays out a gateway in a temporary folder, runs it, and sends documents through every door: a folder, a MESH \
            mailbox, an HTTP post. One is withheld, one comes twice, some are refused, and one is repaired and retried.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @Option(
        help: ArgumentHelp(
            "Where to work; it must not be there. Left out, a new folder under the temporary folder.",
            valueName: "folder"))
    var keep: String?

    func run() throws {
        let console = output.console
        _ = try mappings.usableLibrary(console)
        let folder = try workFolder(console)
        console.out(console.outStyle.bold("linkway demo") + " · invented people only · nothing leaves this machine")
        console.out("  folder  \(folder)\n")
        let ports = FreePorts.find(3)
        do {
            let place = try DemoPlace.make(
                in: folder, mappings: mappings.folder,
                samples: Files.join(Files.parent(of: mappings.folder), "samples"), ports: Self.withHTTP(ports))
            let gateway = try DemoGateway(place, receiverPort: ports[2], console)
            defer { gateway.stop() }
            try DemoStory(place: place, gateway: gateway, console: console).tell()
        } catch let error as FileError {
            console.say("linkway: \(error)")
            throw ExitCode.diskFailure
        }
        next(folder, console)
    }

    private static func withHTTP(_ ports: [Int]) -> (intake: Int, admin: Int, receiver: Int)? {
        #if HTTP
            (ports[0], ports[1], ports[2])
        #else
            nil
        #endif
    }

    private func workFolder(_ console: Console) throws -> String {
        if let keep {
            guard !Files.exists(keep) else {
                console.say("linkway: \(keep.printable()) is there already; name a new folder")
                throw ExitCode.cannotCreate
            }
            return keep
        }
        var template = Array("\(Console.environment("TMPDIR") ?? "/tmp")/linkway-demo-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            console.say("linkway: cannot make a temporary folder")
            throw ExitCode.cannotCreate
        }
        return String(cString: made)
    }

    private func next(_ folder: String, _ console: Console) {
        let command = CommandLine.arguments.first ?? "linkway"
        console.out(
            """
             try next
               \(command) dead ls --config \(folder)/linkway.yaml
               \(command) messages ls --config \(folder)/linkway.yaml
               \(command) explain samples/riverside-xml/rich-letter.xml work.statement
            """)
    }
}
