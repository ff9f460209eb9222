import ArgumentParser
import Gateway
import Mappings
import Workbench

struct EffectiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "effective", abstract: "Print a mapping with all that it inherits and every default written out.",
        discussion: """
            Each line says from which file and line it comes, or that it is a default. What is printed is itself a mapping \
            that means the same. Exit codes: 0 done, 66 not there, 78 the mapping is wrong.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @Argument(help: "A mapping, by name or file.") var mapping: String

    func run() throws {
        let console = output.console
        let options = mappings
        if let base = try options.library(console).mappings[mapping], base.isAbstract {
            return console.out(Array(EffectiveMapping(base, nil).text.utf8))
        }
        var choice = ChoiceOptions()
        choice.mapping = mapping
        let (library, index) = try choice.loadOne(options, console)
        let compiled = library.set.mappings[index]
        console.out(Array(EffectiveMapping(compiled.mapping, compiled).text.utf8))
    }
}

struct DocsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs", abstract: "Print a mapping as the table an analyst would write by hand, in Markdown.",
        discussion: "Exit codes: 0 done, 66 not there, 73 cannot write, 78 the mapping is wrong.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var mappings: MappingOptions
    @Argument(help: "A mapping, by name or file.") var mapping: String
    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a new file.", valueName: "file")) var out: String?

    func run() throws {
        let console = output.console
        var choice = ChoiceOptions()
        choice.mapping = mapping
        let (library, index) = try choice.loadOne(mappings, console)
        let text = MappingDocumentation(library.set.mappings[index]).text
        if let out { try OutputFile.write(text, to: out, console) } else { console.out(Array(text.utf8)) }
    }
}
