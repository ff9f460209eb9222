import Custody
import Reporting
import SourceDocuments

/// Reads what an acknowledgement says: which message it answers, and whether that was taken.
///
/// One internal value for many wire forms: FHIR message responses (ITK3, BaRS) by `MessageHeader.response`, HL7 v2 by MSA,
/// HL7 v3 by `acknowledgement`, ITK by its response elements. It is asked only about documents that were recognised as
/// no referral. When an answer says two things at once, the worse one counts: a person looks.
struct AcknowledgementReader {
    private var document: SourceDocument
    private var evaluator = PathEvaluator()
    private let at: Instant

    private init(_ document: SourceDocument, at: Instant) {
        self.document = document
        self.at = at
        evaluator.begin(document)
    }

    /// - Parameters:
    ///   - format: As it was recognised.
    ///   - at: When it came.
    /// - Returns: `nil` when it is no acknowledgement.
    static func read(_ bytes: [UInt8], format: String?, at: Instant) -> Acknowledgement? {
        guard let format = format.flatMap(SourceFormat.init(rawValue:)) else { return nil }
        let paths = AcknowledgementPaths.of(format)
        var document = SourceDocument(symbols: paths.symbols)
        var unsaid: [Finding] = []
        guard DocumentReader().read(bytes, as: format, into: &document, reporting: &unsaid), document.root != nil
        else { return nil }
        var reader = AcknowledgementReader(document, at: at)
        switch format {
        case .fhir: return reader.fhir(paths)
        case .hl7v2: return reader.hl7v2(paths)
        case .xml: return reader.hl7v2(paths) ?? reader.hl7v3(paths) ?? reader.itk(paths)
        case .json, .csv: return nil
        }
    }

    private mutating func texts(_ path: AcknowledgementPaths.Name, _ paths: AcknowledgementPaths) -> [String] {
        guard let root = document.root, let path = paths[path] else { return [] }
        var nodes: [NodeID] = []
        evaluator.select(path, from: root, in: &document, into: &nodes)
        return nodes.map { document.text(document.stringValue($0)).trimmed }
    }

    // MARK: FHIR

    /// `MessageHeader.response` of a Bundle (FHIR STU3 and R4), or a bare OperationOutcome, which names no message.
    private mutating func fhir(_ paths: AcknowledgementPaths) -> Acknowledgement? {
        let response = texts(.responseCode, paths)
        let severities = texts(.severity, paths)
        guard !response.isEmpty || !severities.isEmpty else { return nil }
        let codes = texts(.issueCode, paths)
        let isITK = texts(.event, paths).contains("ITK008M")
        let isWithdrawn = texts(.requestStatus, paths).contains { $0 == "revoked" || $0 == "entered-in-error" }
        let isError = severities.contains { $0 == "error" || $0 == "fatal" }
        let verdict: Acknowledgement.Verdict
        if texts(.issueType, paths).contains("duplicate") {
            verdict = .duplicate
        } else if response.contains("transient-error") {
            verdict = .notDelivered
        } else if response.contains("fatal-error") || isError || isWithdrawn {
            verdict = isWithdrawn || codes.contains(where: AcknowledgementCause.isBusiness) ? .wrongTarget : .refused
        } else {
            verdict = response.isEmpty || response.contains("ok") ? .received : .unclear
        }
        return make(
            isITK ? "itk3" : "fhir", verdict, codes.first ?? (isWithdrawn ? "rejected" : response.first),
            texts(.responseTo, paths))
    }

    // MARK: HL7

    /// MSA of an ACK, a delayed ACK or an answer to a referral (HL7 v2.8, 2.15.8): AA, AE, AR, and CA, CE, CR of the
    /// enhanced mode.
    private mutating func hl7v2(_ paths: AcknowledgementPaths) -> Acknowledgement? {
        guard let code = texts(.msaCode, paths).first, texts(.messageType, paths).contains(where: Self.isAnswer)
        else { return nil }
        return make("hl7v2", Self.verdict(code), code, texts(.msaControl, paths))
    }

    private static func isAnswer(_ type: String) -> Bool { ["ACK", "MCF", "RRI"].contains(String(type.prefix(3))) }

    /// `acknowledgement/@typeCode` of an application acknowledgement (MCCI), or of an ITK business response.
    private mutating func hl7v3(_ paths: AcknowledgementPaths) -> Acknowledgement? {
        guard let code = texts(.typeCode, paths).first else { return nil }
        return make("hl7v3", Self.verdict(code), code, texts(.messageRef, paths))
    }

    private static func verdict(_ code: String) -> Acknowledgement.Verdict {
        switch code {
        case "AA", "CA": .received
        case "AE", "CE": .refused
        case "AR", "CR": .wrongTarget
        default: .unclear
        }
    }

    // MARK: ITK

    private mutating func itk(_ paths: AcknowledgementPaths) -> Acknowledgement? {
        let error = texts(.itkError, paths)
        let result = texts(.itkResult, paths)
        let isThere = !texts(.itkAnswer, paths).isEmpty
        guard isThere || !error.isEmpty else { return nil }
        let isRefused = !error.isEmpty || result.contains { $0 != "OK" }
        return make(
            "itk", isRefused ? .refused : .received, error.first ?? result.first, texts(.itkRelates, paths))
    }

    private func make(
        _ kind: String, _ verdict: Acknowledgement.Verdict, _ code: String?, _ keys: [String]
    ) -> Acknowledgement {
        let made = keys.map {
            Acknowledgement(
                at: at, kind: kind, verdict: verdict, code: code, cause: AcknowledgementCause.of(verdict, code),
                key: $0)
        }
        return made.first { $0.key != nil }
            ?? Acknowledgement(
                at: at, kind: kind, verdict: verdict, code: code, cause: AcknowledgementCause.of(verdict, code),
                key: nil)
    }
}

extension String {
    /// Without white space at its ends.
    fileprivate var trimmed: String {
        let end = lastIndex { !$0.isWhitespace }
        return end.map { String(self[...$0].drop { $0.isWhitespace }) } ?? ""
    }
}
