import SourceDocuments

/// HL7 messages and documents, v2 and v3, and records of other systems that are no referrals, by what they are called.
///
/// What is said of them stands here; never a value of the document.
enum KnownMessages {
    /// By message type, MSH-9.1 (HL7 v2.8, table 0076). Referrals (REF) are not among them.
    private static let hl7v2: [String: String] = [
        "ACK": "an acknowledgement", "ADT": "an admission, a discharge or a change of a person's details",
        "BAR": "an account", "DFT": "a bill", "MCF": "a delayed acknowledgement", "MDM": "a document notice",
        "MFK": "an answer about a directory", "MFN": "a change of a directory", "OMD": "a diet order",
        "OMG": "a clinical order", "OMI": "an imaging order", "OML": "a laboratory order", "OMP": "a pharmacy order",
        "ORA": "an answer to an order", "ORD": "an answer to a diet order", "ORG": "an answer to an order",
        "ORL": "an answer to a laboratory order", "ORM": "an order", "ORP": "an answer to a pharmacy order",
        "ORR": "an answer to an order", "ORU": "results, most often of a laboratory",
        "OUL": "results of a laboratory", "PPR": "a problem record", "PPP": "a care pathway", "PGL": "a goal record",
        "QBP": "a query", "QRY": "a query", "RAS": "a record of medicines given", "RCI": "an answer to a query",
        "RCL": "an answer to a query", "RDE": "a prescription", "RDS": "a record of medicines dispensed",
        "RPA": "an answer about authorization", "RPI": "an answer about insurance", "RPL": "an answer to a query",
        "RQA": "a request for authorization", "RQC": "a query about a person", "RQI": "a query about insurance",
        "RQP": "a query about a person", "RRI": "an answer to a referral", "RSP": "an answer to a query",
        "SIU": "a notice of an appointment", "SRM": "a request for an appointment",
        "SRR": "an answer about an appointment", "VXU": "a record of vaccinations",
    ]

    /// `an HL7 v2 ADT (…)`, by the name of the message structure, such as `ADT_A05`.
    static func hl7v2Kind(named name: String) -> String? {
        let type = String(name.prefix { $0 != "_" })
        return hl7v2[type].map { "an HL7 v2 \(type) (\($0))" }
    }

    /// Kinds of C-CDA and other CDA documents by their LOINC code.
    private static let clinicalDocuments: [String: String] = [
        "34133-9": "a summary of care (CCD)", "18842-5": "a discharge summary", "34117-2": "a history and physical",
        "11506-3": "a progress note", "11504-8": "an operative note", "28570-0": "a procedure note",
        "18748-4": "an imaging report", "52521-2": "a care plan", "18761-7": "a transfer summary",
        "60591-5": "a patient summary", "11502-2": "a laboratory report",
    ]

    private static let elements: [String: String] = [
        " ReportMsg": "a Kettering message (a letter or results to a practice)",
        "urn:hl7-org:v3 MCCI_IN010000UK13": "an HL7 v3 application acknowledgement",
        "urn:hl7-org:v3 COPC_IN000001UK01":
            "a GP2GP common content message (a part of a record, or a request to go on)",
        "urn:hl7-org:v3 RCMR_IN010000UK05": "a GP2GP request for a record",
    ]

    /// What an element of a known name says a document is.
    static func elementKind(named name: String, at node: SourceNode, _ document: SourceDocument) -> String? {
        if name.hasPrefix(Self.v2) { return hl7v2Kind(named: String(name.dropFirst(Self.v2.count))) }
        if name == "urn:hl7-org:v3 ClinicalDocument" { return clinicalDocument(document) }
        return elements[name]
    }

    private static let v2 = "urn:hl7-org:v2xml "

    /// A CDA document of a kind that is listed here. Its code stands in its first elements.
    private static func clinicalDocument(_ document: SourceDocument) -> String? {
        var isInCode = false
        for node in document.nodes.prefix(80).dropFirst() {
            let name = document.symbols.name(node.name)
            if node.kind == .element { isInCode = name == "code" }
            guard isInCode, node.kind == .attribute, name == "code", node.hasValue else { continue }
            let range = TextRange(
                start: Int(node.valueStart), end: Int(node.valueEnd), isAside: node.flags.contains(.valueAside))
            return clinicalDocuments[document.text(range)].map { "a CDA document: \($0)" }
        }
        return nil
    }
}
