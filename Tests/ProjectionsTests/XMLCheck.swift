import Reporting
import SourceDocuments

/// Whether a text is XML, by the reader that receivers of ours would use.
enum XMLCheck {
    static func isWellFormed(_ text: String) -> Bool {
        var document = SourceDocument()
        var findings: [Finding] = []
        return DocumentReader().read(Array(text.utf8), into: &document, reporting: &findings)
            && document.format == .fhir
    }
}
