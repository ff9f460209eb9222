import Reporting
import SourceDocuments

/// What can be said of the tests of a mapping without reading a sample.
extension MappingCompiler {
    mutating func checkTests() {
        let codes = FindingCatalogue.entries.map(\.code)
        for test in mapping.tests {
            checkFiles(of: test)
            if let expected = test.expectedFinding, !codes.contains(expected.text) {
                complain(
                    "finding-unknown", "there is no finding `\(expected.text)`", expected.place,
                    help: nearest(expected.text, codes) ?? "docs/errors.md lists the codes")
            }
            for change in test.changes { checkPath(of: change.path) }
        }
    }

    /// To accept a golden file that is also the sample would write the referral over the document.
    private mutating func checkFiles(of test: Mapping.Test) {
        guard let expected = test.expected, expected.text == test.sample.text else { return }
        complain(
            "mapping-form", "the sample cannot be its own golden file", expected.place,
            help: "write `expect: NAME.referral.json`")
    }

    /// Compiles a path of `set`. Its names are forgotten again, and so it is not kept: no document is read by them.
    private mutating func checkPath(of path: Mapping.Placed) {
        if hasNoLanguage { return }
        let known = symbols.count
        _ = take(Path.compile(path.text, in: context, symbols: &symbols), path)
        symbols.forget(past: known)
    }
}
