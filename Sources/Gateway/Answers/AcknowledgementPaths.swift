import SourceDocuments

/// The places in acknowledgements that are read, compiled once for each format.
struct AcknowledgementPaths: Sendable {
    enum Name: Hashable, Sendable {
        case responseTo, responseCode, severity, issueType, issueCode, event, requestStatus
        case msaCode, msaControl, messageType
        case typeCode, messageRef
        case itkAnswer, itkError, itkResult, itkRelates
    }

    let symbols: SymbolTable
    private let paths: [Name: Path]

    subscript(name: Name) -> Path? { paths[name] }

    static func of(_ format: SourceFormat) -> AcknowledgementPaths {
        switch format {
        case .fhir: fhir
        case .hl7v2: hl7v2
        case .xml, .json, .csv: xml
        }
    }

    private init(_ context: PathContext, _ texts: KeyValuePairs<Name, String>) {
        var symbols = SymbolTable()
        var paths: [Name: Path] = [:]
        for (name, text) in texts {
            switch Path.compile(text, in: context, symbols: &symbols) {
            case .success(let path): paths[name] = path
            case .failure(let problem): preconditionFailure("a path of ours does not compile: \(problem.message)")
            }
        }
        self.symbols = symbols
        self.paths = paths
    }

    private static let fhir = AcknowledgementPaths(
        PathContext(language: .fhirPath, rootName: "Bundle"),
        [
            .responseTo: "entry.resource.ofType(MessageHeader).response.identifier",
            .responseCode: "entry.resource.ofType(MessageHeader).response.code",
            .severity: "issue.severity | entry.resource.ofType(OperationOutcome).issue.severity",
            .issueType: "issue.code | entry.resource.ofType(OperationOutcome).issue.code",
            .issueCode:
                "issue.details.coding.code | entry.resource.ofType(OperationOutcome).issue.details.coding.code",
            .event: "entry.resource.ofType(MessageHeader).event.code",
            .requestStatus: "entry.resource.ofType(ServiceRequest).status",
        ])

    private static let hl7v2 = AcknowledgementPaths(
        PathContext(language: .xpath),
        [
            .msaCode: "MSA/MSA.1", .msaControl: "MSA/MSA.2", .messageType: "MSH/MSH.9/MSH.9.1",
        ])

    private static let xml = AcknowledgementPaths(
        PathContext(
            language: .xpath,
            namespaces: [
                "v2": "urn:hl7-org:v2xml", "h": "urn:hl7-org:v3", "itk": "urn:nhs-itk:ns:201005",
                "wsa": "http://www.w3.org/2005/08/addressing",
            ]),
        [
            .msaCode: "//v2:MSA/v2:MSA.1", .msaControl: "//v2:MSA/v2:MSA.2",
            .messageType: "//v2:MSH/v2:MSH.9/v2:MSG.1",
            .typeCode: "//h:acknowledgement/@typeCode | //h:acknowledgedBy3/@typeCode",
            .messageRef:
                "//h:acknowledgement/h:messageRef/h:id/@root | //h:acknowledgedBy3/h:conveyingTransmission/h:id/@root",
            .itkAnswer:
                "//itk:SimpleMessageResponse | //itk:InfrastructureResponse | //itk:ToolkitErrorInfo",
            .itkError: "//itk:ErrorCode", .itkResult: "//itk:InfrastructureResponse/@result",
            .itkRelates: "//itk:InfrastructureResponse/@trackingIdRef | //wsa:RelatesTo",
        ])
}
