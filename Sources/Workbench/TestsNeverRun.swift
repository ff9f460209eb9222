import DurableFiles
package import Gateway
import Mappings
package import Reporting

/// What stands under `tests:` and cannot be done: a sample that is not there, a path under `set` that selects nothing.
///
/// A mapping none of whose samples is there is passed over: a gateway is often installed without them.
package enum TestsNeverRun {
    package static func findings(in library: MappingLibrary) -> [Finding] {
        var findings: [Finding] = []
        for compiled in library.set.mappings {
            let files = Samples.files(of: compiled, in: library)
            let hasSamples = files.contains { Files.exists($0) }
            for test in compiled.mapping.tests {
                let file = library.sample(test.sample.text, of: compiled.mapping)
                if let bytes = try? Files.read(file) {
                    findings += unchangeable(test, in: bytes, compiled, library)
                } else if let finding = missing(test, file, isTold: hasSamples) {
                    findings.append(finding)
                }
            }
        }
        return findings
    }

    /// - Parameter isTold: Whether other samples are there, so that this one should be.
    private static func missing(_ test: Mapping.Test, _ file: String, isTold: Bool) -> Finding? {
        let folder = Files.parent(of: file)
        let names = (try? Files.list(folder)) ?? []
        let near = Suggestion.nearest(to: test.sample.text, among: names.sorted())
        guard isTold || near != nil else { return nil }
        return Finding(
            "sample-missing", .warning, "there is no sample `\(test.sample.text)`", at: test.sample.place.location,
            help: near.map { "did you mean `\($0)`?" } ?? "put it into \(folder), or take the test away")
    }

    private static func unchangeable(
        _ test: Mapping.Test, in bytes: [UInt8], _ compiled: CompiledMapping, _ library: MappingLibrary
    ) -> [Finding] {
        var bytes = bytes
        for change in test.changes {
            guard let changed = SampleChange.apply([change], to: bytes, compiled, library.set) else {
                return [
                    Finding(
                        "path-never-met", .warning,
                        "`\(change.path.text)` selects no value of `\(test.sample.text)` that can be changed",
                        at: change.path.place.location)
                ]
            }
            bytes = changed
        }
        return []
    }
}
