import DurableFiles
package import Gateway
package import Mappings

/// The samples that the tests of mappings name.
package enum Samples {
    /// The files of one mapping's samples, each once, in the order of its tests; those that are not there too.
    package static func files(of compiled: CompiledMapping, in library: MappingLibrary) -> [String] {
        var files: [String] = []
        for test in compiled.mapping.tests {
            let file = library.sample(test.sample.text, of: compiled.mapping)
            if !files.contains(file) { files.append(file) }
        }
        return files
    }

    /// The coverage of the samples of one mapping, or of all.
    /// - Parameter translator: One that was asked for details.
    package static func coverage(
        of mapping: Int? = nil, in library: MappingLibrary, with translator: Translator
    ) -> CoverageReport {
        var report = CoverageReport(library.set)
        for index in library.set.mappings.indices where mapping ?? index == index {
            for file in files(of: library.set.mappings[index], in: library) {
                guard let bytes = try? Files.read(file) else { continue }
                let translation = translator.translate(bytes, named: file, with: index)
                if translation.mapping != nil { report.add(translation) }
            }
        }
        return report
    }
}
