import Mappings
import Referrals
import Reporting

/// Reads `routes`.
extension ConfigurationReader {
    mutating func route(_ value: YAMLValue) -> Configuration.Route {
        _ = entries(value, ConfigurationKeys.route)
        var route = Configuration.Route(name: required("name", value), destination: destination(value))
        if let subject = value["of"] {
            oneOf(subject, "kind of thing to send", Configuration.Subject.self).map { route.subject = $0 }
        }
        if let consent = value["consent"] { route.consent = self.consent(consent) } else { warn(of: route, value) }
        if let purpose = value["purpose"] {
            oneOf(purpose, "purpose", Configuration.Route.Purpose.self).map { route.purpose = $0 }
        }
        if let recipient = value["recipient"] { route.recipient = self.recipient(recipient) }
        if let when = value["when"] { condition(when, &route) }
        if let fields = value.entries?.first(where: { $0.key == "fields" }) {
            route.fields = items(fields).map { (text: $0.text ?? "", position: $0.position) }
        }
        route.position = value["form"]?.position ?? value.position
        if let receiver = value["receiver"] { route.receiver = party(receiver) }
        if let form = value["form"] { route.form = form.text ?? "" }
        if let order = value["order"] { oneOf(order, "order", Configuration.Route.Order.self).map { route.order = $0 } }
        if let days = value["give-up"] { self.days(days).map { route.giveUpDays = $0 } }
        guardPerson(route, value)
        if route.subject == .outcomes { guardOutcomes(route, value) }
        return route
    }

    // MARK: What protects the person

    /// Rules that no route may break: who could make support conditional gets nothing without a consent that names them,
    /// and whoever is outside care gets named fields only.
    private mutating func guardPerson(_ route: Configuration.Route, _ value: YAMLValue) {
        if let recipient = route.recipient,
            let scope = ConsentScope.allCases.first(where: { $0.recipientClass == recipient }),
            route.consent != .scope(scope), recipient == "benefits-conditionality-body" || !Self.isSaid(route.consent)
        {
            complain(
                "a route to `\(recipient)` needs the consent that names it",
                value["consent"]?.position ?? value.position, "write `consent: \(scope.rawValue)`")
        }
        if case .scope(.shareWithBenefitsConditionalityBody) = route.consent, route.recipient == nil {
            complain(
                "the route's consent is for a body that could make support conditional, and its `recipient` is not said",
                value["consent"]?.position ?? value.position, "add `recipient: benefits-conditionality-body`")
        }
        if route.purpose != .directCare, route.fields == nil {
            complain(
                "a route for `\(route.purpose.rawValue)` says which fields it may carry",
                value["purpose"]?.position ?? value.position, "add `fields: [ … ]`, with no more than it needs")
        }
    }

    private static func isSaid(_ consent: Configuration.Route.Consent) -> Bool { consent != .unsaid }

    private mutating func recipient(_ value: YAMLValue) -> String? {
        let known = ConsentScope.allCases.compactMap(\.recipientClass)
        if let text = value.text, known.contains(text) { return text }
        complainUnknown("class of recipient", value, among: known)
        return nil
    }

    private mutating func consent(_ value: YAMLValue) -> Configuration.Route.Consent {
        let text = value.text ?? ""
        if text == Self.noneNeeded { return .noneNeeded }
        if let scope = ConsentScope(rawValue: text) { return .scope(scope) }
        complainUnknown("consent", value, among: ConsentScope.allCases.map(\.rawValue) + [Self.noneNeeded])
        return .unsaid
    }

    private static let noneNeeded = "none-needed"

    private mutating func warn(of route: Configuration.Route, _ value: YAMLValue) {
        guard value.entries != nil else { return }
        findings.append(
            Finding(
                "route-without-consent", "the route `\(route.name)` gets every referral, whatever the person agreed to",
                at: Finding.Location(document: file, position: value.position)))
    }

    private mutating func condition(_ value: YAMLValue, _ route: inout Configuration.Route) {
        if let text = value.text, !text.isEmpty {
            route.when = (text, value.position)
        } else {
            complain("`when` is one condition", value.position, "write `when: \"urgency.code = 'urgent'\"`")
        }
    }

    // MARK: Where it goes

    private mutating func destination(_ value: YAMLValue) -> Configuration.Route.Destination {
        let kinds = ConfigurationKeys.routeKinds.filter { value[$0] != nil }
        if kinds.count > 1, let second = value[kinds[1]] {
            complain("a route has one of `queue`, `http` and `mesh-folder`", second.position, "make it two routes")
        }
        switch kinds.first {
        case "http": return .http(endpoint(value["http"] ?? value))
        case "mesh-folder": return .meshFolder(outbox(value["mesh-folder"] ?? value))
        default: return .queue(located(required("queue", value)))
        }
    }

    private mutating func endpoint(_ value: YAMLValue) -> Configuration.Route.Endpoint {
        var endpoint = Configuration.Route.Endpoint(url: required("url", value))
        for entry in entries(value, ConfigurationKeys.endpoint) {
            switch entry.key {
            case "token": endpoint.token = secret(entry.value)
            case "concurrency": whole(entry.value, 1...64).map { endpoint.concurrency = $0 }
            case "timeout": seconds(entry.value).map { endpoint.timeoutSeconds = max(1, $0) }
            case "ca": endpoint.authority = located(text(entry))
            case "certificate": endpoint.certificate = located(text(entry))
            case "key": endpoint.key = located(text(entry))
            case "proxy": endpoint.proxy = text(entry)
            case "loopback": endpoint.mayBeLoopback = yesNo(entry.value) ?? false
            default: break
            }
        }
        checkURL(endpoint, value)
        return endpoint
    }

    private mutating func checkURL(_ endpoint: Configuration.Route.Endpoint, _ value: YAMLValue) {
        guard !endpoint.url.isEmpty, let position = value["url"]?.position else { return }
        if endpoint.url.hasPrefix("https://") || endpoint.mayBeLoopback && Self.isOnThisMachine(endpoint.url) { return }
        complain(
            "referrals leave by https alone", position,
            "write `https://…`; `http://` is for this machine itself, with `loopback: true`")
    }

    private static func isOnThisMachine(_ url: String) -> Bool {
        guard url.hasPrefix("http://") else { return false }
        let place = url.dropFirst("http://".count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = place.hasPrefix("[") ? place.dropFirst().prefix { $0 != "]" } : place.prefix { $0 != ":" }
        return Configuration.HTTPService.Address(host: String(host), port: 0).isLoopback
    }

    private mutating func outbox(_ value: YAMLValue) -> Configuration.Route.MeshOutbox {
        _ = entries(value, ConfigurationKeys.outbox)
        return Configuration.Route.MeshOutbox(
            path: located(required("folder", value)), from: required("from", value), to: required("to", value),
            workflow: required("workflow", value))
    }
}
