import Reporting

/// Why a document cannot be read, or what is odd about it, at a byte of its UTF-8 text.
///
/// The message names elements and keys at most, never a value.
struct ReadProblem: Error {
    var code: FindingCode
    /// `nil` takes the severity of the catalogue.
    var severity: Finding.Severity?
    var offset: Int
    var message: String
    var help: String?

    init(_ code: FindingCode, at offset: Int, _ message: String, help: String? = nil, severity: Finding.Severity? = nil)
    {
        self.code = code
        self.severity = severity
        self.offset = offset
        self.message = message
        self.help = help
    }

    /// The finding, placed by line and column in a text.
    func finding(in text: [UInt8], named name: String, path: String? = nil) -> Finding {
        let start = min(max(offset, 0), text.count)
        let location = Finding.Location(
            document: name, span: SourceSpan(start: start, end: min(start + 1, text.count)),
            position: Lines.position(at: start, in: text), path: path)
        let entry = code.entry
        return Finding(code, severity, message, at: location, why: entry.why, help: help ?? entry.help)
    }
}
