/// Every key of the configuration, by where it stands.
enum ConfigurationKeys {
    static let top = [
        "linkway", "mappings", "state", "profile", "largest-document", "settle", "grace", "sources", "routes", "http",
        "retention", "sender",
    ]
    static let retention = ["payload", "dead", "metadata", "audit", "done"]
    /// An organisation: `sender`, and `receiver` of a route.
    static let party = ["endpoint", "ods-code", "name"]

    static let source = ["name", "mapping"]
    /// One of them says what kind of source it is.
    static let sourceKinds = ["folder", "mesh-folder", "http"]
    static let folderSource = ["folder", "marker", "claim", "poll"]
    static let meshSource = ["mesh-folder", "workflows", "poll"]
    static let posts = ["token", "certificates", "of"]

    static let listeners = ["listen", "admin", "tls", "trusted-proxy"]
    static let tls = ["certificate", "key", "client-ca"]
    static let secret = ["file", "credential"]

    static let route = [
        "name", "of", "consent", "recipient", "purpose", "when", "fields", "form", "receiver", "order", "give-up",
        "queue",
        "http", "mesh-folder",
    ]
    static let routeKinds = ["queue", "http", "mesh-folder"]
    static let endpoint = [
        "url", "token", "concurrency", "timeout", "ca", "certificate", "key", "proxy", "loopback",
    ]
    static let outbox = ["folder", "from", "to", "workflow"]

    /// All of them, each once.
    static let all = Set(
        top + retention + party + source + sourceKinds + folderSource + meshSource + posts + listeners + tls + secret
            + route + endpoint + outbox)
}
