import DurableFiles
package import Gateway
package import Mappings
package import Referrals
package import Reporting
import SourceDocuments

/// The tests that stand in mapping files: each a sample with the referral or the finding that must come of it.
package struct GoldenTests {
    package struct Case: Sendable {
        package enum Status: String, Sendable {
            case passed, failed
            /// Another referral than the golden file holds; a person decides.
            case changed
            /// There is no golden file yet.
            case pending
        }

        package var mapping: String
        package var name: String
        /// Where the test is written.
        package var place: Mapping.Place
        package var status: Status
        /// Why it did not pass.
        package var message: String?
        package var changes: [ReferralDifference.Change] = []
        package var findings: [Finding] = []
        /// The golden file, and what came instead of it.
        package var goldenFile: String?
        package var received: [UInt8]?
    }

    let library: MappingLibrary
    let translator: Translator

    package init(_ library: MappingLibrary, today: CalendarDay) {
        self.library = library
        translator = Translator(library.set, options: Translator.Options(today: today))
    }

    /// Runs the tests of all mappings, or of those whose mapping or sample holds the filter text.
    package func run(filter: String? = nil) -> [Case] {
        var cases: [Case] = []
        for compiled in library.set.mappings {
            for test in compiled.mapping.tests {
                let name = self.name(of: test)
                if let filter, !name.contains(filter), !compiled.name.contains(filter) { continue }
                cases.append(run(test, name, compiled))
            }
        }
        return cases
    }

    private func name(of test: Mapping.Test) -> String {
        let changes =
            test.changes.isEmpty ? "" : " with \(test.changes.map(\.path.text).joined(separator: ", ")) changed"
        let finding = test.expectedFinding.map { " → \($0.text)" } ?? ""
        return test.sample.text + changes + finding
    }

    private func run(_ test: Mapping.Test, _ name: String, _ compiled: CompiledMapping) -> Case {
        var result = Case(mapping: compiled.name, name: name, place: test.place, status: .passed)
        let path = library.sample(test.sample.text, of: compiled.mapping)
        guard var bytes = try? Files.read(path) else {
            return failed(result, "there is no sample \(path)")
        }
        if !test.changes.isEmpty {
            guard let changed = SampleChange.apply(test.changes, to: bytes, compiled, library.set) else {
                return failed(result, "a path under `set` selects no value that can be changed in the sample")
            }
            bytes = changed
        }
        let index = library.set.index(named: compiled.name)
        let translation = translator.translate(bytes, named: path, with: index)
        result.findings = translation.findings
        if let wanted = test.expectedFinding, !translation.findings.contains(where: { $0.code.rawValue == wanted.text })
        {
            let got = Set(translation.findings.map(\.code.rawValue)).sorted()
            return failed(
                result, "expected the finding \(wanted.text), got \(got.isEmpty ? "none" : got.joined(separator: ", "))"
            )
        }
        if test.expectedFinding == nil, translation.outcome != .accepted {
            let worst = translation.findings.first { $0.severity == translation.findings.worst }
            return failed(result, "the referral is \(translation.outcome.rawValue): \(worst?.message ?? "")")
        }
        if let golden = test.expected { compare(translation, with: golden.text, compiled, &result) }
        return result
    }

    private func failed(_ result: Case, _ message: String) -> Case {
        var result = result
        result.status = .failed
        result.message = message
        return result
    }

    private func compare(
        _ translation: Translation, with golden: String, _ compiled: CompiledMapping, _ result: inout Case
    ) {
        let path = library.sample(golden, of: compiled.mapping)
        let received = Self.json(translation)
        result.goldenFile = path
        guard let expected = try? Files.read(path) else {
            result.status = .pending
            result.message = "there is no golden file \(path) yet"
            result.received = received
            result.changes = ReferralDifference.between([], received).changes
            return
        }
        guard expected != received else { return }
        result.status = .changed
        result.received = received
        result.changes = ReferralDifference.between(expected, received).changes
        result.message = result.changes.isEmpty ? "the golden file has the same values in another layout" : nil
    }

    /// What a golden file holds: one referral, or a list of them, indented.
    static func json(_ translation: Translation) -> [UInt8] {
        var output: [UInt8] = []
        if translation.parts.count == 1 {
            CanonicalJSON.write(translation.parts[0].referral, into: &output, pretty: true)
        } else {
            for part in translation.parts {
                CanonicalJSON.write(part.referral, into: &output, pretty: false)
                output.append(0x0A)
            }
            return output
        }
        if output.last != 0x0A { output.append(0x0A) }
        return output
    }
}
