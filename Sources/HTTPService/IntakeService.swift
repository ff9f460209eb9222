internal import Reporting

/// What the intake serves: referrals, outcomes and their states under `/v1`, and BaRS-shaped messages under `/FHIR/R4`.
///
/// Who sends is checked before a byte of the body is read; a body is asked of nobody whose answer is known from the
/// head.
package struct IntakeService: Service {
    private let handler: any IntakeHandling
    private let limits: ServiceLimits
    private let fhir: FHIRDescription

    package init(handler: any IntakeHandling, limits: ServiceLimits = ServiceLimits(), softwareVersion: String = "") {
        self.handler = handler
        self.limits = limits
        self.fhir = FHIRDescription(softwareVersion: softwareVersion)
    }

    package func admit(_ head: ServiceRequestHead) -> Admission {
        let ids = RequestIDs(head)
        switch Route(head) {
        case .referrals: return referrals(head, ids)
        case .outcomes: return outcomes(head, ids)
        case .message(let reference): return message(reference, head, ids)
        case .processMessage: return processMessage(head, ids)
        case .metadata: return description(head, ids, fhir.capabilityStatement)
        case .messageDefinition: return description(head, ids, fhir.messageDefinitions)
        case .wrongMethod(let allowed, let isFHIR):
            let voice = Voice(ids, isFHIR: isFHIR)
            return .answer(voice.problem(.methodNotAllowed).with("Allow", allowed))
        case .unknown(let isFHIR): return .answer(Voice(ids, isFHIR: isFHIR).problem(.notFound))
        }
    }

    package func fault(_ fault: ServiceFault, head: ServiceRequestHead?) -> ServiceResponse {
        let voice = Voice(RequestIDs(head), isFHIR: head?.path.hasPrefix("/FHIR/") == true)
        return voice.problem(fault.problem, retryAfter: fault.retryAfterSeconds)
    }

    package func template(of path: String) -> String {
        switch path {
        case "/v1/referrals", "/v1/outcomes", "/FHIR/R4/$process-message", "/FHIR/R4/metadata",
            "/FHIR/R4/MessageDefinition":
            path
        default: path.hasPrefix("/v1/messages/") ? "/v1/messages/{reference}" : "other"
        }
    }

    // MARK: - The doors

    private func referrals(_ head: ServiceRequestHead, _ ids: RequestIDs) -> Admission {
        let voice = Voice(ids, isFHIR: false)
        guard let client = client(head) else { return .answer(voice.unauthenticated) }
        let source = head.parameter("source") ?? client.source
        guard client.maySend(as: source, through: .referrals) else { return .answer(voice.problem(.forbidden)) }
        guard !ids.isUnsound else { return .answer(voice.problem(.requestIDInvalid)) }
        let wait = head.parameter("wait")
        guard wait == nil || wait == "mapped", head.query.allSatisfy({ $0.name == "source" || $0.name == "wait" })
        else { return .answer(voice.problem(.parameterInvalid)) }
        guard let type = MediaType(head), type.isDocument else { return .answer(voice.problem(.mediaType)) }
        let form = Submission(
            door: .referrals, source: source, bytes: [], mediaType: type.name, charset: type.charset,
            transportID: ids.givenRequest, correlation: ids.givenCorrelation, waitsForMapping: wait != nil)
        return .read(submission(form, voice, answerTimeout: limits.answerTime))
    }

    private func outcomes(_ head: ServiceRequestHead, _ ids: RequestIDs) -> Admission {
        let voice = Voice(ids, isFHIR: false)
        guard let client = client(head) else { return .answer(voice.unauthenticated) }
        let source = head.parameter("source") ?? client.source
        guard client.maySend(as: source, through: .outcomes) else { return .answer(voice.problem(.forbidden)) }
        guard !ids.isUnsound else { return .answer(voice.problem(.requestIDInvalid)) }
        guard ids.givenCorrelation != nil else { return .answer(voice.problem(.correlationMissing)) }
        guard head.query.allSatisfy({ $0.name == "source" }) else {
            return .answer(voice.problem(.parameterInvalid))
        }
        guard let type = MediaType(head), type.isJSON else { return .answer(voice.problem(.mediaType)) }
        let form = Submission(
            door: .outcomes, source: source, bytes: [], mediaType: type.name, charset: type.charset,
            transportID: ids.givenRequest, correlation: ids.givenCorrelation)
        return .read(submission(form, voice, answerTimeout: limits.answerTime))
    }

    private func processMessage(_ head: ServiceRequestHead, _ ids: RequestIDs) -> Admission {
        let voice = Voice(ids, isFHIR: true)
        guard let client = client(head) else { return .answer(voice.unauthenticated) }
        guard client.maySend(as: client.source, through: .fhirMessage) else {
            return .answer(voice.problem(.forbidden))
        }
        guard ids.areBARS else { return .answer(voice.problem(.requestIDInvalid)) }
        guard let type = MediaType(head), type.isFHIR else { return .answer(voice.problem(.mediaType)) }
        let form = Submission(
            door: .fhirMessage, source: client.source, bytes: [], mediaType: type.name, charset: type.charset,
            transportID: ids.givenRequest, correlation: ids.givenCorrelation)
        return .read(submission(form, voice, answerTimeout: limits.fhirAnswerTime))
    }

    private func submission(_ form: Submission, _ voice: Voice, answerTimeout: Int) -> AdmittedRequest {
        AdmittedRequest(client: form.source, bodyLimit: limits.bodyBytes, answerTimeout: answerTimeout) {
            [handler] bytes in
            var submission = form
            submission.bytes = bytes
            return voice.answer(await handler.submit(submission), to: submission)
        }
    }

    private func message(_ reference: String, _ head: ServiceRequestHead, _ ids: RequestIDs) -> Admission {
        let voice = Voice(ids, isFHIR: false)
        guard let client = client(head) else { return .answer(voice.unauthenticated) }
        return .read(
            AdmittedRequest(client: client.source, bodyLimit: 0, answerTimeout: limits.answerTime) { [handler] _ in
                guard let status = await handler.status(of: reference, source: client) else {
                    return voice.problem(.notFound)
                }
                return voice.state(200, status, withFindings: true)
            })
    }

    private func description(_ head: ServiceRequestHead, _ ids: RequestIDs, _ text: String) -> Admission {
        let voice = Voice(ids, isFHIR: true)
        guard client(head) != nil else { return .answer(voice.unauthenticated) }
        guard ids.areBARS else { return .answer(voice.problem(.requestIDInvalid)) }
        return .answer(voice.signed(ServiceResponse(200, "application/fhir+json", text)))
    }

    /// The client; two tokens, or one that is not a bearer's, are as none.
    private func client(_ head: ServiceRequestHead) -> SourceIdentity? {
        let values = head.headers.filter { $0.name == "authorization" }
        let parts = values.count == 1 ? values[0].value.split(separator: " ", omittingEmptySubsequences: true) : []
        let token = parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
        guard token != nil || values.isEmpty else { return nil }
        return handler.authenticate(token: token, peerCertificateNames: head.peerCertificateNames)
    }
}

