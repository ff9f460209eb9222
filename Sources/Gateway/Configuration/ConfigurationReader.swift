import DurableFiles
import Mappings
import Projections
import Referrals
import Reporting

/// Turns YAML into a ``Configuration``: unknown keys are refused, nothing is guessed.
struct ConfigurationReader {
    let file: String
    var findings: [Finding] = []

    init(file: String) { self.file = file }

    mutating func configuration(_ root: YAMLValue) -> Configuration {
        var configuration = Configuration()
        configuration.file = file
        configuration.mappings = located(configuration.mappings)
        configuration.state = located(configuration.state)
        for entry in entries(root, ConfigurationKeys.top) {
            switch entry.key {
            case "mappings": configuration.mappings = located(text(entry))
            case "state": configuration.state = located(text(entry))
            case "profile": profile(entry.value).map { configuration.profile = $0 }
            case "largest-document": megabytes(entry.value).map { configuration.largestDocument = $0 }
            case "settle": seconds(entry.value).map { configuration.settleSeconds = $0 }
            case "grace": seconds(entry.value).map { configuration.graceSeconds = $0 }
            case "sources": configuration.sources = items(entry).map { source($0) }
            case "routes": configuration.routes = items(entry).map { route($0) }
            case "http": configuration.http = service(entry.value)
            case "sender": configuration.sender = party(entry.value)
            case "retention": configuration.retention = retention(entry.value)
            default: break
            }
        }
        for needed in ["sources", "routes"] where root.entries != nil && root[needed] == nil {
            complain("`\(needed)` is missing", root.position, "add `\(needed): [ … ]`")
        }
        checkTwice(root["sources"], ["name", "folder", "mesh-folder"])
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

    private mutating func profile(_ value: YAMLValue) -> Profile? {
        if let name = value.text, let profile = Profile.all.first(where: { $0.name == name }) { return profile }
        complain(
            "there is no profile of that name", value.position,
            "known: \(Profile.all.map(\.name).joined(separator: ", "))")
        return nil
    }

    private mutating func retention(_ value: YAMLValue) -> Configuration.Retention {
        var retention = Configuration.Retention()
        for entry in entries(value, ConfigurationKeys.retention) {
            guard let days = days(entry.value) else { continue }
            switch entry.key {
            case "payload": retention.payloads = days
            case "dead": retention.dead = days
            case "metadata": retention.metadata = days
            case "done": retention.done = days
            default: retention.audit = days
            }
        }
        return retention
    }

    /// An organisation that messages name as their sender or receiver.
    mutating func party(_ value: YAMLValue) -> RenderContext.Party {
        _ = entries(value, ConfigurationKeys.party)
        return RenderContext.Party(
            endpoint: required("endpoint", value), odsCode: value["ods-code"]?.text, name: value["name"]?.text)
    }

    // MARK: Values

    mutating func megabytes(_ value: YAMLValue) -> Int? {
        if let text = value.text, text.hasSuffix("MB"), let number = Int(text.dropLast(2)), (1...2048).contains(number)
        {
            return number << 20
        }
        complain("a size is written in MB, from 1MB to 2048MB", value.position, "write `20MB`")
        return nil
    }

    mutating func seconds(_ value: YAMLValue) -> Int? {
        if let text = value.text, text.hasSuffix("s"), let number = Int(text.dropLast()), (0...3600).contains(number) {
            return number
        }
        complain("a time is written in seconds, from 0s to 3600s", value.position, "write `1s`")
        return nil
    }

    mutating func days(_ value: YAMLValue) -> Int? {
        if let text = value.text, text.hasSuffix("d"), let number = Int(text.dropLast()), (1...36500).contains(number) {
            return number
        }
        complain("a time to keep is written in days, from 1d to 36500d", value.position, "write `30d`")
        return nil
    }

    mutating func whole(_ value: YAMLValue, _ range: ClosedRange<Int>) -> Int? {
        if let text = value.text, let number = Int(text), range.contains(number) { return number }
        complain(
            "a whole number is due here, from \(range.lowerBound) to \(range.upperBound)", value.position, nil)
        return nil
    }

    mutating func yesNo(_ value: YAMLValue) -> Bool? {
        if value.text == "true" || value.text == "false" { return value.text == "true" }
        complain("`true` or `false` is due here", value.position, nil)
        return nil
    }

    mutating func oneOf<Choice: RawRepresentable & CaseIterable>(
        _ value: YAMLValue, _ what: String, _ type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        if let text = value.text, let choice = Choice(rawValue: text) { return choice }
        complainUnknown(what, value, among: Choice.allCases.map(\.rawValue))
        return nil
    }

    mutating func text(_ entry: YAMLValue.Entry) -> String {
        if let text = entry.value.text, !text.isEmpty { return text }
        complain("`\(entry.key)` is one text", entry.value.position, "write `\(entry.key): …`")
        return ""
    }

    mutating func items(_ entry: YAMLValue.Entry) -> [YAMLValue] {
        if let items = entry.value.items, !items.isEmpty { return items }
        complain("`\(entry.key)` is a list of at least one", entry.value.position, "begin each item with `- `")
        return []
    }

    /// A secret is named, never written.
    mutating func secret(_ value: YAMLValue) -> Configuration.Secret? {
        if let file = value["file"]?.text, value.entries?.count == 1 {
            return Configuration.Secret(place: .file(located(file)), position: value.position)
        }
        if let name = value["credential"]?.text, value.entries?.count == 1, !name.contains("/") {
            return Configuration.Secret(place: .credential(name), position: value.position)
        }
        complain(
            "a secret is never written here, only where it lies", value.position,
            "write `{ file: PATH }` or `{ credential: NAME }` (systemd's LoadCredential)")
        return nil
    }

    func located(_ path: String) -> String {
        let own = Files.parent(of: file)
        return own == "." ? path : Files.join(own, path)
    }

    mutating func required(_ key: String, _ value: YAMLValue) -> String {
        if let text = value[key]?.text, !text.isEmpty { return text }
        if value.entries != nil {
            complain("`\(key)` is missing", value[key]?.position ?? value.position, "add `\(key): …`")
        }
        return ""
    }

    mutating func entries(_ value: YAMLValue, _ known: [String]) -> [YAMLValue.Entry] {
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

    mutating func complainUnknown(_ what: String, _ value: YAMLValue, among known: [String]) {
        complain(
            "there is no \(what) of that name", value.position,
            Suggestion.nearest(to: value.text ?? "", among: known).map { "did you mean `\($0)`?" }
                ?? "known: \(known.joined(separator: ", "))")
    }

    mutating func complain(_ message: String, _ position: SourcePosition, _ help: String?) {
        findings.append(
            Finding(
                "configuration-invalid", .error, message, at: Finding.Location(document: file, position: position),
                help: help))
    }
}
