import Mappings
package import Reporting
package import Referrals

/// What `linkway.yaml` says: where documents come in, where referrals go, and how strict the checks are.
package struct Configuration: Sendable {
    /// An inbox folder.
    package struct Source: Sendable {
        package var name: String
        package var folder: String
        /// The mapping to use; `nil` to recognise each document by content.
        package var mapping: String?

        package init(name: String, folder: String, mapping: String? = nil) {
            self.name = name
            self.folder = folder
            self.mapping = mapping
        }
    }

    /// A queue folder that every accepted referral is put into.
    package struct Route: Sendable {
        package var name: String
        package var queue: String

        package init(name: String, queue: String) {
            self.name = name
            self.queue = queue
        }
    }

    package var file = ""
    package var mappings = "mappings"
    package var profile = Profile.minimum
    package var largestDocument = 20 << 20
    package var sources: [Source] = []
    package var routes: [Route] = []

    package init() {}

    /// Reads a configuration file, reporting everything that is wrong with it at once.
    /// Relative folders are taken from the file's own.
    package static func read(_ path: String, reporting findings: inout [Finding]) throws(FileError) -> Configuration? {
        var own: [Finding] = []
        defer { findings += own }
        guard let text = String(validating: try Files.read(path), as: UTF8.self) else {
            own.append(Finding("yaml-malformed", "the file is not UTF-8 text", at: .init(document: path), help: "save it as UTF-8"))
            return nil
        }
        guard let root = StrictYAML.read(text, named: path, reporting: &own) else { return nil }
        var reader = ConfigurationReader(file: path)
        let configuration = reader.configuration(root)
        own += reader.findings
        return own.worst == .error ? nil : configuration
    }
}

/// Turns YAML into a ``Configuration``: unknown keys are refused, nothing is guessed.
private struct ConfigurationReader {
    let file: String
    var findings: [Finding] = []

    mutating func configuration(_ root: YAMLValue) -> Configuration {
        var configuration = Configuration()
        configuration.file = file
        let known = ["linkway", "mappings", "profile", "largest-document", "sources", "routes"]
        for entry in entries(root, known) {
            switch entry.key {
            case "mappings": configuration.mappings = folder(entry.value)
            case "profile": profile(entry.value).map { configuration.profile = $0 }
            case "largest-document": megabytes(entry.value).map { configuration.largestDocument = $0 }
            case "sources": configuration.sources = (entry.value.items ?? []).map { source($0) }
            case "routes": configuration.routes = (entry.value.items ?? []).map { route($0) }
            default: break
            }
        }
        if configuration.sources.isEmpty { complain("no source is configured", root.position, "add `sources: [ … ]`") }
        if configuration.routes.isEmpty { complain("no route is configured", root.position, "add `routes: [ … ]`") }
        return configuration
    }

    private mutating func source(_ value: YAMLValue) -> Configuration.Source {
        _ = entries(value, ["name", "folder", "mapping"])
        return Configuration.Source(
            name: required("name", value), folder: located(required("folder", value)), mapping: value["mapping"]?.text)
    }

    private mutating func route(_ value: YAMLValue) -> Configuration.Route {
        _ = entries(value, ["name", "queue"])
        return Configuration.Route(name: required("name", value), queue: located(required("queue", value)))
    }

    private mutating func profile(_ value: YAMLValue) -> Profile? {
        if let name = value.text, let profile = Profile.all.first(where: { $0.name == name }) { return profile }
        complain(
            "there is no profile of that name", value.position,
            "known: \(Profile.all.map(\.name).joined(separator: ", "))")
        return nil
    }

    private mutating func megabytes(_ value: YAMLValue) -> Int? {
        if let text = value.text, text.hasSuffix("MB"), let number = Int(text.dropLast(2)), (1...2048).contains(number) {
            return number << 20
        }
        complain("a size is written in MB, from 1MB to 2048MB", value.position, "write `20MB`")
        return nil
    }

    private func folder(_ value: YAMLValue) -> String { located(value.text ?? "") }

    private func located(_ path: String) -> String {
        let own = Files.parent(of: file)
        return own == "." ? path : Files.join(own, path)
    }

    private mutating func required(_ key: String, _ value: YAMLValue) -> String {
        if let text = value[key]?.text, !text.isEmpty { return text }
        complain("`\(key)` is missing", value.position, "add `\(key): …`")
        return ""
    }

    private mutating func entries(_ value: YAMLValue, _ known: [String]) -> [YAMLValue.Entry] {
        guard let entries = value.entries else {
            complain("`key: value` lines are due here", value.position, nil)
            return []
        }
        for entry in entries where !known.contains(entry.key) {
            complain(
                "`\(entry.key)` is not known here", entry.keyPosition,
                Suggestion.nearest(to: entry.key, among: known).map { "did you mean `\($0)`?" }
                    ?? "known here: \(known.joined(separator: ", "))")
        }
        return entries
    }

    private mutating func complain(_ message: String, _ position: SourcePosition, _ help: String?) {
        findings.append(
            Finding(
                "configuration-invalid", .error, message, at: Finding.Location(document: file, position: position), help: help))
    }
}
