import DurableFiles
package import Gateway
import Mappings
package import Reporting
import SourceDocuments

/// Rules whose paths select nothing in any sample of their mapping: often a name misspelt.
///
/// Judged only where there is something to judge by: a mapping without samples is passed over, and below a group that no
/// sample enters only the group itself is named. A rule with several paths is met when one of them is, and one that
/// several mappings share through `extends` when a sample of any of them meets it.
///
/// It is a warning where a step stands beside something of nearly the same name that nothing else reads; elsewhere the
/// samples may simply not have it, and it is a note.
package enum PathsNeverMet {
    package static func findings(in library: MappingLibrary) -> [Finding] {
        let trials = library.set.mappings.map { trial(of: $0, in: library) }
        let met = trials.reduce(into: Set<Mapping.Place>()) { $0.formUnion($1.metPlaces) }
        var findings: [Finding] = []
        for trial in trials {
            for finding in trial.findings(met) where !findings.contains(where: { $0.location == finding.location }) {
                findings.append(finding)
            }
        }
        return findings
    }

    private static func trial(of mapping: CompiledMapping, in library: MappingLibrary) -> PathTrial {
        var trial = PathTrial(mapping)
        let reader = DocumentReader()
        var document = SourceDocument(symbols: library.set.symbols)
        for file in Samples.files(of: mapping, in: library) {
            var ignored: [Finding] = []
            guard let bytes = try? Files.read(file, limit: Limits.standard.bytes),
                reader.read(bytes, named: file, as: mapping.format, into: &document, reporting: &ignored)
            else { continue }
            trial.run(on: &document)
        }
        return trial
    }
}
