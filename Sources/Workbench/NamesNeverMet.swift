import DurableFiles
package import Gateway
import Mappings
package import Reporting
import SourceDocuments

/// Names under `ignore:` and `watch:` that nothing goes by, near one that something does: a path that is misspelt there
/// lets pass unseen what should have been watched for.
///
/// A name is known when a document among the samples of any mapping has it, a rule reads it, or two of the listed paths
/// have it: packs ignore much that their own samples do not show, and a word of the format is not a mistake. What is
/// suggested is a name of the mapping's own samples and rules, a letter or two away.
package enum NamesNeverMet {
    package static func findings(in library: MappingLibrary) -> [Finding] {
        let names = library.set.mappings.map { own(of: $0, in: library) }
        let known = names.reduce(into: Set<String>()) { $0.formUnion($1) }.union(listedTwice(in: library))
        var findings: [Finding] = []
        for (mapping, own) in zip(library.set.mappings, names) where !own.isEmpty {
            for path in listed(mapping) {
                guard let finding = finding(path, known: known, own: own), !findings.contains(finding) else { continue }
                findings.append(finding)
            }
        }
        return findings
    }

    private static func listed(_ mapping: CompiledMapping) -> [Mapping.Placed] {
        mapping.mapping.watched + mapping.mapping.ignored.map(\.path)
    }

    private static func own(of mapping: CompiledMapping, in library: MappingLibrary) -> Set<String> {
        var hints = NameHints()
        let reader = DocumentReader()
        var document = SourceDocument(symbols: library.set.symbols)
        for file in Samples.files(of: mapping, in: library) {
            var ignored: [Finding] = []
            guard let bytes = try? Files.read(file, limit: Limits.standard.bytes),
                reader.read(bytes, named: file, as: mapping.format, into: &document, reporting: &ignored)
            else { continue }
            hints.add(document)
        }
        guard !hints.names.isEmpty else { return [] }
        return hints.names.union(WrittenRules(mapping.mapping).paths.flatMap { NameHints.names(in: $0) })
    }

    /// Names that stand in two listed paths at least; one that several mappings share through `extends` counts once.
    private static func listedTwice(in library: MappingLibrary) -> Set<String> {
        var places: [String: Set<Mapping.Place>] = [:]
        for mapping in library.set.mappings {
            for path in listed(mapping) {
                for name in NameHints.names(in: path.text) { places[name, default: []].insert(path.place) }
            }
        }
        return Set(places.filter { $0.value.count > 1 }.keys)
    }

    private static func finding(_ path: Mapping.Placed, known: Set<String>, own: Set<String>) -> Finding? {
        for name in NameHints.names(in: path.text) where !known.contains(name) {
            let near = Suggestion.nearest(to: name, among: own.filter { DocumentName.isTellable($0) }.sorted())
            guard let near, isSlip(name, of: near) else { continue }
            return Finding(
                "path-never-met", .warning, "`\(path.text)` can match nothing: no sample and no rule has `\(name)`",
                at: path.place.location, help: "did you mean `\(near)`?")
        }
        return nil
    }

    /// One letter wrong, or two of eight and more. Formats have many short names that differ by one letter or number,
    /// such as IN1 and IN2: those are different things.
    private static func isSlip(_ name: String, of near: String) -> Bool {
        let letters = { (text: String) in text.filter { !$0.isNumber } }
        guard name.count >= 4, letters(name) != letters(near) || name.lowercased() == near.lowercased() else {
            return false
        }
        let distance = Suggestion.distance(Array(name.lowercased().utf8), Array(near.lowercased().utf8))
        return distance <= (name.count >= 8 ? 2 : 1)
    }
}
