package import DurableFiles
package import Gateway
import Mappings

/// The golden files of a project, and what was received instead of them.
package enum GoldenFiles {
    static let suffix = ".received"

    /// Writes what came out beside each golden file that would change.
    package static func writeReceived(_ cases: [GoldenTests.Case]) throws(FileError) {
        for result in cases {
            guard let file = result.goldenFile else { continue }
            try Files.remove(file + suffix)
            if let received = result.received { try Files.create(file + suffix, received) }
        }
    }

    /// Makes what came out the golden files.
    /// - Returns: The files written.
    package static func accept(_ cases: [GoldenTests.Case]) throws(FileError) -> [String] {
        var accepted: [String] = []
        for result in cases {
            guard let file = result.goldenFile, let received = result.received else { continue }
            let temporary = file + suffix
            try Files.remove(temporary)
            try Files.create(temporary, received)
            try Files.replace(file, with: temporary)
            accepted.append(file)
        }
        return accepted
    }

    /// Removes what was received, in the folders of the samples.
    /// - Returns: The files removed.
    package static func reject(in library: MappingLibrary) throws(FileError) -> [String] {
        var removed: [String] = []
        for compiled in library.set.mappings {
            for test in compiled.mapping.tests {
                guard let golden = test.expected else { continue }
                let file = library.sample(golden.text, of: compiled.mapping) + suffix
                guard Files.exists(file) else { continue }
                try Files.remove(file)
                removed.append(file)
            }
        }
        return removed
    }
}
