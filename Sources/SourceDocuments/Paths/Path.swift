/// The language a path is written in; each format has one.
package enum PathLanguage: String, Sendable {
    case xpath = "XPath"
    case jsonPath = "JSONPath"
    case fhirPath = "FHIRPath"

    package init(_ format: SourceFormat) {
        switch format {
        case .xml, .hl7v2: self = .xpath
        case .json: self = .jsonPath
        case .fhir: self = .fhirPath
        }
    }
}

/// What is wrong with a path, at a byte offset in its text.
package struct PathProblem: Sendable, Hashable {
    package var offset: Int
    /// One lower-case sentence.
    package var message: String
    package var help: String?

    package init(offset: Int, message: String, help: String? = nil) {
        self.offset = offset
        self.message = message
        self.help = help
    }
}
