import ArgumentParser

@main
struct Linkway: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "linkway", abstract: "an interoperability gateway for social-prescribing referrals")
}
