import ArgumentParser
import DurableFiles
import Gateway
import Reporting

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Whether this machine can run the gateway well, and what to do where not.",
        discussion: """
            Looks at configuration, mappings, folders, permissions, room, clock, secrets, certificates, the store, its \
            audit trail, and at what waits. Folders are tried out with a hidden file that is removed again. No endpoint \
            is called. Run it as the user that runs the gateway. Exit code 0 when nothing failed, 1 otherwise.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var gateway: GatewayOptions
    @Flag(help: "One JSON object.") var json = false

    func run() throws {
        let console = output.console
        var doctor = Doctor()
        doctor.examine(gateway.file)
        let found = doctor.examination
        if json {
            console.out(found.json("linkway.doctor/1").text(pretty: true))
        } else {
            let text = found.text(console.outStyle, isQuiet: output.quiet)
            if !text.isEmpty { console.out(text) }
            if !output.quiet { console.out("\n" + found.verdict) }
        }
        if !found.isWell { throw ExitCode.no }
    }
}
