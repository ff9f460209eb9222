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
}