/// Where a request goes.
private enum Route {
    case referrals, outcomes, processMessage, metadata, messageDefinition
    case message(String)
    case wrongMethod(allowed: String, isFHIR: Bool)
    case unknown(isFHIR: Bool)

    init(_ head: ServiceRequestHead) {
        let isGet = head.method == "GET"
        let isPost = head.method == "POST"
        switch head.path {
        case "/v1/referrals": self = isPost ? .referrals : .wrongMethod(allowed: "POST", isFHIR: false)
        case "/v1/outcomes": self = isPost ? .outcomes : .wrongMethod(allowed: "POST", isFHIR: false)
        case "/FHIR/R4/$process-message": self = isPost ? .processMessage : .wrongMethod(allowed: "POST", isFHIR: true)
        case "/FHIR/R4/metadata": self = isGet ? .metadata : .wrongMethod(allowed: "GET", isFHIR: true)
        case "/FHIR/R4/MessageDefinition":
            self = isGet ? .messageDefinition : .wrongMethod(allowed: "GET", isFHIR: true)
        case let path where path.hasPrefix("/v1/messages/"):
            let reference = path.dropFirst("/v1/messages/".count)
            let isName =
                (1...64).contains(reference.utf8.count)
                && reference.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
            if !isName {
                self = .unknown(isFHIR: false)
            } else {
                self = isGet ? .message(String(reference)) : .wrongMethod(allowed: "GET", isFHIR: false)
            }
        case let path: self = .unknown(isFHIR: path.hasPrefix("/FHIR/"))
        }
    }
}

/// What `Content-Type` says, and whether anything here can read it.
private struct MediaType {
    var name: String
    var charset: String?

    /// `nil` where there is none, or more than one, or the body is compressed.
    init?(_ head: ServiceRequestHead) {
        let values = head.headers.filter { $0.name == "content-type" }
        let encoding = head.header("content-encoding")?.lowercased()
        guard values.count == 1, encoding == nil || encoding == "identity" else { return nil }
        let parts = values[0].value.split(separator: ";").map { Self.trimmed($0).lowercased() }
        guard let name = parts.first else { return nil }
        self.name = name
        charset = parts.dropFirst().first { $0.hasPrefix("charset=") }.map {
            String($0.dropFirst("charset=".count).filter { $0 != "\"" })
        }
    }

    var isFHIR: Bool { ["application/fhir+json", "application/fhir+xml"].contains(name) }

    var isJSON: Bool { ["application/json", "text/json"].contains(name) }

    /// XML, JSON or HL7 version 2.
    var isDocument: Bool {
        switch name {
        case "application/xml", "text/xml", "application/json", "text/json", "x-application/hl7-v2+er7",
            "application/hl7-v2", "application/hl7-v2+er7", "text/hl7v2", "application/edi-hl7":
            true
        default: name.hasPrefix("application/") && (name.hasSuffix("+xml") || name.hasSuffix("+json"))
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        let end = start.lastIndex { $0 != " " && $0 != "\t" }
        return end.map { start[...$0] } ?? start[start.startIndex..<start.startIndex]
    }
}
