import Mappings
import Reporting

/// Reads `sources` and `http`.
extension ConfigurationReader {
    mutating func source(_ value: YAMLValue) -> Configuration.Source {
        let kinds = ConfigurationKeys.sourceKinds.filter { value[$0] != nil }
        let own: [String]
        switch kinds.first {
        case "mesh-folder": own = ConfigurationKeys.meshSource
        case "http": own = ["http"]
        default: own = ConfigurationKeys.folderSource
        }
        _ = entries(value, ConfigurationKeys.source + own + kinds)
        if kinds.count > 1, let second = value[kinds[1]] {
            complain("a source has one of `folder`, `mesh-folder` and `http`", second.position, "make it two sources")
        }
        var source = Configuration.Source(name: required("name", value), kind: kind(value, kinds.first))
        if let mapping = value["mapping"] {
            source.mapping = mapping.text
            source.mappingPosition = mapping.position
            if mapping.text == nil { complain("`mapping` is one name", mapping.position, "write `mapping: some-name`") }
        }
        return source
    }

    private mutating func kind(_ value: YAMLValue, _ kind: String?) -> Configuration.Source.Kind {
        switch kind {
        case "mesh-folder": .meshFolder(meshFolder(value))
        case "http": .http(posts(value))
        default: .folder(folder(value))
        }
    }

    private mutating func folder(_ value: YAMLValue) -> Configuration.Source.Folder {
        var folder = Configuration.Source.Folder(path: located(required("folder", value)))
        if let marker = value["marker"] {
            folder.marker = marker.text
            if marker.text?.hasPrefix(".") != true || marker.text?.contains("/") == true {
                complain("`marker` is the ending of the marker file", marker.position, "write `marker: .done`")
            }
        }
        if let claim = value["claim"] {
            oneOf(claim, "way to take a file", Configuration.Source.Folder.Claim.self).map { folder.claim = $0 }
        }
        if let poll = value["poll"] { seconds(poll).map { folder.pollSeconds = max(1, $0) } }
        return folder
    }

    private mutating func meshFolder(_ value: YAMLValue) -> Configuration.Source.MeshFolder {
        var folder = Configuration.Source.MeshFolder(path: located(required("mesh-folder", value)))
        for entry in value["workflows"]?.entries ?? [] {
            folder.workflows[entry.key] = text(entry)
            folder.workflowPositions[entry.key] = entry.value.position
        }
        if let workflows = value["workflows"], workflows.entries == nil {
            complain("`workflows` names a mapping for each", workflows.position, "write `workflows: { ID: mapping }`")
        }
        if let poll = value["poll"] { seconds(poll).map { folder.pollSeconds = max(1, $0) } }
        return folder
    }

    private mutating func posts(_ value: YAMLValue) -> Configuration.Source.HTTP {
        var posts = Configuration.Source.HTTP()
        guard let http = value["http"] else { return posts }
        for entry in entries(http, ConfigurationKeys.posts) {
            switch entry.key {
            case "token": posts.token = secret(entry.value)
            case "certificates": posts.certificateNames = items(entry).compactMap(\.text)
            case "of": oneOf(entry.value, "thing to post", Configuration.Subject.self).map { posts.subject = $0 }
            default: break
            }
        }
        if posts.token == nil, posts.certificateNames.isEmpty {
            complain(
                "an HTTP source needs a way to know its sender", http.position,
                "write `http: { token: { file: PATH } }`, or `certificates: [ NAME ]`")
        }
        return posts
    }

    // MARK: The listeners

    mutating func service(_ value: YAMLValue) -> Configuration.HTTPService {
        var service = Configuration.HTTPService()
        for entry in entries(value, ConfigurationKeys.listeners) {
            switch entry.key {
            case "listen": address(entry.value).map { service.listen = $0 }
            case "admin": address(entry.value).map { service.admin = $0 }
            case "tls": service.tls = tls(entry.value)
            case "trusted-proxy": service.hasTrustedProxy = yesNo(entry.value) ?? false
            default: break
            }
        }
        if !service.listen.isLoopback, service.tls == nil, !service.hasTrustedProxy {
            complain(
                "documents would cross the network in clear", value["listen"]?.position ?? value.position,
                "add `tls`, or `trusted-proxy: true` where a proxy in front speaks TLS")
        }
        if !service.admin.isLoopback {
            complain(
                "`admin` is for this machine alone", value["admin"]?.position ?? value.position, "write 127.0.0.1:7411")
        }
        return service
    }

    private mutating func tls(_ value: YAMLValue) -> Configuration.HTTPService.TLS {
        _ = entries(value, ConfigurationKeys.tls)
        return Configuration.HTTPService.TLS(
            certificate: located(required("certificate", value)), key: located(required("key", value)),
            clientAuthority: value["client-ca"]?.text.map { located($0) })
    }

    private mutating func address(_ value: YAMLValue) -> Configuration.HTTPService.Address? {
        if let text = value.text, let colon = text.lastIndex(of: ":"), colon > text.startIndex,
            let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port)
        {
            let host = text[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
            return Configuration.HTTPService.Address(host: String(host), port: port)
        }
        complain("an address is written HOST:PORT", value.position, "write `127.0.0.1:7410`")
        return nil
    }
}
