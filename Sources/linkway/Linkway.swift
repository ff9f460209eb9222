import ArgumentParser

@main
struct Linkway: ParsableCommand {
    static func main() {
        CrashReports.keepSilent()
        main(nil)
    }

    static let configuration = CommandConfiguration(
        commandName: "linkway",
        abstract: "An interoperability gateway for social-prescribing referrals.",
        discussion: """
            Documents from practice systems go in as XML or JSON, are mapped by declarative files to one canonical \
            referral, checked, and handed on. Results go to standard output, talk to standard error; `-` is standard \
            input. Exit codes: 0 yes, 1 the answer is no, 2 partly, 64 wrong usage, 65 not readable, 66 not there, \
            73 cannot create, 74 disk failure, 78 mapping or configuration wrong.
            """,
        version: Version.text,
        subcommands: [VersionCommand.self],
        groupedSubcommands: [
            CommandGroup(name: "Start here", subcommands: [DemoCommand.self, CheckCommand.self, RunCommand.self]),
            CommandGroup(
                name: "Documents",
                subcommands: [
                    MapCommand.self, ValidateCommand.self, ExplainCommand.self, ScanCommand.self, IdsCommand.self,
                ]),
            CommandGroup(
                name: "Mappings",
                subcommands: [
                    TestCommand.self, CoverageCommand.self, DiffCommand.self, EffectiveCommand.self, DocsCommand.self,
                    SchemaCommand.self,
                ]),
            CommandGroup(
                name: "The running gateway",
                subcommands: [
                    StatusCommand.self, MessagesCommand.self, DeadCommand.self, ReplayCommand.self, PlanCommand.self,
                    RouteCommand.self,
                    SourceCommand.self, SendCommand.self, AuditCommand.self, BackupCommand.self, PurgeCommand.self,
                    DoctorCommand.self, QueueCommand.self, VerifyCommand.self,
                ]),
        ])
}
