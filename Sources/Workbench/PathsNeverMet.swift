package import Gateway
import Mappings
package import Reporting
import SourceDocuments

/// Rules whose paths select nothing in any sample of their mapping: often a name misspelt.
package enum PathsNeverMet {
    package static func findings(in library: MappingLibrary) -> [Finding] {
        library.set.mappings.flatMap { findings(of: $0, in: library) }
    }

    private static func findings(of mapping: CompiledMapping, in library: MappingLibrary) -> [Finding] { [] }
}
