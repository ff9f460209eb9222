import DurableFiles
import Gateway

/// A folder that a configuration names, with what the gateway does there.
struct GatewayFolder {
    var what: String
    var path: String
    /// Whether the gateway writes there; a `read-only` source is only looked at.
    var isWritten = true
    /// Whether it is made at the start when it is not there.
    var isMade = true
}

extension Configuration {
    /// Every folder that is named in it.
    var folders: [GatewayFolder] {
        [GatewayFolder(what: "state", path: state)] + sources.compactMap(\.gatewayFolder)
            + routes.compactMap(\.gatewayFolder)
    }
}

extension Configuration.Source {
    var gatewayFolder: GatewayFolder? {
        guard let folder else { return nil }
        var result = GatewayFolder(what: "source \(name)", path: folder)
        if case .folder(let settings) = kind { result.isWritten = settings.claim != .readOnly }
        return result
    }
}

extension Configuration.Route {
    var gatewayFolder: GatewayFolder? {
        switch destination {
        case .queue(let path): GatewayFolder(what: "route \(name)", path: path)
        case .meshFolder(let outbox): GatewayFolder(what: "route \(name)", path: outbox.path)
        case .http: nil
        }
    }
}
