import Reporting

/// What can be told of a document before it is parsed: its size, whether it is empty, and its outer shape.
enum Intake {
    enum Shape {
        case xml
        case json
        /// HL7 v2 with its delimiters.
        case pipes
        /// Comma-separated values, with the names of the columns in the first line.
        case table

        var format: SourceFormat {
            switch self {
            case .xml: .xml
            case .json: .json
            case .pipes: .hl7v2
            case .table: .csv
            }
        }
    }

    /// Places in a document are 32-bit numbers, and libxml2 counts in signed ones.
    private static let hardLimit = Int(Int32.max) - 64

    static func sizeProblem(_ size: Int, _ limits: Limits) -> ReadProblem? {
        let limit = min(limits.bytes, hardLimit)
        guard size > limit else { return nil }
        return ReadProblem("document-too-large", at: 0, "the document has \(size) bytes; this channel takes \(limit)")
    }

    static func emptyProblem(_ bytes: [UInt8]) -> ReadProblem? {
        if bytes.isEmpty { return ReadProblem("document-empty", at: 0, "the document is empty") }
        guard let first = firstContent(bytes), first < bytes.count else {
            return ReadProblem("document-empty", at: 0, "the document holds nothing but white space")
        }
        return nil
    }

    /// The shape that the first bytes show, or `nil` when they show none.
    static func shape(of text: [UInt8]) -> Shape? {
        guard let first = firstContent(text) else { return nil }
        switch text[first] {
        case UInt8(ascii: "<"): return .xml
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
        case 0x0B: return text[(first + 1)...].starts(with: "MSH".utf8) ? .pipes : nil
        case UInt8(ascii: "M") where text[first...].starts(with: "MSH".utf8): return .pipes
        default: return CSVText.isTable(text, from: first) ? .table : nil
        }
    }

    /// The shape to read a document in: what it shows, if that is what the channel expects.
    static func shape(of text: [UInt8], expecting format: SourceFormat?) throws(ReadProblem) -> Shape {
        let start = firstContent(text) ?? 0
        guard let shown = shape(of: text) else {
            if format == .json { return .json }
            if format == .csv { return .table }
            throw ReadProblem("format-unknown", at: start, "this begins neither XML, JSON, HL7 v2 nor a table")
        }
        guard let format, !format.canStand(as: shown) else { return shown }
        throw ReadProblem(
            "format-unexpected", at: start,
            "this channel takes \(name(of: format)), and the document looks like \(name(of: shown.format))")
    }

    private static func name(of format: SourceFormat) -> String {
        switch format {
        case .xml: "XML"
        case .json: "JSON"
        case .fhir: "FHIR in XML or JSON"
        case .hl7v2: "HL7 v2"
        case .csv: "a table (CSV)"
        }
    }

    /// The first byte after byte order mark and white space.
    static func firstContent(_ text: [UInt8]) -> Int? {
        var index = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while index < text.count {
            let byte = text[index]
            if byte != 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { return index }
            index += 1
        }
        return nil
    }
}

extension SourceFormat {
    /// Whether a document of this format can have that outer shape.
    fileprivate func canStand(as shape: Intake.Shape) -> Bool {
        switch self {
        case .xml: shape == .xml
        case .json: shape == .json
        case .fhir: shape == .xml || shape == .json
        case .hl7v2: shape == .xml || shape == .pipes
        case .csv: shape == .table
        }
    }
}
