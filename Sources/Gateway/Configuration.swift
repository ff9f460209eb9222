package import DurableFiles
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
        /// Where the configuration names that mapping.
        package var mappingPosition: SourcePosition?

        package init(name: String, folder: String, mapping: String? = nil) {
            self.name = name
            self.folder = folder
            self.mapping = mapping
        }
    }

    /// A queue folder that accepted referrals are put into.
    package struct Route: Sendable {
        /// What the person must have agreed to.
        package enum Consent: Sendable, Hashable {
            /// Nothing is said: everything goes there, and `check` warns of it.
            case unsaid
            /// Everything goes there on purpose.
            case noneNeeded
            case scope(ConsentScope)
        }

        package var name: String
        package var queue: String
        package var consent: Consent

        package init(name: String, queue: String, consent: Consent = .unsaid) {
            self.name = name
            self.queue = queue
            self.consent = consent
        }
    }

    package var file = ""
    package var mappings = "mappings"
    package var profile = Profile.minimum
    package var largestDocument = 20 << 20
    /// A document written to less than this many seconds ago is left for the next run.
    package var settleSeconds = 1
    package var sources: [Source] = []
    package var routes: [Route] = []

    package init() {}

    /// What is wrong with it beside these mappings: names of mappings that are not there.
    package func findings(beside library: MappingLibrary) -> [Finding] {
        let known = library.set.mappings.map(\.name)
        return sources.compactMap { source in
            guard let name = source.mapping, !known.contains(name) else { return nil }
            return Finding(
                "configuration-invalid", .error, "there is no mapping `\(name)`",
                at: .init(document: file, position: source.mappingPosition),
                help: Suggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" }
                    ?? "known: \(known.joined(separator: ", "))")
        }
    }

    /// Reads a configuration file, reporting everything that is wrong with it at once.
    /// Relative folders are taken from the file's own.
    package static func read(_ path: String, reporting findings: inout [Finding]) throws(FileError) -> Configuration? {
        var own: [Finding] = []
        defer { findings += own }
        guard let text = String(validating: try Files.read(path), as: UTF8.self) else {
            own.append(
                Finding(
                    "yaml-malformed", "the file is not UTF-8 text", at: .init(document: path), help: "save it as UTF-8")
            )
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
        configuration.mappings = located(configuration.mappings)
        let known = ["linkway", "mappings", "profile", "largest-document", "settle", "sources", "routes"]
        for entry in entries(root, known) {
            switch entry.key {
            case "mappings": configuration.mappings = located(text(entry))
            case "profile": profile(entry.value).map { configuration.profile = $0 }
            case "largest-document": megabytes(entry.value).map { configuration.largestDocument = $0 }
            case "settle": seconds(entry.value).map { configuration.settleSeconds = $0 }
            case "sources": configuration.sources = items(entry).map { source($0) }
            case "routes": configuration.routes = items(entry).map { route($0) }
            default: break
            }
        }
        for needed in ["sources", "routes"] where root.entries != nil && root[needed] == nil {
            complain("`\(needed)` is missing", root.position, "add `\(needed): [ … ]`")
        }
        checkTwice(root["sources"], ["name", "folder"])
        checkTwice(root["routes"], ["name", "queue"])
        return configuration
    }

    /// No two sources or routes may have the same name or folder.
    private mutating func checkTwice(_ list: YAMLValue?, _ keys: [String]) {
        for key in keys {
            var seen: Set<String> = []
            for item in list?.items ?? [] {
                guard let value = item[key], let text = value.text, !text.isEmpty, !seen.insert(text).inserted else {
                    continue
                }
                complain("`\(text)` is there already", value.position, "each needs a `\(key)` of its own")
            }
        }
    }

    private mutating func source(_ value: YAMLValue) -> Configuration.Source {
        _ = entries(value, ["name", "folder", "mapping"])
        var source = Configuration.Source(name: required("name", value), folder: located(required("folder", value)))
        if let mapping = value["mapping"] {
            source.mapping = mapping.text
            source.mappingPosition = mapping.position
            if mapping.text == nil { complain("`mapping` is one name", mapping.position, "write `mapping: some-name`") }
        }
        return source
    }

    private mutating func route(_ value: YAMLValue) -> Configuration.Route {
        _ = entries(value, ["name", "queue", "consent"])
        var route = Configuration.Route(name: required("name", value), queue: located(required("queue", value)))
        if let consent = value["consent"] { route.consent = self.consent(consent) } else { warn(of: route, value) }
        return route
    }

    private mutating func consent(_ value: YAMLValue) -> Configuration.Route.Consent {
        let text = value.text ?? ""
        if text == Self.noneNeeded { return .noneNeeded }
        if let scope = ConsentScope(rawValue: text) { return .scope(scope) }
        let known = ConsentScope.allCases.map(\.rawValue) + [Self.noneNeeded]
        complain(
            "there is no consent of that name", value.position,
            Suggestion.nearest(to: text, among: known).map { "did you mean `\($0)`?" }
                ?? "known: \(known.joined(separator: ", "))")
        return .unsaid
    }

    private static let noneNeeded = "none-needed"

    private mutating func warn(of route: Configuration.Route, _ value: YAMLValue) {
        guard value.entries != nil else { return }
        findings.append(
            Finding(
                "route-without-consent", "the queue `\(route.name)` gets every referral, whatever the person agreed to",
                at: Finding.Location(document: file, position: value.position)))
    }

    private mutating func profile(_ value: YAMLValue) -> Profile? {
        if let name = value.text, let profile = Profile.all.first(where: { $0.name == name }) { return profile }
        complain(
            "there is no profile of that name", value.position,
            "known: \(Profile.all.map(\.name).joined(separator: ", "))")
        return nil
    }

    private mutating func megabytes(_ value: YAMLValue) -> Int? {
        if let text = value.text, text.hasSuffix("MB"), let number = Int(text.dropLast(2)), (1...2048).contains(number)
        {
            return number << 20
        }
        complain("a size is written in MB, from 1MB to 2048MB", value.position, "write `20MB`")
        return nil
    }

    private mutating func seconds(_ value: YAMLValue) -> Int? {
        if let text = value.text, text.hasSuffix("s"), let number = Int(text.dropLast()), (0...3600).contains(number) {
            return number
        }
        complain("a time is written in seconds, from 0s to 3600s", value.position, "write `1s`")
        return nil
    }

    private mutating func text(_ entry: YAMLValue.Entry) -> String {
        if let text = entry.value.text, !text.isEmpty { return text }
        complain("`\(entry.key)` is one text", entry.value.position, "write `\(entry.key): …`")
        return ""
    }

    private mutating func items(_ entry: YAMLValue.Entry) -> [YAMLValue] {
        if let items = entry.value.items, !items.isEmpty { return items }
        complain("`\(entry.key)` is a list of at least one", entry.value.position, "begin each item with `- `")
        return []
    }

    private func located(_ path: String) -> String {
        let own = Files.parent(of: file)
        return own == "." ? path : Files.join(own, path)
    }

    private mutating func required(_ key: String, _ value: YAMLValue) -> String {
        if let text = value[key]?.text, !text.isEmpty { return text }
        if value.entries != nil {
            complain("`\(key)` is missing", value[key]?.position ?? value.position, "add `\(key): …`")
        }
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
                "configuration-invalid", .error, message, at: Finding.Location(document: file, position: position),
                help: help))
    }
}
