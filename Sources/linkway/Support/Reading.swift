import ArgumentParser
import Gateway
import Mappings
import Reporting
import SourceDocuments

/// Reading and translating documents named on the command line: what several commands do alike.
struct Reading {
    let console: Console
    let chosen: ChosenMappings
    let translator: Translator

    init(_ chosen: ChosenMappings, _ options: Translator.Options, _ console: Console) {
        self.chosen = chosen
        self.console = console
        translator = Translator(chosen.library.set, options: options)
    }

    var set: MappingSet { chosen.library.set }

    /// Reads a document and translates it. A document that is not there ends the command.
    func translate(_ path: String) throws -> Translation {
        let bytes = try InputDocument.read(path, console)
        return translator.translate(bytes, named: Self.name(path), with: chosen.index)
    }

    /// Ends the command when no mapping read the document, saying why.
    func requireMapping(_ translation: Translation) throws {
        guard translation.mapping == nil else { return }
        console.say(translation.findings)
        throw exit(for: translation)
    }

    /// The exit code of a document that no mapping read: 78 where a mapping that is wrong might have been the one.
    func exit(for translation: Translation) -> ExitCode {
        let isKnownKind = translation.format != nil
        guard isKnownKind, chosen.index == nil, !chosen.library.isUsable else { return .unreadable }
        chosen.sayBroken(console)
        return .badConfiguration
    }

    static func name(_ path: String) -> String { path == "-" ? "standard input" : path }
}
