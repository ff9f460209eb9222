import Reporting

/// V17: files that came with a referral are of kinds that can be opened without harm.
///
/// Judges by media type and size; bytes are judged where they are decoded.
enum AttachmentRule: Rule {
    static let number = "V17"
    static let summary = "attachments have an allowed type and size and nothing that runs"
    static let codes = [
        RuleCode("attachment-type-missing", minimum: .warn, prsb: .warn),
        RuleCode("attachment-type-refused", minimum: .quarantine, prsb: .quarantine),
        RuleCode("attachment-active", minimum: .quarantine, prsb: .quarantine),
        RuleCode("attachment-too-large", minimum: .quarantine, prsb: .quarantine),
    ]

    /// Bytes; what a practice system takes with a document.
    static let sizeLimit = 20 << 20

    /// Types that only show something. `text/html` is among them: its script is looked for where it is decoded.
    static let allowed: [String] = [
        "application/pdf", "text/plain", "text/html", "text/xml", "application/xml", "text/rtf", "application/rtf",
        "application/xhtml+xml", "application/fhir+json", "application/fhir+xml", "application/json", "text/csv",
        "application/hl7-cda+xml", "image/jpeg", "image/jpg", "image/png", "image/tiff", "image/gif", "image/bmp",
        "application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.ms-excel",
        "application/vnd.oasis.opendocument.text", "audio/mpeg", "video/mp4",
    ]

    /// Parts of types that run: programs, scripts, documents with macros, pictures with scripts.
    static let active: [String] = [
        "javascript", "ecmascript", "macroenabled", "x-msdownload", "x-msdos-program", "x-executable", "x-sh",
        "java-archive",
        "x-bat", "vbscript", "svg+xml", "x-ms-installer", "x-msi", "hta", "x-shockwave-flash",
    ]

    static func check(_ context: inout RuleContext) {
        for document in context.all(context.fields.documents) {
            checkType(of: document, &context)
            checkSize(of: document, &context)
        }
    }

    private static func checkType(of document: UInt32, _ context: inout RuleContext) {
        let field = context.fields.documentType
        guard let node = context.first(field, in: document) else {
            return context.report("attachment-type-missing", field, at: document)
        }
        if context.read(node, isAllowed) { return }
        let type = context.referral.text(node).lowercased()
        let isActive = active.contains(where: type.contains)
        context.report(isActive ? "attachment-active" : "attachment-type-refused", field, at: node)
    }

    /// Whether a media type, its parameters left out and without regard to case, is on the list.
    private static func isAllowed(_ type: Span<UInt8>) -> Bool {
        var end = 0
        while end < type.count, type[end] != UInt8(ascii: ";"), type[end] != 0x20 { end += 1 }
        for known in allowed where known.utf8.count == end {
            var index = 0
            for letter in known.utf8 {
                let byte = type[index]
                guard letter == (byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte) else { break }
                index += 1
            }
            if index == end { return true }
        }
        return false
    }

    private static func checkSize(of document: UInt32, _ context: inout RuleContext) {
        let field = context.fields.documentSize
        guard let node = context.first(field, in: document) else { return }
        let size = context.read(node) { CalendarDay.number($0, 0, min($0.count, 18)) }
        if let size, size > sizeLimit { context.report("attachment-too-large", field, at: node) }
    }
}
