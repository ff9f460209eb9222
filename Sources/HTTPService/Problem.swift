internal import Reporting

/// What a client can be told of a failure: one row each, for `application/problem+json` (RFC 9457) and for FHIR.
///
/// Words and codes only, never anything of the request.
struct Problem: Sendable {
    /// Kebab-case; never changes its meaning.
    var code: String
    var status: Int
    var title: String
    var help: String
    /// Of `https://fhir.nhs.uk/Codesystem/http-error-codes` (BaRS).
    var fhirCode: String
    /// Of FHIR's value set `issue-type`.
    var issue: String

    private init(_ code: String, _ status: Int, _ title: String, help: String, _ fhirCode: String, _ issue: String) {
        self.code = code
        self.status = status
        self.title = title
        self.help = help
        self.fhirCode = fhirCode
        self.issue = issue
    }

    static let notHTTP = Self(
        "request-malformed", 400, "the request is not sound HTTP/1.1",
        help: "send one `Content-Length` or `Transfer-Encoding: chunked`, not both, and one `Host`",
        "REC_BAD_REQUEST", "structure")
    static let requestIDInvalid = Self(
        "request-id-invalid", 400, "`X-Request-Id` and `X-Correlation-Id` must be there and plain",
        help: "send a UUID in each; under `/FHIR` both are required", "REC_BAD_REQUEST", "invalid")
    static let documentMalformed = Self(
        "document-malformed", 400, "the document is not well-formed",
        help: "mend what the findings name and send it again; nothing of it was kept", "REC_BAD_REQUEST", "structure")
    static let parameterInvalid = Self(
        "parameter-invalid", 400, "a parameter of the query is not known or has a value that is not",
        help: "`source` names a source; `wait` may be `mapped`", "REC_BAD_REQUEST", "invalid")
    static let unauthenticated = Self(
        "not-allowed", 401, "this client may not do this",
        help: "check the token or the certificate, the source it is for, and whether that posts referrals or outcomes",
        "REC_UNAUTHORIZED", "forbidden")
    static let forbidden = Self(
        "not-allowed", 403, "this client may not do this",
        help: "check the token or the certificate, the source it is for, and whether that posts referrals or outcomes",
        "REC_FORBIDDEN", "forbidden")
    static let notFound = Self(
        "not-found", 404, "there is nothing of this name",
        help: "check the path; a message is shown only to the source that sent it", "REC_NOT_FOUND", "not-found")
    static let methodNotAllowed = Self(
        "method-not-allowed", 405, "this path has no such method", help: "`Allow` names those it has",
        "REC_METHOD_NOT_ALLOWED", "not-supported")
    static let timeout = Self(
        "request-timeout", 408, "the request did not come in time, or could not be answered in time",
        help: "send it again with the same `X-Request-Id`: it is then taken once", "REC_TIMEOUT", "timeout")
    static let conflict = Self(
        "id-reused", 409, "another document with this id and other content was sent before",
        help: "give a new document a new id; an update must say that it is one", "REC_CONFLICT", "conflict")
    static let duplicate = Self(
        "duplicate", 409, "this message was received before", help: "do not send it again: it was taken the first time",
        "REC_CONFLICT", "duplicate")
    static let bodyTooLarge = Self(
        "body-too-large", 413, "the document is larger than this gateway takes",
        help: "send attachments apart, or ask for a higher limit", "REC_BAD_REQUEST", "too-long")
    static let targetTooLong = Self(
        "target-too-long", 414, "the path and query are too long", help: "put the document into the body",
        "REC_BAD_REQUEST", "too-long")
    static let mediaType = Self(
        "media-type-unsupported", 415, "documents of this media type are not taken here",
        help: "send XML, JSON or HL7v2 with a `Content-Type` that says so, not compressed",
        "REC_BAD_REQUEST", "not-supported")
    static let expectation = Self(
        "expectation-failed", 417, "`Expect` may only be `100-continue`", help: "leave the header out",
        "REC_BAD_REQUEST", "not-supported")
    static let unusable = Self(
        "document-unusable", 422, "the document is kept, but it could not be used as it is",
        help: "the findings say why; a person on this side sees it too", "REC_UNPROCESSABLE_ENTITY", "processing")
    static let outcomeInvalid = Self(
        "outcome-invalid", 422, "this is not a sound outcome",
        help: "mend what the findings name and send it again; nothing of it was kept", "REC_UNPROCESSABLE_ENTITY",
        "invalid")
    static let correlationMissing = Self(
        "correlation-missing", 400, "an outcome needs `X-Correlation-Id`",
        help: "send back the `X-Correlation-Id` that the referral came with, or its `id`", "REC_BAD_REQUEST",
        "required")
    static let inProgress = Self(
        "in-progress", 425, "the first request with this id is still in hand", help: "ask again a little later",
        "REC_CONFLICT", "transient")
    static let tooMany = Self(
        "too-many-requests", 429, "this client has too many requests in hand",
        help: "wait as long as `Retry-After` says", "REC_TOO_MANY_REQUESTS", "throttled")
    static let headersTooLarge = Self(
        "headers-too-large", 431, "the headers are too many or too large", help: "send fewer and shorter headers",
        "REC_BAD_REQUEST", "too-long")
    static let version = Self(
        "version-unsupported", 505, "only HTTP/1.1 is spoken here", help: "use HTTP/1.1", "REC_BAD_REQUEST",
        "not-supported")

