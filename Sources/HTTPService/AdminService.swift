internal import Reporting

/// A call of the command line or console to the running gateway.
package struct AdminCall: Sendable {
    package var method: String
    /// Below `/admin/v1/`, without a slash at the front: `dead`, `messages/3f…`.
    package var path: String
    package var query: [(name: String, value: String)]
    package var body: [UInt8]

    package init(method: String, path: String, query: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
    }
}

/// The answer: a status of HTTP and JSON text.
package struct AdminAnswer: Sendable {
    package var status: Int
    package var json: String

    package init(status: Int = 200, json: String) {
        self.status = status
        self.json = json
    }
}

/// One thing that readiness hangs on, or that is told with it.
package struct HealthCheck: Sendable {
    package enum State: String, Sendable { case ok, degraded, failed }

    /// `config`, `store`, `disk`, `source north`, `route east`.
    package var name: String
    /// Only `failed` makes the gateway not ready; a route that is down is `degraded`.
    package var state: State
    /// Plain words, without personal data.
    package var detail: String

    package init(name: String, state: State, detail: String = "") {
        self.name = name
        self.state = state
        self.detail = detail
    }
}

/// What the admin listener serves: health, metrics, version, and whatever is asked below `/admin/v1/`.
package struct AdminService: Service {
    package struct Sources: Sendable {
        /// Whether work goes on; must not block.
        package var isAlive: @Sendable () -> Bool
        package var checks: @Sendable () async -> [HealthCheck]
        /// Prometheus text, or OpenMetrics where that is asked for.
        package var metrics: @Sendable (_ isOpenMetrics: Bool) async -> String
        /// What happens from now on, or since the event of that id, as server-sent events; `nil`: not told here.
        package var events: (@Sendable (_ lastID: String?) -> EventStream)?
        /// JSON: build and schema numbers.
        package var version: String
        package var call: @Sendable (AdminCall) async -> AdminAnswer
        /// Names of hosts by which a browser or client may call it, beside literal loopback addresses: against DNS
        /// rebinding.
        package var hosts: Set<String> = ["localhost"]

        package init(
            isAlive: @escaping @Sendable () -> Bool, checks: @escaping @Sendable () async -> [HealthCheck],
            metrics: @escaping @Sendable (_ isOpenMetrics: Bool) async -> String, version: String,
            call: @escaping @Sendable (AdminCall) async -> AdminAnswer
        ) {
            self.isAlive = isAlive
            self.checks = checks
            self.metrics = metrics
            self.version = version
            self.call = call
        }
    }

    private let sources: Sources
    private let limits: ServiceLimits

    package init(_ sources: Sources, limits: ServiceLimits = ServiceLimits()) {
        self.sources = sources
        self.limits = limits
    }

    private static let paths: Set = ["/livez", "/readyz", "/metrics", "/version", "/events"]

    package func admit(_ head: ServiceRequestHead) -> Admission {
        let voice = Voice(RequestIDs(head), isFHIR: false)
        guard isOurHost(head) else { return .answer(voice.problem(.forbidden)) }
        let isGet = head.method == "GET"
        if head.path.hasPrefix("/admin/v1/") { return call(head, voice) }
        guard Self.paths.contains(head.path) else { return .answer(voice.problem(.notFound)) }
        guard isGet else { return .answer(voice.problem(.methodNotAllowed).with("Allow", "GET")) }
        if head.path == "/events" { return .answer(events(head, voice)) }
        return read(voice, bodyLimit: 0) { [sources] _ in await Self.probe(head, sources) }
    }

    package func fault(_ fault: ServiceFault, head: ServiceRequestHead?) -> ServiceResponse {
        Voice(RequestIDs(head), isFHIR: false).problem(fault.problem, retryAfter: fault.retryAfterSeconds)
    }

    package func template(of path: String) -> String {
        switch path {
        case let path where Self.paths.contains(path): path
        default: path.hasPrefix("/admin/v1/") ? "/admin/v1/" : "other"
        }
    }

    /// A page of another site cannot call us by a name of its own, nor post from a form.
    private func isOurHost(_ head: ServiceRequestHead) -> Bool {
        guard head.header("origin") == nil, let host = head.header("host") else { return false }
        let name = Self.hostName(host)
        return sources.hosts.contains(name) || PeerAddress(name)?.isLoopback == true
    }

    private static func hostName(_ host: String) -> String {
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
        return String(host.prefix { $0 != ":" })
    }

    /// Server-sent events (WHATWG HTML, 9.2).
    private func events(_ head: ServiceRequestHead, _ voice: Voice) -> ServiceResponse {
        guard let events = sources.events else { return voice.problem(.notFound) }
        var response = ServiceResponse(
            200, headers: [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")])
        response.stream = events(head.header("last-event-id"))
        return voice.signed(response)
    }

    private func call(_ head: ServiceRequestHead, _ voice: Voice) -> Admission {
        let path = String(head.path.dropFirst("/admin/v1/".count))
        return read(voice, bodyLimit: limits.bodyBytes) { [sources] body in
            let call = AdminCall(method: head.method, path: path, query: head.query, body: body)
            let answer = await sources.call(call)
            return ServiceResponse(answer.status, "application/json", answer.json)
        }
    }

    private func read(
        _ voice: Voice, bodyLimit: Int, _ answer: @escaping @Sendable ([UInt8]) async -> ServiceResponse
    ) -> Admission {
        .read(
            AdmittedRequest(client: "admin", bodyLimit: bodyLimit, answerTimeout: limits.answerTime) {
                voice.signed(await answer($0))
            })
    }

    private static func probe(_ head: ServiceRequestHead, _ sources: Sources) async -> ServiceResponse {
        switch head.path {
        case "/livez":
            let isAlive = sources.isAlive()
            return ServiceResponse(isAlive ? 200 : 500, "text/plain; charset=utf-8", isAlive ? "ok\n" : "wedged\n")
        case "/readyz": return readiness(await sources.checks(), isVerbose: head.parameter("verbose") != nil)
        case "/metrics":
            let isOpen = MediaRange.quality(of: "application/openmetrics-text", in: head.header("accept") ?? "") > 0
            let type =
                isOpen
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8"
            return ServiceResponse(200, type, await sources.metrics(isOpen))
        default: return ServiceResponse(200, "application/json", sources.version)
        }
    }

    private static func readiness(_ checks: [HealthCheck], isVerbose: Bool) -> ServiceResponse {
        let isReady = checks.allSatisfy { $0.state != .failed }
        let lines = checks.map { check in
            "[\(check.state.rawValue)] \(check.name)" + (check.detail.isEmpty ? "" : ": \(check.detail.printable())")
        }
        let shown = isVerbose ? lines : isReady ? [] : lines.filter { $0.hasPrefix("[failed]") }
        let text = (shown + [isReady ? "ok" : "not ready"]).joined(separator: "\n") + "\n"
        return ServiceResponse(isReady ? 200 : 503, "text/plain; charset=utf-8", text)
    }
}
