package import Reporting

/// Reads documents of every format, one after another, keeping its buffers and parser.
///
/// Not for use by two threads at once; each worker has its own. Pure: no file, no clock, no network.
/// A document is read whole or not at all: with an error finding there is no tree.
package final class DocumentReader {
    package let limits: Limits

    private var json: JSONReader
    private let xml: XMLReader
    private var pipes: ER7Reader
    private var table: CSVReader
    private var plain: PlainFHIRReader
    private let takesShortWay: Bool
    private var fhir = FHIRTree()
    private var hl7 = HL7FromXML()

    package convenience init(limits: Limits = .standard) { self.init(limits: limits, takesShortWay: true) }

    /// - Parameters:
    ///   - refusesRepeatedKeys: Only for a test of JSON's grammar alone; see ``JSONReader``.
    ///   - takesShortWay: Whether plain FHIR JSON is read straight into its tree; only a test that compares both ways says no.
    init(limits: Limits, refusesRepeatedKeys: Bool = true, takesShortWay: Bool = true) {
        var limits = limits
        limits.depth = min(limits.depth, Limits.deepest)
        self.limits = limits
        json = JSONReader(limits: limits, refusesRepeatedKeys: refusesRepeatedKeys)
        plain = PlainFHIRReader(limits: limits)
        self.takesShortWay = takesShortWay && refusesRepeatedKeys
        xml = XMLReader(limits: limits)
        pipes = ER7Reader(limits: limits)
        table = CSVReader(limits: limits)
    }

    /// Reads a document into `document`, which is emptied first and keeps its buffers and symbols.
    ///
    /// Costs about the time of one bare parse. The document's source is its text as UTF-8, kept on failure too, so that
    /// a command can show the line.
    ///
    /// - Parameters:
    ///   - name: What a person knows the document by, for findings.
    ///   - format: The format it must have; `nil` to take whichever of the five its content shows.
    ///   - findings: Errors and warnings are appended, each with its line and column.
    /// - Returns: Whether it was read. If not, at least one error was appended and `document.nodes` is empty.
    package func read(
        _ bytes: [UInt8], named name: String = "", as format: SourceFormat? = nil, into document: inout SourceDocument,
        reporting findings: inout [Finding]
    ) -> Bool {
        document.clear()
        document.name = name
        var notes: [ReadProblem] = []
        do throws(ReadProblem) {
            try decode(bytes, into: &document.source)
            try build(format, into: &document, noting: &notes)
        } catch {
            let path = document.nodes.isEmpty ? nil : openPath(in: document)
            findings.append(error.finding(in: document.source, named: name, path: path))
            document.clear()
            return false
        }
        for note in notes { findings.append(note.finding(in: document.source, named: name)) }
        return true
    }

    /// The finding for a document of this size, so that it need not be loaded; `nil` when it may be read.
    package static func refusal(ofSize bytes: Int, named name: String = "", limits: Limits = .standard) -> Finding? {
        guard let problem = Intake.sizeProblem(bytes, limits) else { return nil }
        return Finding(
            problem.code, nil, problem.message, at: Finding.Location(document: name), why: problem.code.entry.why,
            help: problem.code.entry.help)
    }

    /// The format that a document's first bytes promise, or `nil`. Costs nothing; FHIR shows only when it is read, so
    /// it counts as `xml` or `json` here.
    package static func recognise(_ bytes: [UInt8]) -> SourceFormat? { Intake.shape(of: bytes)?.format }

    private func decode(_ bytes: [UInt8], into text: inout [UInt8]) throws(ReadProblem) {
        if let problem = Intake.sizeProblem(bytes.count, limits) {
            text = []
            throw problem
        }
        let found: TextEncoding.Found
        do throws(ReadProblem) {
            if let problem = Intake.emptyProblem(bytes) ?? FileKind.problem(with: bytes) { throw problem }
            found = try encoding(of: bytes)
        } catch {
            text = bytes
            throw error
        }
        try TextEncoding.decode(bytes, as: found, sharing: Intake.shape(of: bytes) != .xml, into: &text)
    }

    private func encoding(of bytes: [UInt8]) throws(ReadProblem) -> TextEncoding.Found {
        var found = try TextEncoding.detect(bytes)
        if found.markLength == 0, Intake.shape(of: bytes) == .pipes, let named = ER7Reader.declaredEncoding(bytes) {
            found.encoding = named
        }
        return found
    }

    private func build(
        _ format: SourceFormat?, into document: inout SourceDocument, noting notes: inout [ReadProblem]
    ) throws(ReadProblem) {
        switch try Intake.shape(of: document.source, expecting: format) {
        case .xml:
            document.format = .xml
            try XMLPrecheck.check(document.source, limit: limits.attributes)
            if let problem = xml.read(into: &document) { throw problem }
            if format == .hl7v2 || (format == nil && HL7FromXML.isMessage(document)) { try hl7.build(in: &document) }
        case .json:
            if readPlainFHIR(format, into: &document) { return }
            document.format = .json
            try json.read(into: &document)
        case .pipes:
            document.format = .hl7v2
            try pipes.read(into: &document)
        case .table:
            document.format = .csv
            try table.read(into: &document)
            notes = table.notes
            return
        }
        if format == .fhir || (format == nil && FHIRTree.isResource(document)) {
            try fhir.build(in: &document)
            notes = fhir.notes
        }
    }

    /// Reads FHIR JSON the short way, where it may be FHIR and is plain enough for that. If not, the document is empty again.
    private func readPlainFHIR(_ format: SourceFormat?, into document: inout SourceDocument) -> Bool {
        guard takesShortWay, format == nil || format == .fhir,
            format == .fhir || PlainFHIRReader.beginsWithType(document.source.span)
        else { return false }
        if plain.read(into: &document) { return true }
        document.clear()
        return false
    }

    /// The path of the innermost element or value that was open when reading stopped.
    private func openPath(in document: SourceDocument) -> String? {
        var node = document.nodes.count - 1
        while node > 0, document.nodes[node].end != 0, document.nodes[node].next != 0 {
            node = Int(document.nodes[node].parent)
        }
        return node > 0 ? document.path(of: NodeID(node)) : nil
    }
}
