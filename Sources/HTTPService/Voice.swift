internal import Reporting

/// How this request is answered: with its ids, and as problem+json or as FHIR.
struct Voice: Sendable {
    private let ids: RequestIDs
    private let isFHIR: Bool

    init(_ ids: RequestIDs, isFHIR: Bool) {
        self.ids = ids
        self.isFHIR = isFHIR
    }

    /// Adds what every answer carries.
    func signed(_ response: ServiceResponse) -> ServiceResponse {
        var response = response
        response.headers += [
            ("X-Request-Id", ids.request), ("X-Correlation-Id", ids.correlation),
            ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"),
        ]
        return response
    }

    func problem(
        _ problem: Problem, reference: String? = nil, findings: [Finding] = [], retryAfter: Int? = nil
    ) -> ServiceResponse {
        let response =
            isFHIR ? problem.outcome(findings: findings) : problem.response(reference: reference, findings: findings)
        return signed(retryAfter.map { response.with("Retry-After", String(max(1, $0))) } ?? response)
    }

    var unauthenticated: ServiceResponse { problem(.unauthenticated).with("WWW-Authenticate", "Bearer") }

    /// `{reference, state}`, with what was found where that is wanted.
    func state(_ status: Int, _ message: MessageStatus, withFindings: Bool = false) -> ServiceResponse {
        let findings = withFindings && !message.findings.isEmpty
        let body = JSONValue.members([
            "reference": .string(message.reference), "state": .string(message.state),
            "receivedAt": .text(message.receivedAt),
            "findings": findings ? .array(message.findings.map(\.json)) : nil,
        ])
        return signed(ServiceResponse(status, "application/json", body.text()))
    }

    /// What the sender of a document is told.
    func answer(_ answer: SubmissionAnswer, to submission: Submission) -> ServiceResponse {
        switch answer {
        case .taken(let message, let isRepeat): taken(message, isRepeat, submission)
        case .malformed(let findings): problem(.documentMalformed, findings: findings)
        case .invalid(let findings): problem(.outcomeInvalid, findings: findings)
        case .conflict(let reference): problem(.conflict, reference: reference)
        case .inProgress: problem(.inProgress, retryAfter: 1)
        case .unavailable(.busy, let seconds): problem(.tooMany, retryAfter: seconds)
        case .unavailable(let cause, let seconds): problem(.unavailable(cause), retryAfter: seconds)
        }
    }

    private func taken(_ message: MessageStatus, _ isRepeat: Bool, _ submission: Submission) -> ServiceResponse {
        if isFHIR { return takenMessage(message, isRepeat) }
        if submission.waitsForMapping, message.isUnusable {
            return problem(.unusable, reference: message.reference, findings: message.findings)
        }
        return state(isRepeat ? 200 : 202, message, withFindings: submission.waitsForMapping)
            .with("Location", "/v1/messages/\(message.reference)")
    }

    /// BaRS: a repeat is 409 `duplicate`; what cannot be used is 422; otherwise 200 and an outcome that says so.
    private func takenMessage(_ message: MessageStatus, _ isRepeat: Bool) -> ServiceResponse {
        if isRepeat { return problem(.duplicate) }
        if message.isUnusable { return problem(.unusable, findings: message.findings) }
        let issue = JSONValue.members([
            "severity": .string("information"), "code": .string("informational"),
            "diagnostics": .string("the message is stored under the reference \(message.reference)"),
        ])
        let body = JSONValue.members(["resourceType": .string("OperationOutcome"), "issue": .array([issue])])
        return signed(ServiceResponse(200, "application/fhir+json", body.text()))
    }
}
