package import Reporting

extension Configuration {
    /// A place that documents come from.
    package struct Source: Sendable {
        package enum Kind: Sendable {
            case folder(Folder)
            case meshFolder(MeshFolder)
            case http(HTTP)
        }

        /// An inbox folder.
        package struct Folder: Sendable {
            package enum Claim: String, Sendable, CaseIterable {
                case rename, copy
                case readOnly = "read-only"
            }

            package var path: String
            /// A document is whole when a file of its name and this ending stands beside it; `nil` to go by time alone.
            package var marker: String?
            package var claim = Claim.rename
            package var pollSeconds = 5

            package init(path: String) { self.path = path }
        }

        /// The inbox of a MESH client: pairs of `.dat` and `.ctl`.
        package struct MeshFolder: Sendable {
            package var path: String
            /// Which mapping reads what a workflow sends; others are recognised by content.
            package var workflows: [String: String] = [:]
            package var workflowPositions: [String: SourcePosition] = [:]
            package var pollSeconds = 5

            package init(path: String) { self.path = path }
        }

        /// Posts of one sender.
        package struct HTTP: Sendable {
            package var token: Secret?
            /// Names of client certificates, where the listener asks for them.
            package var certificateNames: [String] = []
            /// What the sender may post: a service that answers posts no referrals, and a practice no outcomes.
            package var subject = Subject.referrals
        }

        package var name: String
        package var kind: Kind
        /// The mapping to use; `nil` to recognise each document by content.
        package var mapping: String?
        /// Where the configuration names that mapping.
        package var mappingPosition: SourcePosition?

        package init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }

        package init(name: String, folder: String, mapping: String? = nil) {
            self.init(name: name, kind: .folder(Folder(path: folder)))
            self.mapping = mapping
        }

        /// Its folder, where it has one.
        package var folder: String? {
            switch kind {
            case .folder(let folder): folder.path
            case .meshFolder(let folder): folder.path
            case .http: nil
            }
        }

        /// Every mapping it names.
        var mappingNames: [(name: String, position: SourcePosition?)] {
            var names = mapping.map { [(name: $0, position: mappingPosition)] } ?? []
            if case .meshFolder(let folder) = kind {
                for (workflow, mapping) in folder.workflows.sorted(by: { $0.key < $1.key }) {
                    names.append((mapping, folder.workflowPositions[workflow]))
                }
            }
            return names
        }
    }
}
