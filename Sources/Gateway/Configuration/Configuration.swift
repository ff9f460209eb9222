package import DurableFiles
import Mappings
package import Projections
package import Referrals
package import Reporting

/// What `linkway.yaml` says: where documents come in, where referrals go, and how strict the checks are.
package struct Configuration: Sendable {
    package var file = ""
    package var mappings = "mappings"
    /// The folder of the store; one process has it at a time.
    package var state = "state"
    package var profile = Profile.minimum
    package var largestDocument = 20 << 20
    /// A document written to less than this many seconds ago is left for a later round.
    package var settleSeconds = 1
    package var sources: [Source] = []
    package var routes: [Route] = []
    package var http: HTTPService?
    /// Who we are to those who get messages from us.
    package var sender = RenderContext.Party(endpoint: "urn:linkway")
    package var retention = Retention()
    /// How long a stop may take, in seconds.
    package var graceSeconds = 20

    package init() {}

    /// A secret: never written in the configuration, only where it lies.
    package struct Secret: Sendable, Hashable {
        /// A file, or a systemd credential found below `$CREDENTIALS_DIRECTORY`.
        package enum Place: Sendable, Hashable {
            case file(String)
            case credential(String)
        }

        package var place: Place
        package var position: SourcePosition?
    }

    /// What goes a way, in or out.
    package enum Subject: String, Sendable, CaseIterable {
        case referrals
        /// What came of referrals, back to those who are to know.
        case outcomes
    }

    /// The HTTP listeners.
    package struct HTTPService: Sendable {
        package struct Address: Sendable, Hashable {
            package var host: String
            package var port: Int
            /// Whether it is of this machine alone: `localhost`, `::1` or 127.0.0.0/8 (RFC 6890, 2.2.2).
            package var isLoopback: Bool {
                let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
                return host == "localhost" || host == "::1"
                    || numbers.count == 4 && numbers.first == 127 && !numbers.contains(nil)
            }
        }

        package struct TLS: Sendable {
            package var certificate: String
            package var key: String
            /// Those who signed the certificates of clients; `nil` when clients show none.
            package var clientAuthority: String?
        }

        package var listen = Address(host: "127.0.0.1", port: 7410)
        package var admin = Address(host: "127.0.0.1", port: 7411)
        package var tls: TLS?
        /// Whether a proxy in front speaks TLS, so that the listener may be off loopback without.
        package var hasTrustedProxy = false

        package init() {}
    }

    /// How long things are kept, in days.
    package struct Retention: Sendable, Hashable {
        package var payloads = 30
        package var dead = 90
        package var metadata = 400
        package var audit = 2190
        /// Files in the folders `done/` of inboxes.
        package var done = 7

        package init() {}
    }

    /// What is wrong with it beside these mappings: names of mappings that are not there.
    package func findings(beside library: MappingLibrary) -> [Finding] {
        let known = library.set.mappings.map(\.name)
        return sources.flatMap(\.mappingNames).compactMap { used in
            guard !known.contains(used.name) else { return nil }
            return Finding(
                "configuration-invalid", .error, "there is no mapping `\(used.name)`",
                at: .init(document: file, position: used.position),
                help: Suggestion.nearest(to: used.name, among: known).map { "did you mean `\($0)`?" }
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