    /// The gateway cannot take documents just now; the sender keeps its own.
    static func unavailable(_ cause: SubmissionAnswer.Unavailable) -> Self {
        let title =
            switch cause {
            case .full: "there is no room for more documents just now"
            case .sick: "documents cannot be stored safely just now"
            case .paused: "documents of this source are not taken just now"
            case .draining: "the gateway is stopping"
            case .busy: "there is more in hand than can be worked on"
            }
        return Self(
            "unavailable-\(cause.rawValue)", 503, title,
            help: "keep the document and send it again as `Retry-After` says", "REC_UNAVAILABLE", "transient")
    }

    /// The problem as `application/problem+json`.
    func response(reference: String? = nil, findings: [Finding] = []) -> ServiceResponse {
        let body = JSONValue.members([
            "title": .string(title), "status": .number(status), "code": .string(code), "detail": .string(help),
            "reference": .text(reference), "findings": findings.isEmpty ? nil : .array(findings.map(\.json)),
        ])
        return ServiceResponse(status, "application/problem+json", body.text())
    }

    /// The problem as a FHIR R4 OperationOutcome; `diagnostics` hold nothing of the message (BaRS).
    func outcome(findings: [Finding] = []) -> ServiceResponse {
        var issues = [Self.issue("error", issue, fhirCode, "\(title); \(help)")]
        issues += findings.map { finding in
            let severity = finding.severity >= .quarantine ? "error" : "warning"
            let place = finding.location?.position.map { " (line \($0.line), column \($0.column))" } ?? ""
            return Self.issue(severity, issue, fhirCode, finding.message + place)
        }
        let body = JSONValue.members(["resourceType": .string("OperationOutcome"), "issue": .array(issues)])
        return ServiceResponse(status, "application/fhir+json", body.text())
    }

    private static func issue(_ severity: String, _ issue: String, _ code: String, _ text: String) -> JSONValue {
        let coding = JSONValue.members([
            "system": .string("https://fhir.nhs.uk/Codesystem/http-error-codes"), "code": .string(code),
        ])
        return .members([
            "severity": .string(severity), "code": .string(issue), "details": .members(["coding": .array([coding])]),
            "diagnostics": .string(text),
        ])
    }
}

extension ServiceFault {
    var problem: Problem {
        switch self {
        case .malformed: .notHTTP
        case .headersTooLarge: .headersTooLarge
        case .targetTooLong: .targetTooLong
        case .versionUnsupported: .version
        case .expectationFailed: .expectation
        case .bodyTooLarge: .bodyTooLarge
        case .requestTimeout, .answerTimeout: .timeout
        case .tooManyOfClient: .tooMany
        case .tooManyInAll: .unavailable(.busy)
        case .draining: .unavailable(.draining)
        }
    }

    /// Seconds after which it makes sense to come again.
    var retryAfterSeconds: Int? {
        switch self {
        case .tooManyOfClient: 1
        case .tooManyInAll: 5
        case .draining: 10
        default: nil
        }
    }
}
